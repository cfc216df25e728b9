import Kernel
import Storage

/// Invented children of the city, for what a demonstration says of some of them.
enum DemoChildren {
    /// Pupils whose school gives them support, by the school’s own numbers of their records: the same in every copy of
    /// one city.
    static func withNeeds(limit: Int, in tx: any Transaction) throws -> [(ref: String, person: String)] {
        try tx.rows(
            """
            SELECT held_record.ref, held_record.person
            FROM held_record JOIN held_part ON held_part.record = held_record.number
                JOIN linked_person ON linked_person.person = held_record.person
            WHERE held_record.source = 'school-census' AND held_record.gone IS NULL AND held_record.compartment = ''
                AND held_part.class = 'education' AND held_part.until IS NULL
                AND (held_part.cells LIKE 'sen_provision=K%' OR held_part.cells LIKE \("%\nsen_provision=K%"))
            ORDER BY held_record.ref LIMIT \(limit)
            """
        ).map { (try $0.get("ref"), try $0.get("person")) }
    }
}
