import Kernel
import Storage

/// Every line of SQL that reads what people said is wrong, and the counts of searches that found nothing.
struct ReportStore {
    let tx: any Transaction
    let scope: Scope

    /// The setting that says to whom reports are sent by mail.
    static let recipient = "offer.reports-to"

    struct Report: Hashable, Sendable {
        let id, at, about, words: String
        let contact: String?
    }

    /// What was said, newest first.
    func reports() throws -> [Report] {
        try tx.rows("SELECT id, at, about, words, contact FROM report ORDER BY at DESC, id").map { row in
            Report(
                id: try row.get("id"), at: try row.get("at"), about: try row.get("about"), words: try row.get("words"),
                contact: try row.optional("contact"))
        }
    }

    struct EmptySearches: Hashable, Sendable {
        let month, need, ageBand, ward: String
        let searches: Int
    }

    /// How many searches found nothing, by month, need, age band and ward.
    func emptySearches() throws -> [EmptySearches] {
        try tx.rows(
            """
            SELECT month, need, age_band, ward, searches
            FROM empty_search
            ORDER BY month DESC, searches DESC, need, ward
            """
        ).map { row in
            EmptySearches(
                month: try row.get("month"), need: try row.get("need"), ageBand: try row.get("age_band"),
                ward: try row.get("ward"), searches: try row.get("searches"))
        }
    }
}

extension WriteTransaction {
    func addReport(id: String, about: String, words: String, contact: String?) throws {
        try run(
            """
            INSERT INTO report (id, at, about, words, contact)
            VALUES (\(id), \(now), \(about), \(words), \(contact))
            """)
        record(Event(OfferEvents.reportReceived, subject: id))
        guard let address = try Settings.value(ReportStore.recipient, in: self) else { return }
        let page = about.isEmpty ? "" : "About the page \(about)\n\n"
        let answer = contact.map { "\n\nThey can be reached by: \($0)" } ?? ""
        try Outbox.post(
            .mail, to: address, title: "Something is said to be wrong in the Local Offer",
            body: page + words + answer, owner: "local-offer-editor", about: nil, in: self)
    }

    func addEmptySearches(month: String, need: String, ageBand: String, ward: String, _ searches: Int) throws {
        try run(
            """
            INSERT INTO empty_search (month, need, age_band, ward, searches)
            VALUES (\(month), \(need), \(ageBand), \(ward), \(searches))
            ON CONFLICT (month, need, age_band, ward) DO UPDATE SET searches = empty_search.searches + excluded.searches
            """)
    }
}
