import Kernel

/// What someone is looking for, once their words and choices have been read.
public struct Question: Sendable {
    /// The words as they were written.
    public var words = ""
    /// The ages asked for; one age is a range of one.
    public var ages: ClosedRange<Int>?
    /// Any of these will do.
    public var needs: [NeedType] = []
    public var level: SENLevel?
    public var place: AskedPlace?
    /// The farthest to look, in metres.
    public var within: Int?
    public var days: Set<Weekday> = []
    public var mustBeFree = false
    public var access: Set<AccessFeature> = []
    /// Each asks for one kind of help, any of whose codes will do.
    public var help: [Set<HelpCode>] = []
    public var sectors: Set<Entry.Sector> = []
    public var kinds: Set<Entry.Kind> = []
    /// Words that are none of the above, as they stand in the index of words.
    public var otherWords: [String] = []

    public init() {}

    /// Whether anything was asked by which an entry can be judged suitable.
    public var isSuitabilityAsked: Bool {
        ages != nil || !needs.isEmpty || level != nil || !days.isEmpty || mustBeFree || !access.isEmpty || !help.isEmpty
    }

    /// What is asked for, part by part, in words.
    public func inWords(_ helpKinds: HelpKinds) -> [String] {
        var parts: [String] = []
        for codes in help {
            let kinds = helpKinds.all.filter { codes.contains($0.code) }
            let areSchools = kinds.allSatisfy { $0.group == "Schools and colleges" }
            let many = areSchools ? "a school" : "a group or club"
            parts.append(kinds.count > 3 ? many : Listing.or(kinds.map { $0.label.lowercasedFirst }))
        }
        parts += kinds.sorted { $0.rawValue < $1.rawValue }.map { $0.label.lowercasedFirst }
        parts += sectors.map { $0.label.lowercasedFirst }
        parts += otherWords.isEmpty ? [] : ["the words “\(otherWords.joined(separator: " "))”"]
        if !needs.isEmpty { parts.append("for " + Listing.or(needs.map(\.plainName))) }
        if let level { parts.append("for " + level.plainName) }
        if let ages {
            parts.append(ages.lowerBound == ages.upperBound ? "age \(ages.ageInWords)" : "ages \(ages.ageInWords)")
        }
        if !days.isEmpty { parts.append("on " + Listing.or(Weekday.allCases.filter(days.contains).map(\.name))) }
        if mustBeFree { parts.append("free") }
        parts += AccessFeature.allCases.filter(access.contains).map { $0.label.lowercasedFirst }
        if let place { parts.append((within == nil ? "near " : "within reach of ") + place.name) }
        return parts
    }
}

extension String {
    /// With its first letter small, unless the word is an abbreviation.
    fileprivate var lowercasedFirst: String {
        dropFirst().first?.isUppercase == true ? self : prefix(1).lowercased() + dropFirst()
    }
}

/// A place that someone named.
public struct AskedPlace: Hashable, Sendable {
    /// As it is said back: `B11 4EX`, `B11`, `Sparkbrook`.
    public let name: String
    public let point: Point
    /// The code of the ward, where it is within one.
    public let ward: String?
    /// False for a whole postcode; true where the point is the middle of something larger.
    public let isApproximate: Bool
    /// True in this city, false outside it, nil where that is not known.
    public let isInCity: Bool?

    public init(name: String, point: Point, ward: String?, isApproximate: Bool, isInCity: Bool?) {
        (self.name, self.point, self.ward) = (name, point, ward)
        (self.isApproximate, self.isInCity) = (isApproximate, isInCity)
    }
}
