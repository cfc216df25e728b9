import Kernel

/// An establishment in the register, open or not.
public struct Establishment: Hashable, Sendable {
    public let urn: URN
    public let name: String
    public let phase: Phase?
    public let status: String

    public init(urn: URN, name: String, phase: Phase?, status: String) {
        (self.urn, self.name, self.phase, self.status) = (urn, name, phase, status)
    }

    public var isOpen: Bool { status != "Closed" }
}

/// All establishments there ever were, with their status: `birmingham_all_establishments_2024_status.csv`.
public enum StatusFile {
    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<Establishment> {
        let table = try Table(bytes, required: ["urn", "name", "phase", "status"])
        return FileReading(table, named: "urn", key: \.urn) { row in
            Establishment(
                urn: try named("urn") { try URN(try row.get("urn")) },
                name: try named("name") { try SchoolFile.text(try row.get("name"), upTo: 150) },
                phase: try row.optional("phase").map { text in try named("phase") { try Phase(name: text) } },
                status: try named("status") { try status(try row.get("status")) })
        }
    }

    private static func status(_ text: String) throws(Malformed) -> String {
        let allowed = ["Open", "Closed", "Open, but proposed to close", "Proposed to open"]
        guard allowed.contains(text) else {
            throw Malformed(wanted: "a status", given: text, reason: "it is \(Listing.or(allowed))")
        }
        return text
    }
}

/// That one establishment took the place of another.
public struct SchoolLink: Hashable, Sendable {
    public let urn: URN
    public let other: URN
    public let otherName: String
    /// `Successor`, `Predecessor`, or one of them with a word on how.
    public let kind: String
    public let since: Day?

    public init(urn: URN, other: URN, otherName: String, kind: String, since: Day?) {
        (self.urn, self.other, self.otherName, self.kind, self.since) = (urn, other, otherName, kind, since)
    }

    public var isToSuccessor: Bool { kind.hasPrefix("Successor") }
}

/// Predecessors and successors: `birmingham_establishment_links_2025.csv`.
public enum LinkFile {
    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<SchoolLink> {
        let table = try Table(bytes, required: ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"])
        return FileReading(table, named: "URN", key: { "\($0.urn) \($0.other) \($0.kind)" }) { row in
            let kind = try row.get("LinkType")
            guard kind.hasPrefix("Successor") || kind.hasPrefix("Predecessor") else {
                let reason = "it begins with Successor or Predecessor"
                throw Malformed(wanted: "a kind of link (LinkType)", given: kind, reason: reason)
            }
            return SchoolLink(
                urn: try named("URN") { try URN(try row.get("URN")) },
                other: try named("LinkURN") { try URN(try row.get("LinkURN")) },
                otherName: try named("LinkName") { try SchoolFile.text(try row.get("LinkName"), upTo: 150) },
                kind: kind,
                since: try row.optional("LinkEstablishedDate").map { text in
                    try named("LinkEstablishedDate") { try Day(dayFirst: text) }
                })
        }
    }
}

/// A postcode on the ground.
public struct PostcodePlace: Hashable, Sendable {
    public let postcode: Postcode
    public let point: Point
    /// The code of its ward, where the file says; then it is in the city.
    public let ward: String?
    /// The national code of its authority, where the file says.
    public let authority: String?

    public init(postcode: Postcode, point: Point, ward: String?, authority: String?) {
        (self.postcode, self.point, self.ward, self.authority) = (postcode, point, ward, authority)
    }
}

/// Postcodes with their places: `postcode`, `lat`, `lon`, and where there are, `ward_code` and `la_code`.
public enum PostcodeFile {
    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<PostcodePlace> {
        let table = try Table(bytes, required: ["postcode", "lat", "lon"])
        return FileReading(table, named: "postcode", key: \.postcode) { row in
            PostcodePlace(
                postcode: try named("postcode") { try Postcode(try row.get("postcode")) },
                point: try named("lat, lon") {
                    try Point(latitude: try row.get("lat"), longitude: try row.get("lon"))
                },
                ward: try row.optional("ward_code").map { text in
                    try named("ward_code") { try AreaFile.wardCode(text) }
                },
                authority: row.optional("la_code"))
        }
    }
}

/// A ward with its name and, where its source has one, its boundary.
public struct WardArea: Hashable, Sendable {
    public let code: String
    public let name: String
    /// A point in the middle of it.
    public let point: Point?
    /// Rings of longitude and latitude; empty where the source has no boundary.
    public let rings: [[Point]]

    public init(code: String, name: String, point: Point?, rings: [[Point]]) {
        (self.code, self.name, self.point, self.rings) = (code, name, point, rings)
    }
}

/// Wards from a table of `ward_code` and `ward_name`. Boundaries come as GeoJSON, which the server half reads.
public enum AreaFile {
    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<WardArea> {
        let table = try Table(bytes, required: ["ward_code", "ward_name"])
        return FileReading(table, named: "ward_code", key: \.code) { row in
            WardArea(
                code: try named("ward_code") { try wardCode(try row.get("ward_code")) },
                name: try named("ward_name") { try SchoolFile.text(try row.get("ward_name"), upTo: 100) }, point: nil,
                rings: [])
        }
    }

    /// - Throws: `Malformed` where the text is not a letter and eight figures.
    public static func wardCode(_ text: String) throws(Malformed) -> String {
        guard text.utf8.count == 9, let first = text.utf8.first, first >= 65, first <= 90,
            Digits.number(text.dropFirst()) != nil
        else { throw Malformed(wanted: "a ward’s code", given: text, reason: "it looks like E05011118") }
        return text
    }
}
