import Kernel

/// Which source knows which child, since when: by age and need, as agencies do.
struct Agencies {
    let seed: UInt64
    let today: SchoolDay
    /// The last day of which the city can be asked.
    let end: Int32

    private var day: Int32 { today.number }

    /// The day on which the source first heard of the child, or nil where it does not hold it on `day`.
    func since(_ source: Source, _ child: Child, _ family: Family) -> Int32? {
        guard child.bornNumber <= day, family.isHere(day), age(child, day) < 26 else { return nil }
        var draw = Draw(seed ^ 0x5EED, Int(child.number), source.number)
        let luck = draw.below(10_000)
        let start: Int32?
        switch source {
        case .schoolCensus: start = today.isOnRoll(child) ? entry(child) : nil
        case .earlyYears: start = earlyYears(child, luck, &draw)
        case .careers: start = careers(child, luck, &draw)
        case .primaryCare: start = primaryCare(child, luck, &draw)
        case .communityTrust: start = communityTrust(child, luck, &draw)
        case .cdc: start = cdc(child, luck, &draw)
        case .camhs: start = camhs(child, luck, &draw)
        case .socialCare: start = socialCare(child, luck, &draw)
        case .youthOffending: start = youthOffending(child, luck, &draw)
        }
        guard let start else { return nil }
        let since = max(start, family.arrived + 7, child.bornNumber)
        return since <= day ? since : nil
    }

    /// The age in whole years, by days of the year on average: near enough to draw by.
    func age(_ child: Child, _ day: Int32) -> Int { Int(day - child.bornNumber) * 100 / 36_525 }

    /// The day on which the child came to the present school: of Reception, Year 7, or Year 12.
    private func entry(_ child: Child) -> Int32? {
        let back: Int
        switch today.group(child) {
        case .reception: back = 0
        case .year(let number): back = number < 7 ? number : (number < 12 ? number - 7 : number - 12)
        default: return nil
        }
        let first = (try? AcademicYear(starting: today.year.start - back))?.first ?? today.year.first
        return Int32(first.number + (first.weekday.isWeekend ? 3 : 2))
    }

    private func on(_ child: Child, year age: Int, _ draw: inout Draw, over years: Int) -> Int32 {
        child.bornNumber + Int32(age * 365 + draw.below(max(1, years * 365)))
    }

    private func earlyYears(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        let group = today.group(child)
        guard age(child, day) < 5, group != .reception else { return nil }
        if case .year = group { return nil }
        let hasNeed = child.supportFrom <= day
        // From the term after the third birthday most come; before it some.
        let isOlder = group == .nurserySecond
        guard luck < (hasNeed ? 9_600 : (isOlder ? 8_600 : 3_800)) else { return nil }
        return on(child, year: 2, &draw, over: 1)
    }

    private func careers(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        let age = age(child, day)
        guard age >= 13 else { return nil }
        let hasNeed = child.supportFrom <= day
        let share =
            switch age {
            case ..<16: hasNeed ? 4_800 : 600
            case ..<19: hasNeed ? 9_000 : 4_500
            default: hasNeed ? 7_000 : 500
            }
        return luck < share ? on(child, year: 13, &draw, over: age < 16 ? 2 : 5) : nil
    }

    private func primaryCare(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        let hasNeed = child.supportFrom < Child.never
        guard luck < (hasNeed ? 5_200 : 700) else { return nil }
        // One notice in twelve is of a new-born child.
        if draw.chance(800) { return child.bornNumber + Int32(3 + draw.below(50)) }
        return on(child, year: 0, &draw, over: hasNeed ? 7 : 12) + 120
    }

    private func communityTrust(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        guard age(child, day) < 19 else { return nil }
        let share =
            switch Child.need(child.need1) {
            case .slcn, .pd, .pmld, .sld, .hi, .vi, .msi, .ds: 7_200
            case .asd: 6_200
            case .some: 2_200
            case nil: 260
            }
        return luck < share ? on(child, year: 1, &draw, over: 6) : nil
    }

    private func cdc(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        guard age(child, day) < 8 else { return nil }
        let share =
            switch Child.need(child.need1) {
            case .pd, .pmld, .sld, .hi, .vi, .msi, .ds, .asd: 5_200
            case .slcn: 700
            case .some: 150
            case nil: 12
            }
        return luck < share ? on(child, year: 1, &draw, over: 4) : nil
    }

    private func camhs(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        guard (5..<19).contains(age(child, day)) else { return nil }
        let share =
            switch Child.need(child.need1) {
            case .semh, .besd: 4_500
            case .asd: 2_400
            case .some: 700
            case nil: 260
            }
        return luck < share ? on(child, year: 6, &draw, over: 10) : nil
    }

    private func socialCare(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        guard age(child, day) < 18 else { return nil }
        let share =
            child.planFrom < Child.never
            ? 1_200 : (Child.need(child.need1) == .semh ? 900 : (child.need1 > 0 ? 420 : 130))
        guard luck < 2 * share else { return nil }
        // Cases are opened and, after two years and a half, closed.
        let opened = end - Int32(draw.below(1_800))
        return day < opened + 900 ? opened : nil
    }

    private func youthOffending(_ child: Child, _ luck: Int, _ draw: inout Draw) -> Int32? {
        guard (11..<18).contains(age(child, day)) else { return nil }
        let share = Child.need(child.need1) == .semh ? 700 : (child.need1 > 0 ? 200 : 55)
        return luck < (child.isGirl ? share / 4 : share) ? on(child, year: 11, &draw, over: 6) : nil
    }
}
