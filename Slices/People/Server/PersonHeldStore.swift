import Access
import AccessServer
import Kernel
import People
import Storage

/// What the council itself holds of a person, as far as the scope’s actor may see it: what is held and may not be seen
/// looks as if it were not held.
public struct HeldByCouncil: Sendable {
    public let person: Person
    public let whereabouts: Whereabouts?
    /// Own words, the newest first, each with who wrote it, by what they are.
    public let words: [(entry: OwnEntry, who: String)]
    /// Who judged that a child understands what it means to keep something from their parents.
    public let judge: String?
    /// What families said of the details held, the newest first.
    public let answers: [DetailsAnswer]
    public let mayReadWords: Bool
    public let maySeeLooks: Bool
    public let looks: [Look]
    /// The classes of what is here, for the journal.
    public let classes: Set<DataClass>

    /// Reads it, in the transaction of the page; nil where there is nobody of whom the actor may know.
    ///
    /// - Parameter looksLimit: the most looks that are read, the newest first.
    public static func read(
        _ id: ID<Person>, _ policy: Policy, _ scope: Scope, looksLimit: Int, in tx: any Transaction
    ) throws -> HeldByCouncil? {
        let people = PeopleStore(tx: tx, scope: scope, policy: policy)
        guard let person = try people.person(id) else { return nil }
        let own = OwnWordsStore(tx: tx, scope: scope, policy: policy)
        let whereabouts = try people.whereabouts(id)
        let words = try own.entries(id, limit: most).map { ($0, try Looks.who($0.author, in: tx)) }
        let answers = try people.answersForReader(id)
        let maySeeLooks = try people.may(.see, .looks, of: id)
        let looks =
            maySeeLooks
            ? try Looks.looks(
                PeopleEvents.looks, at: id.text, seeing: try people.classes(of: id), limit: looksLimit, in: tx) : []
        var classes: Set<DataClass> = [.identity]
        if whereabouts != nil { classes.insert(.location) }
        if !words.isEmpty || !answers.isEmpty { classes.insert(.ownWords) }
        if maySeeLooks { classes.insert(.looks) }
        return HeldByCouncil(
            person: person, whereabouts: whereabouts, words: words, judge: try own.judge(id), answers: answers,
            mayReadWords: try people.may(.see, .ownWords, of: id), maySeeLooks: maySeeLooks, looks: looks,
            classes: classes)
    }

    /// The most own entries and answers that are read.
    static let most = 10_000
}

extension PeopleStore {
    /// What families said of the details held, for whoever may read own words and know where the person is: an answer
    /// about an address tells it.
    fileprivate func answersForReader(_ id: ID<Person>) throws -> [DetailsAnswer] {
        try tx.rows(
            """
            SELECT at, is_right, words FROM details_answer
            WHERE person = \(id.text)
                AND \(policy.people(.see, .location, for: scope, column: "details_answer.person"))
                AND \(policy.people(.see, .ownWords, for: scope, column: "details_answer.person"))
            ORDER BY at DESC, id LIMIT \(HeldByCouncil.most)
            """
        ).map { row in
            DetailsAnswer(at: try row.get("at"), isRight: try row.get("is_right"), words: try row.get("words"))
        }
    }
}
