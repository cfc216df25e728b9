import Access
import AccessServer
import Kernel
import People
import Storage
import Web

/// The people the service is for, without what other slices know of them.
public let people = peopleSlice(panels: [])

/// The people the service is for: one page a person.
///
/// - Parameter panels: what other slices put on that page, in order.
public func peopleSlice(panels: [PersonPanel]) -> Slice {
    Slice(
        "People",
        migrations: [
            PeopleSchema.migration, PeopleSchema.byBirthday, PeopleSchema.answers, PeopleSchema.ownWords,
            DeathSchema.migration, PeopleSchema.sharing,
        ],
        actions: PeopleActions.all,
        routes: PeopleRoutes.all(panels) + PersonAccess.routes + EmergencyRoutes.all + OwnWordsRoutes.all
            + DeathRoutes.all,
        navigation: [NavigationItem("People", "/people", for: .signedIn)], hanging: PeopleSchema.hanging)
}

/// A part of a person’s page that another slice knows of.
public struct PersonPanel: Sendable {
    /// What the actor may see of it, and of which classes that is: they are noted with the look.
    public struct Shown: Sendable {
        public let html: HTML
        public let classes: Set<DataClass>

        public init(_ html: HTML, classes: Set<DataClass>) { (self.html, self.classes) = (html, classes) }
    }

    /// Reads the panel of one person, inside the transaction that reads the page.
    public typealias Reader = @Sendable (any Transaction, ID<Person>) throws -> Shown?

    /// Takes from the visit what the reader needs: the policy in force, what is kept in memory.
    public let prepare: @Sendable (Visit, Policy) throws -> Reader

    public init(_ prepare: @escaping @Sendable (Visit, Policy) throws -> Reader) { self.prepare = prepare }
}

/// What may be done with a person’s record.
enum PeopleActions {
    /// An address from before two records were joined leads to the person who was kept.
    static let see = Action("person.see", .see, classes: ["identity"], path: PersonPath(JoinedPersons.keptPath))
    static let looks = Action("person.looks", .see, classes: ["identity", "looks"], path: PeopleStore.path)
    static let move = Action("person.move", .change, classes: ["location"], path: PeopleStore.path)
    /// Who has to do with the person: it names others.
    static let access = Action("person.access", .see, classes: ["identity", "third-party"], path: PeopleStore.path)
    static let keepAccess = Action("person.keep-access", .change, classes: ["third-party"], path: PeopleStore.path)
    static let hiddenLooks = Action(
        "person.hidden-looks", .see, classes: ["identity", "hidden-looks"], path: PeopleStore.path)
    static let releaseLooks = Action("person.release-looks", .change, classes: ["hidden-looks"], path: PeopleStore.path)
    static let add = Action("person.add", .change, roles: codes([.caseOfficer, .teamManager]))
    static let openInEmergency = Action(
        "person.open-in-emergency", .change,
        roles: codes([.caseOfficer, .teamManager, .safeguardingLead, .socialWorker]))
    static let readWords = Action(
        "own-words.read", .see, classes: ["identity", "own-words"], path: PeopleStore.path)
    static let writeWords = Action("own-words.write", .change, classes: ["own-words"], path: PeopleStore.path)
    /// For the officer of the case: no parent keeps the record of a name.
    static let recordUnderstanding = Action(
        "understanding.record", .change, classes: ["identity", "own-words"], path: PeopleStore.path)
    /// Entering a death, and undoing it. It rests on what the actor may see, since the record is closed to every change
    /// from then on and an error must be undone all the same: by the officer or team of the case, and at first also by
    /// a social worker or safeguarding lead who works with the person.
    static let keepDeath = Action(
        "death.keep", .see, classes: ["identity", "third-party"], path: PeopleStore.path)
    static let enterDeath = Action("death.enter", .change, roles: codes([.recordKeeper, .safeguardingLead]))
    static let all = [
        keepDeath, enterDeath,
        see, looks, move, access, keepAccess, hiddenLooks, releaseLooks, add, openInEmergency, readWords, writeWords,
        recordUnderstanding,
    ]

    private static func codes(_ roles: [Role]) -> Set<String> { Set(roles.map(\.rawValue)) }
}
