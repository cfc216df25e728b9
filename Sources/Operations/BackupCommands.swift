import ArgumentParser
import Console
import Foundation
import Kernel
import Storage

/// `continuum backup TO`.
public struct BackupCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write an encrypted backup of everything, while the server runs.",
        discussion: """
            The backup is encrypted to public keys, so that the server cannot read its own backups. Make a pair of \
            keys once, on another machine, with: age-keygen -o backup.key. Keep that file offline, and copied; give \
            the line that begins “age1” to --to, or write it into backup-recipients.txt of the data folder.

            Unless --no-drill is given, the backup is restored and compared at once, by a key that lives only as long.
            """)

    @Argument(help: "The file to write, or a folder, in which it is named after the moment.") var file: String
    @Option(name: .customLong("to"), help: ArgumentHelp("A public key of age; may be repeated.", valueName: "age1…"))
    var recipients: [String] = []
    @Flag(help: "Do not restore it for proof.") var noDrill = false
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let database = try await data.open()
            let backup = data.backup(of: database)
            let (path, keys) = (try path(), try keys())
            let bar = Progress()
            let made: Manifest
            if noDrill {
                made = try await backup.write(to: path, for: keys)
            } else {
                made = try await backup.drill(keeping: path, for: keys) { bar.show("Backup", $0, of: $1) }
            }
            let rows = made.rows.values.reduce(0, +)
            Console.print("\(path)\t\(rows) rows\t\(made.files.count - 1) documents\tjournal \(made.head?.seq ?? 0)")
            Console.tell(noDrill ? "Written, not proved." : "Written, restored for proof, and found whole.")
        }
    }

    private func path() throws -> String {
        var isFolder = ObjCBool(false)
        let exists = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
        guard exists, isFolder.boolValue else { return file }
        let moment = Installation.current.clock.now().iso.prefix(19).filter(\.isNumber)
        return file + "/continuum-\(moment).tar.age"
    }

    private func keys() throws -> [String] {
        var keys = recipients
        if keys.isEmpty, let text = FileManager.default.contents(atPath: data.folder + "/backup-recipients.txt") {
            keys = String(decoding: text, as: UTF8.self).split(separator: "\n").map(\.trimmed).filter { !$0.isEmpty }
        }
        guard !keys.isEmpty else {
            throw Failure(
                "Say who may read the backup, by a public key: --to age1… "
                    + "Make the keys on another machine with: age-keygen -o backup.key")
        }
        if let wrong = keys.first(where: { key in
            !key.hasPrefix("age1") || !key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }) {
            throw Failure("“\(wrong.prefix(20))” is no public key of age, which begins with age1.")
        }
        return keys
    }
}

/// `continuum restore FROM`.
public struct RestoreCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Restore a backup into a new data folder, and prove it whole.",
        discussion: """
            Every file’s hash, every table’s rows, the journal and its head are compared with what was written. \
            Nothing that is there already is touched. With --database rows go to an empty PostgreSQL database, and the \
            documents to the folder.
            """)

    @Argument(help: "The backup.") var file: String
    @Option(help: ArgumentHelp("The file with the private key.", valueName: "file")) var identity: String
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let clock = Installation.current.clock
            let made = try await Backup.restore(
                file, identity: identity, to: data.folder, clock: clock, migrations: Installation.allMigrations)
            if !data.usesSQLite {
                let held = try SQLite(path: data.databasePath, clock: clock)
                let target = try await data.target()
                try await DatabaseCopy.copy(held, to: target, Installation.allMigrations)
                try FileManager.default.removeItem(atPath: data.databasePath)
            }
            let rows = made.rows.values.reduce(0, +)
            Console.print(
                "\(data.folder)\t\(rows) rows\t\(made.files.count - 1) documents\tjournal \(made.head?.seq ?? 0)"
                    + "\tas of \(made.at.iso)")
        }
    }
}

/// `continuum database copy`: moves to the other engine.
public struct DatabaseCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "database", abstract: "Move a database from one engine to the other.", subcommands: [Copy.self])

    public init() {}

    struct Copy: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy every row to an empty database, and compare the two.",
            discussion: """
                From the data folder, or --database, to a PostgreSQL database (postgres://…) or to a new data folder. \
                Stop the server first, so that nothing is written to the old one that the new one has not. Documents \
                and secrets stay in the data folder: copy them too where the folder changes.
                """)
        @Argument(help: "postgres://…, or a new data folder.") var target: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let source = try await data.open()
                let bar = Progress()
                let copied = try await DatabaseCopy.copy(
                    source, to: try await made(), Installation.allMigrations
                ) { table, rows in bar.show(table, rows, of: max(rows, 1)) }
                for (table, rows) in copied.sorted(by: { $0.key < $1.key }) { Console.print("\(table)\t\(rows)") }
                Console.tell("Copied and compared: every table is the same.")
            }
        }

        private func made() async throws -> any Database {
            var options = data
            if target.hasPrefix("postgres://") || target.hasPrefix("postgresql://") {
                options.databaseAddress = target
                return try await options.target()
            }
            guard !FileManager.default.fileExists(atPath: target + "/continuum.sqlite") else {
                throw Failure("“\(target)” holds a database already. Name a new folder.")
            }
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            return try SQLite(path: target + "/continuum.sqlite", clock: Installation.current.clock)
        }
    }
}

/// `continuum drill`: proves that what is here can be restored.
public struct DrillCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Back up, restore and compare, for proof; keep nothing.",
        discussion: "The server does so once a day; /health/ready says how long ago the last one was.")
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let database = try await data.open()
            let backup = data.backup(of: database)
            let bar = Progress()
            let made = try await backup.drill { bar.show("Drill", $0, of: $1) }
            Console.print("good\t\(made.rows.values.reduce(0, +)) rows\tjournal \(made.head?.seq ?? 0)")
        }
    }
}

extension DataOptions {
    fileprivate func backup(of database: any Database) -> Backup {
        Backup(database, folder: folder, migrations: Installation.allMigrations, clock: Installation.current.clock)
    }
}
