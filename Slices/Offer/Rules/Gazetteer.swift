import Kernel

/// A place as someone named it, not yet found on the ground.
public enum PlaceWords: Hashable, Sendable {
    case postcode(Postcode)
    case partial(PartialPostcode)
    /// A name the gazetteer knows, in its own spelling.
    case named(String)
    case point(Point)
    case nearMe
}

/// Knows the places that stand for more than one address: the beginnings of postcodes, wards, and parts of wards.
public struct Gazetteer: Sendable {
    /// A ward: its code, its name and a point in the middle of it.
    public struct Ward: Hashable, Sendable {
        public let code: String
        public let name: String
        public let point: Point
        public init(code: String, name: String, point: Point) {
            (self.code, self.name, self.point) = (code, name, point)
        }
    }

    /// The postcodes that begin alike: how many, how many of them in the city, and their mean place.
    struct Sector: Sendable {
        let name: String
        var count = 0
        var inCity = 0
        var latitude = 0.0
        var longitude = 0.0
    }

    private let postcodes: PostcodeTable
    private let sectors: [String: Sector]
    private let outwards: [String: Sector]
    private let names: [String: (name: String, wards: [Ward])]
    public let wards: [Ward]
    let longestName: Int
    /// Every word of every name, in lower case.
    public let words: Set<String>

    /// - Parameters:
    ///   - split: splits text into words as the index does.
    public init(postcodes: PostcodeTable, wards: [Ward], split: (String) -> [String]) {
        self.postcodes = postcodes
        self.wards = wards.sorted { $0.name < $1.name }
        let sectors = postcodes.sectors
        self.sectors = Dictionary(sectors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var outwards: [String: [Sector]] = [:]
        for sector in sectors {
            outwards[String(sector.name.prefix(while: { $0 != " " })), default: []].append(sector)
        }
        self.outwards = outwards.mapValues(Gazetteer.merged)
        var names: [String: (name: String, wards: [Ward])] = [:]
        for ward in wards {
            for alias in Gazetteer.aliases(of: ward.name) {
                let key = split(alias).joined(separator: " ")
                names[key, default: (alias, [])].wards.append(ward)
            }
        }
        self.names = names
        longestName = names.keys.map { $0.split(separator: " ").count }.max() ?? 1
        words = Set(names.keys.flatMap { $0.split(separator: " ").map(String.init) })
    }

    /// True where some postcode begins so.
    func knows(outward: String) -> Bool { outwards[outward] != nil }

    func knows(_ partial: PartialPostcode) -> Bool {
        partial.sector == nil ? outwards[partial.outward] != nil : sectors[partial.description] != nil
    }

    /// The name in its own spelling, where these words are one.
    func name(of words: some Sequence<String>) -> String? { names[words.joined(separator: " ")]?.name }

    /// Where this postcode is, or nil where it is not known.
    public func place(_ postcode: Postcode) -> AskedPlace? { postcodes.place(postcode) }

    /// The middle of the postcodes that begin so, or nil where none is known.
    public func place(_ partial: PartialPostcode) -> AskedPlace? {
        let found = partial.sector == nil ? outwards[partial.outward] : sectors[partial.description]
        guard let found, let point = try? Point(latitude: found.latitude, longitude: found.longitude) else {
            return nil
        }
        let isInCity: Bool? = found.inCity == found.count ? true : found.inCity == 0 ? false : nil
        return AskedPlace(
            name: partial.description, point: point, ward: nil, isApproximate: true, isInCity: isInCity)
    }

    /// The middle of the ward or wards of this name, or nil where there is none.
    public func place(named name: String, split: (String) -> [String]) -> AskedPlace? {
        guard let found = names[split(name).joined(separator: " ")], let first = found.wards.first else { return nil }
        let count = Double(found.wards.count)
        let latitude = found.wards.reduce(0) { $0 + $1.point.latitude } / count
        let longitude = found.wards.reduce(0) { $0 + $1.point.longitude } / count
        guard let point = try? Point(latitude: latitude, longitude: longitude) else { return nil }
        return AskedPlace(
            name: found.name, point: point, ward: found.wards.count == 1 ? first.code : nil, isApproximate: true,
            isInCity: true)
    }

    /// Several beginnings as one, its place the mean of all their postcodes.
    private static func merged(_ sectors: [Sector]) -> Sector {
        var all = Sector(name: sectors.first.map { String($0.name.prefix(while: { $0 != " " })) } ?? "")
        for sector in sectors {
            all.count += sector.count
            all.inCity += sector.inCity
            all.latitude += sector.latitude * Double(sector.count)
            all.longitude += sector.longitude * Double(sector.count)
        }
        all.latitude /= Double(max(1, all.count))
        all.longitude /= Double(max(1, all.count))
        return all
    }

    /// `Sparkbrook & Balsall Heath East` is also Sparkbrook, Balsall Heath East and, with its other ward, Balsall
    /// Heath.
    private static func aliases(of ward: String) -> Set<String> {
        var aliases: Set<String> = [ward]
        let parts = ward.split(separator: "&").map(\.trimmed)
        aliases.formUnion(parts)
        for part in parts {
            for ending in [" North", " South", " East", " West", " Central"] where part.hasSuffix(ending) {
                aliases.insert(String(part.dropLast(ending.count)))
            }
        }
        return aliases.filter { $0.count > 2 }
    }
}
