import Kernel

/// Makes the families of the city, one after another, until there are as many pupils as were asked for.
struct Population {
    let data: CityData
    let seed: UInt64
    let year: AcademicYear
    /// The days of which the city can be asked: families come and go, and children are born, on all of them.
    private let days: ClosedRange<Day>
    private(set) var families: [Family] = []
    private(set) var children: [Child] = []
    private var births: Int32 = 0
    private var nhs: Int
    private let places: Places
    private var needs: Needs
    private let wards: Wheel<Int>
    private let groups: [Wheel<Int>]
    private let fullest: Int

    /// How much more of each group there is among children than among all: Asian, Black, Mixed, other, White. It brings
    /// the counts of 2021 near to the ethnic mix of the city’s schools.
    private static let youth = [135, 130, 220, 140, 72]
    /// A prime below 999,000, and a step through it: each number comes once, and none is one of the cast’s.
    private static let nhsRange = 998_989
    private static let nhsStep = 618_029

    init(_ data: CityData, seed: UInt64, year: AcademicYear, days: ClosedRange<Day>, pupils: Int) {
        (self.data, self.seed, self.year, self.days) = (data, seed, year, days)
        places = Places(data, pupils: pupils)
        needs = Needs(data)
        wards = Wheel(data.wards.enumerated().map { ($0, $1.children) })
        groups = data.wards.map { ward in
            Wheel(zip(ward.groups, Population.youth).enumerated().map { ($0, $1.0 * $1.1) })
        }
        fullest = data.ages.map(\.children).max() ?? 1
        var draw = Draw(seed, -1)
        nhs = draw.below(Population.nhsRange)
    }

    /// Adds families until so many children are on the roll of a school on the first day of the school year.
    mutating func settle(pupils wanted: Int) {
        let first = Int32(year.first.number)
        var held = 0
        var number = 0
        // Families without a child of these years are passed over; the bound only keeps the loop from running on.
        while held < wanted, number < wanted * 40 + 1_000 {
            number += 1
            let start = children.count
            addFamily(number)
            for index in start..<children.count where isPupil(children[index]) {
                guard families[Int(children[index].family)].isHere(first) else { continue }
                if held < wanted { held += 1 } else { children[index].rollLuck = 1_000 }
            }
        }
    }

    private func isPupil(_ child: Child) -> Bool {
        Int(child.rollLuck) < data.age(SchoolDay.age(child.born, in: year)).onRoll
    }

    /// Adds the next family, if it has a child of these years; `number` is what it is drawn from.
    mutating func addFamily(_ number: Int) {
        var draw = Draw(seed, number)
        let ward = wards.pick(&draw) ?? 0
        let group = groups[ward].pick(&draw) ?? 0
        let community = data.communitiesOfGroup[group].pick(&draw) ?? 0
        let people = data.communities[community]
        let days = birthdays(people.births.pick(&draw) ?? 1, &draw)
        guard !days.isEmpty else { return }
        let family = makeFamily(community, ward: ward, firstBorn: days[0].day, &draw)
        families.append(family)
        let start = children.count
        for (day, count) in days {
            if count > 1 { births += 1 }
            var first: Child?
            for place in 0..<count {
                var child = makeChild(family, day: day, birth: count > 1 ? births : 0, beside: first, &draw)
                settleName(&child, from: start, family, &draw)
                if place == 0 { first = child }
                let counts = isPupil(child) && family.isHere(Int32(year.first.number))
                needs.give(&child, age: age(of: day), isPupil: counts, year, &draw)
                children.append(child)
            }
        }
    }

    /// The days on which children of a family were born, those of today’s ages only, and how many at each birth.
    private func birthdays(_ births: Int, _ draw: inout Draw) -> [(day: Int, count: Int)] {
        let end = days.upperBound.number
        var day = end - draw.below(34 * 365)
        var days: [(Int, Int)] = []
        for order in 0..<births {
            if order > 0 { day += 400 + draw.below(300) + draw.below(1_100) }
            let luck = draw.below(10_000)
            let count = luck < 3 ? 3 : (luck < 163 ? 2 : 1)
            let age = age(of: day)
            let isKept = draw.below(fullest) < data.age(age).children
            if day <= end, age <= CityData.oldest, isKept { days.append((day, count)) }
        }
        return days
    }

    private func age(of day: Int) -> Int {
        Day(number: day).map { SchoolDay.age($0, in: year) } ?? CityData.youngest
    }

