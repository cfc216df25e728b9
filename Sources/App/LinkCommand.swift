import ArgumentParser
import Console
import Foundation
import Glibc
import Kernel
import Linkage
import Storage

extension LinkageError: SaidPlainly {}

/// `continuum link`: finds the records of the same child in files of records.
struct LinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Find the records of the same child in one or several files.",
        discussion: """
            Needs no data folder. Columns are understood by their names, and otherwise by what stands in them; how \
            records of one child agree is learnt from the files themselves.

            --pairs is written as record_id_l,record_id_r,match_probability (every pair of 0.001 or more), --clusters \
            as record_id,cluster_id. --model keeps what was learnt, and --using links by it again without learning. A \
            row that cannot be read is refused with its number and reason, and the rest is \
            linked (exit status 2); a file that cannot be read stops everything (exit status 1).
            """)

    @Argument(help: "Files of comma-separated values, UTF-8, also packed by gzip. Each is one source.")
    var files: [String] = []
    @Option(help: ArgumentHelp("The column with a record’s id, unique over all files.", valueName: "column"))
    var id: String
    @Option(help: ArgumentHelp("The column that names the source, in place of one a file.", valueName: "column"))
    var source: String?
    @Flag(help: "Seek pairs between sources only.") var between = false
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Columns that are not compared.", valueName: "column"))
    var ignore: [String] = []
    @Option(
        help: ArgumentHelp(
            "The column with the true child, for the score: linking never reads it.", valueName: "column"))
    var truth: String?
    @Option(help: ArgumentHelp("What columns are, how to block, how many pairs to compare (JSON).", valueName: "file"))
    var config: String?
    @Option(help: ArgumentHelp("Where the pairs go.", valueName: "file")) var pairs: String?
    @Option(help: ArgumentHelp("Where the clusters go.", valueName: "file")) var clusters: String?
    @Option(help: ArgumentHelp("Where what was learnt goes (JSON).", valueName: "file")) var model: String?
    @Option(help: ArgumentHelp("Link by a model that was kept, and learn nothing (JSON).", valueName: "file"))
    var using: String?
    @Option(help: ArgumentHelp("Say what would change against another model that was kept.", valueName: "file"))
    var against: String?
    @Option(
        help: ArgumentHelp(
            "What people decided: record_id_l,record_id_r,decision, which is same or different.", valueName: "file"))
    var decisions: String?
    @Option(
        help: ArgumentHelp(
            "The column that names compartments: records of two are never compared.", valueName: "column"))
    var compartment: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Explain two records: each field’s evidence, in words and bits.", valueName: "id"))
    var explain: [String] = []
    @Option(help: ArgumentHelp("Where the picture of that explanation goes (SVG).", valueName: "file"))
    var chart: String?
    @Flag(help: "Link nothing where any row is refused.") var strict = false

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name at least one file of records.") }
        guard explain.isEmpty || explain.count == 2 else { throw ValidationError("--explain takes two ids.") }
        guard chart == nil || explain.count == 2 else {
            throw ValidationError("--chart draws what --explain explains.")
        }
        guard pairs != nil || clusters != nil || model != nil || explain.count == 2 || truth != nil || against != nil
        else { throw ValidationError("Say what to write: --pairs, --clusters, --model or --explain.") }
        guard using == nil || config == nil && !between else {
            throw ValidationError("--using says itself what --config and --between would say.")
        }
    }

    func run() async throws {
        try await Console.run {
            let options = try chosen()
            for path in [pairs, clusters, model, chart].compactMap({ $0 }) { try checkPlace(path) }
            let (given, other) = (try using.map(kept), try against.map(kept))
            let (decided, refusedDecisions) = try readDecisions()
            let bar = Progress()
            let sources = try files.map(FileBytes.init(path:))
            let linker = try Linker(sources, options, using: given, decisions: decided) { bar.show($0, $1, of: $2) }
            let unplaced = linker.refusedDecisions.map {
                "\(decisions ?? ""): \($0.decision.one), \($0.decision.other): \($0.why)"
            }
            let refused = linker.refused + refusedDecisions
            if strict, let first = unplaced.first {
                throw LinkageError.configuration("--strict takes all decisions or none. \(first)")
            }
            if strict, let first = refusedDecisions.first { throw LinkageError.refused(refusedDecisions.count, first) }
            for line in (refused.map { "\($0.file) row \($0.row): \($0.why)" } + unplaced).prefix(50) {
                Console.tell(line)
            }
            if refused.count + unplaced.count > 50 {
                Console.tell("… and \(refused.count + unplaced.count - 50) rows more.")
            }
            let why = explain.count == 2 ? try linker.explain(explain[0], explain[1]) : nil
            let written = try pairs.map { try linker.writePairs($0) }
            let children = try clusters.map { try linker.writeClusters($0) }
            if let model { try linker.writeModel(model) }
            for line in linker.summary { Console.print(line) }
            if let written { Console.print("pairs written\t\(Digits.grouped(written))") }
            if let children { Console.print("clusters written\t\(Digits.grouped(children))") }
            tellScore(linker.score)
            if let why { try tell(why) }
            if let other { try tellChange(linker, sources, options, other, decided) }
            if !refused.isEmpty || !unplaced.isEmpty { throw Console.partly }
        }
    }

    private func chosen() throws -> LinkOptions {
        let reading = Reading(
            id: id, source: source, truth: truth, ignored: Set(ignore), compartment: compartment)
        var options = LinkOptions(reading: reading)
        options.onlyBetween = between
        options.isStrict = strict
        if let config { try settings(config).apply(to: &options) }
        return options
    }

    private func kept(_ path: String) throws -> Model {
        let bytes = try Files.bytes(path)
        try JSONGate.check(bytes)
        return try Model(bytes)
    }

    private func readDecisions() throws -> (decisions: [Decision], refused: [RefusedRow]) {
        try decisions.map { try Decision.read(FileBytes(path: $0)) } ?? ([], [])
    }

    /// What is otherwise here than it would be by another model.
    private func tellChange(
        _ linker: Linker, _ sources: [FileBytes], _ options: LinkOptions, _ other: Model, _ decided: [Decision]
    ) throws {
        let before = try Linker(sources, options, using: other, decisions: decided)
        for line in ModelChange(from: before, to: linker).summary { Console.print(line) }
    }

    /// Tells before the work what could not be written after it.
    private func checkPlace(_ path: String) throws {
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        guard access(folder.isEmpty ? "/" : folder, W_OK) == 0 else {
            throw LinkageError.unwritable(path, String(cString: strerror(errno)))
        }
    }

    private func settings(_ path: String) throws -> LinkSettings {
        let bytes = try Files.bytes(path)
        try JSONGate.check(bytes)
        return try LinkSettings(bytes)
    }

    private func tellScore(_ score: Score?) {
        guard let score else { return }
        Console.print("true pairs\t\(Digits.grouped(score.truePairs))")
        for (name, at) in [
            ("pairs at 0.5", score.half), ("pairs at the best threshold", score.best), ("clusters", score.clusters),
        ] {
            Console.print(
                "\(name)\tprecision \(places(at.precision, 5))\trecall \(places(at.recall, 5))\tF1 \(places(at.f1, 5))"
                    + (name.hasSuffix("threshold") ? "\tat \(places(at.threshold, 4))" : ""))
        }
    }

    private func tell(_ why: Explanation) throws {
        Console.print("\n\(why.one) and \(why.other)")
        for line in why.lines { Console.print("\(places(line.bits, 2))\t\(line.what)\t\(line.words)") }
        Console.print("\(places(why.total, 2))\tin all, in bits\ta chance of \(places(why.chance, 6))")
        for (name, chance) in why.classes { Console.print("\t\(name)\t\(places(chance, 4))") }
        let rule = why.rule.map { "They were compared because they agree in: \($0)." }
        Console.print(rule ?? "No rule brought them together.")
        Console.print(why.areTogether ? "They are in one cluster." : "They are not in one cluster.")
        Console.print("Model \(why.modelVersion).")
        Console.print(why.paragraph)
        if let chart { try why.writeChart(chart) }
    }

    private func places(_ number: Double, _ count: Int) -> String { String(format: "%.\(count)f", number) }
}
