/// A place on the ground in degrees of latitude and longitude (WGS84), within the British Isles.
public struct Point: Hashable, Sendable {
    public let latitude: Double
    public let longitude: Double

    /// - Throws: `Malformed` where the point is not within latitude 49 to 61 and longitude -9 to 3.
    public init(latitude: Double, longitude: Double) throws(Malformed) {
        guard (49.0...61.0).contains(latitude), (-9.0...3.0).contains(longitude) else {
            let given = "\(latitude), \(longitude)"
            let reason = "latitude is 49 to 61 and longitude -9 to 3, in degrees"
            throw Malformed(wanted: "a place in the British Isles", given: given, reason: reason)
        }
        (self.latitude, self.longitude) = (latitude, longitude)
    }

    /// - Throws: `Malformed` where either text is not a decimal number of degrees in range.
    public init(latitude: some StringProtocol, longitude: some StringProtocol) throws(Malformed) {
        guard let north = Digits.fraction(latitude) else {
            throw Malformed(wanted: "a latitude", given: latitude, reason: "write degrees, like 52.48")
        }
        guard let east = Digits.fraction(longitude) else {
            throw Malformed(wanted: "a longitude", given: longitude, reason: "write degrees, like -1.89")
        }
        try self.init(latitude: north, longitude: east)
    }

    /// The distance in a straight line over the ground, in whole metres; right to about half a per cent.
    ///
    /// Great-circle distance on a sphere of 6,371,009 m. It is not the distance by road.
    public func metres(to other: Point) -> Int {
        let north = (other.latitude - latitude) * Point.radians
        let east = (other.longitude - longitude) * Point.radians
        let (halfNorth, halfEast) = (Maths.sine(north / 2), Maths.sine(east / 2))
        let along = Maths.cosine(latitude * Point.radians) * Maths.cosine(other.latitude * Point.radians)
        let chord = min(1, halfNorth * halfNorth + along * halfEast * halfEast)
        return Int((2 * 6_371_009 * Maths.arcsine(chord.squareRoot())).rounded())
    }

    private static let radians = Double.pi / 180
}

/// A distance as people here say it.
public enum Distance {
    public static let metresInMile = 1609.344

    /// `640` metres is `0.4 miles`; under a tenth of a mile reads `less than 0.1 miles`.
    public static func inWords(metres: Int) -> String {
        let tenths = Int((Double(metres) / metresInMile * 10).rounded())
        if tenths < 1 { return "less than 0.1 miles" }
        return "\(Digits.fixed(tenths, places: 1)) \(tenths == 10 ? "mile" : "miles")"
    }
}
