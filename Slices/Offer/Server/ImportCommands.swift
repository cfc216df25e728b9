import ArgumentParser
import Console
import Kernel
import Offer
import Storage
import Web

/// `continuum import …`: takes real files into the offer.
public struct ImportCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a file into the Local Offer.",
        discussion: """
            Each import is one transaction and can be repeated: what has not changed is left alone. A row that \
            cannot be \
            read is refused with its line and reason and the rest goes in (exit status 2); a file that cannot be read \
            changes nothing (exit status 1). With --strict one refused row refuses the file.
            """,
        subcommands: [
            Schools.self, SchoolStatus.self, SchoolLinks.self, Postcodes.self, Areas.self, Listed2012.self,
            WardGroups.self,
        ])

    public init() {}

    struct Options: ParsableArguments {
        @Argument(help: "The file, comma-separated, UTF-8.") var file: String
        @Flag(help: "Change nothing where any row is refused.") var strict = false
        @Flag(help: "Print the report as JSON, alone, on standard output.") var json = false
        @Flag(help: "Let the file close more than one entry in twenty.") var allowClosures = false
        @OptionGroup var data: DataOptions

        func run(
            _ kind: String, _ body: (Importer, [UInt8]) async throws -> ImportReport
        ) async throws {
            try await Console.run {
                let bytes = try Files.bytes(file)
                let database = try await data.openOrMake(makingFolder: false)
                let bar = Progress()
                let importer = Importer(
                    database, share: try data.share, today: Installation.current.clock.today, isStrict: strict,
                    mayCloseMany: allowClosures,
                    progress: { bar.show($0, $1, of: $2) })
                do {
                    let report = try await body(importer, bytes)
                    tell(report, kind, isRefused: false)
                    if !report.refusals.isEmpty { throw Console.partly }
                } catch let refusal as StrictRefusal {
                    tell(refusal.report, kind, isRefused: true)
                    throw ExitCode.failure
                }
            }
        }

        private func tell(_ report: ImportReport, _ kind: String, isRefused: Bool) {
            if json { return Console.print(report.json(kind, isRefused: isRefused).pretty) }
            for refusal in report.refusals {
                let line = refusal.line > 0 ? "line \(refusal.line)" : "row"
                let subject = refusal.subject.map { " (\($0))" } ?? ""
                Console.tell("\(line)\(subject): \(refusal.reason)")
            }
            if report.withheld > 0 {
                Console.tell(
                    "\(report.withheld) that are not in the file were left open, since a refused row may be theirs.")
            }
            if isRefused { return Console.tell("Nothing was changed, since --strict was given and rows were refused.") }
            Console.print(
                """
                \(kind)\tadded \(report.added)\tchanged \(report.changed)\tunchanged \(report.unchanged)\t\
                removed \(report.removed)\trefused \(report.refusals.count)
                """)
        }
    }

    struct Schools: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Schools of the register (the header of birmingham_schools_2025.csv).",
            discussion: "A school gone from the file is marked closed, with its successor where known; never deleted.")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("schools") { try await $0.schools($1) } }
    }

    struct SchoolStatus: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "All establishments with their status (urn, name, phase, status).")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("school-status") { try await $0.schoolStatus($1) } }
    }

    struct SchoolLinks: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Predecessors and successors (URN, LinkURN, LinkName, LinkType, LinkEstablishedDate).")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("school-links") { try await $0.schoolLinks($1) } }
    }

    struct Postcodes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Postcodes with their places (postcode, lat, lon; ward_code and la_code where there are).",
            discussion: "A postcode without a ward has distances but no ward. Postcodes not in the file stay.")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("postcodes") { try await $0.postcodes($1) } }
    }

    struct Areas: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Wards: GeoJSON with boundaries, or a table of ward_code and ward_name.",
            discussion: "A table changes names and keeps the boundaries there are.")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("areas") { try await $0.areas($1) } }
    }

    struct Listed2012: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "listed-2012",
            abstract: "The 2012 strategy’s resource bases and fully accessible schools, matched to the register.")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("listed-2012") { try await $0.listedIn2012($1) } }
    }

    struct WardGroups: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Localities and areas as groups of wards (level, name, ward_code, invented).",
            discussion: "The file says all there are: groups not in it are taken away.")
        @OptionGroup var options: Options
        func run() async throws { try await options.run("ward-groups") { try await $0.wardGroups($1) } }
    }
}

extension ImportReport {
    /// - Parameter isRefused: the file was refused whole, so nothing was changed.
    func json(_ kind: String, isRefused: Bool) -> JSON {
        .object([
            ("import", .text(kind)), ("committed", .bool(!isRefused)), ("added", .int(isRefused ? 0 : added)),
            ("changed", .int(isRefused ? 0 : changed)), ("unchanged", .int(unchanged)),
            ("removed", .int(isRefused ? 0 : removed)), ("withheld", .int(isRefused ? 0 : withheld)),
            (
                "refused",
                .array(
                    refusals.map {
                        .object([
                            ("line", .int($0.line)), ("subject", .text($0.subject)), ("reason", .text($0.reason)),
                        ])
                    })
            ),
        ])
    }
}
