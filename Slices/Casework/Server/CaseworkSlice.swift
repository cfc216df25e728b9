import Access
import AccessServer
import Casework
import Clock
import Kernel
import Storage
import TimetablesServer
import Web

/// Statutory casework: from a request, or from being told of a child, to the decision whether to make a plan.
public let casework = Slice(
    "Casework", migrations: [CaseworkSchema.migration, Worries.migration, WishSchema.migration],
    actions: CaseActions.all,
    routes: CaseRoutes.all + EventRoutes.all + RequestRoutes.all + WorryRoutes.all
        + LetterRoutes.all + WishRoutes.all + ErrandRoutes.all + BundleRoutes.all,
    lives: [statute, letterTemplates, letterhead],
    navigation: [
        NavigationItem("My cases", "/cases", for: .roles(CaseActions.day.roles)),
        NavigationItem("Requests", "/requests", for: .roles(CaseActions.requests.roles)),
    ],
    hanging: [Hanging("ehc_case", "person", key: ["id"]), WishSchema.hanging])

/// What may be done with cases.
enum CaseActions {
    static let ofPerson = Action("case.list", .see, classes: ["identity", "casework"], path: person)
    static let begin = Action("case.begin", .change, classes: ["casework", "case-words"], path: person)
    static let see = Action("case.see", .see, classes: ["identity", "casework"], path: CaseStore.path)
    static let work = Action("case.work", .change, classes: ["casework", "case-words"], path: CaseStore.path)
    /// The family says what it is worried about.
    static let worry = Action("case.worry", .change, classes: ["own-words"], path: CaseStore.path)
    static let letter = Action(
        "case.letter", .see, classes: ["identity", "casework", "case-words"], path: LetterStore.path)
    static let bundle = Action(
        "case.bundle", .see, classes: ["identity", "casework", "case-words"], path: CaseStore.path)
    static let wishes = Action("wishes.see", .see, classes: ["identity", "own-words"], path: person)
    static let keepWishes = Action("wishes.keep", .change, classes: ["own-words"], path: person)
    /// Requests that came in online and are about nobody known yet.
    static let requests = Action("request.handle", .change, roles: officers)
    static let day = Action("case.day", .see, roles: officers)
    static let all = [ofPerson, begin, see, work, worry, letter, bundle, wishes, keepWishes, requests, day]

    private static let person = PersonPath(AccessStore.person)
    private static let officers: Set<String> = [Role.caseOfficer.rawValue, Role.teamManager.rawValue]
}

/// The law of time limits, as it ships.
let statute = Live<Statute>("law of cases", follows: []) { _, share in Statute(try Law.shipped(in: share)) }

/// The letters as they ship, each read once so that a broken one stops the start.
let letterTemplates = Live<LetterTexts>("letters of cases", follows: []) { _, share in try LetterTexts(share) }

/// The text of each template.
public struct LetterTexts: Sendable {
    private let texts: [LetterKind: String]

    public init(_ share: Share) throws {
        var texts: [LetterKind: String] = [:]
        for kind in LetterKind.allCases {
            let text = String(decoding: try share.bytes("letters/\(kind.rawValue).txt"), as: UTF8.self)
            _ = try LetterTemplate(text)
            texts[kind] = text
        }
        self.texts = texts
    }

    subscript(kind: LetterKind) -> String { texts[kind] ?? "" }
}
