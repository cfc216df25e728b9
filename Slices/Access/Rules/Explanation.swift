/// One part of a record: whether somebody may see or change it, by which rule, in words a parent can read.
public struct Explanation: Hashable, Sendable {
    public let data: DataClass
    public let isPermitted: Bool
    /// The rule that decided; nil where none permits, which denies as well.
    public let rule: String?
    public let words: String
    public let source: String?
}

extension Policy {
    /// What these facts allow, each part of a record in turn, with the rule that decides.
    public func explain(_ verb: Verb, _ facts: Facts) -> [Explanation] {
        let decision = decide(verb, facts)
        return DataClass.allCases.map { data in
            let permit = decision.permitted[data]?.rule
            let row = (permit ?? decision.forbidden[data]).flatMap { id in rows.first { $0.id == id } }
            return Explanation(
                data: data, isPermitted: permit != nil, rule: row?.id,
                words: row?.words ?? nothingPermits(facts), source: row?.source)
        }
    }

    /// Why nothing is allowed where no rule speaks.
    private func nothingPermits(_ facts: Facts) -> String {
        if facts.roles.isEmpty { return "No role is held now." }
        if facts.relationships.isEmpty { return "Nothing on record says that they have to do with this person now." }
        return "No rule allows it."
    }
}
