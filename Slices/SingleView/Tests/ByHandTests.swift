import Access
import AccessServer
import Kernel
import SingleView
@testable import SingleViewServer
import Storage
import TestKit
import Testing
import Web

/// What a keeper of records does by hand, without the program having asked (INF-4).
@Suite("Parting and comparing by hand (INF-4)")
struct ByHandTests {
    private func world(_ engine: Engine = .sqlite) async throws -> ReviewWorld {
        let world = try await ReviewWorld(engine)
        try await world.person("p1")
        try await world.record(1, of: "p1", more: [("postcode", "B11 9ZZ")])
        try await world.record(2, of: "p1", source: "camhs", given: "Amira", more: [("postcode", "B44 9ZZ")])
        try await world.person("p2", given: "Ameena")
        try await world.record(3, of: "p2", source: "social-care", given: "Ameena", more: [("postcode", "B11 9ZZ")])
        return world
    }

    private func post(_ path: String, _ fields: [String: String], in world: ReviewWorld) async throws -> Answer {
        let page = try await world.get("/review/children/p1", as: "ruth")
        return try await world.app.post(
            "/review/children/p1/\(path)", fields, from: page, cookies: world.cookies("ruth"))
    }

    @Test("parts the chosen records, and is undone from the list of changes", arguments: Engine.allCases)
    func parts(_ engine: Engine) async throws {
        let world = try await world(engine)
        let done = try await post("parts", ["record": "2", "reason": "Amira is her cousin"], in: world)
        #expect(done.status == 303 && done.header("Location") == "/review/changes")
        let new = try #require(try await world.owner(2))
        #expect(new != "p1" && new != "p2")
        #expect(try await world.owner(1) == "p1")
        let changes = try await world.get("/review/changes", as: "ruth")
        #expect(changes.words.contains("Amira is her cousin"))
        let undo = changes.text.components(between: "action=\"/review/changes/", and: "\"").first ?? "none"
        _ = try await world.app.post("/review/changes/\(undo)", [:], from: changes, cookies: world.cookies("ruth"))
        #expect(try await world.owner(2) == "p1")
    }

    @Test func `wants some of the records, not all, and a reason`() async throws {
        let world = try await world()
        let none = try await post("parts", ["reason": "why"], in: world)
        #expect(none.status == 422 && none.words.contains("Choose the records that are another child’s"))
        let mute = try await post("parts", ["record": "2"], in: world)
        #expect(mute.status == 422 && mute.words.contains("Write why they are another child’s"))
        let page = try await world.get("/review/children/p1", as: "ruth")
        let hidden = page.text.components(between: "action=\"/review/children/p1/parts\"", and: "</form>").first ?? ""
        var fields = [("record", "1"), ("record", "2"), ("reason", "why")]
        for field in hidden.components(between: "<input type=\"hidden\" ", and: ">") {
            fields.append(
                (
                    field.components(between: "name=\"", and: "\"").first ?? "",
                    field.components(between: "value=\"", and: "\"").first ?? ""
                ))
        }
        let all = await world.app.send("/review/children/p1/parts", fields, cookies: world.cookies("ruth"))
        #expect(all.status == 422 && all.words.contains("Leave at least one record"))
        let strange = try await post("parts", ["record": "3", "reason": "not theirs"], in: world)
        #expect(strange.words.contains("not all this child’s"))
        #expect(try await world.owner(3) == "p2")
        #expect(try await world.owner(2) == "p1")
    }

    @Test func `puts two children before review whom the program did not doubt`() async throws {
        let world = try await world()
        let page = try await world.get("/review/children/p1", as: "ruth")
        #expect(page.words.contains("Others who look like this child") && page.words.contains("Ameena Rahman"))
        let asked = try await post("comparisons", ["other": "p2"], in: world)
        let address = asked.header("Location") ?? ""
        #expect(asked.status == 303 && address.hasPrefix("/review/"))
        let pair = (address, try await world.get(address, as: "ruth"))
        #expect(pair.1.words.contains("Ameena"))
        _ = try await world.say("same", at: pair, as: "ruth")
        let kept = try await world.owner(1)
        #expect(try await world.owner(3) == kept)
    }

    @Test func `shows nobody whom the keeper may not compare, and notes who was shown`() async throws {
        let world = try await world()
        #expect(try await world.get("/review/children/p1", as: "priya").status == 404)
        #expect(try await world.get("/review/children/nobody", as: "ruth").status == 404)
        _ = try await world.get("/review/children/p1", as: "ruth")
        for person in ["p1", "p2"] { #expect(try await world.looks(at: person).count == 1, "\(person)") }
        try await world.write { tx in
            tx.record(Event("test"))
            try AccessStore.label("p1", .protected, in: tx)
        }
        #expect(try await world.get("/review/children/p1", as: "ruth").status == 404)
        #expect(try await world.get("/review/children/p2", as: "ruth").words.contains("No other child"))
    }
}
