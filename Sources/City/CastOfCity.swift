import Kernel

/// The records of the cast of the golden thread: the same in every city, whatever its seed.
///
/// Amina’s nursery spells her “Ameena”; her health visitor’s notice has no NHS number. What the child development
/// centre found comes by a notice, so nothing of hers is in its extract. Kieran’s school, careers adviser, mental
/// health team and youth offending service each have a record of him.
enum CastOfCity {
    private struct Row {
        let source: Source
        let id: String
        let child: String
        let since: String
        let values: [(Column, String)]
    }

    private static let rahman: [(Column, String)] = [
        (.family, "Rahman"), (.born, "2023-04-17"), (.postcode, "B11 9ZZ"),
        (.address, "7 Invented Row, Sparkbrook, Birmingham"), (.phone, "0121 496 0107"),
    ]
    private static let doyle: [(Column, String)] = [
        (.family, "Doyle"), (.born, "2010-09-12"), (.sex, "M"), (.postcode, "B44 9ZZ"),
        (.address, "22 Invented Close, Kingstanding, Birmingham"), (.need1, "SEMH"),
    ]
    private static let nursery = [(Column.setting, "Marigold Nursery (invented)"), (.hours, "15")]
    private static let visitors = (Column.practice, "Sparkbrook health visiting team (invented)")

    private static let all: [Row] = [
        Row(
            source: .earlyYears, id: "EY-A000001", child: "amina", since: "2025-09-01",
            values: rahman + nursery + [(.given, "Ameena"), (.sex, "F"), (.provision, "K"), (.need1, "SLCN")]),
        Row(
            source: .earlyYears, id: "EY-A000002", child: "yusuf", since: "2025-09-01",
            values: rahman + nursery + [(.given, "Yusuf"), (.sex, "M"), (.provision, "N")]),
        Row(
            source: .primaryCare, id: "PC-A000001", child: "amina", since: "2025-10-20",
            values: rahman + [(.given, "Amina"), (.sex, "F"), visitors, (.need1, "SLCN")]),
        Row(
            source: .primaryCare, id: "PC-A000002", child: "yusuf", since: "2025-10-20",
            values: rahman + [(.given, "Yusuf"), (.sex, "M"), visitors, (.nhsNumber, "9999994202")]),
        Row(
            source: .schoolCensus, id: "SC-A000001", child: "kieran-doyle", since: "2022-09-05",
            values: doyle + [
                (.given, "Kieran"), (.upn, "995999915001"), (.ethnicity, "WIRI"), (.language, "ENG"),
                (.setting, "Northgate Academy (invented)"), (.urn, "993999"), (.provision, "E"),
            ]),
        Row(
            source: .careers, id: "CS-A000001", child: "kieran-doyle", since: "2026-09-14",
            values: doyle + [
                (.given, "Kieran"), (.phone, "0121 496 0222"), (.setting, "Northgate Academy (invented)"),
                (.activity, "school"),
            ]),
        Row(
            source: .camhs, id: "CM-A000001", child: "kieran-doyle", since: "2026-01-19",
            values: doyle + [
                (.given, "Kieron"), (.phone, "0121 496 0222"), (.nhsNumber, "9999994210"),
                (.service, "Steady Minds, north team (invented)"), (.lead, "Dr Ines Marlow"),
            ]),
        Row(
            source: .youthOffending, id: "YO-A000001", child: "kieran-doyle", since: "2026-02-02",
            values: doyle + [
                (.given, "Kieran"), (.setting, "Northgate Academy (invented)"), (.status, "Prevention"),
                (.lead, "Dawn Achebe"),
            ]),
    ]

    /// How many of the pupils are of the cast: Kieran, as long as he is of school age.
    static func pupils(in year: AcademicYear, size: Int) -> Int {
        size > 0 && isOpen(.schoolCensus, born: "2010-09-12", in: year) ? 1 : 0
    }

    static func rows(of source: Source, on day: Day, after earlier: Day?, in year: AcademicYear) -> [Draft] {
        held(by: source, on: day, after: earlier, in: year).map { row in
            var draft = Draft()
            draft[.recordID] = Array(row.id.utf8)
            for (column, text) in row.values { draft[column] = Array(text.utf8) }
            for column in [Column.since, .noticed, .referred, .opened] { draft[column] = Array(row.since.utf8) }
            if let upn = row.values.first(where: { $0.0 == .upn })?.1 { draft[.upn] = Numbers.upn(figures: upn) }
            if let born = try? Day(iso: String(decoding: draft[.born], as: UTF8.self)) {
                draft[.yearGroup] = Array((YearGroup.usual(born: born, in: year) ?? .notFollowed).code.utf8)
            }
            return draft
        }
    }

    static func truth(
        of source: Source, on day: Day, after earlier: Day?, in year: AcademicYear
    ) -> [(id: String, child: String, family: String, birth: String)] {
        held(by: source, on: day, after: earlier, in: year).map { row in
            let isTwin = row.child != "kieran-doyle"
            return (row.id, row.child, isTwin ? "rahman" : "doyle", isTwin ? "rahman-twins" : "")
        }
    }

    private static func held(
        by source: Source, on day: Day, after earlier: Day?, in year: AcademicYear
    ) -> [Row] {
        all.filter { row in
            guard row.source == source, let since = try? Day(iso: row.since), since <= day else { return false }
            if source == .primaryCare, let earlier, since <= earlier { return false }
            let born = row.values.first { $0.0 == .born }?.1 ?? ""
            return isOpen(source, born: born, in: year)
        }
    }

    /// Whether the source still holds somebody born on that day: nurseries until school, schools until Year 14, the
    /// others until 18, careers until 25.
    private static func isOpen(_ source: Source, born: String, in year: AcademicYear) -> Bool {
        guard let born = try? Day(iso: born), let age = try? Age(born: born, on: year.first) else { return false }
        let group = YearGroup.usual(born: born, in: year)
        switch source {
        case .earlyYears: return group == .nurseryFirst || group == .nurserySecond
        case .schoolCensus:
            guard case .year = group else { return false }
            return true
        case .careers: return age.years < 25
        default: return age.years < 18
        }
    }
}
