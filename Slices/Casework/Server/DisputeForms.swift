import Casework
import Kernel
import Web

/// What an officer can note of a disagreement: one form each.
enum DisputeStep: String, CaseIterable, Sendable {
    case contact, declined, certificate, wanted, health, commissioner, fixed, noticed, held, impossible, agreement, done
    case appeal, reached, answer, hearing, heard, concession, order, withdrawal, followed
    case recommendation, recommended

    /// A day beside the one on which it happened.
    struct OtherDay {
        let label: String
        let isNeeded: Bool
    }

    /// What is written with it.
    struct Words {
        let part: TextPart
        let label: String
        /// What to say where it is missing; nil where nothing has to be written.
        let missing: String?
    }

    var kind: CaseEvent.Kind {
        switch self {
        case .contact: .adviserContacted
        case .declined: .mediationDeclined
        case .certificate: .certified
        case .wanted: .mediationWanted
        case .health: .healthRaised
        case .commissioner: .commissionerTold
        case .fixed: .mediationFixed
        case .noticed: .mediationNoticed
        case .held: .mediationHeld
        case .impossible: .mediationImpossible
        case .agreement: .agreed
        case .done: .agreementDone
        case .appeal: .appealed
        case .reached: .appealReachedUs
        case .answer: .appealAnswered
        case .hearing: .hearingFixed
        case .heard: .heard
        case .concession: .conceded
        case .order: .ordered
        case .withdrawal: .appealWithdrawn
        case .followed: .followed
        case .recommendation: .recommended
        case .recommended: .recommendationAnswered
        }
    }

    var title: String {
        switch self {
        case .contact: "The family talked with a mediation adviser"
        case .declined: "The family does not want mediation"
        case .certificate: "The adviser gave a certificate"
        case .wanted: "We were told that the family wants mediation"
        case .health: "The family raised health matters for mediation"
        case .commissioner: "We told the health commissioner"
        case .fixed: "The day of the mediation was fixed"
        case .noticed: "We told the family day and place of the mediation"
        case .held: "Mediation was held"
        case .impossible: "We cannot arrange mediation in time"
        case .agreement: "Mediation reached an agreement"
        case .done: "What was agreed is done"
        case .appeal: "The Tribunal received an appeal"
        case .reached: "The appeal reached us"
        case .answer: "We sent our response to the Tribunal"
        case .hearing: "The day of the hearing was fixed"
        case .heard: "The Tribunal heard the appeal"
        case .concession: "We will not oppose the appeal"
        case .order: "The Tribunal sent its order"
        case .withdrawal: "The family took the appeal back"
        case .followed: "We told the family that we assess, as ordered or agreed"
        case .recommendation: "The Tribunal recommended something of health or social care"
        case .recommended: "The recommendation was answered"
        }
    }

    var dayLabel: String {
        switch self {
        case .certificate: "Of which day is the certificate"
        case .appeal: "On which day did the Tribunal receive it"
        case .order: "On which day did the Tribunal send it"
        case .reached: "On which day did it reach the council"
        case .fixed, .hearing: "On which day was it fixed"
        default: "On which day"
        }
    }

    var other: OtherDay? {
        switch self {
        case .fixed: OtherDay(label: "On which day is the mediation", isNeeded: true)
        case .hearing: OtherDay(label: "On which day is the hearing", isNeeded: true)
        case .order: OtherDay(label: "On which day was it made, if the order says another", isNeeded: false)
        default: nil
        }
    }

    var words: Words? {
        switch self {
        case .certificate:
            Words(
                part: .reference, label: "Its number, or who gave it",
                missing: "Write its number, or who gave it: without that nobody can find it again")
        case .appeal: Words(part: .reference, label: "Its number at the Tribunal, if it has one", missing: nil)
        case .agreement:
            Words(part: .how, label: "What was agreed", missing: "Write what was agreed, as both will read it")
        case .order: Words(part: .how, label: "What the Tribunal ordered", missing: "Write what the Tribunal ordered")
        case .recommendation:
            Words(part: .how, label: "What it recommended", missing: "Write what the Tribunal recommended")
        case .concession:
            Words(part: .reasons, label: "Why, as the family will read it", missing: "Write why, for the family")
        case .impossible: Words(part: .reasons, label: "Why not", missing: "Write why it cannot be arranged in time")
        case .fixed, .noticed, .hearing: Words(part: .how, label: "Where, and what was said", missing: nil)
        default: nil
        }
    }

