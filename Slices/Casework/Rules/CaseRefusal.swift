import Kernel

/// Why something cannot have happened in a case: what the law does not let happen, or what contradicts itself.
public enum CaseRefusal: Error, Hashable, Sendable {
    case inFuture(Day)
    case notOpened
    case beforeOpening(Day)
    case closed(CaseState, Day)
    case decidedBefore(Day)
    case notConsulted
    case consultedLater(Day)
    case withoutReasons
    case withoutHelp
    case testNotAnswered
    case testIsMet
    case testIsNotMet
    case notAssessing
    case beforeAssessment(Day)
    case adviceNotSought([AdviceKind])
    case noSuchAdvice
    case beforeAsking(Day)
    case adviceCameBefore(Day)
    case adviceReachedBefore(Day)
    case notAgreed
    case nothingToWithdraw
    case nothingToCorrect
    case lastOpening
    /// Nothing is to be asked of a panel.
    case notForPanel(CaseState)
    /// Said without a reason: an order is told by people.
    case notByLink
    case claim(String)
    case target(String)
    case dispute(DisputeRefusal)

    /// What is wrong and what to do, for the field.
    public var words: String {
        switch self {
        case .inFuture(let day): "\(day.inWords) has not come yet"
        case .notOpened: "Nothing has been asked for yet"
        case .beforeOpening(let day):
            """
            This case began on \(day.inWords): nothing can have been done in it before (SEND Regulations 2014, reg 5(1))
            """
        case .closed(.issuing, let day): "On \(day.inWords) the council decided to make a plan"
        case .closed(let state, let day):
            "This case ended on \(day.inWords) (\(state.words)). A new request is a new case with its own dates"
        case .decidedBefore(let day): "This was decided on \(day.inWords). Put that right first, if it is wrong"
        case .notConsulted:
            "First consult the parent or young person and note it (Children and Families Act 2014, section 36(4))"
        case .consultedLater(let day):
            """
            The family was consulted on \(day.inWords), which is after this day: it has to be before (Children and \
            Families Act 2014, section 36(4))
            """
        case .withoutReasons:
            "Write the reasons: the family must be given them (Children and Families Act 2014, section 36(5))"
        case .withoutHelp: "Write what help starts now, or goes on"
        case .testNotAnswered: "Answer both parts of the test, each with why (section 36(8))"
        case .testIsMet:
            "Both parts of the test are answered yes: then the council must assess (section 36(8))"
        case .testIsNotMet: "To assess, both parts of the test are to be answered yes (section 36(8))"
        case .notAssessing: "Advice and a plan come after the decision to assess (SEND Regulations 2014, reg 6(1))"
        case .beforeAssessment(let day):
            "The decision to assess was on \(day.inWords): this comes after it (SEND Regulations 2014, reg 6(1))"
        case .adviceNotSought(let kinds):
            """
            Advice that the assessment needs was not asked for yet: \(kinds.map(\.words).joined(separator: "; ")) \
            (SEND Regulations 2014, reg 6(1))
            """
        case .noSuchAdvice: "Choose for which advice this is"
        case .beforeAsking(let day): "They had the request on \(day.inWords): this cannot be before"
        case .adviceCameBefore(let day): "This advice came on \(day.inWords). Put that right, if it is wrong"
        case .adviceReachedBefore(let day):
            "They had this request on \(day.inWords). Put that right, if it is wrong"
        case .notAgreed:
            """
            Earlier advice may take the place of new advice only where its author, the council and the parent or young \
            person all agree that it is enough (SEND Regulations 2014, reg 6(4))
            """
        case .nothingToWithdraw:
            """
            Nobody can withdraw this: the council was told of the child, and has to decide (Children and Families Act \
            2014, sections 24 and 36(3))
            """
        case .nothingToCorrect: "Choose what is to be put right"
        case .lastOpening: "A case has to begin with something. Enter what began it first"
        case .notForPanel(let state): "Nothing in this case is to be asked of a panel now (\(state.words))"
        case .notByLink: "This cannot be asked by a link to that address. Ask in person"
        case .claim(let why), .target(let why): why
        case .dispute(let refusal): refusal.words
        }
    }
}
