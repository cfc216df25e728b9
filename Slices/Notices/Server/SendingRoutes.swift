import Access
import AccessServer
import Kernel
import Notices
import Storage
import Web

/// The form by which somebody of a health body gives notice, and what they are told of it afterwards.
struct SendingRoutes: Sendable {
    let listeners: [NoticeListener]

    private static let may = Permission.office(NoticeActions.send)
    static let most = 100

    var all: [Route] {
        [
            .get("/notices/sent", may: Self.may, list),
            .get("/notices/sent/{notice}", may: Self.may, show),
            .get("/notices/new", may: Self.may, new),
            .post("/notices", may: Self.may, send),
        ]
    }

    private func list(_ visit: Visit) async throws -> Reply {
        let account = visit.scope.actor.id
        let sent = try await visit.read { try NoticeReceiving.receipts(sentBy: account, limit: Self.most, in: $0) }
        return .page(SendingPages.list(sent))
    }

    private func show(_ visit: Visit) async throws -> Reply {
        let (id, account, scope) = (visit.parameter("notice"), visit.scope.actor.id, visit.scope)
        let policy = try visit.live(policyInForce)
        let page = try await visit.look { tx -> (Page?, [Event]) in
            guard let receipt = try NoticeReceiving.receipt(id, sentBy: account, in: tx),
                let record = try NoticeStore(tx: tx, scope: scope, policy: policy).record(id)
            else { return (nil, []) }
            let seen = NoticeEvents.look(
                NoticeEvents.seen, at: id, of: record.line.person, record.content.classes)
            return (SendingPages.sent(receipt, record), seen)
        }
        return page.map { .page($0) } ?? .notFound
    }

    /// The form, empty or with what an earlier notice of the sender’s own said, to be put right.
    private func new(_ visit: Visit) async throws -> Reply {
        let (account, scope, again) = (visit.scope.actor.id, visit.scope, visit.query["again"])
        let policy = try visit.live(policyInForce)
        let page = try await visit.look { tx -> (Page, [Event]) in
            let bodies = try Bodies.all(in: tx)
            guard let again, try NoticeReceiving.receipt(again, sentBy: account, in: tx) != nil,
                let record = try NoticeStore(tx: tx, scope: scope, policy: policy).record(again),
                let (draft, body) = record.draft
            else { return (SendingPages.form(NoticeDraft(), body: "", bodies, visit.form), []) }
            let seen = NoticeEvents.look(NoticeEvents.seen, at: again, of: record.line.person, record.content.classes)
            let named = bodies.first { $0.name == body }?.id ?? ""
            return (SendingPages.form(draft, body: named, bodies, visit.form), seen)
        }
        return .page(page)
    }

    private func send(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        let draft = NoticeForm.draft(&form)
        let (wanted, today, account) = (form["body"], visit.today, visit.scope.actor.id)
        let receiving = NoticeReceiving(calendar: try visit.live(workingDays), listeners: listeners)
        let (bodies, faults) = try await visit.read { tx in
            let bodies = try Bodies.all(in: tx)
            let body = bodies.first { $0.id == wanted }
            let faults = try body.map { try receiving.faults(draft, from: $0, today: today, in: tx) }
            return (bodies, faults ?? draft.judged(on: today).faults)
        }
        let body = bodies.first { $0.id == wanted }
        if body == nil { form.refuse("body", "Choose the health body that gives this notice") }
        NoticeForm.note(faults, in: &form)
        guard form.errors.isEmpty, let body else {
            return .unprocessable(SendingPages.form(draft, body: wanted, bodies, form))
        }
        return try await visit.writeOnce { tx, newID in
            switch try receiving.receive(draft, from: body, by: account, newID: newID, in: tx) {
            case .refused: throw VersionConflict.changedSince
            case .kept(let receipt): return "/notices/sent/\(receipt.id)"
            }
        }
    }
}

/// The fields of the form, by the names of their parts in the JSON.
enum NoticeForm {
    static func name(_ field: NoticeField) -> String { field.rawValue.replacing(".", with: "-") }

    /// What was written, with days as they are kept; notes the days that are none.
    static func draft(_ form: inout Form) -> NoticeDraft {
        var draft = NoticeDraft()
        for field in NoticeField.allCases {
            let name = name(field)
            switch field {
            case .needs: draft[field] = form.fields.all(name).joined(separator: " ")
            case .born, .told:
                guard !form[name].isEmpty else { continue }
                let day = form.day(name, orSay: "Write the day")
                draft[field] = day?.iso ?? form[name]
            default: draft[field] = form[name]
            }
        }
        return draft
    }

    /// Puts what is wrong to its field, once.
    static func note(_ faults: [NoticeFault], in form: inout Form) {
        for fault in faults where form.error(of: name(fault.field)) == nil {
            form.refuse(name(fault.field), fault.message)
        }
    }
}

extension NoticeRecord {
    /// The form as it would be filled with this, and the body’s name; nil where not all of it may be seen.
    var draft: (NoticeDraft, String)? {
        let classes = Set(content.classes)
        guard classes == Set(NoticeStore.classes) else { return nil }
        var draft = NoticeDraft([
            .reference: line.reference ?? line.id, .given: content.given ?? "", .family: content.family ?? "",
            .born: content.born?.iso ?? "", .sex: content.sex?.rawValue ?? "", .nhsNumber: content.nhsNumber ?? "",
            .address: content.address ?? "", .postcode: content.postcode ?? "",
            .telephone: content.telephone ?? "", .parentName: content.parentName ?? "",
            .parentContact: content.parentContact ?? "", .givenBy: content.givenBy ?? "",
            .needs: content.needs ?? "", .opinion: content.opinion ?? "", .report: content.report ?? "",
            .told: content.told?.iso ?? "", .offered: content.isOffered ? "yes" : "",
        ])
        draft[.voluntaryBody] = content.voluntaryBody ?? ""
        if content.voluntaryBody == "" { draft[.noVoluntaryBody] = "yes" }
        return (draft, line.body)
    }
}
