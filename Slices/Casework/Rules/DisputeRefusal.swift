import Kernel

/// Why something cannot have happened in a disagreement or a reassessment.
public enum DisputeRefusal: Error, Hashable, Sendable {
    case noDecision
    case beforeDecision(Day)
    /// It was noted already, once is all there is.
    case before(String, Day)
    /// What it follows has not been noted.
    case needs(String)
    case beforeStep(String, Day)
    case meetingBefore
    case appealPending(Day)
    case noAppeal
    case appealOver(Day)
    case answeredBefore(Day)
    case notAppealable
    case notOrdered([TribunalOrder])
    case madeAfterSent
    case nothingOrdered
    case assessmentOpen
    case reassessmentOpen
    case notAReassessment
    case otherKind
    case assessedLater(Day)
    case groundNotChosen
    case lastAssessmentNotKnown
    case notRecent(assessed: Day, until: Day)

    public var words: String {
        switch self {
        case .noDecision: "There is no decision here that this could be about"
        case .beforeDecision(let day):
            "The decision was on \(day.inWords): nothing can have been done about it before (section 51)"
        case .before(let what, let day):
            "\(what) was noted for \(day.inWords) already. Put that right, if it is wrong"
        case .needs(let what): "First note that \(what)"
        case .beforeStep(let what, let day): "\(what) on \(day.inWords): this cannot be before"
        case .meetingBefore: "Write the day on which it is to be: not before the day on which it was fixed"
        case .appealPending(let day):
            "An appeal of \(day.inWords) is with the Tribunal already. Put that right, if it is wrong"
        case .noAppeal: "No appeal is with the Tribunal: note first that it received one (section 51)"
        case .appealOver(let day): "The appeal ended on \(day.inWords)"
        case .answeredBefore(let day):
            """
            The council sent its response on \(day.inWords). Only before that can it say that it will not oppose the \
            appeal (SEND Regulations 2014, reg 45(1)); later an agreement comes as an order of the Tribunal
            """
        case .notAppealable: "This decision cannot be appealed so. Choose what the appeal is about (section 51(2))"
        case .notOrdered(let orders):
            """
            An appeal of this kind can end so: \(orders.map(\.words).joined(separator: "; ")) (SEND Regulations 2014, \
            reg 43(2))
            """
        case .madeAfterSent: "An order is made between the appeal and the day on which the Tribunal sent it"
        case .nothingOrdered: "Nobody has ordered or agreed an assessment here"
        case .assessmentOpen:
            "An assessment is open: there is no plan yet that could be looked at again (section 44(2))"
        case .reassessmentOpen:
            "A reassessment is open. Where there is a plan, enter this as a request to reassess, and it is joined to it"
        case .notAReassessment: "This case is no reassessment: nobody asked to reassess a plan (section 44(2))"
        case .otherKind: "An assessment and a reassessment are two cases, each with its own dates"
        case .assessedLater(let day): "The request is of \(day.inWords): the last assessment was made before it"
        case .groundNotChosen: "Choose on what ground (SEND Regulations 2014, reg 24)"
        case .lastAssessmentNotKnown:
            "First note the day of the last assessment: nobody can say otherwise whether six months passed (reg 24)"
        case .notRecent(let assessed, let until):
            """
            The last assessment was of \(assessed.inWords). For that reason alone the council could refuse a request \
            made up to \(until.inWords) (SEND Regulations 2014, reg 24)
            """
        }
    }
}
