import Storage
import Web

/// The people the service is for: for now as much of each record as the policy needs to protect something real.
public let people = Slice(
    "People", migrations: [PeopleSchema.migration, PeopleSchema.answers, PeopleSchema.ownWords],
    actions: PeopleActions.all, routes: PeopleRoutes.all + OwnWordsRoutes.all,
    navigation: [NavigationItem("People", "/people", for: .signedIn)])

/// What may be done with a person’s record.
enum PeopleActions {
    static let see = Action("person.see", .see, classes: ["identity"], path: PeopleStore.path)
    static let looks = Action("person.looks", .see, classes: ["identity", "looks"], path: PeopleStore.path)
    static let move = Action("person.move", .change, classes: ["location"], path: PeopleStore.path)
    static let readWords = Action(
        "own-words.read", .see, classes: ["identity", "own-words"], path: PeopleStore.path)
    static let writeWords = Action("own-words.write", .change, classes: ["own-words"], path: PeopleStore.path)
    /// For the officer of the case: no parent keeps the record of a name.
    static let recordUnderstanding = Action(
        "understanding.record", .change, classes: ["identity", "own-words"], path: PeopleStore.path)
    static let all = [see, looks, move, readWords, writeWords, recordUnderstanding]
}
