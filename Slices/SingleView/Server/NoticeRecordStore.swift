import Access
import Cryptography
import Kernel
import Notices
import NoticesServer
import SingleView
import Storage

/// Early notices as records of the Single View: what a health body wrote of a child is compared with what others hold,
/// and the notice follows its record to the child’s page (EYS-1, INF-4).
public enum NoticeRecords {
    /// The source of early notices.
    static let source = "notices"

    /// Keeps what was received as a record, and has it linked within seconds.
    public static let listener: NoticeListener = { received, tx in
        let parts = parts(of: received)
        let digest = String(
            Sodium.sha256(Array(parts.map { "\($0.0.rawValue)\n\($0.1)" }.joined().utf8)).prefix(32))
        let today = tx.now.dayInEngland
        let store = FeedStore(tx: tx, scope: .operation)
        let held = try tx.row(
            "SELECT number FROM held_record WHERE source = \(source) AND ref = \(received.id)"
        )?.get("number", as: Int.self)
        var adding = FeedStore.Adding(delivery: received.id, asOf: today)
        let number = try held ?? store.lastNumber() + 1
        if held == nil {
            try adding.add(number, source, .health, ref: received.id, digest: digest, person: nil, in: tx)
            for (data, cells) in parts { try adding.add(part: data, of: number, version: 1, cells, in: tx) }
        } else {
            let before = try store.parts(of: number)
            for (data, now) in before {
                guard !parts.contains(where: { $0.0.rawValue == data && $0.1 == now.cells }) else { continue }
                try FeedStore.close(part: data, of: number, version: now.version, on: today, in: tx)
            }
            for (data, cells) in parts where before[data.rawValue]?.cells != cells {
                let last = try RecordStore.lastVersion(of: number, data, in: tx)
                try adding.add(part: data, of: number, version: last + 1, cells, in: tx)
            }
            try FeedStore.change(number, digest: digest, asOf: today, delivery: received.id, in: tx)
        }
        try adding.finish(in: tx)
        tx.record(Event(SingleViewEvents.noticed, subject: received.id, detail: "record=\(number)"))
        try Work.add(SingleViewJobs.link, about: received.id, due: tx.now, in: tx)
    }

    /// What the notice says of the child, by class. What it says of the parent is no fact about the child.
    private static func parts(of received: ReceivedNotice) -> [(DataClass, String)] {
        let (notice, child) = (received.notice, received.notice.child)
        let sex: String =
            switch child.sex {
            case .female: "F"
            case .male: "M"
            default: ""
            }
        let identity = [
            ("given", child.given), ("family", child.family), ("born", child.born.iso), ("sex", sex),
            ("nhs_number", child.nhsNumber?.text ?? ""),
        ]
        let location = [
            ("address", child.address), ("postcode", child.postcode?.text ?? ""), ("phone", child.telephone),
        ]
        let needs = notice.needs.prefix(3).enumerated().map { ("need_\($0.offset + 1)", $0.element.code) }
        let health = needs + [("noticed", received.attention.iso)]
        return [(.identity, identity), (.location, location), (.health, health)].compactMap { data, cells in
            let filled = cells.filter { !$0.1.isEmpty }
            return filled.isEmpty ? nil : (data, Cells.text(filled))
        }
    }

    /// Attaches the notices among these records to the persons whose the records are now, where those are there yet.
    static func follow(_ records: [Int], in tx: any WriteTransaction) throws {
        let found = try tx.rows(
            """
            SELECT ref, person FROM held_record
            WHERE source = \(source) AND number IN \(records)
                AND EXISTS (SELECT 1 FROM person WHERE person.id = held_record.person)
            """)
        for row in found { try Notices.attach(row.get("ref"), to: row.get("person"), in: tx) }
    }
}
