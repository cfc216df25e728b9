import Access
@testable import AccessServer
import Foundation
import Kernel
import People
@testable import PeopleServer
import Storage
import TestKit
import Testing
import Web

/// Everything that could tell where the twins are.
private let places = ["Invented Row", "Sparkbrook", "B11 9ZZ", "0121 496 0107", "Marigold"]

@Suite struct `The record of a person` {
    @Test(arguments: Engine.allCases)
    func `is seen by each of the cast only as far as the access model says (INF-5)`(engine: Engine) async throws {
        let city = try await City(engine)
        let seen: [(String, String, name: Bool, place: Bool)] = [
            ("nadia", "amina", true, true), ("nadia", "yusuf", true, true), ("nadia", "kieran-doyle", false, false),
            ("imran", "amina", true, false), ("imran", "yusuf", true, false),
            ("maureen", "kieran-doyle", true, true), ("maureen", "amina", false, false),
            ("kieran", "kieran-doyle", true, false), ("kieran", "amina", false, false),
            ("priya", "amina", true, true), ("priya", "yusuf", false, false), ("grace", "yusuf", true, true),
            ("helen", "amina", true, false), ("helen", "kieran-doyle", false, false),
            ("tom", "kieran-doyle", true, false), ("anwar", "amina", true, true), ("anwar", "yusuf", false, false),
            ("lucy", "amina", true, false), ("steve", "kieran-doyle", true, true),
            ("dawn", "kieran-doyle", true, false), ("ruth", "kieran-doyle", true, true),
            ("farah", "kieran-doyle", true, false), ("owen", "amina", true, false),
            ("megan", "kieran-doyle", true, false), ("joan", "amina", false, false), ("vera", "amina", false, false),
            ("sam", "amina", false, false), ("leila", "amina", false, false),
        ]
        for (who, whom, name, place) in seen {
            let page = try await city.get("/people/\(whom)", as: who)
            #expect(page.status == (name ? 200 : 404), "\(who) at \(whom)")
            #expect(page.words.contains("Where they live") == place, "\(who) at \(whom)")
            let list = try await city.get("/people", as: who)
            #expect(list.text.contains("/people/\(whom)\"") == name, "\(who) lists \(whom)")
        }
    }

