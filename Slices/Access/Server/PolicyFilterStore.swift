import Access
import Kernel
import Storage

/// The policy as a condition that the database itself applies, so that no list, count or search ever holds what is then
/// taken out of it. It says exactly what `Policy.decide` says: tests hold the two against each other.
extension Policy {
    /// True for the persons of whom the scope’s actor may see or change this class.
    ///
    /// - Parameter column: where the query has the person’s identifier.
    public func people(_ verb: Verb, _ data: DataClass, for scope: Scope, column: SQL) -> SQL {
        let roles = Set(scope.roles.compactMap(Role.init(rawValue:)))
        let ways = ways(verb, data, roles, scope)
        guard !ways.isEmpty else { return "1 = 0" }
        return """
            EXISTS (
                SELECT 1 FROM relationship way
                WHERE way.account = \(scope.actor.id) AND way.subject = \(column) AND way.starts <= \(scope.at)
                    AND (way.ends IS NULL OR way.ends > \(scope.at))
                    AND (\(SQL.joined(ways, by: " OR "))))
            """
    }

    /// The persons to whom the scope’s actor stands in any way now: what a list begins from, so that it does not grow
    /// with the city.
    public static func related(to scope: Scope) -> SQL {
        """
        SELECT DISTINCT subject FROM relationship
        WHERE account = \(scope.actor.id) AND starts <= \(scope.at) AND (ends IS NULL OR ends > \(scope.at))
        """
    }

    /// For each role that a permit names: the permit, and none of what forbids it.
    private func ways(_ verb: Verb, _ data: DataClass, _ roles: Set<Role>, _ scope: Scope) -> [SQL] {
        let forbids = rows(permitting: false, verb, data)
        return rows(permitting: true, verb, data).flatMap { permit in
            permit.roles.intersection(roles).sorted().map { role in
                let against = forbids.filter { $0.roles.contains(role) }.map { forbid -> SQL in
                    "NOT (\(kinds(forbid.relationships)) AND \(Self.sql(forbid.condition, data, scope)))"
                }
                let all = [kinds(permit.relationships), Self.sql(permit.condition, data, scope)] + against
                return "(\(SQL.joined(all, by: " AND ")))"
            }
        }
    }

    private func kinds(_ kinds: Set<RelationshipKind>) -> SQL { "way.kind IN \(kinds.sorted().map(\.rawValue))" }

    private static func sql(_ condition: Condition, _ data: DataClass, _ scope: Scope) -> SQL {
        let now = scope.at
        switch condition {
        case .always: return "1 = 1"
        case .beforeRightsPass:
            let represents = AccessStore.represents(by: scope.actor.id, at: now)
            let matters = Matter.allCases.filter { $0.opens.contains(data) }.map(\.rawValue)
            let acts: SQL =
                matters.isEmpty
                ? "" : " OR EXISTS (\(represents) AND acts.subject = way.subject AND acts.matter IN \(matters))"
            return """
                EXISTS (SELECT 1 FROM access_subject about
                    WHERE about.id = way.subject AND (about.rights_pass > \(now.dayInEngland)\(acts)))
                """
        case .afterRightsPass:
            return """
                EXISTS (SELECT 1 FROM access_subject about
                    WHERE about.id = way.subject AND about.rights_pass <= \(now.dayInEngland))
                """
        case .familyToo:
            let family = RelationshipKind.asFamily.sorted().map(\.rawValue)
            return """
                EXISTS (SELECT 1 FROM relationship kin
                    WHERE kin.account = \(scope.actor.id) AND kin.subject = way.subject AND kin.kind IN \(family)
                        AND kin.starts <= \(now) AND (kin.ends IS NULL OR kin.ends > \(now)))
                """
        case .restricted(let extent):
            return """
                EXISTS (SELECT 1 FROM restriction kept
                    WHERE (kept.account = way.account
                            OR kept.account IN (\(AccessStore.namers(of: "way.account", to: "way.subject", at: now))))
                        AND kept.subject = way.subject AND kept.extent = \(extent)
                        AND kept.decided <= \(now) AND (kept.ended IS NULL OR kept.ended > \(now)))
                """
        case .label(let label), .olderThan(let label):
            let older: SQL = if case .olderThan = condition { " AND way.starts < mark.decided" } else { "" }
            return """
                EXISTS (SELECT 1 FROM subject_label mark
                    WHERE mark.subject = way.subject AND mark.label = \(label) AND mark.decided <= \(now)
                        AND (mark.ended IS NULL OR mark.ended > \(now))\(older))
                """
        }
    }
}
