import AccessServer
import Kernel
import Notices
import Storage
import Web

/// Notices from programs of health bodies, in JSON, by the key that a body was given.
struct NoticeInterface: Sendable {
    let listeners: [NoticeListener]

    private static let may = Permission.key(Bodies.door)

    var all: [Route] {
        [
            .post("/api/notices", may: Self.may, receive),
            .get("/api/notices/{notice}", may: Self.may, show),
        ]
    }

    private func receive(_ visit: Visit) async throws -> Reply {
        let type = visit.contentType.split(separator: ";").first.map { $0.trimmed.lowercased() } ?? ""
        guard type == "application/json" else {
            return .refused(415, "not-json", "Send JSON, with “Content-Type: application/json”.")
        }
        let sent: NoticeJSON
        do { sent = try NoticeJSON(visit.body) } catch {
            return .refused(400, "not-readable", "\(error).")
        }
        let key = visit.scope.actor.id
        guard let body = try await visit.read({ try Bodies.body(ofKey: key, in: $0) }) else {
            return .refused(403, "no-body", "This key is of no body that gives notices.")
        }
        if let named = sent.body, named != body.name {
            return .refused(
                403, "other-body", "This key is of another body than the notice says. Nothing was kept.",
                [FieldError("body", "This key is of “\(body.name)”")])
        }
        let (calendar, newID) = (try visit.live(workingDays), visit.mint())
        let receiving = NoticeReceiving(calendar: calendar, listeners: listeners)
        let today = visit.today
        let faults = try await visit.read { try receiving.faults(sent.draft, from: body, today: today, in: $0) }
        guard sent.errors.isEmpty, faults.isEmpty else { return Self.unprocessable(sent.errors, faults) }
        let outcome = try await visit.database.write(for: visit.scope) { tx in
            try receiving.receive(sent.draft, from: body, by: key, newID: newID, in: tx)
        }
        switch outcome {
        case .refused(let faults): return Self.unprocessable([], faults)
        case .kept(let receipt):
            guard receipt.outcome == .received else { return .json(receipt.json) }
            var reply = Reply.json(receipt.json, status: 201)
            reply.headers.append(("Location", "/api/notices/\(receipt.id)"))
            return reply
        }
    }

    /// What is wrong with single fields: the mistakes of JSON first, then those of what it says.
    private static func unprocessable(_ errors: [FieldError], _ faults: [NoticeFault]) -> Reply {
        let known = Set(errors.map(\.field))
        let more = faults.map { FieldError($0.field.rawValue, $0.message) }.filter { !known.contains($0.field) }
        return .refused(
            422, "not-accepted", "Nothing was kept. Put right what stands under “errors”, and send it again.",
            errors + more)
    }

    /// The receipt again, for the body that gave the notice.
    private func show(_ visit: Visit) async throws -> Reply {
        let (key, id) = (visit.scope.actor.id, visit.parameter("notice"))
        let receipt = try await visit.read { tx -> NoticeReceipt? in
            guard let body = try Bodies.body(ofKey: key, in: tx) else { return nil }
            return try NoticeReceiving.receipt(id, for: body, in: tx)
        }
        guard let receipt else { return .refused(404, "not-found", "Your body gave no notice of this number.") }
        return .json(receipt.json)
    }
}
