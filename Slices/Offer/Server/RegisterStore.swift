import Kernel
import Offer
import Storage

/// Every line of SQL that reads the register: all establishments, and who took the place of whom.
struct RegisterStore {
    let tx: any Transaction
    let scope: Scope

    func establishments() throws -> [Establishment] {
        try tx.rows("SELECT urn, name, phase, status FROM establishment ORDER BY urn").map { row in
            Establishment(
                urn: try row.get("urn"), name: try row.get("name"),
                phase: try row.optional("phase", as: String.self).map { try Phase(name: $0) },
                status: try row.get("status"))
        }
    }

    func establishment(_ urn: URN) throws -> Establishment? {
        try tx.row("SELECT urn, name, phase, status FROM establishment WHERE urn = \(urn)").map { row in
            Establishment(urn: try row.get("urn"), name: try row.get("name"), phase: nil, status: try row.get("status"))
        }
    }

    func links() throws -> [SchoolLink] {
        try tx.rows("SELECT urn, other, other_name, kind, since FROM school_link ORDER BY urn, other, kind").map {
            row in
            SchoolLink(
                urn: try row.get("urn"), other: try row.get("other"), otherName: try row.get("other_name"),
                kind: try row.get("kind"), since: try row.optional("since"))
        }
    }
}

extension WriteTransaction {
    func save(_ establishment: Establishment) throws {
        try run(
            """
            INSERT INTO establishment (urn, name, phase, status)
            VALUES (\(establishment.urn), \(establishment.name), \(establishment.phase?.name), \(establishment.status))
            ON CONFLICT (urn) DO UPDATE SET name = excluded.name, phase = excluded.phase, status = excluded.status
            """)
    }

    func save(_ link: SchoolLink) throws {
        try run(
            """
            INSERT INTO school_link (urn, other, other_name, kind, since)
            VALUES (\(link.urn), \(link.other), \(link.otherName), \(link.kind), \(link.since))
            ON CONFLICT (urn, other, kind) DO UPDATE SET other_name = excluded.other_name, since = excluded.since
            """)
    }
}
