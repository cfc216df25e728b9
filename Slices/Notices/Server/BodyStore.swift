import Credentials
import Cryptography
import Kernel
import Notices
import Storage
import Web

/// A health body that gives notices, and where it is written to.
public struct NoticeBody: Hashable, Sendable {
    public let id: String
    public let name: String
    public let kind: BodyKind
    /// The address for mail to which it is acknowledged and chased: nobody’s own, and read every working day.
    public let contact: String
}

/// A key that a program of a body shows. The secret itself is kept nowhere.
struct NoticeKey: Sendable {
    let id: String
    let made: Instant
    let ended: Instant?
}

extension BodyKind: Storable {}

/// Health bodies and the keys of their programs.
public enum Bodies {
    /// By its key a program is its body, as long as the key is not taken back.
    static let door = KeyDoor("agency key for notices") { secret in
        "SELECT id AS holder FROM notice_key WHERE secret = \(hash(secret)) AND ended IS NULL"
    }

    /// Adds a body, or puts its kind and contact right; by its name it is the same.
    ///
    /// - Returns: its identifier.
    @discardableResult
    public static func keep(
        _ name: String, _ kind: BodyKind, contact: String, in tx: any WriteTransaction
    ) throws -> String {
        let held = try body(named: name, in: tx)
        if let held, held.kind == kind, held.contact == contact {
            tx.record(.housekeeping)
            return held.id
        }
        let id = held?.id ?? "body-\(Sodium.hex(Sodium.random(8)))"
        try tx.run(
            """
            INSERT INTO notice_body (id, name, kind, contact) VALUES (\(id), \(name), \(kind), \(contact))
            ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, contact = excluded.contact
            """)
        tx.record(Event(held == nil ? "notice-body.added" : "notice-body.changed", subject: id))
        return id
    }

    /// All bodies, by name.
    static func all(in tx: any Transaction) throws -> [NoticeBody] {
        try tx.rows("SELECT id, name, kind, contact FROM notice_body ORDER BY name").map(body)
    }

    static func body(_ id: String, in tx: any Transaction) throws -> NoticeBody? {
        try tx.row("SELECT id, name, kind, contact FROM notice_body WHERE id = \(id)").map(body)
    }

    static func body(named name: String, in tx: any Transaction) throws -> NoticeBody? {
        try tx.row("SELECT id, name, kind, contact FROM notice_body WHERE name = \(name)").map(body)
    }

    /// The body whose key this is.
    static func body(ofKey key: String, in tx: any Transaction) throws -> NoticeBody? {
        try tx.row(
            """
            SELECT notice_body.id, name, kind, contact
            FROM notice_key JOIN notice_body ON notice_body.id = notice_key.body WHERE notice_key.id = \(key)
            """
        ).map(body)
    }

    /// Makes a key for the programs of a body.
    ///
    /// - Returns: the key’s identifier, and its secret of 256 random bits, which leaves here once.
    static func newKey(for body: NoticeBody, in tx: any WriteTransaction) throws -> (id: String, secret: String) {
        let (id, secret) = ("key-\(Sodium.hex(Sodium.random(8)))", RandomText.make())
        try tx.run(
            "INSERT INTO notice_key (id, body, secret, made) VALUES (\(id), \(body.id), \(hash(secret)), \(tx.now))")
        tx.record(Event("notice-key.made", subject: id, detail: "body=\(body.id)"))
        return (id, secret)
    }

    static func keys(of body: NoticeBody, in tx: any Transaction) throws -> [NoticeKey] {
        try tx.rows("SELECT id, made, ended FROM notice_key WHERE body = \(body.id) ORDER BY made, id").map { row in
            NoticeKey(id: try row.get("id"), made: try row.get("made"), ended: try row.optional("ended"))
        }
    }

    /// Takes a key back: from then on it opens nothing.
    ///
    /// - Returns: false where there is no such key that holds.
    static func endKey(_ id: String, in tx: any WriteTransaction) throws -> Bool {
        guard try tx.row("SELECT id FROM notice_key WHERE id = \(id) AND ended IS NULL") != nil else {
            tx.record(.housekeeping)
            return false
        }
        try tx.run("UPDATE notice_key SET ended = \(tx.now) WHERE id = \(id)")
        tx.record(Event("notice-key.ended", subject: id))
        return true
    }

    private static func hash(_ secret: String) -> String { Sodium.sha256(Array("notice key \(secret)".utf8)) }

    private static func body(_ row: Row) throws -> NoticeBody {
        NoticeBody(
            id: try row.get("id"), name: try row.get("name"), kind: try row.get("kind"),
            contact: try row.get("contact"))
    }
}
