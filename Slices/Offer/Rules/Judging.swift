import Kernel

/// Whether an entry meets one thing asked: yes, no, or its source does not say.
public enum Verdict: Hashable, Sendable {
    case yes, no, unknown
}

/// One thing an entry is judged by.
public enum Criterion: UInt8, CaseIterable, Hashable, Sendable {
    case help, need, age, level, area, distance, day, cost, access

    fileprivate var bit: UInt16 { 1 << UInt16(rawValue) }

    /// Its name in data: `need`.
    public var name: String {
        switch self {
        case .help: "help"
        case .need: "need"
        case .age: "age"
        case .level: "level"
        case .area: "area"
        case .distance: "distance"
        case .day: "day"
        case .cost: "cost"
        case .access: "access"
        }
    }
}

/// An entry's answer to a question, criterion by criterion.
public struct Judgement: Hashable, Sendable {
    private var yes: UInt16 = 0
    private var no: UInt16 = 0
    private var unknown: UInt16 = 0
    /// Only the strategy of 2012 speaks for the entry: it is never called suitable until it confirms itself.
    private var isHeldBack = false
    /// It serves some wards only, and whether the one asked about is among them cannot be told.
    private var mayServeOthers = false

    public init() {}

    init(isHeldBack: Bool) { self.isHeldBack = isHeldBack }

    /// True where everything asked is met, false where something is not, nil where something is not known or
    /// nothing was asked that an entry can be judged by.
    ///
    /// The area served and the distance count only where they are known to be wrong: schools do not publish an area,
    /// and a family should still see a school that meets everything else. Where an entry names the wards it serves and
    /// the place asked for is wider than a ward, it is not known to fit.
    public var fits: Bool? {
        if no != 0 { return false }
        let counted = ~(Criterion.area.bit | Criterion.distance.bit)
        return isHeldBack || mayServeOthers || unknown & counted != 0 || yes & counted == 0 ? nil : true
    }

    /// What is not met.
    public var failed: [Criterion] { Criterion.allCases.filter { no & $0.bit != 0 } }
    public var failures: Int { no.nonzeroBitCount }

    /// The verdict on one thing, or nil where it was not asked.
    public func verdict(on criterion: Criterion) -> Verdict? {
        let bit = criterion.bit
        return yes & bit != 0 ? .yes : no & bit != 0 ? .no : unknown & bit != 0 ? .unknown : nil
    }

    mutating func holdBackForArea() { mayServeOthers = true }

    mutating func note(_ criterion: Criterion, _ verdict: Verdict) {
        switch verdict {
        case .yes: yes |= criterion.bit
        case .no: no |= criterion.bit
        case .unknown: unknown |= criterion.bit
        }
    }
}

/// What of an entry is needed to judge and rank it: small and flat, so that the whole offer is gone through in a
/// moment. What is not known is said by each property.
public struct Card: Sendable {
    /// One bit a need, in the order of `NeedType.allCases`.
    let needs: UInt16
    let needsBasis: NeedsBasis
    /// Both -1 where not known.
    let lowAge: Int8
    let highAge: Int8
    /// One bit a level, in the order of `SENLevel.allCases`; 0 where not known.
    let levels: UInt8
    /// One bit a day, Monday first; 0 where not known.
    let days: UInt8
    /// One bit a feature; nil where nothing is known.
    let access: UInt16?
    let cost: Entry.Cost?
    /// One bit a kind of help, in the order of the list of kinds.
    let help: UInt128
    /// Its place in `Entry.Kind.allCases`.
    let kindNumber: UInt8
    /// Its place in `Entry.Sector.allCases`.
    let sectorNumber: UInt8
    let isInvented: Bool
    /// The strategy of 2012 alone speaks for it.
    let isUnconfirmed: Bool
    let area: Area
    /// Degrees; not a number where the place is not known.
    let latitude: Float
    let longitude: Float
    /// The newest day any of its facts is as of, in days since 1970.
    let freshness: Int32

    enum NeedsBasis: UInt8, Sendable { case unknown, every, listed, listedIn2012 }
    enum Area: Hashable, Sendable {
        case unknown, cityWide
        /// An index into the catalogue's lists of wards.
        case wards(Int32)
    }

    /// How many needs it is particularly for; 15 where it names none.
    var breadth: Int { needsBasis == .listed || needsBasis == .listedIn2012 ? needs.nonzeroBitCount : 15 }
    var isSchool: Bool { kindNumber == 0 }
}

extension NeedType {
    /// Its bit in a mask of needs.
    var bit: UInt16 { 1 << UInt16(NeedType.allCases.firstIndex(of: self) ?? 15) }
    static func mask(_ needs: some Sequence<NeedType>) -> UInt16 { needs.reduce(0) { $0 | $1.bit } }
}

