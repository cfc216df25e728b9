import Kernel

extension City {
    /// The rows of an extract that are wrong on purpose, each with the number by which it stands in the file.
    ///
    /// They are of children who are nobody’s: no other row speaks of them.
    func faultyDrafts(of source: Source, _ clerk: Clerk, beside records: [Record]) -> [(id: Int, draft: Draft)] {
        let strangers = people.indices.suffix(from: childCount)
        // The same five in every extract of this source, of an age that the source could know.
        let fitting = strangers.filter { source.suits(people[$0].born, in: year) }
        let chosen = (fitting + strangers).prefix(City.faultyRows)
        let since = min(clerk.day, Int32(year.first.number) - 40)
        return chosen.enumerated().map { kind, place in
            let number = id(source, people[place], 0)
            var draft = clerk.draft(Record(child: place, slot: 0, since: since, id: number))
            switch kind {
            case 0: City.spoilNumber(source, &draft)
            case 1: draft[.born] = Array("2019-02-30".utf8)
            case 2:
                let hasNeed = data.columns[source]?.contains(.need1) ?? false
                draft[hasNeed ? .need1 : .sex] = Array("QX".utf8)
            case 3: draft[.given] = []
            default:
                // The number of the first sound row, or where there is none, of the first faulty one.
                let doubled = records.first?.id ?? id(source, people[chosen.first ?? place], 0)
                draft[.recordID] = Array(source.prefix.utf8) + [45] + Numbers.padded(doubled, 7)
                return (doubled + 1, draft)
            }
            return (number, draft)
        }
    }

    private static func spoilNumber(_ source: Source, _ draft: inout Draft) {
        switch source {
        case .schoolCensus: draft[.upn] = Array("B123456789012".utf8)
        case .primaryCare, .communityTrust, .cdc, .camhs, .socialCare: draft[.nhsNumber] = Array("9990000001".utf8)
        case .earlyYears, .careers, .youthOffending: draft[.postcode] = Array("B11 OZZ".utf8)
        }
    }
}

extension Source {
    /// Whether it could know somebody born then.
    func suits(_ born: Day, in year: AcademicYear) -> Bool {
        let age = (try? Age(born: born, on: year.first))?.years ?? 0
        return switch self {
        case .schoolCensus: (5...14).contains(age)
        case .earlyYears: age == 2 || age == 3
        case .careers: (14...20).contains(age)
        case .primaryCare: (1...9).contains(age)
        case .communityTrust, .cdc: (2...6).contains(age)
        case .camhs: (7...15).contains(age)
        case .socialCare: (1...15).contains(age)
        case .youthOffending: (12...15).contains(age)
        }
    }
}
