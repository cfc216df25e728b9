import Kernel

/// Where every postcode is, in twenty bytes each, found by halving.
public struct PostcodeTable: Sendable {
    private let keys: [UInt64]
    private let latitudes: [Float]
    private let longitudes: [Float]
    /// The place of its ward in `wards`; 0 where it is in none that is known.
    private let wardNumbers: [UInt16]
    private let inCity: [Bool?]
    private let wards: [String]

    /// - Parameter places: in any order. A place in a ward is in the city; another is where its authority is that of
    ///   the places that have a ward.
    public init(_ places: some Collection<PostcodePlace>) {
        let city = places.first { $0.ward != nil && $0.authority != nil }?.authority
        var numbers: [String: UInt16] = [:]
        var wards = [""]
        let ordered = places.map { (PostcodeTable.key($0.postcode), $0) }.sorted { $0.0 < $1.0 }
        wardNumbers = ordered.map { _, place in
            guard let ward = place.ward else { return 0 }
            if let known = numbers[ward] { return known }
            let number = UInt16(clamping: wards.count)
            numbers[ward] = number
            wards.append(ward)
            return number
        }
        keys = ordered.map(\.0)
        latitudes = ordered.map { Float($0.1.point.latitude) }
        longitudes = ordered.map { Float($0.1.point.longitude) }
        inCity = ordered.map { _, place in
            place.ward != nil ? true : place.authority.flatMap { held in city.map { $0 == held } }
        }
        self.wards = wards
    }

    public var count: Int { keys.count }

    func place(_ postcode: Postcode) -> AskedPlace? {
        let key = PostcodeTable.key(postcode)
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        guard low < keys.count, keys[low] == key, let point = point(low) else { return nil }
        let ward = wards[Int(wardNumbers[low])]
        return AskedPlace(
            name: postcode.text, point: point, ward: ward.isEmpty ? nil : ward, isApproximate: false,
            isInCity: inCity[low])
    }

    /// The postcodes that begin alike as far as the figure after the space, each with its middle.
    var sectors: [Gazetteer.Sector] {
        var sectors: [Gazetteer.Sector] = []
        var last: UInt64?
        for index in keys.indices {
            // Without the last two characters, what is left of the key is the sector.
            let sector = keys[index] / (37 * 37)
            if sector != last { sectors.append(Gazetteer.Sector(name: PostcodeTable.sectorName(sector))) }
            last = sector
            let place = sectors.count - 1
            sectors[place].count += 1
            if inCity[index] == true { sectors[place].inCity += 1 }
            sectors[place].latitude += Double(latitudes[index])
            sectors[place].longitude += Double(longitudes[index])
        }
        for place in sectors.indices {
            sectors[place].latitude /= Double(sectors[place].count)
            sectors[place].longitude /= Double(sectors[place].count)
        }
        return sectors
    }

    private func point(_ index: Int) -> Point? {
        try? Point(latitude: Double(latitudes[index]), longitude: Double(longitudes[index]))
    }

    /// The letters and figures as one number to the base 37, the inward three last.
    private static func key(_ postcode: Postcode) -> UInt64 {
        postcode.text.utf8.reduce(0) { key, byte in
            byte == 32 ? key : key * 37 + UInt64(byte <= 57 ? byte - 47 : byte - 54)
        }
    }

    private static func sectorName(_ key: UInt64) -> String {
        var (left, bytes) = (key, [UInt8]())
        while left > 0 {
            let digit = UInt8(left % 37)
            bytes.append(digit <= 10 ? digit + 47 : digit + 54)
            left /= 37
        }
        bytes.reverse()
        guard let last = bytes.popLast() else { return "" }
        return String(decoding: bytes + [32, last], as: UTF8.self)
    }
}
