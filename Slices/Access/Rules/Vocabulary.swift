/// A kind of fact about a person, by who may have a reason to see it. Every field of a record is of one class.
public enum DataClass: String, CaseIterable, Comparable, Sendable {
    case identity, education, health, safeguarding, location, legal, finance
    /// Who has looked: it tells who works with the person, and so more than a name.
    case looks
    case socialCare = "social-care"
    case thirdParty = "third-party"
    case ownWords = "own-words"
    /// Own words that a child keeps from their parents.
    case keptWords = "kept-words"
    case youthJustice = "youth-justice"
    /// The requests, steps, days and decisions of a statutory case: codes and days, and no words.
    case casework
    /// What is written in a case: reasons of decisions, what help there is, how the test was answered.
    case caseWords = "case-words"
    /// Who looked to keep somebody safe: left out of `looks` until a named officer releases it.
    case hiddenLooks = "hidden-looks"

    /// The class as a parent would say it.
    public var words: String {
        switch self {
        case .identity: "name and date of birth"
        case .education: "school and learning"
        case .health: "health"
        case .socialCare: "social care"
        case .safeguarding: "safeguarding"
        case .location: "where the person lives, learns and can be reached"
        case .thirdParty: "what is said by or about somebody else"
        case .legal: "advice of lawyers"
        case .finance: "money"
        case .ownWords: "the family’s and the child’s own words"
        case .keptWords: "what a child keeps from their parents"
        case .youthJustice: "youth justice"
        case .looks: "who has looked"
        case .hiddenLooks: "who has looked to keep somebody safe"
        case .casework: "the steps and dates of assessment and plan"
        case .caseWords: "the reasons given in assessment and plan"
        }
    }

    public static func < (one: DataClass, other: DataClass) -> Bool { one.rawValue < other.rawValue }
}

/// What somebody is, in the service.
public enum Role: String, CaseIterable, Comparable, Sendable {
    case family, senco, adviser, commissioner, auditor, police, operator_ = "operator"
    case youngPerson = "young-person"
    case caseOfficer = "case-officer"
    case teamManager = "team-manager"
    case settingStaff = "setting-staff"
    case educationalPsychologist = "educational-psychologist"
    case healthProfessional = "health-professional"
    case socialWorker = "social-worker"
    case youthJusticeWorker = "youth-justice-worker"
    case panelMember = "panel-member"
    case financeOfficer = "finance-officer"
    case safeguardingLead = "safeguarding-lead"
    case accessManager = "access-manager"
    case dataProtectionOfficer = "data-protection-officer"
    case localOfferEditor = "local-offer-editor"
    /// Keeps the Single View: takes extracts in, has refused rows put right, says of two records whether they are of
    /// one child.
    case recordKeeper = "record-keeper"
    /// A refuge, an independent domestic violence adviser, or whoever else supports somebody protected.
    case protectiveSupport = "protective-support"

    public var words: String {
        switch self {
        case .family: "a parent or carer"
        case .senco: "a SENCO"
        case .adviser: "an independent adviser"
        case .operator_: "the operator of this service"
        case .educationalPsychologist: "an educational psychologist"
        case .accessManager: "a manager of access"
        case .auditor: "an auditor"
        case .police: "a police officer"
        case .protectiveSupport: "somebody who supports a protected person"
        case .settingStaff: "a member of staff of the setting"
        default: "a \(rawValue.split(separator: "-").joined(separator: " "))"
        }
    }

    public static func < (one: Role, other: Role) -> Bool { one.rawValue < other.rawValue }
}

/// How somebody stands to a person. Each has evidence, a beginning and, save for one’s own self, an end.
public enum RelationshipKind: String, CaseIterable, Comparable, Sendable {
    /// The person themselves.
    case self_ = "self"
    /// A parent in education law: with parental responsibility, or with care.
    /// - Law: Education Act 1996, section 576.
    case parent
    /// A kinship or foster carer, or anybody else who has care: a parent in education law too.
    case carer
    case corporateParent = "corporate-parent"
    /// Whom a parent, or the young person, lets act for them.
    case delegate
    /// An adviser of SENDIASS or an advocate, with signed authority.
    case authority
    /// Staff of the setting at which the child is on roll.
    case onRoll = "on-roll"
    case careTeam = "care-team"
    /// The officer or team that the case is allocated to.
    case caseTeam = "case-team"
    /// Asked for one thing, such as advice, until it is done.
    case openTask = "open-task"
    case panel
    /// Opened in an emergency, with a reason, for an hour.
    case breakGlass = "break-glass"
    /// Opened by two people together, for an hour, though it is sealed.
    case sealedOpening = "sealed-opening"

    public var words: String {
        switch self {
        case .self_: "their own record"
        case .parent: "a child of theirs"
        case .carer: "a child in their care"
        case .corporateParent: "a child the council looks after"
        case .delegate: "somebody who lets them act"
        case .authority: "somebody who gave them signed authority"
        case .onRoll: "a child on the roll of their setting"
        case .careTeam: "somebody whose care team they belong to"
        case .caseTeam: "a case that is theirs"
        case .openTask: "somebody they were asked about, until they have answered"
        case .panel: "a case before their panel"
        case .breakGlass: "a record opened in an emergency"
        case .sealedOpening: "a sealed record that two people opened together"
        }
    }

    /// Those who stand to somebody as a parent, or act for one.
    public static let asFamily: Set<RelationshipKind> = [.parent, .carer, .delegate, .authority, .corporateParent]

    public static func < (one: RelationshipKind, other: RelationshipKind) -> Bool { one.rawValue < other.rawValue }
}

/// Why somebody sees or changes something.
public enum Purpose: String, CaseIterable, Sendable {
    case education, finance, safeguarding, own
    case statutorySEND = "statutory-send"
    case directCare = "direct-care"
    case ownFamily = "own-family"
    case breakGlass = "break-glass"
}

public enum Verb: String, CaseIterable, Sendable { case see, change }

/// A kind of decision that a young person was found unable to make, so that somebody acts for them in it.
///
/// Capacity is decided for each kind of decision, never for a person as a whole.
/// - Law: Mental Capacity Act 2005, sections 1 to 3: capacity is of a person for a matter at the time.
public enum Matter: String, CaseIterable, Comparable, Sendable {
    case education, health, home, money
    case socialCare = "social-care"
    /// The assessment of needs and the plan as a whole.
    case plan = "assessment-and-plan"

    /// The parts of the record that whoever acts in this matter goes on seeing.
    public var opens: Set<DataClass> {
        switch self {
        case .education: [.identity, .education]
        case .health: [.identity, .health]
        case .home: [.identity, .location]
        case .money: [.identity, .finance]
        case .socialCare: [.identity, .socialCare]
        case .plan:
            [
                .identity, .education, .health, .socialCare, .location, .finance, .ownWords, .looks, .casework,
                .caseWords,
            ]
        }
    }

    public static func < (one: Matter, other: Matter) -> Bool { one.rawValue < other.rawValue }
}

/// What is decided about a person by a court, a social worker or the police, and closes the record to some.
public enum Label: String, CaseIterable, Sendable {
    /// Adopted: what came before leads nowhere.
    case adoption
    /// Where this person is must not be found out.
    case protected
    /// Opened by nobody but two people together, for an hour.
    case sealed
    /// Has died: set and taken away with the entry of the death alone.
    case died

    /// Those that somebody sets, and two people take away.
    public static let decided = allCases.filter { $0 != .died }
}

/// What a named person must not learn about somebody.
public enum Extent: String, CaseIterable, Sendable {
    /// Where they live, learn and can be reached.
    case location
    case all
}
