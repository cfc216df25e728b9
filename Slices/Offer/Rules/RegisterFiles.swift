import Kernel

/// A row of a file that was not taken, and why.
public struct Refusal: Hashable, Sendable {
    /// The line of the file, the header being 1.
    public let line: Int
    /// The thing the row is about, as the column that names it says, where the row could be told apart.
    public let subject: String?
    public let reason: String
    /// Whether the row runs over several lines, so that it may have swallowed others.
    public let isLong: Bool

    public init(line: Int, subject: String? = nil, reason: String, isLong: Bool = false) {
        (self.line, self.subject, self.reason, self.isLong) = (line, subject, reason, isLong)
    }
}

/// What a file held: the rows that could be read, and those that were refused.
public struct FileReading<Item: Sendable>: Sendable {
    public var items: [Item] = []
    public var refusals: [Refusal] = []
    public init() {}

    /// Reads every row, each by itself: a row that throws is refused with its reason.
    ///
    /// - Parameters:
    ///   - column: the column that says what a row is about.
    ///   - key: what no two rows may share; the later row is refused.
    public init<Key: Hashable>(
        _ table: Table, named column: String, key: (Item) -> Key, _ read: (Table.Row) throws -> Item
    ) {
        var lines: [Key: Int] = [:]
        for row in table.rows {
            let subject = row.optional(column).map { String($0.prefix(40)) }
            func refuse(_ reason: String) {
                refusals.append(Refusal(line: row.line, subject: subject, reason: reason, isLong: row.isLong))
            }
            if let fault = row.fault {
                refuse(fault)
                continue
            }
            do {
                let item = try read(row)
                if let earlier = lines.updateValue(row.line, forKey: key(item)) {
                    lines[key(item)] = earlier
                    refuse("it stands on line \(earlier) already; the first is kept")
                } else {
                    items.append(item)
                }
            } catch {
                refuse("\(error)")
            }
        }
    }
}

/// The register of schools: the file `birmingham_schools_2025.csv` and others of the same header.
public enum SchoolFile {
    public static let columns = [
        "urn", "la_code", "la_name", "estab_no", "name", "school_type_2025", "phase_2024", "gender_2024", "status_2024",
        "postcode", "lat", "lon", "pupils_on_roll_2025", "pupils_ehc_2025", "pupils_sen_support_2025", "pct_fsm_ever",
        "pupils_eal", "street_2018", "town_2018", "age_low_2018", "age_high_2018", "religion_2018", "ofsted_2018",
        "ofsted_date_2018", "gias_type_2018", "ward_code", "lsoa21", "sen_provision_types_2025",
    ]

    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<Entry> {
        let table = try Table(bytes, required: columns)
        return FileReading(table, named: "urn", key: \.id, entry)
    }

    /// One school as an entry. What the row leaves empty stays not known.
    ///
    /// - Law: Children and Families Act 2014, section 34: no plan, a mainstream school, but for few.
    private static func entry(_ row: Table.Row) throws -> Entry {
        let urn = try named("urn") { try URN(try row.get("urn")) }
        _ = try named("la_code") { try AuthorityNumber(try row.get("la_code")) }
        _ = try named("estab_no") { try EstablishmentNumber(try row.get("estab_no")) }
        let name = try named("name") { try text(row.get("name"), upTo: 150) }
        let type = try named("school_type_2025") { try SchoolType(row.get("school_type_2025")) }
        let phase = try row.optional("phase_2024").map { text in try named("phase_2024") { try Phase(name: text) } }
        var entry = Entry(
            id: ID("school-\(urn)"), kind: .school, sector: .education, name: name, standing: try standing(row))
        entry.urn = urn
        entry.specialism = type.specialism
        entry.levels = type == .special ? [.plan] : []
        entry.address = try address(row)
        entry.ages = try ages(row)
        entry.help = type.help(phase, entry.ages)
        entry.needs = try needs(row)
        entry.census = try census(row)
        entry.inspection = try inspection(row)
        entry.facts = facts(of: entry)
        return entry
    }

    private static func standing(_ row: Table.Row) throws -> Entry.Standing {
        switch row.optional("status_2024") {
        case nil, "Open": return .listed
        case "Open, but proposed to close": return .proposedToClose
        case "Proposed to open":
            // The later census counts its pupils: it has opened since.
            return row.optional("pupils_on_roll_2025") == nil ? .proposedToOpen : .listed
        case "Closed": return .closed(noted: Sources.status, successor: nil)
        case .some(let other):
            let allowed = "it is Open, Closed, Proposed to open, or Open, but proposed to close"
            throw Malformed(wanted: "a status (status_2024)", given: other, reason: allowed)
        }
    }

