import Kernel

/// The shipped tables that the invented city is drawn from.
public struct CityData: Sendable {
    /// One ward, with its children and the ethnic groups of all who live there.
    struct Ward: Sendable {
        let code: String
        let name: String
        let children: Int
        /// Asian, Black, Mixed, other and White, as counted in 2021.
        let groups: [Int]
    }

    /// A half of a postcode, with the ward for which it is used here and how much of the ward it covers.
    struct Outward: Sendable {
        let code: [UInt8]
        /// The figures after the space under which no postcode exists.
        let unused: [UInt8]
        let ward: Int
        let weight: Int
    }

    /// The names, language and size of families of one community.
    struct Community: Sendable {
        let name: String
        let given: String
        let family: String
        let ethnicities, languages: Codes
        let births: Wheel<Int>
    }

    /// Codes to choose among.
    struct Codes: Sendable {
        let codes: [String]
        let wheel: Wheel<UInt8>

        /// From codes with their weights: `AIND:96 AOTH:4`.
        init(_ text: String) throws(Malformed) {
            var weighted: [(String, Int)] = []
            for pair in text.split(separator: " ") {
                let halves = pair.split(separator: ":")
                guard halves.count == 2, let weight = Digits.number(halves[1]), weighted.count < 200 else {
                    throw Malformed(wanted: "a code with its weight", given: pair, reason: "it looks like AIND:96")
                }
                weighted.append((String(halves[0]), weight))
            }
            guard !weighted.isEmpty else { throw Malformed(wanted: "codes with weights", reason: "there is none") }
            codes = weighted.map(\.0)
            wheel = Wheel(weighted.enumerated().map { (UInt8($0), $1.1) })
        }
    }

    /// What is true of children of one age at the start of the school year.
    struct Age: Sendable {
        let children: Int
        /// Out of a thousand: on the roll of a school, with SEN support, with a plan.
        let onRoll, support, plan: Int
    }

    let wards: [Ward]
    let outwards: [Outward]
    let communities: [Community]
    /// Of each of the five groups, the communities in it.
    let communitiesOfGroup: [Wheel<Int>]
    let names: Names
    /// By age, from 1 below nought.
    let ages: [Age]
    /// By age from nought, then by provision: the types of need.
    let supportNeeds, planNeeds: [Wheel<UInt8>]
    /// By source, its columns in order.
    let columns: [Source: [Column]]

    static let groups = ["asian", "black", "mixed", "other", "white"]
    static let youngest = -1
    static let oldest = 25

    /// - Parameter file: gives the bytes of a file of `share/`, by its path there.
    /// - Throws: what `file` throws; `TableFault` or `Malformed` where a shipped table is not as it should be.
    public init(file: (String) throws -> [UInt8]) throws {
        wards = try CityData.wards(file("demo/city-wards.csv"))
        outwards = try CityData.outwards(file("demo/city-postcodes.csv"), wards)
        (communities, communitiesOfGroup) = try CityData.communities(file("demo/city-communities.csv"))
        names = try Names(
            given: file("demo/names/given.csv"), family: file("demo/names/family.csv"),
            variants: file("demo/names/variants.csv"))
        ages = try CityData.ages(file("demo/city-ages.csv"))
        (supportNeeds, planNeeds) = try CityData.needs(file("demo/city-needs.csv"))
        columns = try CityData.columns(file("feeds/columns.csv"))
        for community in communities {
            try names.check(given: community.given, family: community.family)
        }
    }

    /// The row of this age at the start of the school year; ages outside the table have the nearest.
    func age(_ years: Int) -> Age { ages[max(0, min(ages.count - 1, years - CityData.youngest))] }

    private static func wards(_ bytes: [UInt8]) throws -> [Ward] {
        let wards = try Table(bytes, required: ["ward_code", "ward_name", "children"] + groups).rows.map { row in
            Ward(
                code: try row.get("ward_code"), name: try row.get("ward_name"),
                children: try number(row, "children"), groups: try groups.map { try number(row, $0) })
        }
        guard !wards.isEmpty else { throw Malformed(wanted: "the wards of the city", reason: "there is none") }
        return wards
    }

