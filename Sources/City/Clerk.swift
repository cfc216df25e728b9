import Kernel

/// Writes down what a source has been told of a child, in its own way and with its own mistakes.
///
/// How a source writes of a child stays the same from one extract to the next; now and then it looks again, and then
/// learns of a move, or puts a mistake right, or makes another.
struct Clerk {
    let city: City
    let source: Source
    let today: SchoolDay
    let habits: Habits
    let settings: Settings

    init(_ city: City, _ source: Source, _ today: SchoolDay) {
        (self.city, self.source, self.today) = (city, source, today)
        habits = source.habits
        settings = Settings(city, today)
    }

    var day: Int32 { today.number }

    func draft(_ record: Record) -> Draft {
        let child = city.people[record.child]
        let family = city.families[Int(child.family)]
        // What stays, and what changes when the source looks again.
        let salt = city.seed ^ UInt64(source.number + 1) &* 0x9E6C_63D0_876A_3F35
        var lasting = Draw(salt, Int(child.number), record.slot)
        let rhythm = source.rhythm + lasting.below(2 * source.rhythm)
        let looks = max(0, Int(day - record.since)) / max(1, rhythm)
        let seen = record.since + Int32(looks * rhythm)
        var passing = Draw(~salt, Int(child.number), record.slot + 2 * (looks / 3))

        var draft = Draft()
        draft[.recordID] = Array(source.prefix.utf8) + [45] + Numbers.padded(record.id, 7)
        writeName(child, family, record, into: &draft, &lasting, &passing)
        let isWrong = passing.chance(source == .primaryCare ? 60 : 130)
        let wrong = isWrong ? Slips.birthday(child.bornNumber, &passing) : child.bornNumber
        let isPossible = wrong <= min(day, record.since) && (day - wrong) * 100 / 36_525 < 26
        draft[.born] = Numbers.iso(isPossible ? wrong : child.bornNumber)
        writeSex(child, into: &draft, &passing)
        writeHome(child, family, seen, into: &draft, &lasting, &passing)
        writeNumbers(record.child, child, family, seen, into: &draft, &lasting)
        writeWork(child, family, record, into: &draft, &lasting)
        return draft
    }

    private func writeName(
        _ child: Child, _ family: Family, _ record: Record, into draft: inout Draft, _ lasting: inout Draw,
        _ passing: inout Draw
    ) {
        let names = city.data.names
        var given = names.text(child.given)
        if lasting.chance(habits.short), let short = names.short[child.given] {
            given = short[lasting.below(short.count)]
        } else if lasting.chance(500), let others = names.spellings[child.given] {
            given = others[lasting.below(others.count)]
        }
        if child.isHonoured {
            let way = lasting.below(100)
            let prefix = Array((way % 2 == 0 ? "Muhammad" : "Mohammed").utf8)
            if way < 36 { given = prefix + [32] + given } else if way < 58 { given = prefix }
        } else if lasting.chance(90) {
            given += [32] + names.text(child.middle)
        }
        let isNew = record.since - child.bornNumber < 60 && (source == .primaryCare || source == .communityTrust)
        if isNew, lasting.chance(4_500) {
            let isTwin = child.birth > 0 && lasting.chance(6_000)
            given = Array((isTwin ? "Twin \(1 + Int(child.number) % 2)" : child.isGirl ? "Baby Girl" : "Baby").utf8)
        }
        var family = familyName(child, family, &lasting)
        if passing.chance(habits.slip) { given = Slips.typed(given, &passing) }
        if passing.chance(habits.slip) { family = Slips.typed(family, &passing) }
        if passing.chance(habits.slip / 2) { given = Slips.heard(given, &passing) }
        if passing.chance(habits.slip / 3) { family = Slips.heard(family, &passing) }
        if passing.chance(25) { swap(&given, &family) }
        draft[.given] = source.isInCapitals ? Slips.capitals(given) : given
        draft[.family] = source.isInCapitals ? Slips.capitals(family) : family
        if lasting.chance(7_200) { draft[.middle] = names.text(child.middle) }
    }

    private func familyName(_ child: Child, _ family: Family, _ lasting: inout Draw) -> [UInt8] {
        let names = city.data.names
        let (one, other) = (names.text(child.familyName), names.text(family.otherName))
        let way = lasting.below(100)
        if family.isDouble, one != other {
            if way < 60 { return one + [45] + other }
            if way < 75 { return one + [32] + other }
            return way < 90 ? one : other
        }
        if lasting.chance(family.isApart ? habits.otherName * 2 : habits.otherName / 2) { return other }
        if lasting.chance(400), let spellings = names.spellings[child.familyName] {
            return spellings[lasting.below(spellings.count)]
        }
        return one
    }

    private func writeSex(_ child: Child, into draft: inout Draft, _ passing: inout Draw) {
        let luck = passing.below(1_000)
        let isGirl = luck < 3 ? !child.isGirl : child.isGirl
        if luck >= 20 || luck < 3 { draft[.sex] = [isGirl ? 70 : 77] } else if luck < 10 { draft[.sex] = [85] }
    }

