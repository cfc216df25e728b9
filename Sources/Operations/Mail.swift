import Foundation
import Kernel
import Storage

/// A way by which messages leave.
public protocol Transport: Sendable {
    /// Hands the message over; when this returns, somebody else is answerable for it.
    ///
    /// - Throws: `TransportFault`.
    func send(_ message: Message) async throws(TransportFault)
}

/// Why a message could not be handed over: by its kind, never with its words.
public struct TransportFault: Error, Hashable, Sendable {
    public let kind: String
    /// Whether trying again cannot help.
    public let isFinal: Bool
    public init(_ kind: String, isFinal: Bool = false) { (self.kind, self.isFinal) = (kind, isFinal) }
}

/// Keeps messages where the demonstration’s mailbox page shows them: nothing leaves.
public struct DemonstrationMailbox: Transport {
    public init() {}
    public func send(_ message: Message) async throws(TransportFault) {}
}

/// Mail by the standard sendmail program, which the machine’s own mail system provides.
public struct Sendmail: Transport {
    private let program: String
    private let sender: String

    /// - Parameters:
    ///   - program: `/usr/sbin/sendmail`, as a rule.
    ///   - sender: the address that mail comes from.
    public init(program: String, sender: String) { (self.program, self.sender) = (program, sender) }

    public func send(_ message: Message) async throws(TransportFault) {
        guard message.recipient.isMailAddress else { throw TransportFault("bad-address", isFinal: true) }
        let text = Mail.text(message, from: sender)
        let status = await run(["-i", "-f", sender, "--", message.recipient], text)
        switch status {
        case 0: return
        // By the numbers of sysexits.h: the address, its user or its host is not known.
        case 65, 67, 68: throw TransportFault("refused-\(status)", isFinal: true)
        default: throw TransportFault("sendmail-\(status)")
        }
    }

    /// The exit status; -1 where it cannot be run. On a thread of its own, since it waits.
    private func run(_ arguments: [String], _ text: String) async -> Int {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [program] in
                let (process, input) = (Process(), Pipe())
                process.executableURL = URL(filePath: program)
                process.arguments = arguments
                process.standardInput = input
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                do {
                    try process.run()
                    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
                    try input.fileHandleForWriting.close()
                } catch { return continuation.resume(returning: -1) }
                process.waitUntilExit()
                continuation.resume(returning: Int(process.terminationStatus))
            }
        }
    }
}

/// Mail as text (RFC 5322).
public enum Mail {
    /// The whole message. Titles and bodies may hold any text; neither can add a header.
    static func text(_ message: Message, from sender: String) -> String {
        let host = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        let headers = [
            "From: \(sender)", "To: \(message.recipient)", "Subject: \(encoded(message.title))",
            "Date: \(date(message.at))", "Message-ID: <\(message.id)@\(host)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
            "Auto-Submitted: auto-generated",
        ]
        let body = Data(message.body.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
        return headers.joined(separator: "\n") + "\n\n" + body + "\n"
    }

    /// A header’s text in pieces of RFC 2047, each short enough for its line.
    private static func encoded(_ text: String) -> String {
        var pieces: [String] = []
        var piece = ""
        for character in text {
            if piece.utf8.count + character.utf8.count > 42 {
                pieces.append(piece)
                piece = ""
            }
            piece.append(character)
        }
        pieces.append(piece)
        return pieces.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\n ")
    }

    private static func date(_ moment: Instant) -> String {
        guard let day = try? Day(iso: moment.iso.prefix(10)) else { return "" }
        let (year, month, date) = day.civil
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = moment.iso.dropFirst(11).prefix(8)
        return "\(day.weekday.name.prefix(3)), \(date) \(names[month - 1]) \(year) \(time) +0000"
    }
}

/// Sends what waits in the outbox, a few at a time.
public struct Sender: Sendable {
    private let database: any Database
    private let transports: [Message.Channel: any Transport]
    private let holder: String

    /// - Parameter transports: how each channel goes; messages of a channel that is not named wait.
    public init(_ database: any Database, _ transports: [Message.Channel: any Transport], holder: String) {
        (self.database, self.transports, self.holder) = (database, transports, holder)
    }

    /// Sends what is due now.
    ///
    /// - Returns: how many were tried.
    @discardableResult public func sendDue() async throws -> Int {
        var tried = 0
        for channel in Message.Channel.allCases {
            guard let transport = transports[channel] else { continue }
            let due = try await Outbox.take(20, of: channel, by: holder, seconds: 120, in: database)
            for message in due {
                // Since it was taken somebody may have died: asked at the last moment before it is handed over.
                guard try await Outbox.mayLeave(message, in: database) else { continue }
                do throws(TransportFault) { try await transport.send(message) } catch {
                    try await Outbox.markFailed(message, error.kind, isFinal: error.isFinal, in: database)
                    continue
                }
                try await Outbox.markSent(message, in: database)
            }
            tried += due.count
        }
        return tried
    }
}