    private static func outwards(_ bytes: [UInt8], _ wards: [Ward]) throws -> [Outward] {
        let columns = ["outward", "unused_sectors", "ward_code", "postcodes"]
        let places = Dictionary(wards.enumerated().map { ($1.code, $0) }) { first, _ in first }
        let outwards = try Table(bytes, required: columns).rows.map { row in
            guard let ward = places[try row.get("ward_code")], let unused = row.optional("unused_sectors") else {
                throw Malformed(
                    wanted: "a half of a postcode", given: try row.get("outward"),
                    reason: "it needs a ward of the city and a sector without postcodes")
            }
            return Outward(
                code: Array(try row.get("outward").utf8), unused: Array(unused.utf8), ward: ward,
                weight: try number(row, "postcodes"))
        }
        guard outwards.count < 60_000 else {
            throw Malformed(wanted: "the halves of postcodes", reason: "there are too many")
        }
        for (index, ward) in wards.enumerated() where !outwards.contains(where: { $0.ward == index }) {
            throw Malformed(wanted: "a half of a postcode in the ward", given: ward.name, reason: "there is none")
        }
        return outwards
    }

    private static func communities(_ bytes: [UInt8]) throws -> ([Community], [Wheel<Int>]) {
        let columns = ["community", "group", "share", "given", "family", "ethnicities", "languages", "births"]
        var communities: [Community] = []
        var shares: [[(Int, Int)]] = Array(repeating: [], count: groups.count)
        for row in try Table(bytes, required: columns).rows {
            guard let group = groups.firstIndex(of: try row.get("group")) else {
                throw Malformed(wanted: "a group", given: try row.get("group"), reason: "it is none of \(groups)")
            }
            shares[group].append((communities.count, try number(row, "share")))
            let births = try row.get("births").split(separator: " ").compactMap { Digits.number($0) }
            communities.append(
                Community(
                    name: try row.get("community"), given: try row.get("given"), family: try row.get("family"),
                    ethnicities: try Codes(row.get("ethnicities")), languages: try Codes(row.get("languages")),
                    births: Wheel(births.enumerated().map { ($0 + 1, $1) })))
        }
        guard communities.count < 250 else {
            throw Malformed(wanted: "the communities of the city", reason: "there are too many")
        }
        for (name, share) in zip(groups, shares) where share.isEmpty {
            throw Malformed(wanted: "a community of the group", given: name, reason: "there is none")
        }
        return (communities, shares.map { Wheel($0) })
    }

    private static func ages(_ bytes: [UInt8]) throws -> [Age] {
        let rows = try Table(
            bytes, required: ["age_on_31_august", "children", "on_roll", "support", "plan"]
        ).rows
        guard rows.count == oldest - youngest + 1 else {
            throw Malformed(wanted: "the ages of the city", reason: "they run from \(youngest) to \(oldest)")
        }
        return try rows.map { row in
            Age(
                children: try number(row, "children"), onRoll: try number(row, "on_roll"),
                support: try number(row, "support"), plan: try number(row, "plan"))
        }
    }

    private static func needs(_ bytes: [UInt8]) throws -> ([Wheel<UInt8>], [Wheel<UInt8>]) {
        var weights: [String: [[(UInt8, Int)]]] = [:]
        for row in try Table(bytes, required: ["age", "provision", "need", "weight"]).rows {
            let age = min(oldest, try number(row, "age"))
            let need = Child.place(of: try NeedType(code: row.get("need")))
            weights[try row.get("provision"), default: Array(repeating: [], count: oldest + 1)][age]
                .append((need, try number(row, "weight")))
        }
        guard let support = weights["K"], let plan = weights["E"] else {
            throw Malformed(wanted: "types of need", reason: "some are wanted for SEN support and for plans")
        }
        return (support.map { Wheel($0) }, plan.map { Wheel($0) })
    }

    private static func columns(_ bytes: [UInt8]) throws -> [Source: [Column]] {
        var shared: [Column] = []
        var own: [Source: [Column]] = [:]
        for row in try Table(bytes, required: ["source", "column"]).rows {
            let (source, name) = (try row.get("source"), try row.get("column"))
            // Early notices come by themselves: the city makes no file of them.
            if source == "notices" { continue }
            guard let column = Column(name: name) else {
                throw Malformed(wanted: "a column that the city can fill", given: name, reason: "it is not known")
            }
            if source == "*" {
                shared.append(column)
            } else {
                own[try Source(code: source), default: []].append(column)
            }
        }
        var columns: [Source: [Column]] = [:]
        for source in Source.allCases { columns[source] = shared + (own[source] ?? []) }
        return columns
    }

    static func number(_ row: Table.Row, _ column: String) throws -> Int {
        guard let number = Digits.number(try row.get(column)), number >= 0, number < 1_000_000_000 else {
            throw Malformed(wanted: "a number", given: try row.get(column), reason: "it is a whole number")
        }
        return number
    }
}