    private func writeHome(
        _ child: Child, _ family: Family, _ seen: Int32, into draft: inout Draft, _ lasting: inout Draw,
        _ passing: inout Draw
    ) {
        let isOther = family.isApart && lasting.chance(habits.otherHome * 4)
        let home = isOther ? family.otherHome : family.home(seen)
        var street = city.places.street(home)
        if lasting.chance(1_200) { street = Clerk.short(street) }
        if passing.chance(habits.slip / 2) { street = Slips.typed(street, &passing) }
        let style = lasting.below(100)
        if style < 55 { street += Array(", Birmingham".utf8) }
        if !lasting.chance(120) { draft[.address] = street }
        let postcode = city.places.postcode(home)
        let way = lasting.below(1_000)
        if way >= 18 { draft[.postcode] = way < 90 ? postcode.filter { $0 != 32 } : postcode }
        guard lasting.chance(habits.phone) else { return }
        let number =
            isOther || lasting.chance(1_800)
            ? family.phones.2 : (seen < family.newPhone ? family.phones.0 : family.phones.1)
        let phone = Numbers.phone(number)
        draft[.phone] = lasting.chance(1_500) ? phone.filter { $0 != 32 } : phone
    }

    /// `12 Larkmead Rd` for `12 Larkmead Road`.
    private static func short(_ street: [UInt8]) -> [UInt8] {
        let shorter = ["Road": "Rd", "Street": "St", "Avenue": "Ave", "Close": "Cl", "Lane": "Ln", "Drive": "Dr"]
        guard let space = street.lastIndex(of: 32) else { return street }
        let kind = String(decoding: street[(space + 1)...], as: UTF8.self)
        return Array(street[...space]) + Array((shorter[kind] ?? kind).utf8)
    }

    /// The numbers, which now and then are those of a brother or sister, most of all of a twin.
    private func writeNumbers(
        _ place: Int, _ child: Child, _ family: Family, _ seen: Int32, into draft: inout Draft, _ lasting: inout Draw
    ) {
        var owner = child
        if lasting.chance(child.birth > 0 ? 60 : 8) {
            for next in [place + 1, place - 1] where city.people.indices.contains(next) {
                if city.people[next].family == child.family { owner = city.people[next] }
            }
        }
        if lasting.chance(habits.nhs) { draft[.nhsNumber] = Numbers.nhs(owner.nhs) }
        let isAtSchool = source == .schoolCensus || today.isOnRoll(owner)
        if isAtSchool, lasting.chance(habits.upn) {
            // A few were given a second number when they changed school.
            let second = lasting.chance(60) ? 1 : 0
            draft[.upn] = Numbers.upn(Int(owner.number) * 2 + second, year: owner.born.year + 4)
        }
    }

    private func writeWork(
        _ child: Child, _ family: Family, _ record: Record, into draft: inout Draft, _ lasting: inout Draw
    ) {
        let people = city.data.communities[Int(child.community)]
        draft[.ethnicity] = Array(people.ethnicities.codes[Int(child.ethnicity)].utf8)
        draft[.language] = Array(people.languages.codes[Int(family.language)].utf8)
        let since = Numbers.iso(record.since)
        for column in [Column.since, .noticed, .referred, .assessed, .opened] { draft[column] = since }
        let provision = child.provision(on: today.day)
        draft[.provision] = Array(provision.code.utf8)
        writeNeeds(child, provision, into: &draft, &lasting)
        settings.write(child, source, record, provision, into: &draft, &lasting)
        let leads = city.leads[source.number]
        if lasting.chance(8_800) { draft[.lead] = leads[Int(child.luck >> 4) % max(1, leads.count)] }
    }

    private func writeNeeds(
        _ child: Child, _ provision: SENLevel, into draft: inout Draft, _ lasting: inout Draw
    ) {
        let isSchool = source == .schoolCensus || source == .earlyYears
        guard !isSchool || provision != .none else { return }
        let supposed: [Source: NeedType] = [.camhs: .semh, .communityTrust: .slcn, .cdc: .slcn]
        var first = Child.need(child.need1) ?? supposed[source]
        var second = Child.need(child.need2)
        // Another source sees another need first, or the half of it.
        if second != nil, lasting.chance(2_000) { swap(&first, &second) }
        if source != .schoolCensus, first == .nsa { first = nil }
        if source == .camhs, first != .semh, lasting.chance(5_000) { (first, second) = (.semh, first) }
        if first == .asd, lasting.chance(700) { first = .slcn }
        if first == second { second = nil }
        if source == .careers || source == .socialCare, lasting.chance(3_000) { first = nil }
        draft[.need1] = Array((first?.rawValue ?? "").utf8)
        if first != nil, lasting.chance(8_000) { draft[.need2] = Array((second?.rawValue ?? "").utf8) }
    }
}
