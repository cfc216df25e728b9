import Clock
import Foundation
import Kernel

extension Day: ExpressibleByStringLiteral {
    /// A day in a test, written as people write it: `"2026-03-02"`.
    public init(stringLiteral text: String) {
        guard let day = try? Day(iso: text) else { preconditionFailure("not a day: \(text)") }
        self = day
    }
}

/// The law as shipped, read from the files themselves.
enum Shipped {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "share")
    static let holidays: [Day] = {
        var all: Set<Day> = []
        for name in ["bank_holidays_england.csv", "england_bank_holidays_2010_2035.csv"] {
            let table = try? Table(bytes("calendar/" + name), required: ["date"])
            for row in table?.rows ?? [] { if let day = try? Day(iso: row.get("date")) { all.insert(day) } }
        }
        return all.sorted()
    }()
    static let calendar = WorkingDays(holidays: holidays)
    static let files: Law.Files = {
        guard let files = try? Law.Files({ try Data(contentsOf: folder.appending(path: "law/" + $0)).map { $0 } })
        else {
            preconditionFailure("share/law is not there")
        }
        return files
    }()
    static let law: Law = {
        do { return try Law(files, calendar: calendar) } catch { preconditionFailure("\(error)") }
    }()

    static func bytes(_ name: String) throws -> [UInt8] {
        try Data(contentsOf: folder.appending(path: name)).map { $0 }
    }

    /// Every day from 2001 to 2035.
    static let days: [Day] = (("2001-01-01" as Day).number...("2035-12-31" as Day).number).compactMap(Day.init(number:))
}

/// The first few things that went wrong in a long loop, to be expected empty at its end.
struct Wrongs {
    private(set) var all: [String] = []

    mutating func expect(_ isRight: Bool, _ what: @autoclosure () -> String) {
        if !isRight, all.count < 5 { all.append(what()) }
    }
}

/// Numbers that look like chance and come again for the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Law {
    /// The last day of a rule from the day of its event, in short.
    func due(_ rule: String, _ day: Day, _ facts: String = "") throws -> Day? {
        try limit(rule, from: day, facts: self.facts(facts)).due
    }
}
