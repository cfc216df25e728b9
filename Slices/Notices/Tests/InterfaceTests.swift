import Foundation
import Kernel
import Notices
@testable import NoticesServer
import Storage
import TestKit
import Testing
import Web

private struct Receipt: Decodable {
    struct Wanted: Decodable { let field: String }
    let id, outcome, brought_to_attention_on: String
    let complete: Bool
    let version: Int
    let missing: [Wanted]
    let named_lead_decides_from: String?
    let what_happens_next: [String]
}

private struct Refusal: Decodable {
    struct Field: Decodable { let field, message: String }
    let error: String
    let errors: [Field]
}

private func receipt(_ answer: Answer) throws -> Receipt {
    try JSONDecoder().decode(Receipt.self, from: Data(answer.body))
}

private func refusal(_ answer: Answer) throws -> Refusal {
    try JSONDecoder().decode(Refusal.self, from: Data(answer.body))
}

@Suite struct `A notice from a program` {
    @Test(arguments: Engine.allCases)
    func `is acknowledged once, and sent twice it is one (INF-1, INF-4)`(engine: Engine) async throws {
        let town = try await Town(engine)
        let first = await town.send(wholeJSON)
        #expect(first.status == 201 && first.type.hasPrefix("application/json") && first.cacheControl == "no-store")
        let one = try receipt(first)
        #expect(one.outcome == "received" && one.complete && one.brought_to_attention_on == "2026-01-12")
        #expect(one.what_happens_next.joined().contains("section 24(1)"))
        #expect(first.header("Location") == "/api/notices/\(one.id)")
        let second = await town.send(wholeJSON)
        #expect(second.status == 200)
        #expect(try receipt(second).id == one.id && receipt(second).outcome == "received-before")
        let otherReference = await town.send(wholeJSON.replacing("CDC-2026-0117", with: "CDC-9"))
        #expect(try receipt(otherReference).id == one.id, "the same content is the same notice")
        let mails = try await town.mails()
        #expect(mails.count == 1 && mails[0].recipient == "cdc@trust.invalid")
        #expect(mails[0].body.contains("CDC-2026-0117") && mails[0].body.contains("12 January 2026"))
        #expect(try await town.noticeIDs().count == 1)
        let shown = await town.app.send(
            Web.Request(method: "GET", path: "/api/notices/\(one.id)", authorization: "Bearer \(town.secret)"))
        #expect(try shown.status == 200 && receipt(shown).id == one.id)
        #expect(!shown.text.contains("Amina"), "a receipt names nobody")
    }

