import Access
import Casework
import Kernel
import LinksServer
import NoticesServer
import PeopleServer
import Storage
import Web

/// Advice as one thing that somebody without an account is asked for: a kind of task for each kind of advice, since
/// each shows other facts.
public let adviceTasks = AdviceKind.allCases.map(AdviceTaskKinds.kind)

enum AdviceTaskKinds {
    static let mostFiles = 8

    static func kind(of advice: AdviceKind) -> TaskKind {
        TaskKind(
            code: code(advice),
            title: advice == .family ? "Your views for an assessment" : "Advice for an EHC needs assessment",
            asks: advice == .family ? "give your views" : "give advice", isAboutChild: true, shows: shown(advice),
            look: PersonLooks.seen, isAskedFromRecord: false, files: mostFiles,
            opened: { task, tx in
                guard let asked = try AdviceStore.task(task.id, in: tx) else { return }
                try AdviceStore.noteReceipt(asked, by: task.id, in: tx)
            },
            facts: { task, tx in
                guard let visit = task.visit, let asked = try AdviceStore.task(task.id, in: tx) else { return nil }
                return try AdviceFacts.shown(asked, visit, in: tx)
            },
            fields: { AdviceForm.fields(advice, $0) },
            check: { AdviceForm.check(advice, &$0) },
            keep: { form, task, tx in
                guard let asked = try AdviceStore.task(task.id, in: tx) else { throw TaskRefused() }
                try AdviceStore.noteReceipt(asked, by: task.id, in: tx)
                try AdviceStore.take(AdviceForm.parts(advice, form), task.documents, for: asked, by: task.id, in: tx)
            })
    }

    static func code(_ advice: AdviceKind) -> String { "advice-\(advice.rawValue)" }

    /// What its form shows of the child: who it is, and what is known already of what the advice is about.
    static func shown(_ advice: AdviceKind) -> [DataClass] {
        switch advice {
        case .medical, .therapy: [.identity, .health]
        case .psychological: [.identity, .education, .health]
        case .education, .adulthood: [.identity, .education]
        case .socialCare: [.identity, .socialCare]
        case .family, .wished, .other: [.identity]
        }
    }
}

/// What whoever is asked reads above the form.
enum AdviceFacts {
    /// - Returns: nil where the person is no more there to be shown.
    static func shown(_ asked: AdviceTask, _ visit: Visit, in tx: any Transaction) throws -> HTML? {
        guard let (name, born) = try Cases.child(asked.person, in: tx) else { return nil }
        let (file, advice) = (try Cases.file(asked.file, in: tx), asked.advice)
        let times = try visit.live(statute).times(of: file, on: visit.today)
        let limit = times.limits.first { $0.advice == advice.id }
        let by: HTML =
            limit.map { limit in
                """
                \(limit.due?.inWords ?? "")<div class="app-source">\(limit.basis.words), six weeks from the day on \
                which you had the request\(advice.isBound ? " (SEND Regulations 2014, reg 8(1))" : "")</div>
                """
            } ?? """
                Six weeks after you had this request<div class="app-source">\
                \(advice.isBound ? "by law: SEND Regulations 2014, reg 8(1)" : "by our own promise")</div>
                """
        let rows = [
            SummaryRow("Child or young person", "\(name), born \(born.inWords)"),
            SummaryRow("What we ask for", "\(advice.kind.words)", note: advice.kind.provision),
            SummaryRow("Asked of", "\(asked.body)"), SummaryRow("By when", by),
        ]
        let known: HTML? = try AdviceKnown.shown(advice.kind, of: asked.person, in: tx)
        return """
            <p class="govuk-body">\(lead(advice.kind))</p>
            \(summaryList(rows))
            \(known)
            """
    }

    private static func lead(_ kind: AdviceKind) -> String {
        kind == .family
            ? """
            The council is assessing the needs of a child or young person of yours. Nobody knows them better than you. \
            Write as much or as little as you want; everybody who decides reads it.
            """
            : """
            The council is making an EHC needs assessment (Children and Families Act 2014, section 36) and asks for \
            your advice. The family reads it too. Say what is needed, and not only what is there.
            """
    }
}

/// What the record knows already of what the advice is about, with its source: it is not asked for again.
enum AdviceKnown {
    static func shown(_ kind: AdviceKind, of person: String, in tx: any Transaction) throws -> HTML? {
        guard AdviceTaskKinds.shown(kind).contains(.health) else { return nil }
        let items = try Notices.opinions(of: person, in: tx).map { notice -> HTML in
            let needs = notice.needs.isEmpty ? "" : "Needs: \(notice.needs). "
            return """
                <li>\(needs)\(notice.opinion)<div class="app-source">an early notice of a health body, \
                \(notice.day.inWords)</div></li>
                """
        }
        guard !items.isEmpty else { return nil }
        return details(
            "What is known already, and from whom", isOpen: true,
            """
            <ul class="govuk-list govuk-list--bullet">\(items)</ul>
            <p class="govuk-body">You need not write this again. Say where it is no longer right.</p>
            """)
    }
}

/// The form by which advice is given, by link or in an account.
enum AdviceForm {
    static func fields(_ kind: AdviceKind, _ form: Form) -> HTML {
        let parts = AdvicePart.asked(of: kind).map { part -> HTML in
            textArea(
                part.rawValue, label: part.title(of: kind), value: form[part.rawValue], hint: part.hint(of: kind),
                error: form.error(of: part.rawValue), rows: 6)
        }
        return """
            \(parts)
            \(fileInput(
                "files", label: "Documents, if you have any",
                hint: "PDF, Word or pictures; at most \(AdviceTaskKinds.mostFiles) files and 25 MB in all. What they "
                    + "say need not be written above",
                error: form.error(of: "files"), several: true))
            """
    }

    static func check(_ kind: AdviceKind, _ form: inout Form) {
        let hasFiles = !form.files.isEmpty
        for part in AdvicePart.asked(of: kind) {
            if let fault = part.fault(form[part.rawValue], of: kind, hasFiles: hasFiles) {
                form.refuse(part.rawValue, fault)
            }
        }
    }

    static func parts(_ kind: AdviceKind, _ form: Form) -> [AdvicePart: String] {
        AdvicePart.asked(of: kind).reduce(into: [:]) { parts, part in
            if !form[part.rawValue].isEmpty { parts[part] = form[part.rawValue] }
        }
    }
}
