import Kernel
import Offer
import Storage

/// Every line of SQL that reads entries of the offer. All of it is public, so every scope sees the same.
struct EntryStore {
    let tx: any Transaction
    let scope: Scope

    /// The entries with these ids that there are, in the order asked for.
    func entries(_ ids: [ID<Entry>]) throws -> [Entry] {
        let found = try load(where: "WHERE id IN \(ids)", items: "WHERE entry IN \(ids)")
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return ids.compactMap { byID[$0] }
    }

    func entry(_ id: ID<Entry>) throws -> Entry? { try entries([id]).first }

    /// Where an entry came from, or nil where there is none of this id.
    func origin(of id: ID<Entry>) throws -> String? {
        try tx.row("SELECT origin FROM entry WHERE id = \(id)").map { try $0.get("origin") }
    }

    /// Every entry that came from one origin: a file, the strategy’s list, the demonstration.
    func entries(from origin: String) throws -> [Entry] {
        try load(
            where: "WHERE origin = \(origin)",
            items: "WHERE entry IN (SELECT id FROM entry WHERE origin = \(origin))")
    }

    /// Every open entry, in order of id, without where its facts come from: for the index.
    func eachOpen(_ body: (Entry, _ fresh: Day?) throws -> Void) throws {
        var items = try itemsByEntry("", facts: false)
        try tx.each(
            "SELECT \(EntryStore.columns) FROM entry WHERE standing <> 'closed' ORDER BY id"
        ) { row in
            var entry = try EntryStore.entry(row)
            try EntryStore.fill(&entry, items.removeValue(forKey: entry.id.text) ?? Items())
            try body(entry, try row.optional("fresh"))
        }
    }

    /// The bases and accessible schools that are in this school.
    func hosted(by school: ID<Entry>) throws -> [Entry] {
        let ids = try tx.rows("SELECT id FROM entry WHERE host = \(school) ORDER BY id").map { row in
            try row.get("id", as: ID<Entry>.self)
        }
        return try entries(ids)
    }

    func count() throws -> Int { try tx.row("SELECT COUNT(*) AS n FROM entry")?.get("n") ?? 0 }

    // MARK: - From rows

    private struct Items {
        var lists: [String: [String]] = [:]
        var facts: [(field: String, source: String, asOf: Day)] = []
    }

    private func load(where condition: SQL, items: SQL) throws -> [Entry] {
        let held = try itemsByEntry(items, facts: true)
        return try tx.rows("SELECT \(EntryStore.columns) FROM entry \(condition) ORDER BY id").map { row in
            var entry = try EntryStore.entry(row)
            try EntryStore.fill(&entry, held[entry.id.text] ?? Items())
            return entry
        }
    }

    private func itemsByEntry(_ condition: SQL, facts: Bool) throws -> [String: Items] {
        var all: [String: Items] = [:]
        try tx.each("SELECT entry, list, item FROM entry_item \(condition)") { row in
            let (entry, list) = (try row.get("entry", as: String.self), try row.get("list", as: String.self))
            all[entry, default: Items()].lists[list, default: []].append(try row.get("item"))
        }
        guard facts else { return all }
        try tx.each("SELECT entry, field, source, as_of FROM entry_fact \(condition)") { row in
            let fact = (
                try row.get("field", as: String.self), try row.get("source", as: String.self),
                try row.get("as_of", as: Day.self)
            )
            all[try row.get("entry"), default: Items()].facts.append(fact)
        }
        return all
    }

    private static let columns: SQL = """
        id, kind, sector, name, summary, standing, standing_day, successor, invented, urn, host, age_low, age_high,
        needs_basis, specialism, area_basis, eligibility, referral, street, town, postcode, lat, lon, ward, times, cost,
        cost_in_words, phone, email, website, access_known, places, has_room, pupils, pupils_plan, pupils_support,
        inspected, inspection_grade, fresh, confirmed
        """

    private static func entry(_ row: Row) throws -> Entry {
        var entry = Entry(
            id: try row.get("id"), kind: try row.get("kind"), sector: try row.get("sector"), name: try row.get("name"),
            standing: try standing(row))
        entry.confirmed = try row.optional("confirmed")
        entry.summary = try row.optional("summary")
        entry.isInvented = try row.get("invented")
        entry.urn = try row.optional("urn")
        entry.host = try row.optional("host")
        if let low: Int = try row.optional("age_low"), let high: Int = try row.optional("age_high") {
            entry.ages = try AgeRange(low, high)
        }
        entry.specialism = try row.optional("specialism")
        entry.eligibility = try row.optional("eligibility")
        entry.referral = try row.optional("referral")
        entry.address = try address(row)
        entry.when = try row.optional("times")
        entry.cost = try row.optional("cost")
        entry.costInWords = try row.optional("cost_in_words")
        (entry.phone, entry.email) = (try row.optional("phone"), try row.optional("email"))
        entry.website = try row.optional("website")
        (entry.places, entry.hasRoom) = (try row.optional("places"), try row.optional("has_room"))
        entry.access = try row.get("access_known", as: Bool.self) ? [] : nil
        entry.needs = try needs(row)
        entry.area = try area(row)
        entry.census = try census(row)
        if let on: Day = try row.optional("inspected"), let grade: String = try row.optional("inspection_grade") {
            entry.inspection = Inspection(grade: grade, on: on)
        }
        return entry
    }

