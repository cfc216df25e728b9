import Kernel
import Offer
import Storage
import Web

/// The map of the city, drawn from the boundaries of its wards: nothing is fetched from anywhere else.
struct CityMap: Sendable {
    /// A place on the drawing, in its units.
    struct Spot: Sendable { let x: Int, y: Int }

    static let width = 1000
    /// The wards alone, as a picture that browsers keep.
    let svg: [UInt8]
    /// The wards as GeoJSON, for the map that can be moved.
    let geoJSON: [UInt8]
    private let projection: Projection

    init(_ wards: [WardArea]) {
        projection = Projection(wards.flatMap { $0.rings.joined() })
        svg = CityMap.drawing(wards, projection).bytes
        geoJSON = CityMap.geoJSON(wards)
    }

    var height: Int { projection.height }

    /// Where a point stands on the drawing, or nil where it is off it.
    func spot(_ point: Point) -> Spot? { projection.spot(point) }

    private static func drawing(_ wards: [WardArea], _ projection: Projection) -> HTML {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(projection.height)">
        <g fill="#dfe9eb" stroke="#7b9aa0" stroke-width="1.5" stroke-linejoin="round">\(wards.map { ward in
            let path = ward.rings.map(projection.path).joined()
            return "<path d=\"\(path)\"><title>\(ward.name)</title></path>\n" as HTML
        })</g>
        </svg>

        """
    }

    private static func geoJSON(_ wards: [WardArea]) -> [UInt8] {
        let features = wards.map { ward in
            JSON.object([
                ("type", "Feature"),
                ("properties", .object([("ward_code", .text(ward.code)), ("ward_name", .text(ward.name))])),
                (
                    "geometry",
                    .object([
                        ("type", "Polygon"),
                        (
                            "coordinates",
                            .array(
                                ward.rings.map { ring in
                                    .array(ring.map { .array([.double($0.longitude), .double($0.latitude)]) })
                                })
                        ),
                    ])
                ),
            ])
        }
        return JSON.object([("type", "FeatureCollection"), ("features", .array(features))]).bytes
    }
}

/// From degrees to the drawing: north up, true to shape at the city’s latitude.
private struct Projection: Sendable {
    let height: Int
    private let south, west, unitsNorth, unitsEast: Double

    init(_ corners: [Point]) {
        let latitudes = corners.map(\.latitude), longitudes = corners.map(\.longitude)
        let (low, high) = (latitudes.min() ?? 52.38, latitudes.max() ?? 52.61)
        let (left, right) = (longitudes.min() ?? -2.03, longitudes.max() ?? -1.73)
        let margin = 0.01
        (south, west) = (low - margin, left - margin)
        unitsEast = Double(CityMap.width) / (right - left + 2 * margin)
        // A degree north is longer on the ground than a degree east by the cosine of the latitude.
        unitsNorth = unitsEast / Maths.cosine((low + high) / 2 * .pi / 180)
        height = Int((high - low + 2 * margin) * unitsNorth)
    }

    func spot(_ point: Point) -> CityMap.Spot? {
        let x = Int((point.longitude - west) * unitsEast)
        let y = height - Int((point.latitude - south) * unitsNorth)
        return (0...CityMap.width).contains(x) && (0...height).contains(y) ? CityMap.Spot(x: x, y: y) : nil
    }

    /// A ring as steps from corner to corner, in whole units.
    func path(_ ring: [Point]) -> String {
        let spots = ring.compactMap(spot)
        guard let first = spots.first else { return "" }
        var (text, last) = ("M\(first.x),\(first.y)l", first)
        for spot in spots.dropFirst() where spot.x != last.x || spot.y != last.y {
            text += "\(spot.x - last.x),\(spot.y - last.y) "
            last = spot
        }
        return text + "z"
    }
}

/// The map as the server keeps it.
let cityMap = Live("offer.map", follows: [OfferEvents.placesChanged]) { database, _ in
    CityMap(try await database.read { tx in try PlaceStore(tx: tx, scope: .anyone).wardAreas() })
}
