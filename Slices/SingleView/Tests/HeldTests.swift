import Access
import AccessServer
import Foundation
import Kernel
@testable import PeopleServer
import SingleView
import SingleViewServer
import Storage
import TestKit
import Testing
import Web

@Suite struct `Everything that is held` {
    @Test(arguments: Engine.allCases)
    func `is shown to a mother whole: who holds what, since when, who looked (INF-5)`(engine: Engine) async throws {
        let city = try await HeldCity(engine)
        let page = try await city.get("/people/amina/held", as: "nadia")
        #expect(page.status == 200)
        for word in [
            "Early years teams", "GP and health visitor notices", "Ameena", "B11 9ZZ", "Marigold Nursery",
            "UK GDPR, article 15", "Data Protection Act 2018", "Some things may lawfully be withheld", "Who has looked",
        ] { #expect(page.words.contains(word), "\(word)") }
        let file = try await city.get("/people/amina/held.json", as: "nadia")
        #expect(file.header("Content-Disposition")?.hasPrefix("attachment; filename=\"held-2026-11-24.json\"") == true)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(file.body)) as? [String: Any])
        let facts = try #require(json["facts"] as? [[String: Any]])
        let given = try #require(facts.first { $0["fact"] as? String == "given" })
        #expect(given["rule"] as? String == "trust/given")
        let shown = try #require(given["shown"] as? [String: Any])
        #expect(shown["value"] as? String == "Amina" && shown["day"] as? String == "2026-10-02")
        #expect((json["records"] as? [Any])?.count == 2)
        #expect((json["looks"] as? [Any])?.isEmpty == false)
        for (address, answer) in try await city.everything(of: "amina", as: "nadia") {
            #expect(answer.status == 200, "\(address)")
            for word in ["Otherchild", "Yusuf", "Kieran", "Imran", "Kieron"] {
                #expect(!answer.text.contains(word), "\(address) names \(word)")
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `betrays nothing of where the children are to a father who is kept from it (INF-5)`(engine: Engine)
        async throws
    {
        let city = try await HeldCity(engine)
        let ask = try await city.ask(
            "amina", ["about": "0-address-1", "wanted": "9 Wherever Row", "words": "Wherevermoved"], as: "nadia")
        #expect(ask.status == 303)
        for (address, answer) in try await city.everything(of: "amina", as: "imran") {
            #expect(answer.status == (address.hasSuffix("/looks") ? 404 : 200), "\(address)")
            for word in HeldCity.places + ["Wherevermoved"] {
                #expect(!answer.text.contains(word), "\(address) tells \(word)")
            }
            #expect(!answer.words.contains("that this is wrong"), "\(address) has a mark of what he may not see")
        }
        let before = try await HeldCity(engine).get("/people/amina/held", as: "imran")
        #expect(try await city.get("/people/amina/held", as: "imran").words == before.words)
    }

    @Test(arguments: Engine.allCases)
    func `betrays youth justice to no school and no family, by no count, gap or reason (K6)`(
        engine: Engine
    ) async throws {
        let city = try await HeldCity(engine)
        let number = try await city.number("ZREF-5")
        let said = try await city.ask(
            "kieran-doyle", ["about": "\(number)-record", "words": "Secretorder of another"], as: "dawn")
        #expect(said.status == 303)
        _ = try await city.get("/corrections", as: "kit")
        for who in ["maureen", "kieran", "tom", "farah", "steve", "megan"] {
            for (address, answer) in try await city.everything(of: "kieran-doyle", as: who) {
                for word in HeldCity.justice + ["Kieron", "777", "model-of-a-test"] {
                    #expect(!answer.text.contains(word), "\(address) as \(who) tells \(word)")
                }
                #expect(!answer.words.contains("a record keeper"), "\(address) as \(who)")
            }
        }
        for who in ["dawn", "priya"] {
            let page = try await city.get("/people/kieran-doyle/held", as: who)
            #expect(page.text.contains("Secretorder"), "\(who)")
        }
        // The same page as if there were no such record.
        let without = try await HeldCity(engine)
        try await without.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE held_record SET person = NULL WHERE number = \(number)")
            try tx.run("DELETE FROM record_link WHERE record = \(number) OR other = \(number)")
        }
        for address in ["/people/kieran-doyle/held.json", "/people/kieran-doyle/links", "/people/kieran-doyle"] {
            let with = try await HeldCity(engine).get(address, as: "maureen")
            #expect(try await without.get(address, as: "maureen").text == with.text, "\(address)")
        }
    }

    @Test func `is as much as each may see, and for a stranger as if there were nobody`() async throws {
        let city = try await HeldCity()
        let senco = try await city.get("/people/amina/held.json", as: "helen")
        #expect(senco.text.contains("early-years") && !senco.text.contains("primary-care"))
        for word in HeldCity.places { #expect(!senco.text.contains(word), "\(word)") }
        let doctor = try await city.get("/people/amina/held.json", as: "anwar")
        #expect(doctor.text.contains("primary-care") && doctor.text.contains("B11 9ZZ"))
        // A child under sixteen sees their own name and words; here Kieran before his rights pass.
        let child = try await city.get("/people/kieran-doyle/held", as: "kieran")
        #expect(child.status == 200 && child.words.contains("Doyle"))
        for word in ["School census", "B44", "SEMH", "Northgate"] { #expect(!child.words.contains(word), "\(word)") }
        let later = try await HeldCity(today: "2027-06-26").get("/people/kieran-doyle/held", as: "kieran")
        #expect(later.words.contains("School census") && later.words.contains("B44 9ZZ"))
        let stranger = try await city.get("/people/amina/held", as: "maureen")
        #expect(stranger.status == 404)
        #expect(stranger.text == (try await city.get("/people/nobody-at-all/held", as: "maureen")).text)
    }

    @Test func `says the same of what may be withheld to everybody, whether or not anything is`() async throws {
        let city = try await HeldCity()
        for who in ["nadia", "imran", "helen", "priya"] {
            for end in ["held", "held/everything", "held.json"] {
                let answer = try await city.get("/people/amina/\(end)", as: who)
                #expect(answer.text.contains("Some things may lawfully be withheld"), "\(end) as \(who)")
            }
        }
    }

    @Test func `keeps what a child keeps from their parents from them, in the file too`() async throws {
        let city = try await HeldCity()
        try await city.write { tx in
            tx.record(.housekeeping)
            for (id, words, kept) in [("one", "Openword", 0), ("two", "Keptword", 1)] {
                try tx.run(
                    """
                    INSERT INTO own_entry (id, person, author, words, kept, made, version)
                    VALUES (\(id), 'kieran-doyle', 'kieran', \(words), \(kept), \(tx.now), 1)
                    """)
            }
        }
        for end in ["held", "held/everything", "held.json"] {
            let carer = try await city.get("/people/kieran-doyle/\(end)", as: "maureen")
            #expect(!carer.text.contains("Keptword"), "\(end)")
        }
        let file = try await city.get("/people/kieran-doyle/held.json", as: "kieran")
        #expect(file.text.contains("Keptword") && file.text.contains("Openword"))
    }

    @Test func `notes one look with its classes, and a download as one`() async throws {
        let city = try await HeldCity()
        let before = try await city.journal("person.seen").count
        _ = try await city.get("/people/amina/held", as: "nadia")
        let seen = try await city.journal("person.seen")
        #expect(seen.count == before + 1)
        #expect(seen.last?.detail == "classes=education,health,identity,location,looks")
        _ = try await city.get("/people/amina/held.json", as: "nadia")
        _ = try await city.get("/people/amina/held/everything", as: "nadia")
        #expect(try await city.journal("person.downloaded").map(\.actor) == ["nadia", "nadia"])
        let looks = try await city.get("/people/amina/looks", as: "nadia")
        #expect(looks.words.contains("taken away as a file or to print"))
    }

    @Test func `holds what stood before, with its days`() async throws {
        let city = try await HeldCity()
        let intake = try Intake(city.app.database, share: TestApp.share, today: HeldCity.today)
        let moved = """
            record_id,given,family,born,postcode,address
            ZREF-3,Amina,Rahman,2023-04-17,B12 8QX,1 Newer Street

            """
        _ = try await intake.take(Array(moved.utf8), name: "primary-care_2026-11-20.csv")
        let all = try await city.get("/people/amina/held/everything", as: "nadia")
        for word in ["B12 8QX", "B11 9ZZ", "20 November 2026", "still so"] { #expect(all.words.contains(word)) }
        let father = try await city.get("/people/amina/held/everything", as: "imran")
        for word in ["B12", "Newer"] { #expect(!father.text.contains(word)) }
    }
}

@Suite struct `Why records are one child’s` {
    @Test(arguments: Engine.allCases)
    func `is told fact by fact, with how sure the model is (INF-4)`(engine: Engine) async throws {
        let page = try await HeldCity(engine).get("/people/amina/links", as: "nadia")
        for word in [
            "“Ameena” and “Amina”, another spelling or short form of the same name",
            "about 998 are of one child", "model-of-a-test", "date of birth (17 April 2023)",
            "Not told by GP and health visitor notices: address",
        ] { #expect(page.words.contains(word), "\(word) in \(page.words)") }
    }

    @Test func `says only that this is the record where no other may be seen`() async throws {
        let city = try await HeldCity()
        try await city.write { tx in
            tx.record(.housekeeping)
            try tx.run("UPDATE held_record SET person = NULL WHERE source = 'school-census'")
        }
        let page = try await city.get("/people/kieran-doyle/links", as: "maureen")
        #expect(page.words.contains("This is the record. No other is shown"))
        #expect(!page.words.contains("Youth"))
    }

    @Test func `tells of a person’s decision by what they are, never by name`() async throws {
        let city = try await HeldCity()
        let (one, other) = (try await city.number("ZREF-1"), try await city.number("ZREF-3"))
        try await city.write { tx in
            tx.record(.housekeeping)
            try tx.run(
                """
                INSERT INTO link_decision (id, one, other, verdict, decider, at, reason)
                VALUES ('d', \(one), \(other), 'same', 'kit', \(tx.now), 'Reasonword')
                """)
        }
        let page = try await city.get("/people/amina/links", as: "nadia")
        #expect(page.words.contains("A record keeper looked at both and decided on 24 November 2026"))
        #expect(!page.text.contains("Kit") && !page.text.contains("Reasonword"))
    }
}