    private static func address(_ row: Table.Row) throws -> Address {
        var address = Address(street: row.optional("street_2018"), town: row.optional("town_2018"))
        address.postcode = try row.optional("postcode").map { text in try named("postcode") { try Postcode(text) } }
        let (latitude, longitude) = (row.optional("lat"), row.optional("lon"))
        if let latitude, let longitude {
            address.point = try named("lat, lon") { try Point(latitude: latitude, longitude: longitude) }
        } else if latitude != nil || longitude != nil {
            throw Malformed(wanted: "a place (lat, lon)", reason: "one of the two is missing")
        }
        address.ward = try row.optional("ward_code").map { code in
            try named("ward_code") { try AreaFile.wardCode(code) }
        }
        return address
    }

    private static func ages(_ row: Table.Row) throws -> AgeRange? {
        switch (row.optional("age_low_2018"), row.optional("age_high_2018")) {
        case (nil, nil): return nil
        case (let low?, let high?):
            return try named("age_low_2018, age_high_2018") {
                try AgeRange(try whole(low, "an age", upTo: 25), try whole(high, "an age", upTo: 25))
            }
        default: throw Malformed(wanted: "a range of ages (age_low_2018, age_high_2018)", reason: "one is missing")
        }
    }

    private static func needs(_ row: Table.Row) throws -> NeedsServed {
        guard let list = row.optional("sen_provision_types_2025") else { return .unknown }
        return try named("sen_provision_types_2025") {
            .listed(Set(try list.split(separator: "|").map { try NeedType(code: $0.trimmed) }))
        }
    }

    private static func census(_ row: Table.Row) throws -> Census? {
        func count(_ column: String) throws -> Int? {
            try row.optional(column).map { text in try named(column) { try whole(text, "a count", upTo: 20_000) } }
        }
        let census = Census(
            pupils: try count("pupils_on_roll_2025"), withPlan: try count("pupils_ehc_2025"),
            onSupport: try count("pupils_sen_support_2025"))
        if let all = census.pupils, (census.withPlan ?? 0) + (census.onSupport ?? 0) > all {
            let reason = "more pupils with a plan or on support than on roll (\(all))"
            throw Malformed(wanted: "a school’s count of pupils", reason: reason)
        }
        return census.pupils == nil && census.withPlan == nil && census.onSupport == nil ? nil : census
    }

    private static func inspection(_ row: Table.Row) throws -> Inspection? {
        guard let grade = row.optional("ofsted_2018"), let date = row.optional("ofsted_date_2018") else { return nil }
        let day = try named("ofsted_date_2018") {
            let digits = Array(date.utf8)
            guard digits.count == 8 else {
                throw Malformed(wanted: "a date", given: date, reason: "write it as 20180131")
            }
            return try Day(iso: "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))")
        }
        return Inspection(grade: try text(grade, upTo: 40), on: day)
    }

    /// Where each fact of a school comes from: the years stand in the names of the columns.
    private static func facts(of entry: Entry) -> [Field: Provenance] {
        let census = Provenance("dfe-census-2025", asOf: Sources.census)
        let register = Provenance("gias-2024", asOf: Sources.status)
        let old = Provenance("dfe-2018", asOf: Sources.old)
        var facts: [Field: Provenance] = [.name: census, .kind: census, .status: register]
        if entry.specialism != nil { facts[.specialism] = census }
        if !entry.levels.isEmpty { facts[.levels] = Provenance("cfa-2014-s34", asOf: Sources.law) }
        if entry.ages != nil { facts[.ages] = old }
        if entry.needs != .unknown { facts[.needs] = Provenance("dfe-sen-2025", asOf: Sources.census) }
        if entry.address.line != nil { facts[.address] = entry.address.street == nil ? census : old }
        if entry.address.point != nil { facts[.point] = census }
        if entry.census != nil { facts[.census] = census }
        if entry.inspection != nil { facts[.inspection] = Provenance("ofsted-2018", asOf: Sources.old) }
        return facts
    }

    static func text(_ text: String, upTo limit: Int) throws(Malformed) -> String {
        guard !text.isEmpty, text.count <= limit else {
            throw Malformed(wanted: "a text", given: text, reason: "it has 1 to \(limit) characters")
        }
        return text
    }

    static func whole(_ text: String, _ wanted: String, upTo limit: Int) throws(Malformed) -> Int {
        guard let number = Digits.number(text), number <= limit else {
            throw Malformed(wanted: wanted, given: text, reason: "it is a whole number from 0 to \(limit)")
        }
        return number
    }
}

/// The days that the shipped sources are as of.
enum Sources {
    static let census = day(2025, 1, 16)
    static let status = day(2024, 6, 30)
    static let old = day(2018, 6, 30)
    static let law = day(2014, 9, 1)
    static let strategy = day(2012, 11, 14)

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Day {
        (try? Day(year, month, day)) ?? Day.range.lowerBound
    }
}

/// Reads a value and, where it is malformed, says in which column.
func named<Value>(_ column: String, _ read: () throws -> Value) throws -> Value {
    do { return try read() } catch let malformed as Malformed {
        throw Malformed(wanted: "\(malformed.wanted) (\(column))", given: malformed.given, reason: malformed.reason)
    }
}
