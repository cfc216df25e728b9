import Cryptography
import Foundation
import Kernel
import Logging
import Synchronization
import Web

/// The mark by which everything that one request led to can be found again; nobody outside chooses it.
enum RequestMark {
    @TaskLocal static var current = ""

    static func mint() -> String { Sodium.hex(Sodium.random(8)) }
}

/// A line of the log as one JSON object: `at`, `level`, `message`, and what belongs to it by name.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.notice
    var metadata: Logger.Metadata = [:]
    private let sink: @Sendable (String) -> Void

    /// - Parameter sink: takes each line, which ends with a line break.
    init(sink: @escaping @Sendable (String) -> Void = { FileHandle.standardError.write(Data($0.utf8)) }) {
        self.sink = sink
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let members: [(String, JSON)] =
            [
                ("at", .text(Application.clock.now().iso)), ("level", .text(event.level.rawValue)),
                ("message", .text(event.message.description)),
            ] + all.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value.description)) }
        sink(String(decoding: JSON.object(members).bytes, as: UTF8.self) + "\n")
    }
}

/// How the log is written.
enum LogFormat: String, CaseIterable, Sendable {
    case text, json

    func logger(_ level: Logger.Level) -> Logger {
        var logger = Logger(label: "continuum") { label in
            switch self {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler()
            }
        }
        logger.logLevel = level
        return logger
    }
}
