import ArgumentParser
import Console
import Kernel
import Offer
import Storage
import Web

/// `continuum confirm ENTRY`: notes that a school or service has said its entry is right.
public struct ConfirmCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Note that a school or service has said that its entry is right.",
        discussion: """
            Until it does, a base that only the strategy of 2012 lists is never called suitable. The entry is named \
            by its \
            id, the last part of its address: continuum confirm school-103600
            """)

    @Argument(help: "The id of the entry.") var entry: String
    @Option(help: ArgumentHelp("The day it said so; otherwise today.", valueName: "YYYY-MM-DD")) var on: String?
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let id = try ID<Entry>(checking: entry)
            let today = Installation.current.clock.today
            let day = try on.map { try Day(iso: $0) } ?? today
            let database = try await data.open()
            let importer = Importer(database, share: try data.share, today: today)
            let name: String
            do { name = try await importer.confirm(id, on: day) } catch let refusal as ConfirmationRefusal {
                throw Failure("“\(id)” cannot be confirmed. \(refusal)")
            }
            Console.print("\(name)\tconfirmed\t\(day.iso)")
        }
    }
}

/// `continuum reports`: what people said is wrong.
public struct ReportsCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "reports", abstract: "Show what people said is wrong, newest first.")

    @Option(help: ArgumentHelp("Send each report from now on to this address, by mail.", valueName: "address"))
    var sendTo: String?
    @Flag(help: "Print JSON, alone, on standard output.") var json = false
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let database = try await data.open()
            if let sendTo {
                guard sendTo.split(separator: "@").count == 2, !sendTo.contains(where: \.isWhitespace) else {
                    throw Malformed(wanted: "an address", given: sendTo, reason: "write it as name@example.org")
                }
                try await database.write(for: .operation) { tx in
                    try Settings.set(ReportStore.recipient, to: sendTo, in: tx)
                }
                return Console.tell("Reports are sent to \(sendTo) from now on.")
            }
            let reports = try await database.read { try ReportStore(tx: $0, scope: .operation).reports() }
            if json {
                let all = reports.map { report in
                    JSON.object([
                        ("id", .text(report.id)), ("at", .text(report.at)), ("about", .text(report.about)),
                        ("words", .text(report.words)), ("contact", .text(report.contact)),
                    ])
                }
                return Console.print(JSON.array(all).pretty)
            }
            if reports.isEmpty { Console.tell("Nobody has said that anything is wrong.") }
            for report in reports {
                let contact = Console.cell(report.contact ?? "-")
                Console.print("\(report.at)\t\(report.about)\t\(contact)\t\(Console.cell(report.words))")
            }
        }
    }
}

/// `continuum empty-searches`: what families looked for and did not find.
public struct EmptySearchesCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "empty-searches", abstract: "Count the searches that found nothing.",
        discussion: """
            By month, type of need, age band and ward. The words of a search, and who made it, are never kept. The \
            server \
            writes its counts once a minute.
            """)

    @Flag(help: "Print JSON, alone, on standard output.") var json = false
    @OptionGroup var data: DataOptions

    public init() {}

    public func run() async throws {
        try await Console.run {
            let database = try await data.open()
            let counts = try await database.read(.mayLag) { try ReportStore(tx: $0, scope: .operation).emptySearches() }
            if json {
                let all = counts.map { count in
                    JSON.object([
                        ("month", .text(count.month)), ("need", .text(count.need)), ("age_band", .text(count.ageBand)),
                        ("ward", .text(count.ward)), ("searches", .int(count.searches)),
                    ])
                }
                return Console.print(JSON.array(all).pretty)
            }
            if counts.isEmpty { Console.tell("No search has found nothing yet.") }
            if !counts.isEmpty { Console.print("month\tneed\tages\tward\tsearches") }
            for count in counts {
                let cells = [count.month, count.need, count.ageBand, count.ward].map { $0.isEmpty ? "-" : $0 }
                Console.print("\(cells.joined(separator: "\t"))\t\(count.searches)")
            }
        }
    }
}
