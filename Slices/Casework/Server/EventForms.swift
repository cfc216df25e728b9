import Casework
import Kernel
import Web

/// What an officer can note in a case: one form each.
enum CaseStep: String, CaseIterable, Sendable {
    case consultation, necessity, decision, lastAssessment = "last-assessment", reassessment
    case advice, reuse, receipt, arrival, panel, withdrawal, claim, target
    case correction

    var title: String {
        switch self {
        case .consultation: "The family was consulted"
        case .necessity: "A plan is not necessary"
        case .decision: "Decide whether to assess"
        case .lastAssessment: "The day of the last assessment"
        case .reassessment: "Decide whether to reassess"
        case .advice: "Ask for advice"
        case .reuse: "Use earlier advice"
        case .receipt: "They had our request for advice"
        case .arrival: "Advice came"
        case .panel: "Decide whether to make, or to change, a plan"
        case .withdrawal: "The request is withdrawn"
        case .claim: "Claim an exception"
        case .target: "Say when we now aim to be done"
        case .correction: "Put an entry right"
        }
    }

    /// Whether it is offered where the case stands so. What is offered may still be refused, with the law.
    func isOffered(in file: Case) -> Bool {
        switch self {
        case .consultation: file.state == .considering
        case .necessity, .decision: file.state == .considering && !file.isReassessment
        case .reassessment: file.state == .considering && file.isReassessment
        case .lastAssessment: file.isReassessment && file.lastAssessed == nil
        case .advice, .reuse, .panel: file.state == .assessing
        case .receipt: file.advice.contains { $0.came == nil && $0.reached == nil }
        case .arrival: file.advice.contains { $0.came == nil }
        case .withdrawal: file.state == .considering || file.state == .assessing
        case .target: file.state.isOpen
        case .claim, .correction: true
        }
    }
}

/// Reads what an officer wrote into an entry of the case, checked against the law.
struct EventForm {
    let file: Case
    let law: Statute
    let today: Day
    static let limit = 8000

    private var id: String { Cases.nextID(file) }

    /// The entry, or nil where something is wrong, which the form then says at its field.
    func read(_ step: CaseStep, _ form: inout Form) -> Cases.Entry? {
        let entry: Cases.Entry?
        switch step {
        case .consultation: entry = consultation(&form)
        case .necessity: entry = necessity(&form)
        case .decision: entry = decision(&form)
        case .lastAssessment: entry = lastAssessment(&form)
        case .reassessment: entry = reassessment(&form)
        case .advice: entry = advice(&form)
        case .reuse: entry = reuse(&form)
        case .receipt: entry = aboutAdvice(.adviceReachedBody, &form)
        case .arrival: entry = aboutAdvice(.adviceCame, &form)
        case .panel: entry = panel(&form)
        case .withdrawal: entry = withdrawal(&form)
        case .claim: entry = claim(&form)
        case .target: entry = target(&form)
        case .correction: entry = correction(&form)
        }
        guard form.errors.isEmpty, let entry, step != .correction else { return form.errors.isEmpty ? entry : nil }
        do { try file.check(entry.event, today: today) } catch { form.refuse("day", error.words) }
        return form.errors.isEmpty ? entry : nil
    }

    private func day(_ form: inout Form) -> Day? { form.day("day", orSay: "Write the day") }

    private func text(_ name: String, _ form: inout Form, orSay words: String) -> String {
        form.text(name, orSay: words, limit: Self.limit) ?? ""
    }

    /// A text that a rule, and not the form, asks for.
    private func ruled(_ name: String, _ form: inout Form) -> String {
        let text = form[name]
        if text.count > Self.limit { form.refuse(name, "Write at most \(Digits.grouped(Self.limit)) characters") }
        return text
    }

    private func consultation(_ form: inout Form) -> Cases.Entry? {
        let (day, how) = (day(&form), text("how", &form, orSay: "Write how, and what the family said"))
        return day.map { Cases.Entry(event: CaseEvent(id, .consulted, on: $0), texts: [.how: how]) }
    }