    /// What can be chosen, of this decision.
    func choices(_ dispute: Dispute) -> [(code: String, words: String)] {
        switch self {
        case .appeal: dispute.matters.map { ($0.rawValue, "\($0.words) (\($0.provision))") }
        case .order: (dispute.matter?.orders ?? []).map { ($0.rawValue, $0.words) }
        case .concession: (dispute.matter?.concessions ?? []).map { ($0.rawValue, $0.words) }
        case .agreement:
            Set(dispute.matters.flatMap(\.concessions)).sorted { $0.rawValue < $1.rawValue }
                .map { ($0.rawValue, "The council agreed \($0.words)") } + [
                    (OtherAgreement.matter, "Something else, that nobody could have appealed"),
                    (OtherAgreement.health, "Health alone"),
                ]
        default: []
        }
    }

    /// Whether it could have happened today, as the case stands.
    func isOffered(in file: Case, today: Day) -> Bool {
        file.disputes.contains { isOffered(in: $0, of: file, today: today) }
    }

    private func isOffered(in dispute: Dispute, of file: Case, today: Day) -> Bool {
        let codes = choices(dispute).map(\.code)
        return (codes.isEmpty ? [""] : codes).contains { code in
            (try? file.check(event("new", in: dispute, on: today, code, other: today), today: today)) != nil
        }
    }

    /// About which decision it would be: the newest about which it could have happened, so that what was agreed about
    /// an earlier one can still be noted as done.
    func dispute(in file: Case, today: Day) -> Dispute? {
        file.disputes.last { isOffered(in: $0, of: file, today: today) } ?? file.dispute
    }

    func event(_ id: String, in dispute: Dispute, on day: Day, _ code: String, other: Day?) -> CaseEvent {
        CaseEvent(
            id, kind, on: day, source: self == .appeal ? code : "", outcome: self == .appeal ? "" : code,
            about: dispute.id, fact: self.other == nil ? "" : other?.iso ?? "")
    }
}

extension EventForm {
    /// The entry of a disagreement, or nil where something is wrong, which the form then says at its field.
    func read(_ step: DisputeStep, _ form: inout Form) -> Cases.Entry? {
        guard let dispute = step.dispute(in: file, today: today) else {
            form.refuse("day", DisputeRefusal.noDecision.words)
            return nil
        }
        let day = form.day("day", orSay: "Write the day")
        var other: Day?
        if let asked = step.other, asked.isNeeded || !form["other"].isEmpty {
            other = form.day("other", orSay: "Write the day")
        }
        let choices = step.choices(dispute)
        if !choices.isEmpty, !choices.contains(where: { $0.code == form["outcome"] }) {
            form.refuse("outcome", "Choose one")
        }
        var texts: [TextPart: String] = [:]
        if let words = step.words {
            if let missing = words.missing {
                texts[words.part] = form.text("words", orSay: missing, limit: Self.limit)
            } else if form["words"].count > Self.limit {
                form.refuse("words", "Write at most \(Digits.grouped(Self.limit)) characters")
            } else {
                texts[words.part] = form["words"]
            }
        }
        guard form.errors.isEmpty, let day else { return nil }
        let code = choices.isEmpty ? "" : form["outcome"]
        let event = step.event(Cases.nextID(file), in: dispute, on: day, code, other: other)
        do { try file.check(event, today: today) } catch { form.refuse("day", error.words) }
        return form.errors.isEmpty ? Cases.Entry(event: event, texts: texts) : nil
    }

    /// The decision whether to reassess.
    func reassessment(_ form: inout Form) -> Cases.Entry? {
        let day = form.day("day", orSay: "Write the day")
        let outcome = form["outcome"]
        if ![CaseEvent.assess, CaseEvent.refuse].contains(outcome) { form.refuse("outcome", "Choose what is decided") }
        for name in ["reasons", "help"] where form[name].count > Self.limit {
            form.refuse(name, "Write at most \(Digits.grouped(Self.limit)) characters")
        }
        let ground = ReassessmentGround(rawValue: form["ground"])
        if outcome == CaseEvent.refuse {
            do { try DecisionWords.checkNotNecessary(reasons: form["reasons"], help: form["help"]) } catch {
                form.refuse(error == .withoutHelp ? "help" : "reasons", error.words)
            }
            if let ground {
                do { try law.check(ground: ground, of: file) } catch { form.refuse("ground", error.words) }
            } else {
                form.refuse("ground", DisputeRefusal.groundNotChosen.words)
            }
        }
        return day.map { day in
            Cases.Entry(
                event: CaseEvent(
                    Cases.nextID(file), .reassessDecided, on: day,
                    source: outcome == CaseEvent.refuse ? ground?.rawValue ?? "" : "", outcome: outcome),
                texts: [.reasons: form["reasons"], .help: form["help"]])
        }
    }

    /// When the last assessment was made, so that the six months of regulation 24 can be counted.
    func lastAssessment(_ form: inout Form) -> Cases.Entry? {
        form.day("day", orSay: "Write the day").map {
            Cases.Entry(event: CaseEvent(Cases.nextID(file), .assessed, on: $0), texts: [:])
        }
    }
}
