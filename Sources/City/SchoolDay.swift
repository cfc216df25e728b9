import Kernel

/// A day, with the school year that holds it and what that makes of children.
struct SchoolDay {
    let day: Day
    let year: AcademicYear
    private let data: CityData

    /// - Throws: `Malformed` where the day is in no school year that can be said.
    init(_ day: Day, _ data: CityData) throws(Malformed) {
        (self.day, self.data) = (day, data)
        year = try AcademicYear(containing: day)
    }

    var number: Int32 { Int32(day.number) }

    /// The age on the 31st of August before the school year: below nought for those born later.
    static func age(_ born: Day, in year: AcademicYear) -> Int {
        let (bornYear, month, _) = born.civil
        return year.start - bornYear - (month > 8 ? 1 : 0)
    }

    /// Whether the child is on the roll of a school of the city, as far as age and luck go.
    func isOnRoll(_ child: Child) -> Bool {
        Int(child.rollLuck) < data.age(SchoolDay.age(child.born, in: year)).onRoll
    }

    func group(_ child: Child) -> YearGroup { YearGroup.usual(born: child.born, in: year) ?? .notFollowed }
}