    private func necessity(_ form: inout Form) -> Cases.Entry? {
        let (day, reasons, help) = (day(&form), ruled("reasons", &form), ruled("help", &form))
        do { try DecisionWords.checkNotNecessary(reasons: reasons, help: help) } catch {
            form.refuse(error == .withoutHelp ? "help" : "reasons", error.words)
        }
        return day.map {
            Cases.Entry(event: CaseEvent(id, .notNecessary, on: $0), texts: [.reasons: reasons, .help: help])
        }
    }

    private func decision(_ form: inout Form) -> Cases.Entry? {
        let day = day(&form)
        func answer(_ name: String) -> AssessmentTest.Answer? {
            ["yes", "no"].contains(form[name])
                ? AssessmentTest.Answer(holds: form[name] == "yes", because: form["\(name)-because"]) : nil
        }
        let test = AssessmentTest(hasNeeds: answer("needs"), mayNeedPlan: answer("plan"))
        let outcome = form["outcome"]
        if ![CaseEvent.assess, CaseEvent.refuse].contains(outcome) { form.refuse("outcome", "Choose what is decided") }
        let (reasons, help) = (ruled("reasons", &form), ruled("help", &form))
        for name in ["needs-because", "plan-because"] { _ = ruled(name, &form) }
        do { try test.check(assesses: outcome == CaseEvent.assess) } catch { form.refuse("needs", error.words) }
        if outcome == CaseEvent.refuse {
            do { try DecisionWords.checkNotNecessary(reasons: reasons, help: help) } catch {
                form.refuse(error == .withoutHelp ? "help" : "reasons", error.words)
            }
        }
        func words(_ answer: AssessmentTest.Answer?) -> String {
            answer.map { "\($0.holds ? "Yes" : "No"). \($0.because)" } ?? ""
        }
        return day.map { day in
            Cases.Entry(
                event: CaseEvent(id, .decided, on: day, outcome: outcome),
                texts: [
                    .needs: words(test.hasNeeds), .plan: words(test.mayNeedPlan), .reasons: reasons, .help: help,
                ])
        }
    }

    // MARK: - Advice

    private func adviceKind(_ form: inout Form) -> AdviceKind? {
        let kind = AdviceKind(rawValue: form["kind"])
        if kind == nil { form.refuse("kind", "Choose whose advice it is") }
        return kind
    }

    private func advice(_ form: inout Form) -> Cases.Entry? {
        let (kind, day) = (adviceKind(&form), day(&form))
        let body = form.text("body", orSay: "Write who was asked", limit: 200) ?? ""
        guard let kind, let day else { return nil }
        let bound = form["bound"] == "yes" ? CaseEvent.byLaw : CaseEvent.byService
        return Cases.Entry(
            event: CaseEvent(id, .adviceSent, on: day, source: kind.rawValue, outcome: bound), texts: [.body: body])
    }

    private func reuse(_ form: inout Form) -> Cases.Entry? {
        let (kind, day) = (adviceKind(&form), day(&form))
        let how = text("how", &form, orSay: "Write which advice it is, of which day, and how each agreed")
        let body = form.text("body", orSay: "Write whose advice it is", limit: 200) ?? ""
        let agreed = Set(form.fields.all("agreed"))
        do {
            try DecisionWords.checkReuse(
                author: agreed.contains("author"), council: agreed.contains("council"),
                family: agreed.contains("family"))
        } catch { form.refuse("agreed", error.words) }
        guard let kind, let day else { return nil }
        return Cases.Entry(
            event: CaseEvent(id, .adviceReused, on: day, source: kind.rawValue), texts: [.how: how, .body: body])
    }

    private func aboutAdvice(_ kind: CaseEvent.Kind, _ form: inout Form) -> Cases.Entry? {
        let day = day(&form)
        let about = form["about"]
        guard let advice = file.advice.first(where: { $0.id == about }) else {
            form.refuse("about", CaseRefusal.noSuchAdvice.words)
            return nil
        }
        return day.map {
            Cases.Entry(event: CaseEvent(id, kind, on: $0, source: advice.kind.rawValue, about: about), texts: [:])
        }
    }

