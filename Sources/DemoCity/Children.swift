import City
import Kernel
import SingleViewServer
import Storage

extension Demo {
    /// Which city a data folder holds: its pupils, its seed, and the day it was made for.
    private struct Made {
        static let setting = "demo.city"
        let pupils: Int
        let seed: UInt64
        let day: Day

        var text: String { "\(pupils) \(seed) \(day.iso)" }

        init(pupils: Int, seed: UInt64, day: Day) { (self.pupils, self.seed, self.day) = (pupils, seed, day) }

        init?(_ text: String) {
            let parts = text.split(separator: " ")
            guard parts.count == 3, let pupils = Digits.number(parts[0]), let seed = UInt64(parts[1]),
                let day = try? Day(iso: parts[2])
            else { return nil }
            self.init(pupils: pupils, seed: seed, day: day)
        }
    }

    /// The day that the city of this folder was made for; nil where it has none.
    func madeFor() async throws -> Day? {
        try await database.read { try Settings.value(Made.setting, in: $0) }.flatMap(Made.init)?.day
    }

    /// How many days lie between the two extracts of each source: families move, children leave and come.
    private static let between = 40

    /// Takes in what the agencies of the invented city send, as of forty days ago and as of today, and links it. It can
    /// be repeated: a folder keeps the city and the day it was made for.
    ///
    /// - Parameters:
    ///   - pupils: how many pupils it has, `City.sizes`; with none, no agency sends anything.
    /// - Throws: `AnotherCity` where the folder holds another; a fault of a shipped file or of the database.
    public func prepareChildren(_ pupils: Int, seed: UInt64) async throws {
        let held = try await database.read { try Settings.value(Made.setting, in: $0) }.flatMap(Made.init)
        if let held, held.pupils != pupils || held.seed != seed {
            throw AnotherCity(pupils: held.pupils, seed: held.seed)
        }
        let made = held ?? Made(pupils: pupils, seed: seed, day: today)
        let data = try CityData { try share.bytes($0) }
        let city = try City(size: pupils, seed: seed, today: made.day, data: data)
        let days = [made.day - Days(count: Self.between), made.day]
        var intake = try Intake(database, share: share, today: today)
        intake.mayRemoveMany = true
        var (done, taken) = (0, 0)
        for (place, day) in days.enumerated() {
            for source in City.sources {
                let before = place > 0 ? days[place - 1] : nil
                let extract = try city.extract(of: source, asOf: day, after: before)
                progress("Taking in what agencies send", done, days.count * City.sources.count)
                done += 1
                // Where nobody is known there is nothing to send.
                guard extract.count(where: { $0 == 10 }) > 1 else { continue }
                let newest = try await database.read { try Intake.newest(of: source, in: $0) }
                if let newest, newest >= day { continue }
                _ = try await intake.take(extract, name: "\(source)_\(day.iso).csv")
                taken += 1
            }
        }
        progress("Taking in what agencies send", done, done)
        if held != nil, taken == 0 { return }
        var linking = try Linking(database, share: share)
        linking.progress = progress
        _ = try await linking.run()
        try await database.write(for: .operation) { try Settings.set(Made.setting, to: made.text, in: $0) }
    }
}

/// The data folder holds another invented city than was asked for.
public struct AnotherCity: Error, SaidPlainly {
    let pupils: Int
    let seed: UInt64

    public var description: String {
        "This folder holds the invented city of \(pupils) pupils with the seed \(seed). Give --city-size \(pupils) "
            + "--seed \(seed), or another folder with --data."
    }
}
