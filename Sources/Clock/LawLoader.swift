import Kernel

/// Reads the files of the law and checks them against one another.
struct LawLoader {
    private(set) var regimes: [Regime] = []
    private(set) var events: [EventKind] = []
    private(set) var eventPlaces: [String: Int] = [:]
    private(set) var factKinds: [FactKind] = []
    private(set) var grounds: [Ground] = []
    private(set) var rules: [Rule] = []
    private(set) var minimums: [Minimum] = []
    let settings: Settings

    init(_ files: Law.Files) throws(LawFault) {
        settings = try Settings(Self.points(LawFile("settings.csv", files.settings)))
        let settingIDs = Set(settings.points.map(\.id))
        for row in try LawFile("regimes.csv", files.regimes).rows("regime name says valid_from valid_to source") {
            let id = try row.text("regime")
            if regimes.contains(where: { $0.id == id }) { throw row.fault("the regime \(id) stands twice") }
            regimes.append(
                Regime(
                    id: id, name: try row.text("name"), says: try row.text("says"), validity: try row.validity(),
                    source: try row.text("source")))
        }
        for row in try LawFile("events.csv", files.events).rows("event says") {
            let code = try row.text("event")
            guard eventPlaces.updateValue(events.count, forKey: code) == nil else {
                throw row.fault("the event \(code) stands twice")
            }
            events.append(EventKind(code: code, says: try row.text("says")))
        }
        factKinds = try FactRows.kinds(LawFile("facts.csv", files.facts), eventPlaces)
        for row in try LawFile("exceptions.csv", files.exceptions).rows(GroundRows.columns) {
            grounds.append(try GroundRows.ground(row, factKinds))
        }
        try readRules(LawFile("rules.csv", files.rules), settingIDs)
        try readMinimums(LawFile("minimums.csv", files.minimums))
    }

    private static func points(_ file: LawFile) throws(LawFault) -> [Settings.Point] {
        var points: [Settings.Point] = []
        for row in try file.rows("point question value allowed kept_in says source") {
            let point = Settings.Point(
                id: try row.text("point"), question: try row.text("question"), value: try row.text("value"),
                allowed: try row.text("allowed").split(separator: "|").map(String.init),
                keptIn: try row.text("kept_in"),
                says: try row.text("says"), source: try row.text("source"))
            guard point.allowed.contains(point.value) else {
                let allowed = point.allowed.joined(separator: ", ")
                throw row.fault("“\(point.value)” is not allowed for \(point.id); allowed are \(allowed)")
            }
            if points.contains(where: { $0.id == point.id }) {
                throw row.fault("the open point \(point.id) stands twice")
            }
            points.append(point)
        }
        return points
    }

    private mutating func readRules(_ file: LawFile, _ settingIDs: Set<String>) throws(LawFault) {
        for row in try file.rows(RuleRows.columns) {
            let read = try RuleRows.rule(row, factKinds)
            guard let regime = regimes.first(where: { $0.id == read.regime }) else {
                throw row.fault("the regime \(read.regime) is not in regimes.csv")
            }
            for code in read.triggers + read.metBy where eventPlaces[code] == nil {
                throw row.fault("the event \(code) is not in events.csv")
            }
            for point in read.points where !settingIDs.contains(point) {
                throw row.fault("the open point \(point) is not in settings.csv")
            }
            for earlier in rules where earlier.id == read.id && earlier.validity.overlaps(read.validity) {
                throw row.fault("two versions of \(read.id) hold on one day")
            }
            var own: [Ground] = []
            for id in read.grounds {
                let found = grounds.filter { $0.id == id }
                if found.isEmpty { throw row.fault("the exception \(id) is not in exceptions.csv") }
                own += found
            }
            var touchedBy: Ground?
            if let id = read.touchedBy {
                touchedBy = grounds.first { $0.id == id }
                if touchedBy == nil { throw row.fault("the exception \(id) is not in exceptions.csv") }
            }
            let words = RuleWords(read, source: regime.source, touchedBy: touchedBy)
            rules.append(Rule(read, words, grounds: own, touchedBy: touchedBy, codes: eventPlaces))
        }
        rules.sort { ($0.id, $0.validity.from) < ($1.id, $1.validity.from) }
        if rules.isEmpty { throw LawFault(file: file.name, line: nil, why: "it holds no rule") }
    }