    private mutating func makeFamily(_ community: Int, ward: Int, firstBorn: Int, _ draw: inout Draw) -> Family {
        let tradition = data.communities[community].family
        let end = days.upperBound.number
        let familyName = shared(tradition, &draw)
        // How long a home is kept: most some years, some for long.
        let stay = { (draw: inout Draw) in 30 + draw.below(5_500) * draw.below(1_000) / 450 }
        let second = end - stay(&draw)
        let first = second - stay(&draw)
        let here = places.home(in: ward, &draw)
        let before = places.home(in: draw.chance(5_500) ? ward : wards.pick(&draw) ?? ward, &draw)
        let earliest = places.home(in: draw.chance(5_500) ? ward : wards.pick(&draw) ?? ward, &draw)
        // In each of the three years three in a hundred come, and as many go.
        let length = days.upperBound.days(since: days.lowerBound)
        var arrived = -100_000
        let luck = draw.below(1_000)
        if luck < 90 {
            arrived = days.lowerBound.number + 1 + draw.below(length)
        } else if luck < 270 {
            arrived = min(days.lowerBound.number, firstBorn + draw.below(3_500))
        }
        let goes = draw.below(1_000) < 90 && luck >= 90
        let left = goes ? days.lowerBound.number + 1 + draw.below(length) : Int(Child.never)
        return Family(
            community: UInt8(community), language: data.communities[community].languages.wheel.pick(&draw) ?? 0,
            familyName: familyName, otherName: shared(tradition, &draw), isDouble: draw.chance(450),
            isApart: draw.chance(2_400), homes: (earliest, before, here),
            otherHome: places.home(in: draw.chance(4_000) ? ward : wards.pick(&draw) ?? ward, &draw),
            moves: (Int32(first), Int32(second)),
            phones: (
                UInt16(draw.below(2_000)), UInt16(draw.below(2_000)), UInt16(draw.below(2_000))
            ),
            newPhone: Int32(end - draw.below(5_000)), arrived: Int32(arrived), left: Int32(left))
    }

    /// A family name that a whole family can bear.
    private func shared(_ tradition: String, _ draw: inout Draw) -> UInt16 {
        for _ in 0..<12 {
            let name = data.names.family(tradition, &draw)
            if !data.names.isOfWomen(name) { return name }
        }
        return data.names.family(tradition, &draw)
    }

    private mutating func makeChild(
        _ family: Family, day: Int, birth: Int32, beside twin: Child?, _ draw: inout Draw
    ) -> Child {
        let people = data.communities[Int(family.community)]
        // A third of twins are alike in all that is born with them.
        let isAlike = draw.chance(3_400)
        let drawn = draw.chance(4_880)
        let isGirl = twin.map { isAlike ? $0.isGirl : drawn } ?? drawn
        let born = Day(number: day) ?? year.first
        let given = data.names.given(people.given, isGirl: isGirl, born: born.year, &draw)
        let middle = data.names.given(people.given, isGirl: isGirl, born: born.year, &draw)
        let isHalf = draw.chance(500)
        let isHonoured = people.given == "muslim" && !isGirl && draw.chance(1_800)
        return Child(
            number: Int32(children.count + 1), family: Int32(families.count - 1), birth: birth,
            bornNumber: Int32(day), isGirl: isGirl, given: given, middle: middle,
            familyName: data.names.borne(
                isHalf ? family.otherName : family.familyName, tradition: people.family, isGirl: isGirl, &draw),
            community: family.community, ethnicity: people.ethnicities.wheel.pick(&draw) ?? 0,
            isHonoured: isHonoured, rollLuck: Int16(draw.below(1_000)),
            nhs: nextNHS(), luck: UInt32(truncatingIfNeeded: draw.next()))
    }

    /// No two children of a family have one given name; some twins have names that begin alike.
    private func settleName(_ child: inout Child, from start: Int, _ family: Family, _ draw: inout Draw) {
        let people = data.communities[Int(family.community)]
        let wantsAlike = child.birth > 0 && draw.chance(2_500)
        for attempt in 0..<40 {
            let siblings = children[start...]
            let isTaken = siblings.contains { $0.given == child.given }
            let twin = siblings.last { $0.birth == child.birth && child.birth > 0 }
            let isUnlike =
                wantsAlike && attempt < 25
                && twin.map { data.names.text($0.given).prefix(2) != data.names.text(child.given).prefix(2) } ?? false
            guard isTaken || isUnlike || child.middle == child.given else { return }
            if !isTaken, !isUnlike {
                child.middle = data.names.given(people.given, isGirl: child.isGirl, born: child.born.year, &draw)
            } else {
                child.given = data.names.given(people.given, isGirl: child.isGirl, born: child.born.year, &draw)
            }
        }
    }

    /// The next six figures to which 999 before and a check figure after make an NHS number of the range for tests.
    private mutating func nextNHS() -> Int32 {
        repeat { nhs = (nhs + Population.nhsStep) % Population.nhsRange } while Numbers.nhsCheck(nhs) == nil
        return Int32(nhs)
    }
}
