import ArgumentParser
import City
import Console
import Foundation
import Kernel
import Storage

/// Which invented city is meant.
struct CityOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many invented pupils the city has; the under-fives and 16 to 25s come on top. 0 for none.",
            discussion: "141215 is Birmingham’s own number, which gives 35,417 with special educational needs.",
            valueName: "pupils"))
    var citySize = 3_000

    @Option(help: ArgumentHelp("Which of all invented cities: the same number, the same city.", valueName: "number"))
    var seed: UInt64 = 2012

    func validate() throws {
        guard City.sizes.contains(citySize) else {
            throw ValidationError(
                "--city-size is a number of pupils, 0 to \(Digits.grouped(City.sizes.upperBound)); \(citySize) is not.")
        }
    }
}

/// `continuum demo-extracts`: writes what the agencies of the invented city send.
struct DemoExtractsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-extracts", abstract: "Write what the agencies of the demonstration city send.",
        discussion: """
            Needs no data folder. Writes one file for each of the nine sources and each day, SOURCE_DAY.csv, with the \
            columns that share/feeds asks of it. Nobody in them exists. In each file \(City.faultyRows) rows are wrong \
            on purpose, so that it can be seen how they are refused. Files of the same names are written over.

            The city is made for the school year of --made, and can be asked for that year, the one before and the one \
            after: extracts of all those days speak of the same children. A source of notices sends those of three \
            years on the first day, and on each later one those since the day before it.
            """)

    @Option(help: ArgumentHelp("Where the files go; the folder is made where there is none.", valueName: "folder"))
    var into: String
    @OptionGroup var city: CityOptions
    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The day of the extracts, as 2026-11-28; can be given several times. Otherwise today.",
            valueName: "day"))
    var days: [String] = []
    @Option(
        help: ArgumentHelp(
            "A day of the school year that the city is made for. Otherwise the last of --as-of.", valueName: "day"))
    var made: String?
    @Flag(help: "Write truth.csv too: which child each record is of. Keep it away from what reads the extracts.")
    var truth = false
    @Option(
        name: .customLong("share"),
        help: ArgumentHelp(
            "The folder of shipped data. Otherwise CONTINUUM_SHARE, or the program’s own.", valueName: "dir"))
    var shareFolder: String?

    func validate() throws {
        let days = try self.days.map { try day($0, "--as-of") }
        guard Set(days).count == days.count else { throw ValidationError("--as-of names one day twice.") }
        _ = try made.map { try day($0, "--made") }
    }

    func run() async throws {
        try await Console.run {
            let share = try Share.found(named: shareFolder)
            let data = try CityData { try share.bytes($0) }
            let given = try days.map { try day($0, "--as-of") }.sorted()
            let days = given.isEmpty ? [Installation.current.clock.today] : given
            let wanted = try City(
                size: city.citySize, seed: city.seed, today: made.map { try day($0, "--made") } ?? days[days.count - 1],
                data: data)
            for day in days { try wanted.check(day) }
            try makeFolder()
            let bar = Progress()
            let count = days.count * City.sources.count
            var written = 0
            for (place, day) in days.enumerated() {
                for source in City.sources {
                    let before = place > 0 ? days[place - 1] : nil
                    let bytes = try wanted.extract(of: source, asOf: day, after: before)
                    let name = "\(source)_\(day.iso).csv"
                    try write(bytes, name)
                    written += 1
                    bar.show("Writing extracts", written, of: count)
                    Console.print("\(name)\t\(bytes.count { $0 == 10 } - 1)")
                }
            }
            if truth { try write(truth(of: wanted, days), "truth.csv") }
            Console.tell(
                "Rows of each file stand above. Nobody in them exists"
                    + (city.citySize > 0 ? "; \(City.faultyRows) rows of each are wrong on purpose." : "."))
        }
    }

    /// What is true of the records of all the days, each once.
    private func truth(of city: City, _ days: [Day]) throws -> [UInt8] {
        var bytes = try city.truth(asOf: days[0])
        if days.count == 1 { return bytes }
        var seen = Set(bytes.split(separator: 10))
        for day in days.dropFirst() {
            for line in try city.truth(asOf: day).split(separator: 10) where seen.insert(line).inserted {
                bytes += line + [10]
            }
        }
        return bytes
    }

    private func day(_ text: String, _ option: String) throws -> Day {
        do { return try Day(iso: text) } catch { throw ValidationError("\(option): \(error)") }
    }

    private func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(atPath: into, withIntermediateDirectories: true)
        } catch {
            throw Failure("The folder “\(into)” cannot be made here, or a file is in its place.")
        }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        do {
            try Data(bytes).write(to: URL(filePath: into + "/" + name), options: .atomic)
        } catch {
            throw Failure("The file “\(into)/\(name)” cannot be written: is there room, and may you write there?")
        }
    }
}