    private mutating func readMinimums(_ file: LawFile) throws(LawFault) {
        for row in try file.rows("minimum_id act after waived_by says valid_from valid_to provision text_seen") {
            let minimum = Minimum(
                id: try row.text("minimum_id"), acts: row.list("act"), after: try row.text("after"),
                waivedBy: row.list("waived_by"), says: try row.text("says"), validity: try row.validity(),
                provision: try row.text("provision"), isRead: try row.text("text_seen") == "yes", eventPlaces)
            for code in minimum.acts + minimum.waivedBy where eventPlaces[code] == nil {
                throw row.fault("the event \(code) is not in events.csv")
            }
            guard rules.contains(where: { $0.id == minimum.after }) else {
                throw row.fault("the rule \(minimum.after) is not in rules.csv")
            }
            minimums.append(minimum)
        }
    }
}

/// One file of the law, as a table.
struct LawFile {
    let name: String
    private let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

    /// Its rows, each with these columns.
    func rows(_ columns: String) throws(LawFault) -> [LawRow] {
        let table: Table
        do { table = try Table(bytes, required: columns.split(separator: " ").map(String.init)) } catch {
            throw LawFault(file: name, line: nil, why: "\(error)")
        }
        for row in table.rows {
            if let fault = row.fault { throw LawFault(file: name, line: row.line, why: fault) }
        }
        return table.rows.map { LawRow(file: name, row: $0) }
    }
}

/// One row of a file of the law.
struct LawRow {
    let file: String
    let row: Table.Row

    func fault(_ why: String) -> LawFault { LawFault(file: file, line: row.line, why: why) }

    /// A value that must not be empty.
    func text(_ column: String) throws(LawFault) -> String {
        guard let text = row.optional(column) else { throw fault("“\(column)” is empty") }
        return text
    }

    func optional(_ column: String) -> String { row.optional(column) ?? "" }

    func list(_ column: String) -> [String] { optional(column).split(separator: " ").map(String.init) }

    func day(_ column: String) throws(LawFault) -> Day {
        do { return try Day(iso: try text(column)) } catch let error as Malformed {
            throw fault("“\(column)”: \(error)")
        } catch let error as LawFault { throw error } catch { throw fault("“\(column)” cannot be read") }
    }

    func number(_ column: String, from text: String? = nil) throws(LawFault) -> Int {
        let written = text ?? optional(column)
        let digits = written.hasPrefix("-") ? written.dropFirst() : written[...]
        guard let number = Digits.number(digits), number <= 10_000 else {
            throw fault("“\(written)” in “\(column)” is not a whole number up to 10,000")
        }
        return written.hasPrefix("-") ? 0 - number : number
    }

    func isYes(_ column: String) throws(LawFault) -> Bool {
        switch optional(column) {
        case "yes": true
        case "no", "": false
        default: throw fault("“\(column)” is yes or no")
        }
    }

    func validity() throws(LawFault) -> Validity {
        let from = try day("valid_from")
        let to = optional("valid_to").isEmpty ? nil : try day("valid_to")
        if let to, to < from { throw fault("it ends before it begins") }
        return Validity(from: from, to: to)
    }

    /// The first day of validity with a hash of all that the row says.
    func version() throws(LawFault) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in row.values {
            for byte in Array(value.utf8) + [0x1F] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return try day("valid_from").iso + "-" + String(repeating: "0", count: max(0, 16 - digits.count)) + digits
    }
}
