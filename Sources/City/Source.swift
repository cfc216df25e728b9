import Kernel

/// The nine sources that send the council their records, as `share/feeds/sources.csv` names them.
enum Source: String, CaseIterable, Hashable, Sendable {
    case schoolCensus = "school-census", earlyYears = "early-years", careers, primaryCare = "primary-care"
    case communityTrust = "community-trust", cdc, camhs, socialCare = "social-care"
    case youthOffending = "youth-offending"

    /// - Throws: `Malformed` for a source that the city does not make.
    init(code: String) throws(Malformed) {
        guard let source = Source(rawValue: code) else {
            let codes = Source.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(wanted: "a source", given: code, reason: "the city makes those of \(codes)")
        }
        self = source
    }

    /// How its record numbers begin.
    var prefix: String {
        switch self {
        case .schoolCensus: "SC"
        case .earlyYears: "EY"
        case .careers: "CS"
        case .primaryCare: "PC"
        case .communityTrust: "CT"
        case .cdc: "CD"
        case .camhs: "CM"
        case .socialCare: "SW"
        case .youthOffending: "YO"
        }
    }

    var number: Int { Source.allCases.firstIndex(of: self) ?? 0 }

    /// How well it keeps its records, each out of ten thousand.
    var habits: Habits {
        switch self {
        case .schoolCensus:
            Habits(nhs: 0, upn: 9_940, phone: 0, slip: 80, short: 700, otherName: 300, otherHome: 400, twice: 70)
        case .earlyYears:
            Habits(nhs: 0, upn: 0, phone: 7_500, slip: 200, short: 800, otherName: 300, otherHome: 500, twice: 100)
        case .careers:
            Habits(nhs: 0, upn: 0, phone: 8_000, slip: 220, short: 1_500, otherName: 300, otherHome: 300, twice: 120)
        case .primaryCare:
            Habits(nhs: 9_200, upn: 0, phone: 8_500, slip: 100, short: 200, otherName: 250, otherHome: 250, twice: 80)
        case .communityTrust:
            Habits(nhs: 9_700, upn: 0, phone: 8_000, slip: 130, short: 200, otherName: 300, otherHome: 300, twice: 130)
        case .cdc:
            Habits(nhs: 8_800, upn: 0, phone: 6_500, slip: 300, short: 300, otherName: 400, otherHome: 300, twice: 200)
        case .camhs:
            Habits(nhs: 9_500, upn: 0, phone: 8_000, slip: 150, short: 500, otherName: 350, otherHome: 500, twice: 100)
        case .socialCare:
            Habits(
                nhs: 4_500, upn: 6_000, phone: 5_000, slip: 300, short: 600, otherName: 1_000, otherHome: 800,
                twice: 250)
        case .youthOffending:
            Habits(nhs: 0, upn: 0, phone: 0, slip: 300, short: 1_000, otherName: 600, otherHome: 700, twice: 100)
        }
    }

    /// After how many days it looks again at where a child lives, at the least.
    var rhythm: Int {
        switch self {
        case .schoolCensus, .socialCare: 120
        case .earlyYears, .careers, .youthOffending: 200
        case .primaryCare: 100_000
        case .communityTrust, .cdc, .camhs: 300
        }
    }

    /// Whether it writes names in capitals.
    var isInCapitals: Bool { self == .youthOffending || self == .communityTrust }
}

/// How well a source keeps its records, each out of ten thousand.
struct Habits {
    /// Records that hold the number, and the telephone.
    let nhs, upn, phone: Int
    /// Names with a slip of the keyboard, given names that are short forms, the other parent’s family name.
    let slip, short, otherName: Int
    /// Records at the other parent’s address, where there is one, and children held twice.
    let otherHome, twice: Int
}

/// Every column of the nine sources.
enum Column: Int, CaseIterable, Hashable, Sendable {
    case recordID, given, family, born, sex, postcode, address, upn, middle, ethnicity, language, setting, urn
    case yearGroup, provision, need1, need2, since, phone, hours, activity, nhsNumber, practice, noticed, service
    case referred, lead, assessed, status, opened

    private static let names = [
        "record_id", "given", "family", "born", "sex", "postcode", "address", "upn", "middle", "ethnicity", "language",
        "setting", "urn", "year_group", "sen_provision", "need_1", "need_2", "since", "phone", "hours", "activity",
        "nhs_number", "practice", "noticed", "service", "referred", "lead", "assessed", "status", "opened",
    ]

    /// A column by its name in `share/feeds/columns.csv`, or nil where the city has nothing to put in it.
    init?(name: String) {
        guard let place = Column.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: place)
    }

    var name: String { Column.names[rawValue] }
}
