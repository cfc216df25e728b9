import Console
import Foundation

/// Looks for viruses in files, by ClamAV’s daemon and its own client, clamdscan.
public struct Antivirus: Sendable {
    private let settings: String

    /// - Parameter settings: the daemon’s settings, such as `/etc/clamav/clamd.conf`, which say where it listens.
    public init(settings: String) { self.settings = settings }

    /// What `CONTINUUM_CLAMD` names, if anything.
    public static var configured: Antivirus? {
        ProcessInfo.processInfo.environment["CONTINUUM_CLAMD"].map { Antivirus(settings: $0) }
    }

    /// Why a file is not taken.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case virus(String)
        /// The scanner is set but does not answer; a file that was not scanned is not taken.
        case notScanned

        public var description: String {
            switch self {
            case .virus(let name):
                "The file holds what the virus scanner knows as \(name). Have your device looked at, and send another."
            case .notScanned:
                "The virus scanner does not answer, so the file was not taken. Send it again in a few minutes."
            }
        }
    }

    /// - Parameter path: the file, which only this process need be able to read: its bytes are handed over.
    /// - Throws: `Fault`.
    public func scan(_ path: String) async throws(Fault) {
        let (status, words) = await answer(to: path)
        switch status {
        case 0: return
        // One line: the path, what was found, and FOUND.
        case 1:
            let line = words.split(separator: "\n").first { $0.hasSuffix(" FOUND") } ?? ""
            let name = line.split(separator: " ").dropLast().last.map(String.init) ?? "a virus"
            throw .virus(String(name.filter { $0.isLetter || $0.isNumber || "._-".contains($0) }.prefix(80)))
        default: throw .notScanned
        }
    }

    private func answer(to path: String) async -> (status: Int, words: String) {
        let settings = settings
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let (process, output) = (Process(), Pipe())
                process.executableURL = URL(filePath: "/usr/bin/env")
                process.arguments = [
                    "timeout", "60", "clamdscan", "--config-file=\(settings)", "--stream", "--no-summary", "--", path,
                ]
                (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, output)
                process.standardError = FileHandle.nullDevice
                guard (try? process.run()) != nil else { return continuation.resume(returning: (-1, "")) }
                let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                continuation.resume(returning: (Int(process.terminationStatus), words))
            }
        }
    }
}
