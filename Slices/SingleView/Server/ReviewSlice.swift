import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

/// Clerical review: people say of two records whether they are of one child, join and part persons, and find out how
/// good the links are.
///
/// - Parameter hanging: what the other slices declare to hang on a person.
public func reviewSlice(hanging: [Hanging]) -> Slice {
    Slice(
        "Review", migrations: [], actions: ReviewActions.all + ModelActions.all,
        routes: ReviewRoutes(hanging: hanging + JoiningStore.hanging).all + QualityRoutes.all + ModelRoutes.all
            + FindRoutes.all + ByHandRoutes(hanging: hanging + JoiningStore.hanging).all,
        lives: [ethnicGroups], jobs: [ModelRoutes.job],
        navigation: [
            NavigationItem("Review", "/review", for: .roles(ReviewActions.review.roles)),
            NavigationItem(
                "Quality of links", "/review/quality",
                for: .roles(ReviewActions.quality.roles.subtracting(ReviewActions.review.roles))),
        ],
        hanging: JoiningStore.hanging)
}

/// The group of each code of ethnicity, as the school census has them.
let ethnicGroups = Live("groups of ethnicity", follows: []) { _, share in try EthnicGroups.read(share) }

enum EthnicGroups {
    static func read(_ share: Share) throws -> [String: String] {
        var groups: [String: String] = [:]
        for row in try Table(share.bytes("codes/ethnicity.csv"), required: ["code", "group"]).rows {
            groups[try row.get("code")] = try row.get("group")
        }
        return groups
    }
}

enum ReviewActions {
    static let review = Action("review.decide", .change, roles: SingleViewActions.codes([.recordKeeper]))
    static let quality = Action(
        "review.quality", .see,
        roles: SingleViewActions.codes([.recordKeeper, .teamManager, .commissioner, .auditor]))
    static let all = [review, quality]
}

/// What is noted in the journal.
enum ReviewEvents {
    /// A look at the records of a person beside another’s: it is among those who looked.
    static let compared = "person.compared"
    /// Somebody put two children before review whom the program did not doubt.
    static let asked = "review.asked"
    static let opinion = "review.opinion"
    static let decided = "review.decided"
    static let sampled = "review.sampled"
    static let takenBack = "review.taken-back"
    static let drawn = "review.sample-drawn"
    static let joined = "person.joined"
    static let parted = "person.parted"
    static let undone = "person.change-undone"
}
