import Kernel

/// Who may ask that somebody with a plan is assessed again.
///
/// - Law: Children and Families Act 2014, section 44(2): the parent, the young person, or the school or institution.
public enum Reasker: String, CaseIterable, Sendable {
    case parent
    case youngPerson = "young-person"
    case school
    case post16 = "post-16"
    /// Regulation 23, of which the heading alone was read.
    case commissioner

    public var words: String {
        switch self {
        case .parent: "a parent"
        case .youngPerson: "the young person"
        case .school: "the school"
        case .post16: "the college or other institution"
        case .commissioner: "the health commissioner"
        }
    }

    public var isFamily: Bool { self == .parent || self == .youngPerson }
}

/// On what ground a reassessment is refused.
///
/// - Law: SEND Regulations 2014, regulation 24: the last assessment was made within six months, or it is not necessary.
public enum ReassessmentGround: String, CaseIterable, Sendable {
    case recent
    case notNecessary = "not-necessary"

    public var words: String {
        switch self {
        case .recent: "The last assessment was made in the six months before the request"
        case .notNecessary: "It is not necessary to assess again"
        }
    }
}

extension Case {
    /// Whether it is about somebody with a plan, whose needs are to be looked at again.
    public var isReassessment: Bool { standing.contains { $0.kind == .reassessRequested } }

    /// When the last assessment before it was made, where that was noted.
    public var lastAssessed: Day? { standing.last { $0.kind == .assessed }?.day }

    /// What an assessment is called here.
    public var name: String { isReassessment ? "Reassessment" : "EHC needs assessment" }

    /// How far it has come, in words.
    public var words: String {
        guard isReassessment else { return state.words }
        return switch state {
        case .considering: "Deciding whether to reassess"
        case .assessing: "Reassessing"
        case .issuing: "The plan is being changed"
        case .refused: "Closed: no reassessment"
        case .notIssued: "Closed: the plan stays as it is"
        case .notNecessary, .withdrawn: state.words
        }
    }

    func checkReassessment(_ new: CaseEvent) throws(CaseRefusal) {
        guard isReassessment, let asked = opening?.day else { throw .dispute(.notAReassessment) }
        if new.kind == .assessed {
            if new.day > asked { throw .dispute(.assessedLater(asked)) }
            return
        }
        if let ending { throw .closed(ending.state, ending.day) }
        if let since = assessingSince { throw .decidedBefore(since) }
        if new.outcome == CaseEvent.refuse, ReassessmentGround(rawValue: new.source) == nil {
            throw .dispute(.groundNotChosen)
        }
    }
}

extension Statute {
    /// Until when a request could be refused because the last assessment was made not long before; nil where its day is
    /// not known.
    public func refusable(_ file: Case) -> Day? { file.lastAssessed.flatMap { day("E-REASSESS-REF", from: $0) } }

    /// Makes sure that a refusal rests on its ground.
    ///
    /// - Law: SEND Regulations 2014, regulation 24.
    public func check(ground: ReassessmentGround, of file: Case) throws(CaseRefusal) {
        guard ground == .recent else { return }
        guard let assessed = file.lastAssessed, let until = refusable(file), let asked = file.opening?.day else {
            throw .dispute(.lastAssessmentNotKnown)
        }
        if asked > until { throw .dispute(.notRecent(assessed: assessed, until: until)) }
    }
}
