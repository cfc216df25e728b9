import Kernel

extension Case {
    /// Makes sure that something about a decision can have happened. A certificate is never a condition of an appeal.
    ///
    /// - Throws: `CaseRefusal.dispute`.
    /// - Law: Children and Families Act 2014, sections 51 to 56; SEND Regulations 2014, regulations 32 to 45.
    func checkDispute(_ new: CaseEvent) throws(CaseRefusal) {
        guard let dispute = disputes.first(where: { $0.id == new.about }) else { throw .dispute(.noDecision) }
        do { try dispute.check(new, reopening: reopening) } catch { throw .dispute(error) }
    }
}

extension Dispute {
    func check(_ new: CaseEvent, reopening: CaseEvent?) throws(DisputeRefusal) {
        if new.day < decision.day { throw .beforeDecision(decision.day) }
        switch new.kind {
        case .adviserContacted, .mediationDeclined, .healthRaised:
            try once(new)
        case .commissionerTold: try after(.healthRaised, "the family raised health matters", new)
        case .mediationWanted:
            if isMediating, let day = last(.mediationWanted)?.day { throw .before("That mediation is wanted", day) }
        case .mediationFixed, .mediationNoticed, .mediationHeld, .mediationImpossible, .agreed, .agreementDone:
            try checkMediation(new)
        case .certified: try checkCertificate(new)
        case .appealed:
            if isBeforeTribunal, let day = appeal?.day { throw .appealPending(day) }
            if let end, end.kind != .appealWithdrawn { throw .appealOver(end.day) }
            guard let matter = AppealMatter(rawValue: new.source), matters.contains(matter) else {
                throw .notAppealable
            }
        case .recommended: try after(.appealed, "the Tribunal received an appeal", new)
        case .recommendationAnswered: try after(.recommended, "the Tribunal recommended something", new)
        case .followed:
            guard let reopening, reopening.about == id, reopening.outcome == TribunalOrder.assess.rawValue else {
                throw .nothingOrdered
            }
            try once(new)
            if new.day < reopening.day { throw .beforeStep("That was ordered or agreed", reopening.day) }
        default: try checkAppeal(new)
        }
    }

    private func once(_ new: CaseEvent) throws(DisputeRefusal) {
        if let held = first(new.kind) { throw .before("This", held.day) }
    }

    private func after(_ kind: CaseEvent.Kind, _ words: String, _ new: CaseEvent) throws(DisputeRefusal) {
        guard let earlier = last(kind) else { throw .needs(words) }
        if new.day < earlier.day { throw .beforeStep("It is noted that \(words)", earlier.day) }
    }

    private func checkMediation(_ new: CaseEvent) throws(DisputeRefusal) {
        switch new.kind {
        case .mediationNoticed: try after(.mediationFixed, "the day of the mediation was fixed", new)
        case .agreed:
            try after(.mediationHeld, "mediation was held", new)
            let allowed = matters.flatMap(\.concessions).map(\.rawValue)
            guard (allowed + [OtherAgreement.matter, OtherAgreement.health]).contains(new.outcome) else {
                throw .notAppealable
            }
        case .agreementDone: try after(.agreed, "mediation reached an agreement", new)
        default:
            try after(.mediationWanted, "the family wants mediation", new)
            if !isMediating, let held = last(.mediationHeld, .mediationImpossible, .mediationDeclined) {
                throw .before("The end of this mediation", held.day)
            }
            if new.kind == .mediationFixed {
                guard let day = try? Day(iso: new.fact), day >= new.day else { throw .meetingBefore }
            }
        }
    }

    private func checkCertificate(_ new: CaseEvent) throws(DisputeRefusal) {
        if let certificate { throw .before("A certificate", certificate.day) }
        if let contact = last(.adviserContacted, .mediationDeclined, .mediationHeld, .mediationImpossible),
            new.day < contact.day
        {
            throw .beforeStep("What the certificate rests on is noted for a later day,", contact.day)
        }
    }

    private func checkAppeal(_ new: CaseEvent) throws(DisputeRefusal) {
        guard let appeal, let matter else { throw .noAppeal }
        if new.day < appeal.day { throw .beforeStep("The Tribunal received the appeal", appeal.day) }
        if let end {
            // One decision of the Tribunal may order more than one thing.
            let isFurther = new.kind == .ordered && end.kind == .ordered && end.outcome != new.outcome
            guard isFurther, end.outcome != TribunalOrder.dismissed.rawValue, new.day == end.day else {
                throw .appealOver(end.day)
            }
        }
        if [.appealReachedUs, .appealAnswered, .heard].contains(new.kind),
            let held = course.first(where: { $0.kind == new.kind })
        {
            throw .before("This", held.day)
        }
        switch new.kind {
        case .appealAnswered:
            if let reached = course.first(where: { $0.kind == .appealReachedUs }), new.day < reached.day {
                throw .beforeStep("The council had the appeal", reached.day)
            }
        case .hearingFixed:
            guard let day = try? Day(iso: new.fact), day >= new.day else { throw .meetingBefore }
        case .conceded:
            if let answered = course.first(where: { $0.kind == .appealAnswered }) {
                throw .answeredBefore(answered.day)
            }
            guard matter.concessions.contains(where: { $0.rawValue == new.outcome }) else {
                throw .notOrdered(matter.concessions)
            }
        case .ordered:
            guard matter.orders.contains(where: { $0.rawValue == new.outcome }) else {
                throw .notOrdered(matter.orders)
            }
            guard new.fact.isEmpty || (try? Day(iso: new.fact)).map({ $0 >= appeal.day && $0 <= new.day }) == true
            else { throw .madeAfterSent }
        default: return
        }
    }
}
