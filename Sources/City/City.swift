import Kernel

/// The children of a city that does not exist, and what the agencies of that city hold of them.
///
/// All of it follows from the size, the seed, the school year and the shipped tables: the same for everybody, on every
/// machine. It can be asked for any day of that school year, the one before and the one after, and speaks of the same
/// children on all of them: between two days some are born, come, go, move, or are given support, and agencies correct
/// what they wrote.
public struct City: Sendable {
    /// How many pupils may be asked for.
    public static let sizes = 0...300_000

    /// How many rows of each extract are wrong on purpose, so that refusal is to be seen. They stand for nobody.
    ///
    /// One has a number with a wrong check character (or, in a source without such numbers, a postcode that is none),
    /// one an impossible date, one an unknown code, one no given name, and one the record number of the row before it.
    /// An extract of a city of size nought has none.
    public static let faultyRows = 5

    /// Pupils on the roll of a school on the first day of the school year.
    public let size: Int
    public let seed: UInt64
    public let year: AcademicYear
    /// The days of which the city can be asked: of the school year it is made for, the one before and the one after.
    public let days: ClosedRange<Day>
    let data: CityData
    let families: [Family]
    /// The children, and after them those whom only faulty rows speak of.
    let people: [Child]
    let childCount: Int
    let places: Places
    /// By source, whom it names as leads.
    let leads: [[[UInt8]]]

    /// - Parameter today: any day of the school year that the city is made for.
    /// - Throws: `Malformed` where the size is not in `sizes`, or the day is in no school year that can be said.
    public init(size: Int, seed: UInt64, today: Day, data: CityData) throws(Malformed) {
        guard City.sizes.contains(size) else {
            throw Malformed(
                wanted: "a size of the city", given: String(size),
                reason: "it is \(City.sizes.lowerBound) to \(City.sizes.upperBound) pupils")
        }
        (self.size, self.seed, self.data) = (size, seed, data)
        year = try AcademicYear(containing: today)
        days = try AcademicYear(starting: year.start - 1).first...AcademicYear(starting: year.start + 1).last
        places = Places(data, pupils: size)
        var population = Population(data, seed: seed, year: year, days: days, pupils: size)
        population.settle(pupils: size - CastOfCity.pupils(in: year, size: size))
        childCount = population.children.count
        if size > 0 { City.addStrangers(to: &population) }
        families = population.families
        people = population.children
        leads = Source.allCases.map { City.leads(of: $0, size: size, seed: seed, data.names) }
    }

    /// The children of the city, besides the cast.
    public var children: ArraySlice<Child> { people.prefix(childCount) }

    /// The name of the community of a child’s family, as the shipped table calls it.
    public func community(of child: Child) -> String { data.communities[Int(child.community)].name }

    /// Whether the child lives in the city on a day: born, come, not gone, and not yet 26.
    public func isHere(_ child: Child, on day: Day) -> Bool {
        guard child.born <= day, let age = try? Age(born: child.born, on: day) else { return false }
        return families[Int(child.family)].isHere(Int32(day.number)) && age.years < 26
    }

    /// Whether the child is on the roll of a school of the city on a day, in Reception to Year 14.
    public func isPupil(_ child: Child, on day: Day) -> Bool {
        guard let today = try? SchoolDay(day, data) else { return false }
        return isHere(child, on: day) && today.isOnRoll(child)
    }

    /// The ward in which a child’s family lives on a day, by its code.
    public func ward(of child: Child, on day: Day) -> String {
        data.wards[places.ward(of: families[Int(child.family)].home(Int32(day.number)))].code
    }

    /// Every postcode of the city with the code of its ward. None of them exists outside it.
    public var postcodes: [(postcode: String, ward: String)] {
        places.all.map { (String(decoding: $0.postcode, as: UTF8.self), data.wards[$0.ward].code) }
    }

    /// The codes of the sources that send extracts.
    public static var sources: [String] { Source.allCases.map(\.rawValue) }

    /// Families beside the city, until each source has a child of fitting age for its faulty rows.
    private static func addStrangers(to population: inout Population) {
        let count = population.children.count
        var number = -2
        while population.children.count < count + 60, number > -10_000 {
            population.addFamily(number)
            number -= 1
        }
    }

    private static func leads(of source: Source, size: Int, seed: UInt64, _ names: Names) -> [[UInt8]] {
        let traditions = ["british", "british", "muslim", "westafrican", "hindu", "caribbean"]
        let families = ["british", "irish", "pakistani", "westafrican", "hindu", "caribbean"]
        return (0..<(4 + size / 900)).map { number in
            var draw = Draw(seed ^ 0x1EAD, source.number, number)
            let place = draw.below(traditions.count)
            let given = names.given(traditions[place], isGirl: draw.chance(7_500), born: 1996, &draw)
            let title = source == .cdc || (source == .camhs && draw.chance(3_000)) ? "Dr " : ""
            return Array(title.utf8) + names.text(given) + [32] + names.text(names.family(families[place], &draw))
        }
    }
}
