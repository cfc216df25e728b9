import Kernel

/// Who may see and change what, as rows that a person can read. What no row permits is denied, and a row that forbids
/// wins over all that permit.
public struct Policy: Sendable {
    /// When a row counts.
    public enum Condition: Hashable, Sendable {
        case always
        /// Also after they passed, to somebody who acts for a young person without capacity, as far as that goes.
        case beforeRightsPass
        case afterRightsPass
        /// A named person is kept from this, by a recorded decision.
        case restricted(Extent)
        case label(Label)
        /// Whoever stands to the person as a parent, or acts for one, in whatever other way they stand to them too.
        case familyToo
        /// The relationship began before the label was decided.
        case olderThan(Label)
    }

    public struct Row: Hashable, Sendable {
        public let id: String
        public let permits: Bool
        public let roles: Set<Role>
        public let relationships: Set<RelationshipKind>
        public let purpose: Purpose?
        public let verbs: Set<Verb>
        public let classes: Set<DataClass>
        public let condition: Condition
        /// One sentence that a parent can read.
        public let words: String
        /// The law or decision that it rests on.
        public let source: String
    }

    public let rows: [Row]
    private let found: [Key: [Row]]

    private struct Key: Hashable {
        let permits: Bool
        let verb: Verb
        let data: DataClass
    }

    public init(rows: [Row]) {
        self.rows = rows
        var found: [Key: [Row]] = [:]
        for row in rows {
            for verb in row.verbs {
                for data in row.classes {
                    found[Key(permits: row.permits, verb: verb, data: data), default: []].append(row)
                }
            }
        }
        self.found = found
    }

    /// The rows of one kind that speak of this class and verb, in their order.
    public func rows(permitting: Bool, _ verb: Verb, _ data: DataClass) -> [Row] {
        found[Key(permits: permitting, verb: verb, data: data)] ?? []
    }
}

/// What is known of somebody and a person, now: all that a decision rests on.
public struct Facts: Hashable, Sendable {
    public struct Relationship: Hashable, Sendable {
        public let kind: RelationshipKind
        public let starts: Instant
        public init(_ kind: RelationshipKind, starts: Instant) { (self.kind, self.starts) = (kind, starts) }
    }

    public var roles: Set<Role>
    public var relationships: Set<Relationship>
    public var restrictions: Set<Extent>
    /// When each label was decided.
    public var labels: [Label: Instant]
    /// Whether the rights are the young person’s; nil where nobody knows, and neither counts.
    public var haveRightsPassed: Bool?
    /// The kinds of decision in which this account acts for the young person, by a decision on capacity that holds.
    ///
    /// - Law: SEND Regulations 2014, regulation 64: for a young person who lacks capacity, the alternative person acts.
    public var represents: Set<Matter>

    public init(
        roles: Set<Role> = [], relationships: Set<Relationship> = [], restrictions: Set<Extent> = [],
        labels: [Label: Instant] = [:], haveRightsPassed: Bool? = nil, represents: Set<Matter> = []
    ) {
        (self.roles, self.relationships, self.restrictions) = (roles, relationships, restrictions)
        (self.labels, self.haveRightsPassed, self.represents) = (labels, haveRightsPassed, represents)
    }
}

/// What was decided, and by which rows.
public struct Decision: Hashable, Sendable {
    public struct Ground: Hashable, Sendable {
        public let rule: String
        public let purpose: Purpose
        public let relationship: RelationshipKind
    }

    /// Each class that is permitted, with the row that permits it.
    public internal(set) var permitted: [DataClass: Ground] = [:]
    /// Each class that a row would permit and another forbids, with the one that forbids.
    public internal(set) var forbidden: [DataClass: String] = [:]

    /// Whether all of these are permitted; false where none is asked for.
    public func permits(_ classes: [DataClass]) -> Bool {
        !classes.isEmpty && classes.allSatisfy { permitted[$0] != nil }
    }
}

extension Policy {
    /// What these facts allow.
    public func decide(_ verb: Verb, _ facts: Facts) -> Decision {
        var decision = Decision()
        for data in DataClass.allCases {
            let (permits, forbids) = (rows(permitting: true, verb, data), rows(permitting: false, verb, data))
            for (role, relationship) in paths(facts) {
                guard let permit = permits.first(where: { $0.counts(role, relationship, facts, data) }),
                    let purpose = permit.purpose
                else { continue }
                if let forbid = forbids.first(where: { $0.counts(role, relationship, facts, data) }) {
                    decision.forbidden[data] = decision.forbidden[data] ?? forbid.id
                } else if decision.permitted[data] == nil {
                    decision.permitted[data] = Decision.Ground(
                        rule: permit.id, purpose: purpose, relationship: relationship.kind)
                }
            }
            if decision.permitted[data] != nil { decision.forbidden[data] = nil }
        }
        return decision
    }

    /// Each way in which somebody stands to the person: a role with a relationship, always in the same order.
    private func paths(_ facts: Facts) -> [(Role, Facts.Relationship)] {
        let relationships = facts.relationships.sorted { ($0.kind, $0.starts) < ($1.kind, $1.starts) }
        return facts.roles.sorted().flatMap { role in relationships.map { (role, $0) } }
    }
}

extension Policy.Row {
    func counts(_ role: Role, _ relationship: Facts.Relationship, _ facts: Facts, _ data: DataClass) -> Bool {
        roles.contains(role) && relationships.contains(relationship.kind) && holds(relationship, facts, data)
    }

    private func holds(_ relationship: Facts.Relationship, _ facts: Facts, _ data: DataClass) -> Bool {
        switch condition {
        case .always: true
        case .beforeRightsPass:
            facts.haveRightsPassed == false
                || facts.haveRightsPassed == true && facts.represents.contains { $0.opens.contains(data) }
        case .afterRightsPass: facts.haveRightsPassed == true
        case .restricted(let extent): facts.restrictions.contains(extent)
        case .familyToo: facts.relationships.contains { RelationshipKind.asFamily.contains($0.kind) }
        case .label(let label): facts.labels[label] != nil
        case .olderThan(let label): facts.labels[label].map { relationship.starts < $0 } ?? false
        }
    }
}
