import Access
import Kernel

/// What one source says of one fact.
public struct Statement: Hashable, Sendable {
    public let fact: String
    public let value: String
    public let source: String
    /// The day of the extract that said it.
    public let asOf: Day
    /// The number of the record that says it.
    public let record: Int
    public let data: DataClass

    public init(fact: String, value: String, source: String, asOf: Day, record: Int, data: DataClass) {
        (self.fact, self.value, self.source) = (fact, value, source)
        (self.asOf, self.record, self.data) = (asOf, record, data)
    }
}

/// One fact about a child: which value is shown, by which rule, and who says otherwise.
public struct Settled: Hashable, Sendable {
    public let fact: String
    public let chosen: Statement
    /// Those who say the same, the chosen one among them.
    public let agreeing: [Statement]
    public let otherwise: [Statement]
    /// Why this value and no other, in words for a parent.
    public let why: String
    /// The rule that decided.
    public let rule: String
}

extension FeedBook {
    /// Facts of which a child has one: what all sources say of each is settled by the order of trust.
    ///
    /// Rule `trust/FACT`: the first source of the row that says anything wins, its newest word; where the row names
    /// none, whoever was told last. Nothing is overwritten: the others are shown beside.
    public func settle(_ statements: [Statement]) -> [Settled] {
        let byFact = Dictionary(grouping: statements.filter { trust[$0.fact] != nil }, by: \.fact)
        return byFact.keys.sorted().compactMap { fact in
            guard let rule = trust[fact], let said = byFact[fact] else { return nil }
            let rank = Dictionary(
                rule.sources.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
            let last = rule.sources.count
            let sorted = said.sorted { one, other in
                let (mine, theirs) = (rank[one.source] ?? last, rank[other.source] ?? last)
                if mine != theirs { return mine < theirs }
                if one.asOf != other.asOf { return one.asOf > other.asOf }
                return (one.source, one.record) < (other.source, other.record)
            }
            guard let chosen = sorted.first else { return nil }
            let agreeing = sorted.filter { isSame($0.value, chosen.value) }
            let otherwise = sorted.filter { !isSame($0.value, chosen.value) }
            return Settled(
                fact: fact, chosen: chosen, agreeing: agreeing, otherwise: otherwise, why: rule.why,
                rule: "trust/\(fact)")
        }
    }

    /// Whether two values say the same but for letters and spaces.
    private func isSame(_ one: String, _ other: String) -> Bool {
        one == other || one.lowercased().filter { !$0.isWhitespace } == other.lowercased().filter { !$0.isWhitespace }
    }
}

/// Finds children whom several agencies know and for whom nobody is the lead (OFF-13).
///
/// Rule `lead/1`, published: records of two or more agencies, none of which names a lead, of somebody alive and under
/// 26. A person looks before anybody is asked; then a key worker is offered.
public enum LeadRule {
    public static let id = "lead/1"
    public static let words =
        "Known to two or more agencies, and none of them names a lead. Somebody looks at each case; then a key "
        + "worker is offered. The rule looks at nothing else: no score, no guess about the family."

    /// - Parameters:
    ///   - agencies: the agencies with a record now.
    ///   - leads: whom they name as lead.
    public static func needsLead(agencies: Set<String>, leads: Set<String>, hasKeyWorker: Bool) -> Bool {
        agencies.count >= 2 && leads.isEmpty && !hasKeyWorker
    }
}
