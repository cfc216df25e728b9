import FoundationEssentials
import Kernel
import Offer
import Storage

/// Wards with their boundaries, from GeoJSON (RFC 7946): features of `ward_code`, `ward_name` and a polygon.
enum WardGeoJSON {
    private struct Collection: Decodable {
        let type: String
        let features: [Feature]
    }

    private struct Feature: Decodable {
        struct Properties: Decodable {
            let ward_code, ward_name: String?
            let lat, lon: Double?
        }
        let properties: Properties
        let geometry: Shape
    }

    private struct Shape: Decodable {
        let type: String
        let rings: [[[Double]]]

        private enum Key: String, CodingKey { case type, coordinates }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            type = try values.decode(String.self, forKey: .type)
            switch type {
            case "Polygon": rings = try values.decode([[[Double]]].self, forKey: .coordinates)
            case "MultiPolygon": rings = try values.decode([[[[Double]]]].self, forKey: .coordinates).flatMap { $0 }
            default: rings = []
            }
        }
    }

    /// - Throws: `Malformed` where the file is no GeoJSON collection, or a name stands twice in it.
    static func read(_ bytes: [UInt8]) throws -> FileReading<WardArea> {
        try JSONGate.check(bytes)
        let collection: Collection
        do { collection = try JSONDecoder().decode(Collection.self, from: Data(bytes)) } catch {
            let reason = "it should be a FeatureCollection whose features have ward_code, ward_name and a polygon"
            throw Malformed(wanted: "a GeoJSON file of wards", reason: reason)
        }
        var reading = FileReading<WardArea>()
        var codes = Set<String>()
        for (index, feature) in collection.features.enumerated() {
            do {
                let ward = try ward(feature)
                guard codes.insert(ward.code).inserted else {
                    throw Malformed(
                        wanted: "a ward’s code", given: ward.code, reason: "it stands twice; the first is kept")
                }
                reading.items.append(ward)
            } catch {
                let subject = feature.properties.ward_code
                reading.refusals.append(
                    Refusal(line: index + 1, subject: subject, reason: "Feature \(index + 1): \(error)"))
            }
        }
        return reading
    }

    private static func ward(_ feature: Feature) throws -> WardArea {
        let code = try AreaFile.wardCode(feature.properties.ward_code ?? "")
        guard let name = feature.properties.ward_name, (1...100).contains(name.count) else {
            throw Malformed(
                wanted: "a ward’s name", given: feature.properties.ward_name, reason: "it has 1 to 100 characters")
        }
        let rings = try feature.geometry.rings.map { ring in
            try ring.map { corner in
                guard corner.count >= 2 else { throw Malformed(wanted: "a corner", reason: "it has two numbers") }
                return try Point(latitude: corner[1], longitude: corner[0])
            }
        }
        guard !rings.isEmpty, rings.allSatisfy({ $0.count >= 4 }) else {
            throw Malformed(
                wanted: "a boundary", reason: "it is a Polygon or MultiPolygon of rings of four corners or more")
        }
        return WardArea(code: code, name: name, point: try middle(feature.properties, rings), rings: rings)
    }

    /// The point the file gives, or the mean of the corners.
    private static func middle(_ properties: Feature.Properties, _ rings: [[Point]]) throws -> Point {
        if let latitude = properties.lat, let longitude = properties.lon {
            return try Point(latitude: latitude, longitude: longitude)
        }
        let corners = rings.flatMap { $0 }
        let count = Double(corners.count)
        return try Point(
            latitude: corners.reduce(0) { $0 + $1.latitude } / count,
            longitude: corners.reduce(0) { $0 + $1.longitude } / count)
    }
}

/// A locality or an area: wards that belong together for planning.
struct WardGroup: Hashable, Sendable {
    enum Level: String, CaseIterable, Storable { case locality, area }
    let level: Level
    let name: String
    let ward: String
    let isInvented: Bool

    var id: String {
        "\(level.rawValue)-" + name.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }
}

/// Groups of wards: `level` (locality or area), `name`, `ward_code`, and `invented` where it is.
enum WardGroupFile {
    static func read(_ bytes: [UInt8]) throws -> FileReading<WardGroup> {
        let table = try Table(bytes, required: ["level", "name", "ward_code", "invented"])
        return FileReading(table, named: "ward_code", key: { "\($0.level) \($0.ward)" }) { row in
            guard let level = WardGroup.Level(rawValue: try row.get("level")) else {
                throw Malformed(wanted: "a level", given: try row.get("level"), reason: "it is locality or area")
            }
            let name = try row.get("name")
            guard (1...100).contains(name.count) else {
                throw Malformed(wanted: "a name", given: name, reason: "it has 1 to 100 characters")
            }
            let code = try AreaFile.wardCode(try row.get("ward_code"))
            return WardGroup(level: level, name: name, ward: code, isInvented: row.optional("invented") == "yes")
        }
    }
}
