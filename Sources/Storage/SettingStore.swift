import Kernel

/// What is set about this copy of the program: that it is a demonstration, say.
public enum Settings {
    /// Set to the mark of the demonstration city that this data folder holds.
    public static let demonstration = "demonstration"

    /// The address by which browsers reach this site, such as `https://send.example.gov.uk`.
    public static let siteAddress = "site.address"

    /// `yes` where mail waits, since no way to send it is set: then people are told by people.
    public static let mailWaits = "mail.waits"

    /// Set once, when the database is made: 32 hex figures that no other database has.
    public static let database = "database"

    public static func value(_ name: String, in tx: any Transaction) throws -> String? {
        try tx.row("SELECT value FROM setting WHERE name = \(name)").map { try $0.get("value") }
    }

    /// Sets it, and says so in the journal, where it was not so already.
    public static func set(_ name: String, to value: String, in tx: any WriteTransaction) throws {
        guard try self.value(name, in: tx) != value else { return }
        try tx.run(
            """
            INSERT INTO setting (name, value) VALUES (\(name), \(value))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
        tx.record(Event("setting.changed", subject: name))
    }
}
