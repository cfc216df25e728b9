import Access
import Storage
import Web

/// The people the service is for: for now as much of each record as the policy needs to protect something real.
public let people = Slice(
    "People",
    migrations: [
        PeopleSchema.migration, PeopleSchema.byBirthday, PeopleSchema.answers, PeopleSchema.ownWords,
    ],
    actions: PeopleActions.all,
    routes: PeopleRoutes.all + PersonAccess.routes + EmergencyRoutes.all + OwnWordsRoutes.all,
    navigation: [NavigationItem("People", "/people", for: .signedIn)])

/// What may be done with a person’s record.
enum PeopleActions {
    static let see = Action("person.see", .see, classes: ["identity"], path: PeopleStore.path)
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
    static let all = [
        see, looks, move, access, keepAccess, hiddenLooks, releaseLooks, add, openInEmergency, readWords, writeWords,
        recordUnderstanding,
    ]

    private static func codes(_ roles: [Role]) -> Set<String> { Set(roles.map(\.rawValue)) }
}
