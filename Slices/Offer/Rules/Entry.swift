import Kernel

/// One thing in the Local Offer that a family can go to: a school, a base in a school, a service, a group.
///
/// What its source does not say is nil or `.unknown`, and is shown as “not known”; nothing is filled in.
public struct Entry: Hashable, Sendable {
    public let id: ID<Entry>
    public var kind: Kind
    public var sector: Sector
    public var name: String
    /// What it offers, in a sentence or two.
    public var summary: String?
    /// What kinds of help it is, by the codes of `share/offer/help.csv`.
    public var help: Set<HelpCode>
    public var standing: Standing
    /// The day on which the school or service said itself that its entry is right; nil where it has not.
    public var confirmed: Day?
    /// True for what the demonstration city made up. Said wherever it is shown.
    public var isInvented: Bool
    public var urn: URN?
    /// The school that a base is in.
    public var host: ID<Entry>?

    // Who it is for
    public var ages: AgeRange?
    public var needs: NeedsServed
    public var levels: Set<SENLevel>
    public var specialism: Specialism?
    public var area: AreaServed

    // How to get it
    public var eligibility: String?
    public var referral: String?

    // Where, when, cost
    public var address: Address
    public var sessions: [Session]
    public var when: String?
    public var cost: Cost?
    public var costInWords: String?

    // Contact and access
    public var phone: String?
    public var email: String?
    public var website: String?
    /// What is known of access; nil where nothing is.
    public var access: Set<AccessFeature>?

    // Room
    public var places: Int?
    public var hasRoom: Bool?

    public var census: Census?
    public var inspection: Inspection?
    /// Where each fact comes from and as of when, by the field's name.
    public var facts: [Field: Provenance]

    /// Whether only the strategy of 2012 lists it, and nothing since confirms it.
    public var isUnconfirmed: Bool { standing == .listedIn2012 && confirmed == nil }

    public init(id: ID<Entry>, kind: Kind, sector: Sector, name: String, standing: Standing) {
        (self.id, self.kind, self.sector, self.name, self.standing) = (id, kind, sector, name, standing)
        (help, isInvented, needs, levels, area) = ([], false, .unknown, [], .unknown)
        (address, sessions, facts) = (Address(), [], [:])
    }

    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case school
        case resourceBase = "resource-base"
        case accessibleSchool = "fully-accessible-school"
        case service
        case group

        /// As a person reads it.
        public var label: String {
            switch self {
            case .school: "School"
            case .resourceBase: "Resource base"
            case .accessibleSchool: "Fully accessible mainstream school"
            case .service: "Service"
            case .group: "Group"
            }
        }
    }

    /// Which part of the offer it belongs to.
    public enum Sector: String, CaseIterable, Hashable, Sendable {
        case education, health
        case socialCare = "social-care"
        case travel, voluntary

        public var label: String {
            switch self {
            case .education: "Education"
            case .health: "Health"
            case .socialCare: "Social care"
            case .travel: "Travel"
            case .voluntary: "Voluntary sector"
            }
        }
    }

    /// Whether it is there today, and how sure that is.
    public enum Standing: Hashable, Sendable {
        /// Its source lists it as open.
        case listed
        /// The strategy of 2012 lists it; the register does not.
        case listedIn2012
        case proposedToOpen
        case proposedToClose
        /// Gone from its source; where known, what took its place.
        case closed(noted: Day, successor: URN?)

        public var isClosed: Bool { if case .closed = self { true } else { false } }
    }

    /// How specialised it is.
    public enum Specialism: String, CaseIterable, Hashable, Sendable {
        /// For every child.
        case universal
        /// For children who need some more.
        case targeted
        /// For children with complex or particular needs.
        case specialist

        public var label: String {
            switch self {
            case .universal: "For every child"
            case .targeted: "For children who need some extra help"
            case .specialist: "Specialist"
            }
        }
    }

    public enum Cost: String, CaseIterable, Hashable, Sendable {
        case free, charged

        public var label: String { self == .free ? "Free" : "There is a charge" }
    }
}

/// A code of `share/offer/help.csv`: `speech-therapy`, `special-school`.
public struct HelpCode: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String
    public init(_ text: String) { self.text = text }
    public static func < (a: HelpCode, b: HelpCode) -> Bool { a.text < b.text }
    public var description: String { text }
}

/// The ages something is for, in whole years, both ends included.
public struct AgeRange: Hashable, Sendable, CustomStringConvertible {
    public let low: Int
    public let high: Int