    private static func census(_ row: Row) throws -> Census? {
        let census = Census(
            pupils: try row.optional("pupils"), withPlan: try row.optional("pupils_plan"),
            onSupport: try row.optional("pupils_support"))
        return census == Census(pupils: nil, withPlan: nil, onSupport: nil) ? nil : census
    }

    private static func standing(_ row: Row) throws -> Entry.Standing {
        switch try row.get("standing", as: String.self) {
        case "listed": return .listed
        case "listed-in-2012": return .listedIn2012
        case "proposed-to-open": return .proposedToOpen
        case "proposed-to-close": return .proposedToClose
        default: return .closed(noted: try row.get("standing_day"), successor: try row.optional("successor"))
        }
    }

    private static func address(_ row: Row) throws -> Address {
        var point: Point?
        if let latitude: Double = try row.optional("lat"), let longitude: Double = try row.optional("lon") {
            point = try Point(latitude: latitude, longitude: longitude)
        }
        return Address(
            street: try row.optional("street"), town: try row.optional("town"), postcode: try row.optional("postcode"),
            point: point, ward: try row.optional("ward"))
    }

    /// What kind of list there is; the list itself is filled in after.
    private static func needs(_ row: Row) throws -> NeedsServed {
        switch try row.get("needs_basis", as: String.self) {
        case "every": return .every
        case "listed": return .listed([])
        case "listed-in-2012": return .listedIn2012([])
        default: return .unknown
        }
    }

    private static func area(_ row: Row) throws -> AreaServed {
        switch try row.get("area_basis", as: String.self) {
        case "city": return .cityWide
        case "wards": return .wards([])
        default: return .unknown
        }
    }

    private static func fill(_ entry: inout Entry, _ items: Items) throws {
        func list(_ name: String) -> [String] { items.lists[name] ?? [] }
        let needs = Set(try list("need").map { try NeedType(code: $0) })
        if case .listed = entry.needs { entry.needs = .listed(needs) }
        if case .listedIn2012 = entry.needs { entry.needs = .listedIn2012(needs) }
        if case .wards = entry.area { entry.area = .wards(Set(list("ward"))) }
        entry.levels = Set(try list("level").map { try SENLevel(code: $0) })
        entry.help = Set(list("help").map { HelpCode($0) })
        if entry.access != nil { entry.access = Set(list("access").compactMap { AccessFeature(rawValue: $0) }) }
        entry.sessions = try list("session").map { try Session(stored: $0) }.sorted()
        for (field, source, asOf) in items.facts {
            if let field = Field(rawValue: field) { entry.facts[field] = Provenance(source, asOf: asOf) }
        }
    }
}

extension WriteTransaction {
    /// Puts an entry in place of the one of the same id, if there is one.
    func save(_ entry: Entry, from origin: String) throws {
        try run("DELETE FROM entry_item WHERE entry = \(entry.id)")
        try run("DELETE FROM entry_fact WHERE entry = \(entry.id)")
        try saveRow(entry, from: origin)
        for (list, items) in entry.storedLists {
            for item in items {
                try run("INSERT INTO entry_item (entry, list, item) VALUES (\(entry.id), \(list), \(item))")
            }
        }
        for (field, fact) in entry.facts {
            try run(
                """
                INSERT INTO entry_fact (entry, field, source, as_of)
                VALUES (\(entry.id), \(field.rawValue), \(fact.source), \(fact.asOf))
                """)
        }
    }