    @Test func `shows the father whom a court keeps away nothing on any page that could tell where the twins are`()
        async throws
    {
        let city = try await City()
        for address in ["/people", "/people/amina", "/people/yusuf", "/people/amina/looks", "/account"] {
            let page = try await city.get(address, as: "imran")
            #expect(page.status == (address.hasSuffix("/looks") ? 404 : 200))
            for place in places { #expect(!page.text.contains(place), "\(address) tells \(place)") }
            let headers = page.headers.map { $0.name + $0.value }.joined()
            for place in places { #expect(!headers.contains(place)) }
        }
        let hers = try await city.get("/people/amina", as: "nadia")
        for place in places { #expect(hers.text.contains(place), "her mother is not told \(place)") }
        #expect(try await city.get("/people/amina/whereabouts", as: "imran").status == 404)
    }

    @Test func `is gone at the very next request after a relationship, a role or a session ended`() async throws {
        let city = try await City()
        #expect(try await city.get("/people/amina", as: "helen").status == 200)
        try await city.write { tx in
            for held in try AccessStore.relationships(to: "amina", in: tx) where held.account == "helen" {
                try AccessStore.end(held, in: tx)
            }
        }
        #expect(try await city.get("/people/amina", as: "helen").status == 404)
        #expect(try await city.get("/people/yusuf", as: "helen").status == 200)
        try await city.write { try AccessStore.revoke(.senco, from: "helen", in: $0) }
        #expect(try await city.get("/people/yusuf", as: "helen").status == 404)
        #expect(try await city.get("/people/amina", as: "priya").status == 200)
        try await city.write { tx in
            for session in try SessionStore.sessions(of: "priya", at: tx.now, in: tx) {
                _ = try SessionStore.end(session.id, of: "priya", in: tx)
            }
        }
        let ended = try await city.get("/people/amina", as: "priya")
        #expect(ended.header("Location") == "/sign-in?next=%2Fpeople%2Famina")
        try await city.write { try AccountStore.end("nadia", in: $0) }
        #expect(try await city.get("/people/amina", as: "nadia").status == 303)
    }

    @Test func `says the same of what is hidden as of what is not there`() async throws {
        let city = try await City()
        let hidden = try await city.get("/people/amina", as: "tom")
        let absent = try await city.get("/people/nobody", as: "tom")
        #expect(hidden.status == absent.status && hidden.text == absent.text)
        #expect(hidden.headers.map(\.value) == absent.headers.map(\.value))
    }

    @Test func `notes whoever asks for what is not theirs, without the words of the address`() async throws {
        let city = try await City()
        _ = try await city.get("/people/amina", as: "tom")
        _ = try await city.get("/people/someone-made-up", as: "tom")
        let refused = try await city.app.database.read { tx in
            try Journal.entries(after: 0, limit: 1000, in: tx).filter { $0.kind == "access.refused" }
        }
        #expect(refused.map(\.actor) == ["tom", "tom"] && refused.map(\.subject) == ["amina", ""])
        #expect(refused.allSatisfy { $0.detail == "action=person.see" })
        #expect(!(try await city.get("/people/amina/looks", as: "nadia")).words.contains("action"))
    }

    @Test func `passes to the young person on the day after the last Friday in June of that school year (PER-9)`()
        async throws
    {
        let before = try await City(today: "2027-06-25")
        #expect(try await before.get("/people/kieran-doyle", as: "maureen").words.contains("Invented Close"))
        #expect(!(try await before.get("/people/kieran-doyle", as: "kieran").words.contains("Invented Close")))
        let after = try await City(today: "2027-06-26")
        #expect(try await after.get("/people/kieran-doyle", as: "maureen").status == 404)
        #expect(try await after.get("/people/kieran-doyle", as: "kieran").words.contains("Invented Close"))
    }

    @Test func `is changed by the officer of the case alone, once, and only from what is there now`() async throws {
        let city = try await City()
        let address = "/people/amina/whereabouts"
        let new = ["address": "9 New Row", "postcode": "B11 8ZZ", "telephone": "", "setting": ""]
        let page = try await city.get(address, as: "priya")
        let wrong = try await city.post(
            address, ["address": "", "postcode": "nowhere", "telephone": "", "setting": ""], from: page, as: "priya")
        #expect(wrong.status == 422 && wrong.words.contains("Write the address"))
        #expect(try await city.post(address, new, from: page, as: "nadia").status == 404)
        #expect(try await city.post(address, new, from: page, as: "priya").status == 303)
        #expect(try await city.post(address, new, from: page, as: "priya").status == 303)
        let other = ["address": "10 Other Row", "postcode": "B11 8ZZ", "telephone": "", "setting": ""]
        #expect(try await city.post(address, other, from: page, as: "priya").status == 409)
        #expect(try await city.get("/people/amina", as: "nadia").words.contains("9 New Row"))
        let moves = try await city.app.events().filter { $0 == "person.moved" }
        #expect(moves.count == 4, "three of the cast, and one change")
    }

    @Test func `ignores the person that a body names, and goes by its address`() async throws {
        let city = try await City()
        let page = try await city.get("/people/amina/whereabouts", as: "priya")
        let fields = [
            "person": "yusuf", "id": "yusuf", "address": "9 New Row", "postcode": "B11 8ZZ", "telephone": "",
            "setting": "",
        ]
        _ = try await city.post("/people/amina/whereabouts", fields, from: page, as: "priya")
        #expect(try await city.get("/people/yusuf", as: "nadia").words.contains("7 Invented Row"))
    }
}

@Suite struct `Who looked` {
    @Test(arguments: Engine.allCases)
    func `is shown to the family by role, with when, why and at what (INF-5)`(engine: Engine) async throws {
        let city = try await City(engine)
        _ = try await city.get("/people/amina", as: "priya")
        _ = try await city.get("/people/amina", as: "helen")
        let page = try await city.get("/people/amina/looks", as: "nadia")
        for words in ["a case officer", "for the assessment or the plan", "a SENCO", "for the child’s learning"] {
            #expect(page.words.contains(words))
        }
        #expect(!page.text.contains("Priya") && !page.text.contains("Helen"))
    }

    @Test func `leaves no trace of who works to keep a child safe, nor a gap, though the journal has it`()
        async throws
    {
        let city = try await City()
        _ = try await city.get("/people/kieran-doyle", as: "steve")
        _ = try await city.get("/people", as: "ruth")
        _ = try await city.get("/people/kieran-doyle", as: "ruth")
        let page = try await city.get("/people/kieran-doyle/looks", as: "maureen")
        #expect(page.words.contains("a social worker") && !page.words.contains("safeguarding"))
        #expect(page.text.components(between: "<tr", and: "</tr>").count == 2, "the head and one look")
        let kept = try await city.app.database.read { tx in
            try Journal.entries(about: "kieran-doyle", limit: 100, in: tx).filter { $0.actor == "ruth" }
        }
        #expect(kept.count >= 2)
    }

    @Test(arguments: [("imran", "amina"), ("tom", "kieran-doyle"), ("dawn", "kieran-doyle"), ("farah", "kieran-doyle")])
    func `is not for whoever may see the name alone, for it tells who works with the person`(
        name: String, person: String
    ) async throws {
        let city = try await City()
        let record = try await city.get("/people/\(person)", as: name)
        #expect(record.status == 200 && !record.text.contains("/looks"))
        #expect(try await city.get("/people/\(person)/looks", as: name).status == 404)
    }

    @Test func `is noted before anything is shown, or nothing is shown`() async throws {
        let city = try await City()
        let before = try await city.app.events().count
        _ = try await city.get("/people/amina", as: "priya")
        let events = try await city.app.events().dropFirst(before)
        #expect(events.contains("person.seen"))
    }
}
