import Kernel
import Offer

/// The services and groups of the demonstration city: made up, each marked so, none bearing a real body’s name.
///
/// `share/demo/services.csv` says what each is and in how many wards it stands; where, and the times of telephone
/// numbers, follow from a seed, so that every demonstration is the same.
enum InventedServices {
    private static let columns = [
        "slug", "name", "sector", "kind", "help", "ages", "needs", "levels", "specialism", "area", "sites", "summary",
        "eligibility", "referral", "sessions", "cost", "cost_in_words", "access", "places", "has_room",
    ]

    /// - Parameter wards: the city’s wards, in order of code; there must be one at least.
    /// - Throws: `TableFault` or `Malformed` where the shipped file is wrong.
    static func entries(_ file: [UInt8], wards: [Gazetteer.Ward], asOf day: Day) throws -> [Entry] {
        var dice = SplitMix(seed: 2012)
        var entries: [Entry] = []
        for row in try Table(file, required: columns).rows {
            let sites = Digits.number(try row.get("sites")) ?? 1
            let start = dice.next(below: wards.count)
            for site in 0..<sites {
                // Sites are spread over the city: evenly round the list of wards.
                let ward = wards[(start + site * wards.count / max(1, sites)) % wards.count]
                entries.append(try entry(row, site: site, of: sites, ward, wards, day, &dice))
            }
        }
        return entries
    }

    private static func entry(
        _ row: Table.Row, site: Int, of sites: Int, _ ward: Gazetteer.Ward, _ wards: [Gazetteer.Ward], _ day: Day,
        _ dice: inout SplitMix
    ) throws -> Entry {
        let slug = try row.get("slug")
        guard let kind = Entry.Kind(rawValue: try row.get("kind")),
            let sector = Entry.Sector(rawValue: try row.get("sector"))
        else { throw Malformed(wanted: "a service", given: slug, reason: "its kind or part of the offer is not one") }
        let base = try row.get("name")
        var entry = Entry(
            id: ID(sites == 1 ? "demo-\(slug)" : "demo-\(slug)-\(site + 1)"), kind: kind, sector: sector,
            name: sites == 1 ? base : "\(base), \(ward.name)", standing: .listed)
        entry.isInvented = true
        entry.help = Set(list(try row.get("help")).map { HelpCode($0) })
        let ages = try row.get("ages").split(separator: "-").compactMap { Digits.number($0) }
        if ages.count == 2 { entry.ages = try AgeRange(ages[0], ages[1]) }
        let needs = try row.get("needs")
        entry.needs = needs == "any" ? .every : .listed(Set(try list(needs).map { try NeedType(code: $0) }))
        entry.levels = Set(try list(try row.get("levels")).map { try SENLevel(code: $0) })
        entry.specialism = Entry.Specialism(rawValue: try row.get("specialism"))
        entry.area = try row.get("area") == "city" ? .cityWide : .wards(neighbours(of: ward, in: wards))
        (entry.summary, entry.eligibility) = (row.optional("summary"), row.optional("eligibility"))
        entry.referral = row.optional("referral")
        entry.sessions = try list(try row.get("sessions")).map { try session($0) }.sorted()
        entry.cost = Entry.Cost(rawValue: try row.get("cost"))
        entry.costInWords = row.optional("cost_in_words")
        let access = list(try row.get("access")).compactMap { AccessFeature(rawValue: $0) }
        entry.access = access.isEmpty ? nil : Set(access)
        entry.places = row.optional("places").flatMap { Digits.number($0) }
        entry.hasRoom = row.optional("has_room").map { $0 == "yes" }
        entry.address = try address(ward, &dice)
        // 0121 496 0000 to 0999 are kept by Ofcom for use in drama: they ring nobody.
        entry.phone = "0121 496 0\(Digits.padded(dice.next(below: 1000), to: 3))"
        entry.email = "hello@\(slug).example"
        entry.website = "https://\(slug).example"
        entry.facts = facts(of: entry, day - .days(dice.next(below: 300)))
        return entry
    }

    /// Somewhere within a few hundred metres of the middle of the ward.
    private static func address(_ ward: Gazetteer.Ward, _ dice: inout SplitMix) throws -> Address {
        let north = Double(dice.next(below: 61) - 30) / 10_000
        let east = Double(dice.next(below: 101) - 50) / 10_000
        func rounded(_ degrees: Double) -> Double { (degrees * 100_000).rounded() / 100_000 }
        let point = try Point(
            latitude: rounded(ward.point.latitude + north), longitude: rounded(ward.point.longitude + east))
        return Address(street: "Invented address in \(ward.name)", town: "Birmingham", point: point, ward: ward.code)
    }

    /// The ward and the twelve nearest.
    private static func neighbours(of ward: Gazetteer.Ward, in wards: [Gazetteer.Ward]) -> Set<String> {
        Set(wards.sorted { ward.point.metres(to: $0.point) < ward.point.metres(to: $1.point) }.prefix(13).map(\.code))
    }

    private static func facts(of entry: Entry, _ day: Day) -> [Field: Provenance] {
        let made = Provenance("invented", asOf: day)
        var facts: [Field: Provenance] = [.name: made, .kind: made, .status: made, .summary: made]
        for field in [
            Field.ages, .needs, .specialism, .area, .eligibility, .referral, .address, .point, .cost, .contact,
        ] {
            facts[field] = made
        }
        if !entry.sessions.isEmpty { facts[.sessions] = made }
        if entry.access != nil { facts[.access] = made }
        if entry.places != nil { facts[.places] = made }
        if entry.hasRoom != nil { facts[.room] = made }
        if !entry.levels.isEmpty { facts[.levels] = made }
        return facts
    }

    private static func session(_ text: String) throws -> Session {
        let parts = text.split(separator: " ")
        let times = parts.last.map { $0.split(separator: "-").map(String.init) } ?? []
        guard parts.count == 2, times.count == 2, let day = Weekday(rawValue: String(parts[0])) else {
            throw Malformed(wanted: "a time in the week", given: text, reason: "it looks like saturday 10:00-12:00")
        }
        return Session(day, from: times[0], to: times[1])
    }

    private static func list(_ text: String) -> [String] { text.split(separator: "|").map(\.trimmed) }
}

/// A small generator of numbers that look random and are the same for the same seed (SplitMix64).
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(max(1, limit)))
    }
}
