import Kernel

/// A body on which the law lays the duty to give notice.
///
/// - Law: Children and Families Act 2014, section 23(1): an integrated care board, NHS trust or NHS foundation trust.
public enum BodyKind: String, CaseIterable, Sendable {
    case integratedCareBoard = "integrated-care-board"
    case trust = "nhs-trust"
    case foundationTrust = "nhs-foundation-trust"

    public var words: String {
        switch self {
        case .integratedCareBoard: "integrated care board"
        case .trust: "NHS trust"
        case .foundationTrust: "NHS foundation trust"
        }
    }
}

/// What a health body writes of a child’s sex.
public enum WrittenSex: String, CaseIterable, Sendable {
    case female, male, indeterminate
    case notKnown = "not-known"

    public var words: String { self == .notKnown ? "not known" : rawValue }
}

/// What the body did about a voluntary body that could help the parent.
public enum VoluntaryBody: Hashable, Sendable {
    /// It named this one to the parent.
    case named(String)
    /// It thinks that none is likely to help, so it had none to name.
    case noneLikelyToHelp
}

/// The child as the body knows them: nobody has compared this with any record yet.
public struct NoticedChild: Hashable, Sendable, CustomStringConvertible {
    public var given, family: String
    public var born: Day
    public var sex: WrittenSex?
    public var nhsNumber: NHSNumber?
    public var address: String
    public var postcode: Postcode?
    public var telephone: String

    public init(
        given: String, family: String, born: Day, sex: WrittenSex? = nil, nhsNumber: NHSNumber? = nil,
        address: String = "", postcode: Postcode? = nil, telephone: String = ""
    ) {
        (self.given, self.family, self.born, self.sex) = (given, family, born, sex)
        (self.nhsNumber, self.address, self.postcode) = (nhsNumber, address, postcode)
        self.telephone = telephone
    }

    public var name: String { "\(given) \(family)" }
    public var description: String { "a child" }
}

/// What a health body sends that thinks a child under compulsory school age has, or probably has, special educational
/// needs or a disability. It prints as nothing that tells of the child.
///
/// - Law: Children and Families Act 2014, section 23.
public struct EarlyNotice: Hashable, Sendable, CustomStringConvertible {
    public var child: NoticedChild
    public var parentName, parentContact: String
    /// Who in the body gives it.
    public var givenBy: String
    /// The types of need that the child has, or probably has.
    public var needs: [NeedType]
    /// The opinion in words.
    public var opinion: String
    /// What the body’s report says, in words.
    public var report: String
    /// The day on which the body told the parent what it thinks (section 23(2)).
    public var told: Day?
    /// Whether it gave the parent the opportunity to discuss it (section 23(3)).
    public var isOfferedToDiscuss: Bool
    /// What it told the parent of a voluntary body (section 23(4)).
    public var voluntaryBody: VoluntaryBody?
    /// The body’s own reference; empty where it gave none.
    public var reference: String

    public init(
        child: NoticedChild, parentName: String = "", parentContact: String = "", givenBy: String,
        needs: [NeedType] = [], opinion: String = "", report: String = "", told: Day? = nil,
        isOfferedToDiscuss: Bool = false, voluntaryBody: VoluntaryBody? = nil, reference: String = ""
    ) {
        (self.child, self.parentName, self.parentContact) = (child, parentName, parentContact)
        (self.givenBy, self.needs, self.opinion, self.report) = (givenBy, needs, opinion, report)
        (self.told, self.isOfferedToDiscuss) = (told, isOfferedToDiscuss)
        (self.voluntaryBody, self.reference) = (voluntaryBody, reference)
    }

    public var description: String { "a notice" }

    /// What the law wants done before the notice and this does not say was done.
    public var missing: [Missing] {
        Missing.allCases.filter { missing in
            switch missing {
            case .told: told == nil
            case .offered: !isOfferedToDiscuss
            case .voluntaryBody: voluntaryBody == nil
            }
        }
    }

    /// All that it says but its reference, in one text: two notices of one body with the same are one.
    public var content: String {
        var parts = [child.given, child.family, child.born.iso, child.sex?.rawValue ?? ""]
        parts += [child.nhsNumber?.text ?? "", child.address, child.postcode?.text ?? "", child.telephone]
        parts += [parentName, parentContact, givenBy, needs.map(\.code).joined(separator: " "), opinion, report]
        parts += [told?.iso ?? "", isOfferedToDiscuss ? "offered" : ""]
        switch voluntaryBody {
        case .named(let name): parts += ["named", name]
        case .noneLikelyToHelp: parts += ["none", ""]
        case nil: parts += ["", ""]
        }
        return parts.map { "\($0.utf8.count) \($0)\n" }.joined()
    }
}

/// What makes a notice incomplete: it is accepted all the same, and the body is asked for it.
public enum Missing: String, CaseIterable, Sendable {
    case told = "parent-told", offered = "offered-to-discuss", voluntaryBody = "voluntary-body"

    /// What is wanted, after “please tell us”.
    public var words: String {
        switch self {
        case .told: "the day on which you told the parent what you think (section 23(2))"
        case .offered: "that you gave the parent the opportunity to discuss it with you (section 23(3))"
        case .voluntaryBody:
            "which voluntary body you told the parent of, or that you think none is likely to help (section 23(4))"
        }
    }

    /// The same in a few words, for lists.
    public var short: String {
        switch self {
        case .told: "the day the parent was told"
        case .offered: "the offer to discuss"
        case .voluntaryBody: "the voluntary body named"
        }
    }
}
