import Kernel

/// One line of the 2012 strategy's list of resource bases and fully accessible mainstream schools, matched by hand
/// to the register as it stood in November 2012.
public struct ListedIn2012: Hashable, Sendable {
    /// The words of the list: `Castle Vale`.
    public let listedAs: String
    /// The heading it stands under: `Autistic Spectrum Disorder`.
    public let heading: String
    public let urn: URN
    /// How it was matched, in a sentence.
    public let howMatched: String

    /// The needs that its heading names; none for the fully accessible schools.
    public let needs: Set<NeedType>

    /// The setting that keeps the list as it was taken in.
    public static let setting = "offer.strategy-2012"

    private static let headings: [String: Set<NeedType>] = [
        // The 2001 Code of Practice counted these four as the area “cognition and learning”.
        "Cognition & Learning": [.spld, .mld, .sld, .pmld], "Visually Impaired": [.vi], "Speech & Language": [.slcn],
        "Behaviour & Social Development": [.besd], "Autistic Spectrum Disorder": [.asd], "Hearing impaired": [.hi],
        accessibleHeading: [],
    ]
    private static let accessibleHeading = "Fully Accessible Mainstream Schools"

    public var isAccessibleSchool: Bool { heading == ListedIn2012.accessibleHeading }

    /// Reads `share/offer/strategy-2012.csv`.
    ///
    /// - Throws: `TableFault` where the file is no table or lacks a column.
    public static func read(_ bytes: [UInt8]) throws -> FileReading<ListedIn2012> {
        let table = try Table(bytes, required: ["listed_as", "heading", "urn_in_2012", "how_matched"])
        return FileReading(table, named: "urn_in_2012", key: { "\($0.urn) \($0.heading)" }) { row in
            let heading = try row.get("heading")
            guard let needs = headings[heading] else {
                let reason = "the headings are \(Listing.and(headings.keys.sorted()))"
                throw Malformed(wanted: "a heading", given: heading, reason: reason)
            }
            return ListedIn2012(
                listedAs: try named("listed_as") { try SchoolFile.text(try row.get("listed_as"), upTo: 100) },
                heading: heading, urn: try named("urn_in_2012") { try URN(try row.get("urn_in_2012")) },
                howMatched: try row.get("how_matched"), needs: needs)
        }
    }

    /// The entry for this line: in today's school where the links lead to one, otherwise historic.
    ///
    /// - Parameters:
    ///   - school: today's entry of the school it was followed to, or nil where it is no longer there.
    ///   - chain: the establishments it was followed through, the one of 2012 first.
    public func entry(in school: Entry?, chain: [Establishment]) -> Entry {
        let slug = heading.lowercased().filter { $0.isLetter || $0 == " " }.split(separator: " ").joined(separator: "-")
        let kind: Entry.Kind = isAccessibleSchool ? .accessibleSchool : .resourceBase
        let schoolName = school?.name ?? chain.last?.name ?? listedAs
        let name = isAccessibleSchool ? "\(schoolName) (fully accessible in 2012)" : "\(heading) base at \(schoolName)"
        var entry = Entry(
            id: ID("listed-2012-\(urn)-\(slug)"), kind: kind, sector: .education, name: name,
            standing: school == nil ? .closed(noted: Sources.strategy, successor: nil) : .listedIn2012)
        let list = Provenance("strategy-2012", asOf: Sources.strategy)
        entry.urn = school?.urn
        entry.host = school?.id
        entry.help = [HelpCode(isAccessibleSchool ? "accessible-school" : "resource-base")]
        entry.needs = needs.isEmpty ? .unknown : .listedIn2012(needs)
        entry.summary = summary(in: school, chain)
        entry.ages = school?.ages
        entry.address = school?.address ?? Address()
        entry.facts = [.name: list, .kind: list, .status: list, .summary: list]
        if !needs.isEmpty { entry.facts[.needs] = list }
        for field in [Field.ages, .address, .point] { entry.facts[field] = school?.facts[field] }
        return entry
    }

    private func summary(in school: Entry?, _ chain: [Establishment]) -> String {
        var text = "The city’s strategy of November 2012 lists “\(listedAs)” under “\(heading)”. \(howMatched)"
        if chain.count > 1 {
            let steps = chain.dropFirst().map(\.name)
            text += " The register has since followed it to \(steps.joined(separator: ", then "))."
        }
        if school == nil { text += " No school open today follows from it." }
        return text
    }
}

/// Who took the place of whom.
public struct Successions: Sendable {
    private let next: [URN: URN]

    public init(_ links: [SchoolLink]) {
        next = Dictionary(
            links.filter(\.isToSuccessor).sorted {
                ($0.since ?? Day.range.lowerBound) < ($1.since ?? Day.range.lowerBound)
            }
            .map { ($0.urn, $0.other) }, uniquingKeysWith: { _, later in later })
    }

    /// The last that took the place of this one, or nil.
    public func last(after urn: URN) -> URN? { chain(from: urn).dropFirst().last }

    /// The establishment and each that followed it, to the last.
    public func chain(from urn: URN) -> [URN] {
        var chain = [urn]
        while let last = chain.last, let following = next[last], !chain.contains(following) { chain.append(following) }
        return chain
    }
}