    /// - Throws: `Malformed` where an end is not 0 to 25 or the ends are the wrong way round.
    public init(_ low: Int, _ high: Int) throws(Malformed) {
        guard (0...25).contains(low), (0...25).contains(high) else {
            throw Malformed(wanted: "a range of ages", given: "\(low) to \(high)", reason: "ages here are 0 to 25")
        }
        guard low <= high else {
            throw Malformed(wanted: "a range of ages", given: "\(low) to \(high)", reason: "the lower age comes first")
        }
        (self.low, self.high) = (low, high)
    }

    public var description: String { low == high ? "\(low)" : low == 0 ? "birth to \(high)" : "\(low) to \(high)" }
}

/// Which needs something is for.
public enum NeedsServed: Hashable, Sendable {
    /// Its source does not say.
    case unknown
    /// Any need.
    case every
    /// These, by its source.
    case listed(Set<NeedType>)
    /// These, by the strategy of 2012; not confirmed since.
    case listedIn2012(Set<NeedType>)
}

/// Where the people live whom something serves.
public enum AreaServed: Hashable, Sendable {
    case unknown
    case cityWide
    /// These wards, by their codes.
    case wards(Set<String>)
}

/// Where something is.
public struct Address: Hashable, Sendable {
    public var street: String?
    public var town: String?
    public var postcode: Postcode?
    public var point: Point?
    /// The code of the ward it is in.
    public var ward: String?

    public init(
        street: String? = nil, town: String? = nil, postcode: Postcode? = nil, point: Point? = nil, ward: String? = nil
    ) {
        (self.street, self.town, self.postcode, self.point, self.ward) = (street, town, postcode, point, ward)
    }

    /// The address on one line, or nil where nothing is known.
    public var line: String? {
        let parts = [street, town, postcode?.text].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

/// A regular time in the week.
public struct Session: Hashable, Comparable, Sendable {
    public let day: Weekday
    /// `10:00`, in England's time.
    public let from: String
    public let to: String

    public init(_ day: Weekday, from: String, to: String) { (self.day, self.from, self.to) = (day, from, to) }

    public static func < (a: Session, b: Session) -> Bool { (a.index, a.from) < (b.index, b.from) }
    private var index: Int { Weekday.allCases.firstIndex(of: day) ?? 0 }
}

/// What makes a place easier to use.
public enum AccessFeature: String, CaseIterable, Hashable, Sendable {
    case stepFree = "step-free"
    case accessibleToilet = "accessible-toilet"
    case changingPlace = "changing-place"
    case hoist
    case parking = "blue-badge-parking"
    case hearingLoop = "hearing-loop"
    case signLanguage = "sign-language"
    case quietSpace = "quiet-space"

    public var label: String {
        switch self {
        case .stepFree: "Step-free way in"
        case .accessibleToilet: "Accessible toilet"
        case .changingPlace: "Changing Places toilet"
        case .hoist: "Hoist"
        case .parking: "Blue Badge parking"
        case .hearingLoop: "Hearing loop"
        case .signLanguage: "British Sign Language"
        case .quietSpace: "Quiet space"
        }
    }
}

/// A school's pupils on census day.
public struct Census: Hashable, Sendable {
    public let pupils: Int?
    public let withPlan: Int?
    public let onSupport: Int?
    public init(pupils: Int?, withPlan: Int?, onSupport: Int?) {
        (self.pupils, self.withPlan, self.onSupport) = (pupils, withPlan, onSupport)
    }
}

/// A past inspection: always shown with its date, never as how things are now.
public struct Inspection: Hashable, Sendable {
    public let grade: String
    public let on: Day
    public init(grade: String, on: Day) { (self.grade, self.on) = (grade, on) }
}

/// The name of a fact, for saying where it comes from.
public enum Field: String, CaseIterable, Hashable, Sendable {
    case name, status, kind, summary, ages, needs, levels, specialism, area, eligibility, referral, address, point
    case sessions, cost, contact, access, places, room, census, inspection
}

/// Where a fact comes from, and as of when.
public struct Provenance: Hashable, Sendable {
    /// The id of a row of `share/offer/sources.csv`.
    public let source: String
    /// The day the fact was true, as near as the source says.
    public let asOf: Day
    public init(_ source: String, asOf: Day) { (self.source, self.asOf) = (source, asOf) }
}
