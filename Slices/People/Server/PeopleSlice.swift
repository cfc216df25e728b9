import Storage
import Web

/// The people the service is for: for now as much of each record as the policy needs to protect something real.
public let people = Slice(
    "People", migrations: [PeopleSchema.migration, PeopleSchema.answers], actions: PeopleActions.all,
    routes: PeopleRoutes.all, navigation: [NavigationItem("People", "/people", for: .signedIn)])

/// What may be done with a person’s record.
enum PeopleActions {
    static let see = Action("person.see", .see, classes: ["identity"], path: PeopleStore.path)
    static let looks = Action("person.looks", .see, classes: ["identity", "looks"], path: PeopleStore.path)
    static let move = Action("person.move", .change, classes: ["location"], path: PeopleStore.path)
    static let all = [see, looks, move]
}
