import ArgumentParser
import Console
import Foundation
import Kernel
import Storage

/// `continuum journal …`: proves that the journal is whole.
public struct JournalCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Prove that the journal is whole, or sign where it stands.",
        discussion: """
            The journal notes every change and every look at a child’s record, each entry bound to the one before by \
            its hash. It holds identifiers, never names.
            """,
        subcommands: [Verify.self, Sign.self, About.self])

    public init() {}

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Go through the journal and name the first entry that is wrong.",
            discussion: """
                Exit status: 0 good; 3 an entry was changed, put in or moved; 4 entries are missing; 5 a checkpoint \
                saw something else; 1 it could not be told. The smallest that applies is given.

                That entries were cut from the end, or the whole journal written anew, can be told only against a \
                checkpoint that was kept elsewhere, out of reach of whoever may write to the database: --from. The \
                entries after the last such checkpoint, a minute’s or a thousand at most, are not covered.
                """)

        @Option(help: ArgumentHelp("A file of checkpoints that was kept elsewhere.", valueName: "file"))
        var from: String?
        @Option(help: ArgumentHelp("The public key the checkpoints must be signed by.", valueName: "hex"))
        var key: String?
        @Option(help: ArgumentHelp("Show this entry, and how its hash is made.", valueName: "number"))
        var explain: Int?
        @Flag(help: "Print JSON, alone, on standard output.") var json = false
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                if let explain { return try await JournalCommand.explain(explain, database) }
                let checkpoints = try await checkpoints(of: database)
                let bar = Progress()
                let found = try await Journal.verify(database, against: checkpoints) { bar.show("Entries", $0, of: $1) }
                tell(found, checkpoints)
                if found.exitCode != 0 { throw ExitCode(Int32(found.exitCode)) }
            }
        }

        private func checkpoints(of database: any Database) async throws -> [Checkpoint] {
            guard let from else { return [] }
            let all = try Checkpoint.read(String(decoding: Files.bytes(from), as: UTF8.self))
            guard !all.isEmpty else { throw Failure("“\(from)” holds no checkpoint.") }
            let mark = try await database.read { try Journal.database(in: $0) } ?? ""
            if let other = all.first(where: { $0.database != mark }) {
                throw Failure("“\(from)” is of another database (\(other.database)); this one is \(mark).")
            }
            let trusted = key ?? (try? CheckpointFile.publicKey(folder: data.folder))
            if let trusted, let other = all.first(where: { $0.key != trusted }) {
                throw Failure("“\(from)” is signed by another key (\(other.key)); the key trusted is \(trusted).")
            }
            return all
        }

        private func tell(_ found: JournalVerification, _ checkpoints: [Checkpoint]) {
            if let seq = found.broken { Console.tell("Entry \(seq) was changed, put in or moved: its hash is wrong.") }
            if let seq = found.gap { Console.tell("Entry \(seq) is missing.") }
            if let seq = found.disagreement {
                let why = seq > (found.head?.seq ?? 0) ? "the journal ends before it" : "the journal says otherwise now"
                Console.tell("A checkpoint saw entry \(seq), and \(why).")
            }
            if let seq = found.clockSetBack {
                Console.tell("Entry \(seq) is dated before the one it follows: the server’s clock was set back then.")
            }
            if from == nil {
                Console.tell(
                    "No checkpoint was given (--from), so entries cut from the end, or a journal written wholly anew, "
                        + "would not show.")
            } else if let last = checkpoints.map(\.head.seq).max() {
                let rest = max(0, (found.head?.seq ?? 0) - last)
                Console.tell("The last checkpoint is of entry \(last); the \(rest) after it are covered by none.")
            }
            let state = ["good", "", "", "broken", "gap", "checkpoint disagrees"][found.exitCode]
            let first = found.broken ?? found.gap ?? found.disagreement
            if json {
                var parts = ["\"state\":\"\(state)\"", "\"entries\":\(found.entries)"]
                parts.append("\"head\":\(found.head.map { "\"\($0.hash)\"" } ?? "null")")
                parts.append("\"first_bad\":\(first.map(String.init) ?? "null")")
                return Console.print("{\(parts.joined(separator: ","))}")
            }
            let bad = first.map { "\tfirst bad entry \($0)" } ?? ""
            Console.print("\(state)\t\(found.entries) entries\thead \(found.head?.hash ?? "none")\(bad)")
        }
    }

    struct Sign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Sign where the journal stands now, and print the line.",
            discussion: """
                The server does so every minute, or every thousand entries, into checkpoints.txt of the data folder. \
                Keep copies elsewhere.
                """)
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let file = try CheckpointFile(folder: data.folder, clock: Installation.current.clock)
                guard let made = try await file.sign(database) else { throw Failure("The journal has no entry yet.") }
                Console.print(made.line)
            }
        }
    }

    struct About: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print who did or looked at what belongs to an identifier, when and why.")
        @Argument(help: "The identifier, such as a person’s.") var subject: String
        @Option(parsing: .unconditional, help: "At most this many, the newest first.") var limit = 100
        @OptionGroup var data: DataOptions

        func validate() throws {
            guard (1...10_000).contains(limit) else {
                throw ValidationError("--limit is 1 to 10000; this is \(limit).")
            }
        }

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let entries = try await database.read { [subject, limit] tx in
                    try Journal.entries(about: subject, limit: limit, in: tx)
                }
                if entries.isEmpty { Console.tell("The journal has nothing about “\(subject)”.") }
                for entry in entries {
                    Console.print("\(entry.at)\t\(entry.actor)\t\(entry.purpose)\t\(entry.kind)\t\(entry.detail)")
                }
            }
        }
    }

    private static func explain(_ seq: Int, _ database: any Database) async throws {
        let (entry, previous, mark) = try await database.read { tx in
            let page = try Journal.entries(after: max(0, seq - 2), limit: 2, in: tx)
            let mark = try Journal.database(in: tx) ?? ""
            return (page.first { $0.seq == seq }, page.first { $0.seq == seq - 1 }, mark)
        }
        guard let entry else { throw Failure("There is no entry \(seq).") }
        let facts = [
            ("number", String(entry.seq)), ("when", entry.at), ("what", entry.kind), ("who", entry.actor),
            ("why", entry.purpose), ("about", entry.subject), ("detail", entry.detail),
            ("hash before", previous?.hash ?? "none: made from the database’s mark, \(mark)"), ("hash", entry.hash),
        ]
        for (name, value) in facts { Console.print("\(name)\t\(value)") }
        guard previous != nil || seq == 1 else {
            throw Failure("The entry before it is missing, so nothing is proved.")
        }
        let expected = Journal.expectedHash(of: entry, after: previous, database: mark)
        Console.print("hash made again\t\(expected ?? "none")")
        Console.print(
            expected == entry.hash
                ? "It is as it was written: SHA-256 over the hash before it and every field above, each with length."
                : "It is not as it was written, or the one before it is not.")
        if expected != entry.hash { throw ExitCode(3) }
    }
}
