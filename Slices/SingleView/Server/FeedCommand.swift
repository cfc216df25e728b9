import ArgumentParser
import Console
import Kernel
import Linkage
import SingleView
import Storage
import Web

/// `continuum feed …`: takes agencies’ extracts into the Single View.
public struct FeedCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "Take agencies’ extracts into the Single View and link their records.",
        discussion: """
            An extract is one transaction and can be taken in again: what has not changed is left alone. A row that \
            cannot be read is kept apart with its reasons and the rest goes in (exit status 2); a file that cannot be \
            read changes nothing (exit status 1). With --strict one refused row refuses the file.
            """,
        subcommands: [Take.self, Link.self, Sources.self, Template.self, Folder.self, HowGood.self])

    public init() {}

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in extracts, named like school-census_2026-10-01.csv, oldest first, and link their records."
        )
        @Argument(help: "Files of comma-separated values, UTF-8.") var files: [String]
        @Option(help: "The source, where the file’s name does not say it.") var source: String?
        @Option(help: "The day of which it tells (2026-10-01), where the file’s name does not say it.") var asOf:
            String?
        @Flag(help: "Change nothing where any row is refused.") var strict = false
        @Flag(help: "Let an extract remove more than one record in five.") var allowRemovals = false
        @Flag(help: "Do not link the records now; the server does it within seconds.") var noLinking = false
        @Flag(help: "Print the report as JSON, alone, on standard output.") var json = false
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let day = try asOf.map { try Day(iso: $0) }
                let database = try await data.openOrMake(makingFolder: false)
                let share = try data.share
                var intake = try Intake(database, share: share, today: Installation.current.clock.today)
                (intake.isStrict, intake.mayRemoveMany) = (strict, allowRemovals)
                let bar = Progress()
                intake.progress = { bar.show($0, $1, of: $2) }
                var refused = 0
                var reports: [JSON] = []
                for file in files {
                    let name = file.split(separator: "/").last.map(String.init) ?? file
                    do {
                        let report = try await intake.take(Files.bytes(file), name: name, source: source, asOf: day)
                        refused += report.refused.count
                        reports.append(report.json(isRefused: false))
                        tell(report, isRefused: false)
                    } catch let refusal as StrictIntake {
                        reports.append(refusal.report.json(isRefused: true))
                        tell(refusal.report, isRefused: true)
                        if json { Console.print(JSON.array(reports).pretty) }
                        throw ExitCode.failure
                    }
                }
                if !noLinking {
                    let report = try await FeedCommand.link(database, share, bar)
                    if !json { FeedCommand.tell(report) }
                }
                if json { Console.print(JSON.array(reports).pretty) }
                if refused > 0 { throw Console.partly }
            }
        }

        private func tell(_ report: IntakeReport, isRefused: Bool) {
            if json { return }
            for row in report.refused.prefix(50) {
                let ref = row.ref.map { " (\($0))" } ?? ""
                for fault in row.faults {
                    let column = fault.column.isEmpty ? "" : "\(fault.column): "
                    Console.tell("line \(row.line)\(ref): \(column)\(fault.words)")
                }
            }
            if report.refused.count > 50 { Console.tell("… and \(report.refused.count - 50) rows more.") }
            if isRefused { return Console.tell("Nothing was changed, since --strict was given and rows were refused.") }
            if report.wasHeld {
                return Console.print(
                    "\(report.source)\tthis extract of \(report.asOf.iso) was taken in before; nothing was to be done")
            }
            if report.withheld > 0 {
                Console.tell("\(report.withheld) that are not in it were left, since a refused row may be theirs.")
            }
            Console.print(
                """
                \(report.source)\tof \(report.asOf.iso)\trows \(report.rows)\tadded \(report.added)\tchanged \
                \(report.changed)\tunchanged \(report.unchanged)\tgone \(report.gone)\trefused \(report.refused.count)
                """)
        }
    }

    struct Link: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Link the records that wait to be linked.")
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                FeedCommand.tell(try await FeedCommand.link(database, data.share, Progress()))
            }
        }
    }

    struct Sources: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The sources, and how fresh what they sent is.")
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let book = try FeedBook(data.share)
                let today = Installation.current.clock.today
                let lines = try await database.read { tx in
                    let store = FeedStore(tx: tx, scope: .operation)
                    return try book.sources.map { source in
                        let newest = try store.newest(of: source.code)
                        let reach = try store.reach(of: source.code)
                        let age = newest.map { "of \($0.asOf.iso), \(today.number - $0.asOf.number) days ago" }
                        return "\(source.code)\t\(age ?? "never sent")\trecords \(reach.held)\tlinked \(reach.linked)"
                            + "\trefused \(newest?.refused ?? 0)"
                    }
                }
                for line in lines { Console.print(line) }
            }
        }
    }

    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "An empty extract of a source, and what stands in its columns.")
        @Argument(help: "The source’s code.") var source: String
        @Flag(help: "Say what stands in each column.") var explain = false
        @OptionGroup var data: DataOptions

        func run() throws {
            do {
                let book = try FeedBook(data.share)
                guard book.source(source) != nil else {
                    throw ExtractFault.noSuchSource(source, known: book.sources.map(\.code))
                }
                guard explain else { return Console.print(book.template(of: source).trimmed) }
                for column in book.columns(of: source) {
                    Console.print("\(column.name)\t\(column.isNeeded ? "every row" : "where known")\t\(column.words)")
                }
            } catch let fault as ExtractFault {
                Console.tell("continuum: \(fault)")
                throw ExitCode.failure
            }
        }
    }

    struct Folder: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The folder that the server watches for extracts; without one, it says which it is.",
            discussion: """
                A file put there is taken in within a minute and moved to “taken” or “refused”, with a report beside \
                it. Put it there under another name and rename it when it is whole, or let it lie still for ten seconds.
                """)
        @Argument(help: "The folder, or “none” to watch none.") var folder: String?
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                guard let folder else {
                    let held = try await database.read { try Settings.value(WatchedFolder.setting, in: $0) }
                    return Console.print(held.flatMap { $0.isEmpty ? nil : $0 } ?? "No folder is watched.")
                }
                guard let path = folder == "none" ? "" : WatchedFolder.path(of: folder) else {
                    throw Failure("There is no folder “\(folder)”.")
                }
                try await database.write(for: .operation) { tx in
                    try Settings.set(WatchedFolder.setting, to: path, in: tx)
                }
                Console.print(path.isEmpty ? "No folder is watched." : "The server watches \(path).")
            }
        }
    }

    static func link(_ database: any Database, _ share: Share, _ bar: Progress) async throws -> LinkingReport {
        var linking = try Linking(database, share: share)
        linking.progress = { bar.show($0, $1, of: $2) }
        return try await linking.run()
    }

    static func tell(_ report: LinkingReport) {
        Console.print(
            """
            linked\t\(Digits.grouped(report.linked)) of \(Digits.grouped(report.records)) records\tnew children \
            \(Digits.grouped(report.made))\tin doubt \(Digits.grouped(report.doubts))
            """)
    }
}

extension IntakeReport {
    /// - Parameter isRefused: the file was refused whole, so nothing was changed.
    func json(isRefused: Bool) -> JSON {
        .object([
            ("source", .text(source)), ("as_of", .text(asOf.iso)), ("committed", .bool(!isRefused)),
            ("taken_before", .bool(wasHeld)), ("rows", .int(rows)), ("added", .int(isRefused ? 0 : added)),
            ("changed", .int(isRefused ? 0 : changed)), ("unchanged", .int(unchanged)),
            ("gone", .int(isRefused ? 0 : gone)), ("withheld", .int(withheld)),
            (
                "refused",
                .array(
                    refused.map { row in
                        .object([
                            ("line", .int(row.line)), ("record_id", .text(row.ref)),
                            (
                                "faults",
                                .array(
                                    row.faults.map {
                                        .object([("column", .text($0.column)), ("reason", .text($0.words))])
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }
}