    // MARK: - The end

    private func panel(_ form: inout Form) -> Cases.Entry? {
        let (day, reasons, help) = (day(&form), ruled("reasons", &form), ruled("help", &form))
        let issues = form["outcome"] == "issue"
        if !issues, form["outcome"] != "not" { form.refuse("outcome", "Choose what is decided") }
        do {
            if issues {
                try DecisionWords.checkReasons(reasons)
            } else {
                try DecisionWords.checkNotNecessary(reasons: reasons, help: help)
            }
        } catch { form.refuse(error == .withoutHelp ? "help" : "reasons", error.words) }
        return day.map {
            Cases.Entry(
                event: CaseEvent(
                    id, issues ? .issueDecided : .notIssued, on: $0,
                    outcome: file.isReassessment ? (issues ? CaseEvent.changed : CaseEvent.unchanged) : ""),
                texts: [.reasons: reasons, .help: help])
        }
    }

    private func withdrawal(_ form: inout Form) -> Cases.Entry? {
        let (day, reasons) = (day(&form), text("reasons", &form, orSay: "Write who withdrew it, and why if they said"))
        return day.map { Cases.Entry(event: CaseEvent(id, .withdrawn, on: $0), texts: [.reasons: reasons]) }
    }

    // MARK: - Exceptions, targets, corrections

    private func claim(_ form: inout Form) -> Cases.Entry? {
        let because = text("because", &form, orSay: "Write what happened, and the evidence for it")
        guard let ground = Statute.grounds.first(where: { $0.fact == form["ground"] }) else {
            form.refuse("ground", "Choose the ground")
            return nil
        }
        var pairs: [String] = []
        for key in ground.keys {
            let name = "\(ground.fact)-\(key)"
            if let day = form.day(name, orSay: "Write the day") { pairs.append("\(key)=\(day.iso)") }
        }
        guard form.errors.isEmpty else { return nil }
        if ground.fact == "exceptional_circumstances" { pairs.append("evidence=yes") }
        let fact = "\(ground.fact):\(pairs.joined(separator: ";"))"
        do { try law.check(claim: fact) } catch { form.refuse("ground", error.words) }
        return Cases.Entry(
            event: CaseEvent(id, .claimed, on: today, about: file.id, fact: fact), texts: [.because: because])
    }

    private func target(_ form: inout Form) -> Cases.Entry? {
        let (day, rule) = (day(&form), form["rule"])
        let because = text("because", &form, orSay: "Write why, for the family")
        guard let day else { return nil }
        do { try law.check(target: day, of: rule, in: file) } catch {
            form.refuse(rule.isEmpty ? "rule" : "day", error.words)
        }
        return Cases.Entry(
            event: CaseEvent(id, .targeted, on: today, outcome: rule, fact: day.iso), texts: [.because: because])
    }

    /// What was wrong is left as it was, and another entry takes its place: with another day, or none at all.
    private func correction(_ form: inout Form) -> Cases.Entry? {
        let because = text("because", &form, orSay: "Write what was wrong, and how you know")
        guard let held = file.standing.first(where: { $0.id == form["of"] }) else {
            form.refuse("of", CaseRefusal.nothingToCorrect.words)
            return nil
        }
        let annuls = form["annuls"] == "yes"
        guard let day = annuls ? held.day : day(&form) else { return nil }
        let event = CaseEvent(
            id, held.kind, on: day, source: held.source, outcome: held.outcome, about: held.about, fact: held.fact,
            correcting: CaseEvent.Correction(of: held.id, isAnnulled: annuls))
        do { _ = try file.correcting(event, today: today) } catch { form.refuse(annuls ? "of" : "day", error.words) }
        return Cases.Entry(event: event, texts: [.because: because])
    }
}
