import Console
import Foundation

/// Programs of the system that work is handed to: tar and age.
enum Programs {
    /// Runs programs one after the other, each reading what the one before writes; the last writes to `output`.
    ///
    /// - Parameters:
    ///   - input: the file that the first reads; nil for none.
    ///   - output: the file that the last writes; nil throws it away.
    /// - Throws: `Failure` with what the first that failed said.
    static func run(
        _ chain: [[String]], input: String? = nil, output: String? = nil, what: String
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                do {
                    try runNow(chain, input: input, output: output, what: what)
                    continuation.resume()
                } catch { continuation.resume(throwing: error) }
            }
        }
    }

    private static func runNow(_ chain: [[String]], input: String?, output: String?, what: String) throws {
        var running: [(process: Process, told: Pipe)] = []
        var reading: Any = FileHandle.nullDevice
        if let input {
            guard let file = FileHandle(forReadingAtPath: input) else { throw Failure("“\(input)” cannot be read.") }
            reading = file
        }
        for (place, words) in chain.enumerated() {
            let (process, told) = (Process(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = words
            process.standardInput = reading
            process.standardError = told
            if place + 1 < chain.count {
                let pipe = Pipe()
                process.standardOutput = pipe
                reading = pipe
            } else if let output {
                let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
                guard FileManager.default.createFile(atPath: output, contents: nil, attributes: attributes),
                    let file = FileHandle(forWritingAtPath: output)
                else {
                    throw Failure("“\(output)” cannot be written.")
                }
                process.standardOutput = file
            } else {
                process.standardOutput = FileHandle.nullDevice
            }
            do { try process.run() } catch { throw Failure("\(what) failed: \(words[0]) cannot be run.") }
            running.append((process, told))
        }
        var complaint: String?
        for (place, (process, told)) in running.enumerated() {
            let words = String(decoding: told.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus != 0, complaint == nil || process.terminationStatus != 2 else { continue }
            let said = words.split(separator: "\n").first.map(String.init) ?? "status \(process.terminationStatus)"
            complaint = "\(what) failed: \(chain[place][0]) says “\(said)”."
        }
        if let complaint { throw Failure(complaint) }
    }
}
