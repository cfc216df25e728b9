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
            as record_id,cluster_id. A row that cannot be read is refused with its number and reason, and the rest is \
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
        guard pairs != nil || clusters != nil || model != nil || explain.count == 2 || truth != nil else {
            throw ValidationError("Say what to write: --pairs, --clusters, --model or --explain.")
        }
    }

    func run() async throws {
        try await Console.run {
            var options = LinkOptions(reading: Reading(id: id, source: source, truth: truth, ignored: Set(ignore)))
            options.onlyBetween = between
            options.isStrict = strict
            if let config { try settings(config).apply(to: &options) }
            for path in [pairs, clusters, model, chart].compactMap({ $0 }) { try checkPlace(path) }
            let bar = Progress()
            let linker = try Linker(files.map(FileBytes.init(path:)), options) { bar.show($0, $1, of: $2) }
            for row in linker.refused.prefix(50) { Console.tell("\(row.file) row \(row.row): \(row.why)") }
            if linker.refused.count > 50 { Console.tell("… and \(linker.refused.count - 50) rows more.") }
            let why = explain.count == 2 ? try linker.explain(explain[0], explain[1]) : nil
            let written = try pairs.map { try linker.writePairs($0) }
            let children = try clusters.map { try linker.writeClusters($0) }
            if let model { try linker.writeModel(model) }
            for line in linker.summary { Console.print(line) }
            if let written { Console.print("pairs written\t\(Digits.grouped(written))") }
            if let children { Console.print("clusters written\t\(Digits.grouped(children))") }
            tellScore(linker.score)
            if let why { try tell(why) }
            if !linker.refused.isEmpty { throw Console.partly }
        }
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
