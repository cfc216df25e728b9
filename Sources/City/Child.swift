import Kernel

/// An invented child or young person of the city. Nobody of this name and birthday is meant.
public struct Child: Sendable {
    /// From 1: the number by which the truth calls the child. The cast has none, but identifiers of its own.
    public let number: Int32
    /// The number of the family: brothers and sisters share it.
    public let family: Int32
    /// The number of the birth, where it was of twins or triplets; otherwise 0.
    public let birth: Int32
    let bornNumber: Int32
    public let isGirl: Bool
    var given, middle, familyName: UInt16
    /// The community of the family, as a row of the shipped table.
    let community: UInt8
    let ethnicity: UInt8
    /// Whether a boy is called Muhammad before the name of every day.
    let isHonoured: Bool
    /// Out of a thousand: in years of age of which a greater share is on the roll of a school, the child is.
    var rollLuck: Int16
    /// Types of need as places in `NeedType.allCases`, from 1; nought where there is none.
    var need1: UInt8 = 0
    var need2: UInt8 = 0
    /// Days as `Day` counts them: when SEN support and a plan began, and when support ended; `never` where not.
    var supportFrom = Child.never
    var planFrom = Child.never
    var supportTo = Child.never
    /// The six figures of the NHS number between 999 and its check figure.
    let nhs: Int32
    /// How the school is chosen.
    let luck: UInt32

    /// A day that does not come.
    static let never = Int32(400_000)

    public var born: Day { Day(number: Int(bornNumber)) ?? Day.range.lowerBound }

    /// The level of support on a day, as schools know it.
    public func provision(on day: Day) -> SENLevel {
        let day = Int32(day.number)
        if planFrom <= day { return .plan }
        return supportFrom <= day && day < supportTo ? .support : .none
    }

    /// The first type of need, where there is one by that day.
    public func need(on day: Day) -> NeedType? {
        supportFrom <= Int32(day.number) || planFrom <= Int32(day.number) ? Child.need(need1) : nil
    }

    static func need(_ place: UInt8) -> NeedType? {
        let all = NeedType.allCases
        return place > 0 && Int(place) <= all.count ? all[Int(place) - 1] : nil
    }

    static func place(of need: NeedType) -> UInt8 { UInt8((NeedType.allCases.firstIndex(of: need) ?? -1) + 1) }
}

/// Where a family lives or lived.
struct Home: Sendable {
    /// Half of a postcode, as a row of the shipped table, and which of the invented ones under it.
    let outward: UInt16
    let unit: UInt16
    let house: UInt32
}

/// A family: where it has lived, what it is called, and how it is reached.
struct Family: Sendable {
    let community: UInt8
    let language: UInt8
    let familyName, otherName: UInt16
    /// Whether the children bear both names.
    let isDouble: Bool
    /// Whether the parents live apart, in two homes.
    let isApart: Bool
    /// The first home, the second and the third, and the other parent’s.
    let homes: (Home, Home, Home)
    let otherHome: Home
    /// When it moved: days as `Day` counts them.
    let moves: (Int32, Int32)
    let phones: (UInt16, UInt16, UInt16)
    let newPhone: Int32
    let arrived, left: Int32

    func isHere(_ day: Int32) -> Bool { arrived <= day && day < left }

    func home(_ day: Int32) -> Home {
        if day < moves.0 { return homes.0 }
        return day < moves.1 ? homes.1 : homes.2
    }
}
