import Access
import AccessServer
import Kernel
import People
import Storage

extension PeopleStore {
    /// Those who have died and whose name the actor may see, by name, with the day.
    func closed(limit: Int) throws -> [(person: Person, died: Day)] {
        try tx.rows(
            """
            SELECT person.id, given, family, born, version, death.day AS died
            FROM (\(Policy.related(to: scope))) near JOIN person ON person.id = near.subject
                JOIN death ON death.person = person.id AND death.undone IS NULL
            WHERE \(policy.people(.see, .identity, for: scope, column: "person.id"))
            ORDER BY family, given, person.id LIMIT \(limit)
            """
        ).map { row in (try Self.person(row), try row.get("died")) }
    }
}

extension People {
    /// True for a person who is not known to have died: what every list, count and forecast joins.
    ///
    /// - Parameter column: where the query has the person’s identifier; true also where it is null.
    public static func living(_ column: SQL) -> SQL {
        "NOT EXISTS (SELECT 1 FROM death WHERE death.person = \(column) AND death.undone IS NULL)"
    }

    /// The death of a person; nil where none is entered, or it was undone.
    public static func death(of person: String, in tx: any Transaction) throws -> Death? {
        try tx.row(
            """
            SELECT id, day, source, confirmer, made, recorder FROM death WHERE person = \(person) AND undone IS NULL
            """
        ).map { row in
            Death(
                id: ID(try row.get("id", as: String.self)), day: try row.get("day"), source: try row.get("source"),
                confirmer: try row.get("confirmer"), made: try row.get("made"), recorder: try row.get("recorder"))
        }
    }

    static func born(_ person: String, in tx: any Transaction) throws -> Day? {
        try tx.row("SELECT born FROM person WHERE id = \(person)").map { try $0.get("born") }
    }

    /// The birthday of a person whose record is not sealed; nil where there is none by this reference.
    static func birthday(of reference: String, in tx: any Transaction) throws -> Day? {
        try tx.row("SELECT born FROM person WHERE id = \(reference) AND \(AccessStore.unsealed("person.id"))")
            .map { try $0.get("born") }
    }
}

/// Entering a death, and taking the entry back.
enum Deaths {
    /// Why nothing may be said about somebody, as it stands with the silence.
    static let cause = "death"

    /// Enters a death: in one write every message about the person stops, those that wait and those to come, the record
    /// is closed, and the officers of the case are told without a name. Nothing happens where it is entered already.
    static func record(_ death: Death, of person: String, in tx: any WriteTransaction) throws {
        guard try People.death(of: person, in: tx) == nil else { return tx.record(.housekeeping) }
        try tx.run(
            """
            INSERT INTO death (id, person, day, source, confirmer, recorder, made)
            VALUES (\(death.id), \(person), \(death.day), \(death.source), \(death.confirmer), \(death.recorder),
                \(death.made))
            """)
        let stopped = try Silence.begin(about: person, because: cause, in: tx)
        try AccessStore.label(person, .died, in: tx)
        try AccessStore.holdRights(of: person, in: tx)
        tx.record(Event("person.death-entered", subject: person, detail: "death=\(death.id.text);stopped=\(stopped)"))
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers {
            try Outbox.post(
                .mail, to: address, title: DeathMail.title, body: DeathMail.entered, owner: Role.teamManager.rawValue,
                about: nil, in: tx)
        }
        if officers.isEmpty {
            try Reviewers.tell(DeathMail.title, DeathMail.nobodyOfTheCase, to: [.teamManager], in: tx)
        }
    }

    /// Takes an entry back: all that it stopped goes on, but for what its day has passed of meanwhile.
    static func undo(
        _ death: Death, of person: String, by undoer: String, because reason: String, in tx: any WriteTransaction
    )
        throws
    {
        try tx.run(
            """
            UPDATE death SET undone = \(tx.now), undoer = \(undoer), reason = \(reason)
            WHERE id = \(death.id) AND undone IS NULL
            """)
        try AccessStore.remove(.died, of: person, in: tx)
        if let born = try People.born(person, in: tx) { try AccessStore.keep(subject: person, born: born, in: tx) }
        let again = try Silence.end(about: person, because: cause, in: tx)
        tx.record(Event("person.death-undone", subject: person, detail: "death=\(death.id.text);again=\(again)"))
        for address in try AccessStore.officersToTell(of: person, in: tx) {
            try Outbox.post(
                .mail, to: address, title: "A record that was closed is open again", body: DeathMail.undone,
                owner: Role.teamManager.rawValue, about: nil, in: tx)
        }
    }
}

/// What officers are told. It names nobody: a mailbox may be shared.
enum DeathMail {
    static let title = "A record of yours was closed"

    static let entered = """
        A death was entered in a record whose case is yours. From this moment nothing leaves Continuum about this \
        person: no letter, no reminder, no link.

        Please do now what no program can: tell the key worker and everybody who works with the family, so that no \
        call or letter of theirs reaches it. Appointments, transport and equipment that others have booked are theirs \
        to stop.

        Sign in to see whose record it is, under People, “Records closed after a death”. If it was entered in error, \
        it is undone there.
        """

    static let nobodyOfTheCase = """
        A death was entered in a record whose case is nobody’s who can be reached by mail. Nothing leaves Continuum \
        about this person any more. Somebody has to tell those who work with the family. The journal of today names \
        the record, under person.death-entered.
        """

    static let undone = """
        A death that was entered in error was taken back, in a record whose case is yours. The record is open as \
        before, and messages that waited are sent, but for those whose day has passed. If the family could have \
        learned of the error, please speak to them yourself.
        """
}

extension Death.Source: Storable {}