    private func saveRow(_ entry: Entry, from origin: String) throws {
        let (standing, day, successor) = entry.standing.stored
        let (address, fresh) = (entry.address, entry.facts.values.map(\.asOf).max())
        try run(
            """
            INSERT INTO entry (
                id, origin, kind, sector, name, summary, standing, standing_day, successor, invented, urn, host, \
                age_low,
                age_high, needs_basis, specialism, area_basis, eligibility, referral, street, town, postcode, lat, lon,
                ward, times, cost, cost_in_words, phone, email, website, access_known, places, has_room, pupils,
                pupils_plan, pupils_support, inspected, inspection_grade, fresh, confirmed)
            VALUES (
                \(entry.id), \(origin), \(entry.kind), \(entry.sector), \(entry.name), \(entry.summary), \(standing),
                \(day), \(successor), \(entry.isInvented), \(entry.urn), \(entry.host), \(entry.ages?.low),
                \(entry.ages?.high), \(entry.needs.stored), \(entry.specialism), \(entry.area.stored),
                \(entry.eligibility), \(entry.referral), \(address.street), \(address.town), \(address.postcode),
                \(address.point?.latitude), \(address.point?.longitude), \(address.ward), \(entry.when), \(entry.cost),
                \(entry.costInWords), \(entry.phone), \(entry.email), \(entry.website), \(entry.access != nil),
                \(entry.places), \(entry.hasRoom), \(entry.census?.pupils), \(entry.census?.withPlan),
                \(entry.census?.onSupport), \(entry.inspection?.on), \(entry.inspection?.grade), \(fresh),
                \(entry.confirmed))
            ON CONFLICT (id) DO UPDATE SET
                origin = excluded.origin, kind = excluded.kind, sector = excluded.sector, name = excluded.name,
                summary = excluded.summary, standing = excluded.standing, standing_day = excluded.standing_day,
                successor = excluded.successor, invented = excluded.invented, urn = excluded.urn, host = excluded.host,
                age_low = excluded.age_low, age_high = excluded.age_high, needs_basis = excluded.needs_basis,
                specialism = excluded.specialism, area_basis = excluded.area_basis, eligibility = excluded.eligibility,
                referral = excluded.referral, street = excluded.street, town = excluded.town,
                postcode = excluded.postcode, lat = excluded.lat, lon = excluded.lon, ward = excluded.ward,
                times = excluded.times, cost = excluded.cost, cost_in_words = excluded.cost_in_words,
                phone = excluded.phone, email = excluded.email, website = excluded.website,
                access_known = excluded.access_known, places = excluded.places, has_room = excluded.has_room,
                pupils = excluded.pupils, pupils_plan = excluded.pupils_plan, pupils_support = excluded.pupils_support,
                inspected = excluded.inspected, inspection_grade = excluded.inspection_grade, fresh = excluded.fresh,
                confirmed = excluded.confirmed
            """)
    }
}

// MARK: - Column forms

extension Entry.Kind: Storable {}
extension Entry.Sector: Storable {}
extension Entry.Cost: Storable {}
extension Entry.Specialism: Storable {}

extension Entry.Standing {
    fileprivate var stored: (name: String, day: Day?, successor: URN?) {
        switch self {
        case .listed: ("listed", nil, nil)
        case .listedIn2012: ("listed-in-2012", nil, nil)
        case .proposedToOpen: ("proposed-to-open", nil, nil)
        case .proposedToClose: ("proposed-to-close", nil, nil)
        case .closed(let day, let successor): ("closed", day, successor)
        }
    }
}

extension NeedsServed {
    fileprivate var stored: String {
        switch self {
        case .unknown: "unknown"
        case .every: "every"
        case .listed: "listed"
        case .listedIn2012: "listed-in-2012"
        }
    }

    fileprivate var listed: Set<NeedType> {
        switch self {
        case .listed(let needs), .listedIn2012(let needs): needs
        case .unknown, .every: []
        }
    }
}

extension AreaServed {
    fileprivate var stored: String {
        switch self {
        case .unknown: "unknown"
        case .cityWide: "city"
        case .wards: "wards"
        }
    }
}

extension Entry {
    fileprivate var storedLists: [(String, [String])] {
        var wards: Set<String> = []
        if case .wards(let codes) = area { wards = codes }
        return [
            ("need", needs.listed.map(\.code).sorted()), ("level", levels.map(\.code).sorted()),
            ("help", help.map(\.text).sorted()), ("ward", wards.sorted()),
            ("access", (access ?? []).map(\.rawValue).sorted()), ("session", sessions.map(\.stored)),
        ]
    }
}

extension Session {
    fileprivate var stored: String { "\(day.rawValue) \(from)-\(to)" }

    /// - Throws: `Malformed` where the text is not like `saturday 10:00-12:00`.
    init(stored text: String) throws(Malformed) {
        let parts = text.split(separator: " ")
        let times = parts.count == 2 ? parts[1].split(separator: "-") : []
        guard times.count == 2, let day = Weekday(rawValue: String(parts[0])),
            times.allSatisfy({ $0.utf8.count == 5 && $0.dropFirst(2).first == ":" })
        else {
            throw Malformed(wanted: "a time in the week", given: text, reason: "it looks like saturday 10:00-12:00")
        }
        self.init(day, from: String(times[0]), to: String(times[1]))
    }
}
