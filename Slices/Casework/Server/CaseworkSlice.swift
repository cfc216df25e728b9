import Access
import AccessServer
import Casework
import Clock
import Kernel
import PeopleServer
import Storage
import TimetablesServer
import Web

/// Statutory casework: from a request, or from being told of a child, to the decision whether to make a plan.
public let casework = caseworkSlice(beside: [])

/// The same, with what other slices show of the person: who their key worker is, on the page of a case, and what the
/// record knows, beside a request.
public func caseworkSlice(beside panels: [PersonPanel], known: [PersonPanel] = []) -> Slice {
    Slice(
        "Casework",
        migrations: [
            CaseworkSchema.migration, Worries.migration, AdviceStore.migration, PanelStore.migration,
            Meetings.migration, OnlineRequests.migration, WishSchema.migration, Releases.migration, Concerns.migration,
        ],
        actions: CaseActions.all,
        routes: CaseRoutes.all + EventRoutes.all + RequestRoutes.all + WorryRoutes.all + AdviceRoutes.all
            + PanelRoutes.all + FollowRoutes.all + AskingRoutes.all + DisputeRoutes.all + MeetingRoutes.all
            + AppealRoutes.all + ConcernRoutes.all + LetterRoutes.all + WishRoutes.all + ErrandRoutes.all
            + BundleRoutes.all,
        lives: [
            statute, letterTemplates, letterhead, chaserLadder,
            Live<[PersonPanel]>(panelsBeside.name, follows: []) { _, _ in panels },
            Live<[PersonPanel]>(panelsKnown.name, follows: []) { _, _ in known },
        ], jobs: [ChaserStore.job],
        navigation: [
            NavigationItem("Assessments", "/assessments", for: .roles(CaseActions.follow.roles)),
            NavigationItem("I’m worried", "/worried", for: .roles(CaseActions.beWorried.roles)),
            NavigationItem("My cases", "/cases", for: .roles(CaseActions.day.roles)),
            NavigationItem("Requests", "/requests", for: .roles(CaseActions.requests.roles)),
            NavigationItem("Panels", "/panels", for: .roles(CaseActions.seePanels.roles)),
            NavigationItem("Advice asked of you", "/advice-asked", for: .roles(CaseActions.giveAdvice.roles)),
        ],
        hanging: [
            Hanging("ehc_case", "person", key: ["id"]), WishSchema.hanging,
            Hanging("concern", "person", key: ["id"]),
        ])
}

/// What may be done with cases.
enum CaseActions {
    static let ofPerson = Action("case.list", .see, classes: ["identity", "casework"], path: person)
    static let begin = Action("case.begin", .change, classes: ["casework", "case-words"], path: person)
    static let see = Action("case.see", .see, classes: ["identity", "casework"], path: CaseStore.path)
    static let work = Action("case.work", .change, classes: ["casework", "case-words"], path: CaseStore.path)
    /// The family says what it is worried about.
    static let worry = Action("case.worry", .change, classes: ["own-words"], path: CaseStore.path)
    /// The family asks for an informal meeting.
    static let meeting = Action("case.meeting", .change, classes: ["own-words"], path: CaseStore.path)
    static let letter = Action(
        "case.letter", .see, classes: ["identity", "casework", "case-words"], path: LetterStore.path)
    static let bundle = Action(
        "case.bundle", .see, classes: ["identity", "casework", "case-words"], path: CaseStore.path)
    static let wishes = Action("wishes.see", .see, classes: ["identity", "own-words"], path: person)
    static let keepWishes = Action("wishes.keep", .change, classes: ["own-words"], path: person)
    /// Requests that came in online and are about nobody known yet.
    static let requests = Action("request.handle", .change, roles: officers)
    static let day = Action("case.day", .see, roles: officers)
    /// What an advice says: which of it, by its class, is asked for each.
    static let readAdvice = Action(
        "advice.read", .see, classes: ["identity", "casework", "case-words"], path: AdviceStore.path)
    /// Which tasks are one’s own, by the address that they were sent to, is asked for each.
    static let giveAdvice = Action("advice.give", .see, roles: advisers)
    /// Which cases stand on an agenda is asked for each.
    static let seePanels = Action("panel.see", .see, roles: officers.union([Role.panelMember.rawValue]))
    static let keepPanels = Action("panel.keep", .change, roles: officers)
    static let follow = Action(
        "case.follow", .see,
        roles: Set([Role.family, .youngPerson, .senco, .adviser, .socialWorker].map(\.rawValue)))
    static let beWorried = Action("case.be-worried", .see, roles: [Role.family.rawValue, Role.youngPerson.rawValue])
    static let askAsFamily = Action(
        "case.ask-as-family", .change, classes: ["own-words"], path: person)
    static let askAsSetting = Action(
        "case.ask-as-setting", .change, classes: ["education"], path: person)
    static let releaseLetter = Action(
        "letter.release", .change, classes: ["casework", "case-words"], path: LetterStore.path)
    static let seeConcerns = Action("concern.see", .see, classes: ["identity", "own-words"], path: person)
    static let writeConcern = Action("concern.write", .change, classes: ["own-words"], path: person)
    static let answerConcern = Action(
        "concern.answer", .change, classes: ["casework", "case-words"], path: person)
    static let sitOnPanels = Action("panel.sit", .change, roles: [Role.panelMember.rawValue])
    static let appeals = Action("appeal.count", .see, roles: officers)
    static let all = [
        ofPerson, begin, see, work, worry, letter, requests, day, readAdvice, giveAdvice, seePanels,
        keepPanels, sitOnPanels, askAsFamily, askAsSetting, follow, beWorried,
        meeting, appeals, releaseLetter, seeConcerns, writeConcern, answerConcern, bundle, wishes, keepWishes,
    ]

    private static let person = PersonPath(AccessStore.person)
    private static let advisers = Set(
        [Role.family, .youngPerson, .senco, .educationalPsychologist, .healthProfessional, .socialWorker].map(
            \.rawValue))
    private static let officers: Set<String> = [Role.caseOfficer.rawValue, Role.teamManager.rawValue]
}

/// What the record knows, beside a request.
let panelsKnown = Live<[PersonPanel]>("panels beside requests", follows: []) { _, _ in [] }

/// What other slices show on the page of a case.
let panelsBeside = Live<[PersonPanel]>("panels beside cases", follows: []) { _, _ in [] }

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
