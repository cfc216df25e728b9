import Kernel
import Offer
import Storage

/// Every line of SQL that reads places: postcodes, wards and groups of wards.
struct PlaceStore {
    let tx: any Transaction
    let scope: Scope

    /// The wards that have a point, in order of name.
    func wards() throws -> [Gazetteer.Ward] {
        try tx.rows("SELECT code, name, lat, lon FROM ward WHERE lat IS NOT NULL ORDER BY name").map { row in
            Gazetteer.Ward(
                code: try row.get("code"), name: try row.get("name"),
                point: try Point(latitude: try row.get("lat"), longitude: try row.get("lon")))
        }
    }

    /// The names of all wards, by code.
    func wardNames() throws -> [String: String] {
        var names: [String: String] = [:]
        try tx.each("SELECT code, name FROM ward") { row in names[try row.get("code")] = try row.get("name") }
        return names
    }

    func wardAreas() throws -> [WardArea] {
        try tx.rows("SELECT code, name, lat, lon, boundary FROM ward ORDER BY code").map { row in
            var point: Point?
            if let latitude: Double = try row.optional("lat"), let longitude: Double = try row.optional("lon") {
                point = try Point(latitude: latitude, longitude: longitude)
            }
            return WardArea(
                code: try row.get("code"), name: try row.get("name"), point: point,
                rings: try Boundary.rings(try row.get("boundary")))
        }
    }
}

extension WriteTransaction {
    func save(_ place: PostcodePlace) throws {
        try run(
            """
            INSERT INTO postcode (postcode, sector, lat, lon, ward, authority)
            VALUES (
                \(place.postcode), \(place.postcode.sector), \(place.point.latitude), \(place.point.longitude),
                \(place.ward), \(place.authority))
            ON CONFLICT (postcode) DO UPDATE SET
                lat = excluded.lat, lon = excluded.lon, ward = excluded.ward, authority = excluded.authority
            """)
    }

    func save(_ ward: WardArea) throws {
        try run(
            """
            INSERT INTO ward (code, name, lat, lon, boundary)
            VALUES (
                \(ward.code), \(ward.name), \(ward.point?.latitude), \(ward.point?.longitude),
                \(Boundary.text(ward.rings)))
            ON CONFLICT (code) DO UPDATE SET
                name = excluded.name, lat = excluded.lat, lon = excluded.lon, boundary = excluded.boundary
            """)
    }
}

/// Boundaries as text: rings parted by `;`, corners by a space, each corner `longitude,latitude`.
enum Boundary {
    static func text(_ rings: [[Point]]) -> String {
        rings.map { ring in ring.map { "\($0.longitude),\($0.latitude)" }.joined(separator: " ") }.joined(
            separator: ";")
    }

    static func rings(_ text: String) throws -> [[Point]] {
        try text.split(separator: ";").map { ring in
            try ring.split(separator: " ").map { corner in
                let halves = corner.split(separator: ",")
                // Not read as a person's figures are: a longitude near Greenwich is written as 5e-05.
                guard halves.count == 2, let longitude = Double(halves[0]), let latitude = Double(halves[1]) else {
                    throw Malformed(wanted: "a corner", given: corner, reason: "it is two numbers")
                }
                return try Point(latitude: latitude, longitude: longitude)
            }
        }
    }
}

// MARK: - Groups of wards

extension PlaceStore {
    /// All groups of wards, a row for each ward of each.
    func wardGroups() throws -> [WardGroup] {
        try tx.rows(
            """
            SELECT g.level AS level, g.name AS name, g.invented AS invented, m.ward AS ward
            FROM ward_group g
            JOIN ward_group_member m ON m.ward_group = g.id
            ORDER BY g.level, g.name, m.ward
            """
        ).map { row in
            WardGroup(
                level: try row.get("level"), name: try row.get("name"), ward: try row.get("ward"),
                isInvented: try row.get("invented"))
        }
    }

    /// Every postcode. Columns are read by their place, since there are many.
    func postcodes() throws -> [PostcodePlace] {
        var all: [PostcodePlace] = []
        try tx.each("SELECT postcode, lat, lon, ward, authority FROM postcode") { row in
            let latitude = try Double.reading(row.value(at: 1))
            let longitude = try Double.reading(row.value(at: 2))
            all.append(
                PostcodePlace(
                    postcode: try Postcode.reading(row.value(at: 0)),
                    point: try Point(latitude: latitude, longitude: longitude),
                    ward: try String?.reading(row.value(at: 3)), authority: try String?.reading(row.value(at: 4))))
        }
        return all
    }
}

extension WriteTransaction {
    /// Makes the groups of wards these; a row whose ward is not known is refused.
    func replaceWardGroups(_ groups: [WardGroup], knownWards: Set<String>, _ report: inout ImportReport) throws {
        let held = Set(try PlaceStore(tx: self, scope: .operation).wardGroups())
        // What was held of a ward whose row could not be read stays.
        let spared = Set(report.refusals.compactMap(\.subject))
        var taken = held.filter { spared.contains($0.ward) }.sorted { ($0.id, $0.ward) < ($1.id, $1.ward) }
        let levels = Set(taken.map { "\($0.level) \($0.ward)" })
        for group in groups {
            if levels.contains("\(group.level) \(group.ward)") { continue }
            if knownWards.contains(group.ward) {
                taken.append(group)
            } else {
                let reason = "no ward of this code is known: import the areas first"
                report.refusals.append(Refusal(line: 0, subject: group.ward, reason: reason))
            }
        }
        report.unchanged = taken.count { held.contains($0) }
        report.added = taken.count - report.unchanged
        report.removed = held.subtracting(taken).count
        guard report.added + report.removed > 0 else { return }
        try run("DELETE FROM ward_group_member")
        try run("DELETE FROM ward_group")
        for group in taken {
            try run(
                """
                INSERT INTO ward_group (id, level, name, invented)
                VALUES (\(group.id), \(group.level), \(group.name), \(group.isInvented)) ON CONFLICT (id) DO NOTHING
                """)
            try run("INSERT INTO ward_group_member (ward_group, ward) VALUES (\(group.id), \(group.ward))")
        }
        record(Event(OfferEvents.placesChanged, subject: "ward-groups"))
    }
}

/// The places of the city, for others to build on.
public enum Places {
    /// The wards that have a point, in order of name.
    public static func wards(_ database: any Database) async throws -> [Gazetteer.Ward] {
        try await database.read { tx in try PlaceStore(tx: tx, scope: .operation).wards() }
    }
}