/// A question in the form that cards are judged by.
struct Wanted: Sendable {
    let needs: UInt16
    /// BESD alone, where SEMH was asked for and bases of that time are offered beside.
    let besdEra: Bool
    let ages: ClosedRange<Int>?
    let level: UInt8?
    let days: UInt8
    let mustBeFree: Bool
    let access: UInt16
    /// The ward of the place asked for, and whether it is in the city.
    let ward: String?
    let isInCity: Bool?
    let place: Point?
    /// The farthest to look, in metres.
    let within: Float?
    /// One mask for each kind of help asked for; any kind in a mask will do.
    let help: [UInt128]
    /// All of them together.
    let anyHelp: UInt128

    init(_ question: Question, _ helpKinds: HelpKinds) {
        needs = NeedType.mask(question.needs)
        besdEra = question.needs.contains(.semh)
        ages = question.ages
        level = question.level.map { Card.bit(of: $0) }
        days = Card.mask(of: question.days)
        mustBeFree = question.mustBeFree
        access = Card.mask(of: question.access)
        ward = question.place?.ward
        isInCity = question.place?.isInCity
        place = question.place?.point
        within = question.within.map { Float($0) }
        help = question.help.map { helpKinds.mask(of: $0) }
        anyHelp = help.reduce(0) { $0 | $1 }
    }
}

extension Card {
    static func bit(of level: SENLevel) -> UInt8 { 1 << UInt8(SENLevel.allCases.firstIndex(of: level) ?? 7) }

    static func mask(of days: Set<Weekday>) -> UInt8 {
        Weekday.allCases.enumerated().reduce(0) { $0 | (days.contains($1.element) ? 1 << UInt8($1.offset) : 0) }
    }

    static func mask(of features: Set<AccessFeature>) -> UInt16 {
        AccessFeature.allCases.enumerated().reduce(0) {
            $0 | (features.contains($1.element) ? 1 << UInt16($1.offset) : 0)
        }
    }

    /// The answer of this card, `metres` away, to what is wanted, each thing asked judged by itself.
    func judged(by wanted: Wanted, metres: Float, wards: [Set<String>]) -> Judgement {
        var judgement = Judgement(isHeldBack: isUnconfirmed)
        if wanted.anyHelp != 0 {
            judgement.note(.help, kindsMet(wanted) == wanted.help.count ? .yes : .unknown)
        }
        if wanted.needs != 0 { judgement.note(.need, need(wanted)) }
        if let ages = wanted.ages { judgement.note(.age, age(ages)) }
        if let level = wanted.level {
            judgement.note(.level, levels == 0 ? .unknown : levels & level != 0 ? .yes : .no)
        }
        if wanted.place != nil {
            let verdict = serves(wanted, wards)
            judgement.note(.area, verdict)
            if verdict == .unknown, case .wards = area { judgement.holdBackForArea() }
        }
        if let within = wanted.within {
            judgement.note(.distance, !metres.isFinite ? .unknown : metres <= within ? .yes : .no)
        }
        if wanted.days != 0 { judgement.note(.day, days == 0 ? .unknown : days & wanted.days != 0 ? .yes : .no) }
        if wanted.mustBeFree {
            judgement.note(.cost, cost == nil ? .unknown : cost == .free ? .yes : .no)
        }
        if wanted.access != 0 {
            // A list of features says what there is; what it leaves out is not known to be missing.
            let held = access ?? 0
            judgement.note(.access, held & wanted.access == wanted.access ? .yes : .unknown)
        }
        return judgement
    }

    /// How many of the kinds of help asked for this is.
    func kindsMet(_ wanted: Wanted) -> Int {
        guard help & wanted.anyHelp != 0 else { return 0 }
        return wanted.help.count == 1 ? 1 : wanted.help.count { help & $0 != 0 }
    }

    private func need(_ wanted: Wanted) -> Verdict {
        switch needsBasis {
        case .unknown: return .unknown
        case .every: return .yes
        case .listed: return needs & wanted.needs != 0 ? .yes : .no
        case .listedIn2012:
            // Never called suitable until the school confirms it.
            let isMeant = needs & wanted.needs != 0 || (wanted.besdEra && needs & NeedType.besd.bit != 0)
            return isMeant ? .unknown : .no
        }
    }

    private func age(_ ages: ClosedRange<Int>) -> Verdict {
        guard lowAge >= 0 else { return .unknown }
        let shared = min(ages.upperBound, Int(highAge)) - max(ages.lowerBound, Int(lowAge)) + 1
        // Of a span of ages such as “toddlers”, half at least must be taken for a yes.
        if shared > 0 { return shared * 2 >= ages.count ? .yes : .unknown }
        // The register's lower age is often 5 where children start in Reception, the September after they are four.
        if isSchool, lowAge == 5, ages.upperBound == 4 { return .unknown }
        return .no
    }

    private func serves(_ wanted: Wanted, _ wards: [Set<String>]) -> Verdict {
        switch area {
        case .unknown: return .unknown
        case .cityWide: return wanted.isInCity.map { $0 ? .yes : .no } ?? .unknown
        case .wards(let index):
            guard let ward = wanted.ward else { return wanted.isInCity == false ? .no : .unknown }
            return wards[Int(index)].contains(ward) ? .yes : .no
        }
    }
}