    @Test(arguments: Engine.allCases)
    func `is one notice where it is sent many times at once`(engine: Engine) async throws {
        let town = try await Town(engine)
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<12 { group.addTask { await town.send(wholeJSON).status } }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.sorted() == Array(repeating: 200, count: 11) + [201])
        #expect(try await town.noticeIDs().count == 1)
        #expect(try await town.mails().count == 1)
    }

    @Test(arguments: Engine.allCases)
    func `without what the law wants is accepted, chased the same day, and the day stays (EYS-1)`(
        engine: Engine
    ) async throws {
        let town = try await Town(engine)
        let first = await town.send(incompleteJSON)
        #expect(first.status == 201)
        let one = try receipt(first)
        #expect(!one.complete && one.named_lead_decides_from == "2026-01-16")
        #expect(
            one.missing.map(\.field) == ["parent_told_on", "offered_to_discuss", "voluntary_body"])
        let mails = try await town.mails()
        #expect(mails.count == 2 && mails.allSatisfy { $0.at.dayInEngland == "2026-01-12" })
        let chaser = try #require(mails.first { $0.title.contains("complete") })
        for word in ["section 23(2)", "section 23(3)", "section 23(4)", "16 January 2026", "CDC-2026-0118"] {
            #expect(chaser.body.contains(word), "\(word)")
        }
        for mail in mails { #expect(!(mail.title + mail.body).contains("Amina") && !mail.body.contains("Rahman")) }
        let more =
            incompleteJSON.dropLast(1) + """
                , "parent_told_on": "2026-01-12", "offered_to_discuss": true,
                 "no_voluntary_body_likely_to_help": true}
                """
        let put = await town.send(String(more))
        let corrected = try receipt(put)
        #expect(put.status == 200 && corrected.outcome == "corrected" && corrected.complete)
        #expect(corrected.id == one.id && corrected.version == 2)
        #expect(corrected.brought_to_attention_on == "2026-01-12")
        let again = await town.send(incompleteJSON)
        let old = try receipt(again)
        #expect(old.version == 2 && old.complete, "the old one sent again undoes nothing")
        #expect(try await town.mails().count == 2)
        let kinds = try await town.journal().map(\.kind).filter { $0.hasPrefix("notice.") }
        #expect(kinds == ["notice.received", "notice.chased", "notice.corrected", "notice.completed"])
        try await town.work(on: "2026-01-16")
        #expect(try await town.mails().count == 2, "nothing is left to decide")
    }

    @Test func `says at each field what is wrong, and keeps nothing`() async throws {
        let town = try await Town()
        let sent = """
            {"reference": "Amina-1", "nickname": "A", "child": {"given": "Amina", "family": 7, "born": "2020-01-01",
             "nhs_number": "1", "shoe": 1}, "needs": "SLCN", "offered_to_discuss": 1, "parent": "N"}
            """
        let answer = await town.send(sent)
        let said = try refusal(answer)
        #expect(answer.status == 422 && said.error == "not-accepted")
        #expect(
            Set(said.errors.map(\.field)) == [
                "reference", "nickname", "child.family", "child.born", "child.nhs_number", "child.shoe", "needs",
                "offered_to_discuss", "parent", "given_by",
            ])
        #expect(said.errors.first { $0.field == "child.born" }?.message.contains("compulsory school age") == true)
        #expect(said.errors.first { $0.field == "nickname" }?.message.contains("child.given") == true)
        #expect(try await town.noticeIDs().isEmpty)
        #expect(try await town.mails().isEmpty)
    }

    @Test(arguments: [
        "", "{", "[]", "7", "null", "{\"child\": {}, \"child\": {}}", "{\"reference\": \"\u{0}\"}", "{} {}",
        String(repeating: "[", count: 5000), "{\"a\": \"\\ud800\"}", "\u{FEFF}{}",
    ])
    func `that cannot be read is refused whole`(json: String) async throws {
        let town = try await Town()
        let answer = await town.send(json)
        #expect([400, 422].contains(answer.status), "\(answer.status)")
        #expect(answer.type.hasPrefix("application/json"))
        #expect(try await town.noticeIDs().isEmpty)
    }

    @Test func `with control characters hidden in escapes is refused at its field`() async throws {
        let town = try await Town()
        let answer = await town.send(wholeJSON.replacing("\"Amina\"", with: "\"Ami\\u0000na\""))
        #expect(try answer.status == 422 && refusal(answer).errors.map(\.field) == ["child.given"])
    }

    @Test func `is taken with a key that holds, and no cookie stands in for one`() async throws {
        let town = try await Town()
        for (name, header) in [
            ("none", nil), ("empty", ""), ("wrong", "Bearer wrong"),
            ("hash", "Bearer \(String(repeating: "0", count: 64))"),
            ("basic", "Basic \(town.secret)"), ("id", "Bearer \(town.key)"),
        ] as [(String, String?)] {
            let answer = await town.app.send(
                Web.Request(
                    method: "POST", path: "/api/notices", contentType: "application/json", authorization: header,
                    cookies: town.cookies("anwar"), body: Array(wholeJSON.utf8)))
            #expect(try answer.status == 401 && refusal(answer).error == "no-key", "\(name)")
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
        #expect(await town.send(wholeJSON, type: "text/plain").status == 415)
        #expect(await town.send(wholeJSON, type: "application/x-www-form-urlencoded").status == 415)
        #expect(await town.send(wholeJSON, type: "application/json; charset=utf-8").status == 201)
        let other = await town.send(wholeJSON.replacing("Midland Community Trust", with: "Another Trust"))
        #expect(try other.status == 403 && refusal(other).error == "other-body")
        let key = town.key
        #expect(try await town.write { try Bodies.endKey(key, in: $0) })
        #expect(await town.send(incompleteJSON).status == 401)
        #expect(try await town.noticeIDs().count == 1)
        #expect(try await !town.write { try Bodies.endKey(key, in: $0) })
    }

    @Test func `keeps the key as a hash alone, and each body’s notices to itself`() async throws {
        let town = try await Town()
        let id = try receipt(await town.send(wholeJSON)).id
        let secret = town.secret
        let held = try await town.read { tx in try tx.rows("SELECT secret FROM notice_key").map { "\($0)" } }
        #expect(held.count == 1 && held.allSatisfy { !$0.contains(secret) })
        #expect(try await town.journal().allSatisfy { !"\($0)".contains(secret) && !"\($0)".contains("Amina") })
        let other = try await town.write { tx in
            try Bodies.keep("Other ICB", .integratedCareBoard, contact: "o@icb.invalid", in: tx)
            let body = try Bodies.body(named: "Other ICB", in: tx)
            return try body.map { try Bodies.newKey(for: $0, in: tx).secret } ?? ""
        }
        let asked = await town.app.send(
            Web.Request(method: "GET", path: "/api/notices/\(id)", authorization: "Bearer \(other)"))
        #expect(asked.status == 404)
        let own = await town.send(wholeJSON.replacing("\"body\": \"Midland Community Trust\",", with: ""), key: other)
        #expect(try own.status == 201 && receipt(own).id != id, "two bodies, two notices")
    }

    @Test func `is slowed where too many are sent from one address`() async throws {
        let town = try await Town(rates: Rates { 0 })
        var statuses: [Int] = []
        for _ in 0..<121 { statuses.append(await town.send(wholeJSON, key: "guessed").status) }
        #expect(statuses.prefix(120).allSatisfy { $0 == 401 } && statuses.last == 429)
        let refused = await town.send(wholeJSON)
        #expect(try refused.status == 429 && refusal(refused).error == "too-often")
        #expect(refused.header("Retry-After") != nil)
    }

    @Test(arguments: Engine.allCases)
    func `is told to other slices in the same transaction, and kept only where they keep it too`(
        engine: Engine
    ) async throws {
        struct No: Error {}
        let town = try await Town(
            engine,
            received: [
                { received, tx in
                    if received.notice.child.given == "Nobody" { throw No() }
                    try Notices.attach(received.id, to: "amina", in: tx)
                }
            ])
        #expect(await town.send(wholeJSON.replacing("\"Amina\"", with: "\"Nobody\"")).status == 500)
        #expect(try await town.noticeIDs().isEmpty)
        #expect(try await town.mails().isEmpty)
        #expect(await town.send(wholeJSON).status == 201)
        #expect(try await town.read { try Notices.broughtToAttention("amina", in: $0) } == "2026-01-12")
        #expect(try await town.read { try Notices.broughtToAttention("yusuf", in: $0) } == nil)
    }
}
