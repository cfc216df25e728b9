import Access
@testable import AccessServer
@testable import Casework
@testable import CaseworkServer
import Kernel
import Printing
import Storage
import TestKit
import Testing
import Web

@Suite struct `A wish how to be written to` {
    private func wish(
        _ way: ContactWish.Way = .online, _ forms: Set<ContactWish.Form> = [], language: String = "",
        interpreter: String = "", signs: Bool = false, note: String = ""
    ) throws -> ContactWish {
        try ContactWish(
            way: way, forms: forms, language: language, interpreter: interpreter, isSignedAtMeetings: signs, note: note)
    }

    @Test func `says in one row what is wanted, and nothing where it is what everybody gets`() throws {
        #expect(ContactWish.usual.wants == nil)
        #expect(
            try wish(.online, [.largePrint], interpreter: "Urdu").wants
                == "large print and an interpreter in Urdu at every meeting")
        #expect(try wish(.post).wants == "letters on paper, by post")
        #expect(
            try wish(.telephone, [.easyRead, .signed], language: "Urdu", signs: true).wants
                == """
                letters signed in BSL, Easy Read, letters in Urdu, a call, by telephone, in place of letters and a BSL \
                interpreter at every meeting
                """)
    }

    @Test func `gives people what a machine does not do`() throws {
        #expect(ContactWish.usual.errands.isEmpty)
        #expect(try wish(.online, [.largePrint]).errands.isEmpty, "large print is made at once")
        #expect(try wish(.post, [.easyRead], language: "Urdu").errands == [.post, .language, .easyRead])
        #expect(try wish(.telephone, [.signed]).errands == [.telephone, .signed])
    }

    @Test func `knows English, and takes no language that is none`() throws {
        #expect(try wish(language: "English").language.isEmpty && wish(interpreter: "english").meeting == nil)
        #expect(try wish(language: "Sylheti (spoken)").language == "Sylheti (spoken)")
        #expect(try wish(language: "اردو").language == "اردو")
        for bad in ["<b>", "Urdu; DROP", "Urdu1", String(repeating: "a", count: 41), "a\nb"] {
            #expect(throws: Malformed.self) { try wish(language: bad) }
        }
        #expect(throws: Malformed.self) { try wish(note: String(repeating: "a", count: 501)) }
    }

    @Test func `puts first in a letter what is still owed, and that a person makes it`() {
        let owed = ErrandKind.language.firstWords(language: "Urdu", isSent: false, meeting: "an interpreter in Urdu")
        #expect(owed?.contains("letters in Urdu. A person makes") == true)
        #expect(owed?.contains("with an interpreter in Urdu") == true)
        let sent = ErrandKind.easyRead.firstWords(language: "", isSent: true, meeting: nil)
        #expect(sent?.contains("in Easy Read. That version was sent") == true)
        #expect(ErrandKind.post.firstWords(language: "", isSent: false, meeting: nil) == nil)
    }
}

@Suite struct `A family that said how to write to it` {
    private let asked: [(String, String)] = [
        ("way", "online"), ("forms", "large-print"), ("language", "Urdu"), ("interpreter", "Urdu"), ("note", ""),
    ]

    private func begun(_ engine: Engine = .sqlite) async throws -> (Office, String) {
        let office = try await Office(engine, on: "2026-03-16")
        return (office, try await office.request(on: "16/3/2026"))
    }

    private func say(
        _ office: Office, _ fields: [(String, String)], of recipient: String = "nadia", as name: String
    ) async throws -> Answer {
        let page = try await office.get("/people/amina/wishes?of=\(recipient)", as: name)
        return try await office.post("/people/amina/wishes", fields, from: page, as: name)
    }

    private func decide(_ office: Office, _ id: String) async throws -> String {
        _ = try await office.decideToAssess(id, on: "16/3/2026")
        return try #require(try await office.letters(id).last)
    }

    @Test(arguments: Engine.allCases)
    func `is shown to the officer on the case and on its forms, and reminded of whom a meeting needs`(
        engine: Engine
    ) async throws {
        let (office, id) = try await begun(engine)
        #expect(try await say(office, asked, as: "nadia").status == 303)
        let sentence = "Nadia Rahman wants large print, letters in Urdu and an interpreter in Urdu at every meeting"
        for path in [
            "/cases/\(id)", "/cases/\(id)/events/new?step=advice", "/cases/\(id)/events/new?step=consultation",
        ] {
            #expect(try await office.get(path, as: "priya").words.contains(sentence), "\(path)")
        }
        let form = try await office.get("/cases/\(id)/events/new?step=consultation", as: "priya").words
        #expect(form.contains("At every meeting there has to be, for Nadia Rahman: an interpreter in Urdu"))
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("You asked for large print"))
        for name in ["helen", "imran", "owen"] {
            #expect(try await !office.get("/cases/\(id)", as: name).text.contains("Urdu"), "\(name)")
        }
        #expect(try await office.get("/people/amina", as: "nadia").text.contains("/people/amina/wishes"))
        let journal = try await office.read { try Journal.entries(after: 0, limit: 4000, in: $0) }
        #expect(journal.contains { $0.kind == "wishes.kept" && $0.subject == "amina" && $0.actor == "nadia" })
        #expect(!journal.contains { $0.detail.contains("Urdu") })
    }

    @Test func `gets letters in large print, with first what comes in its language`() async throws {
        let (office, id) = try await begun()
        _ = try await say(office, asked, as: "priya")
        let letter = try await decide(office, id)
        try await Printer.$current.withValue(.echoing) {
            let hers = try await office.get("/letters/\(letter)/pdf", as: "nadia")
            #expect(hers.text.contains("font:18pt") && hers.text.contains("margin:30mm"))
            #expect(hers.words.contains("You asked for letters in Urdu. A person makes that version"))
            let copy = try await office.get("/letters/\(letter)/pdf", as: "priya")
            #expect(copy.text.contains("font:12pt") && !copy.words.contains("Urdu"))
            let sent = try await office.get("/letters/\(letter)/pdf?to=nadia", as: "priya")
            #expect(sent.text.contains("font:18pt"))
        }
        let page = try await office.get("/letters/\(letter)", as: "nadia")
        #expect(page.text.contains("app-large") && page.words.contains("A person makes that version"))
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("Owed to you in Urdu"))
        #expect(try await office.get("/cases/\(id)", as: "priya").words.contains("Owed to Nadia Rahman in Urdu"))
        let mails = try await office.mails().filter { $0.title.contains("letter of the council") }
        #expect(mails.contains { $0.recipient == "nadia@continuum.invalid" }, "English comes at once")
    }

    @Test func `is promised no version of a letter from before it asked, and keeps what it was owed`() async throws {
        let (office, id) = try await begun()
        let old = try #require(try await office.letters(id).first)
        _ = try await say(office, asked, as: "nadia")
        #expect(try await !office.get("/letters/\(old)", as: "nadia").words.contains("A person makes"))
        let letter = try await decide(office, id)
        _ = try await say(office, [("way", "online"), ("language", "Polish")], as: "nadia")
        let page = try await office.get("/letters/\(letter)", as: "nadia").words
        #expect(page.contains("You asked for letters in Urdu") && !page.contains("Polish"))
    }

    @Test(arguments: Engine.allCases)
    func `by post or telephone gets no mail, and an officer has something to carry`(engine: Engine) async throws {
        let (office, id) = try await begun(engine)
        _ = try await say(office, [("way", "post"), ("note", "Green door")], as: "nadia")
        let before = try await office.mails().filter { $0.recipient == "nadia@continuum.invalid" }.count
        let letter = try await decide(office, id)
        #expect(try await office.mails().filter { $0.recipient == "nadia@continuum.invalid" }.count == before)
        let called = try await office.mails().filter { $0.title.contains("for people to carry") }
        #expect(Set(called.map(\.recipient)) == ["priya@continuum.invalid", "grace@continuum.invalid"])
        #expect(!called.contains { $0.body.contains("Amina") || $0.body.contains("Nadia") })
        #expect(try await office.get("/cases", as: "priya").words.contains("For people to carry: 1"))
        let list = try await office.get("/errands", as: "priya")
        for word in ["Amina Rahman", "Nadia Rahman", "Post it on paper", "Green door", "We will assess"] {
            #expect(list.words.contains(word), "\(word)")
        }
        #expect(list.text.contains("/letters/\(letter)/pdf?to=nadia"))
        let address = "/cases/\(id)/errands/errand-\(id)-1"
        for name in ["nadia", "helen", "tom"] {
            #expect(try await office.get("/errands", as: name).status == 404, "\(name)")
            #expect(try await office.post(address, [], from: list, as: name).status != 303, "\(name)")
        }
        #expect(try await office.post(address, [], from: list, as: "priya").status == 303)
        #expect(try await office.get("/errands", as: "priya").words.contains("Nothing waits"))
        #expect(try await office.get("/cases/\(id)", as: "nadia").words.contains("To you by post: done 16 March 2026"))
        #expect(try await office.post(address, [], from: list, as: "grace").status == 303, "twice is once")
    }

    @Test func `is not sent what waited for it once a decision keeps it away`() async throws {
        let (office, id) = try await begun()
        _ = try await say(office, [("way", "post")], as: "nadia")
        _ = try await decide(office, id)
        try await office.write { tx in
            try AccessStore.restrict(
                "nadia", from: "amina", .location, ground: .order, decider: "a court", evidence: "made for a test",
                decided: tx.now, review: "2027-03-16", in: tx)
        }
        let list = try await office.get("/errands", as: "priya")
        #expect(list.words.contains("Do not send it") && !list.text.contains("/pdf?to="))
    }

    @Test func `is called about an answer where it wants no mail`() async throws {
        let (office, id) = try await begun()
        _ = try await say(office, [("way", "telephone"), ("language", "Urdu")], as: "nadia")
        let page = try await office.get("/cases/\(id)", as: "nadia")
        _ = try await office.post("/cases/\(id)/worries", [("worry", "Nobody called")], from: page, as: "nadia")
        let seen = try await office.get("/cases/\(id)", as: "priya")
        let path = seen.text.components(between: "action=\"/cases/\(id)/worries/", and: "\"").first ?? "none"
        let field = "answer-\(path.split(separator: "/").first ?? "")"
        _ = try await office.post("/cases/\(id)/worries/\(path)", [(field, "Today")], from: seen, as: "priya")
        #expect(try await office.mails().allSatisfy { $0.title != "An answer is there for you" })
        let list = try await office.get("/errands", as: "priya").words
        #expect(list.contains("Call, and read it to them") && list.contains("An answer to what they are worried about"))
    }

    @Test func `without an account is named by the officer, and gets every letter by people until it ends`()
        async throws
    {
        let (office, id) = try await begun()
        let bad = try await say(office, [("way", "online"), ("name", "")], of: "new", as: "priya")
        #expect(bad.status == 422)
        for field in ["name", "kin", "way"] { #expect(bad.text.contains("href=\"#\(field)\""), "\(field)") }
        let named: [(String, String)] = [("name", "Salma Rahman"), ("kin", "parent"), ("way", "post")]
        #expect(try await say(office, named, of: "new", as: "priya").status == 303)
        let letter = try await decide(office, id)
        #expect(try await office.get("/letters/\(letter)", as: "priya").words.contains("to Salma Rahman"))
        #expect(try await office.get("/errands", as: "priya").words.contains("Salma Rahman"))
        for path in ["/people/amina/wishes", "/letters/\(letter)", "/cases/\(id)"] {
            #expect(try await !office.get(path, as: "nadia").text.contains("Salma"), "\(path)")
        }
        let list = try await office.get("/people/amina/wishes", as: "priya").text
        let her = try #require(list.components(between: "wishes?of=recipient-", and: "\"").first)
        let end = try await say(office, [("way", "post"), ("ends", "yes")], of: "recipient-\(her)", as: "priya")
        #expect(end.status == 303)
        #expect(try await !office.get("/letters/\(letter)", as: "priya").words.contains("Salma"))
    }

    @Test func `says it for itself alone, with what is wrong at its field, and not over what another wrote`()
        async throws
    {
        let (office, _) = try await begun()
        let wrong = try await say(office, [("way", "pigeon"), ("language", "<b>")], as: "nadia")
        #expect(
            wrong.status == 422 && wrong.text.contains("href=\"#way\"") && wrong.text.contains("href=\"#language\""))
        #expect(wrong.text.contains("value=\"&lt;b&gt;\""), "what was written is kept")
        let form = try await office.get("/people/amina/wishes?of=nadia", as: "nadia")
        _ = try await say(office, [("way", "post")], as: "priya")
        let late = try await office.post("/people/amina/wishes", [("way", "telephone")], from: form, as: "nadia")
        #expect(late.status == 409)
        for (name, of) in [("nadia", "imran"), ("nadia", "new"), ("nadia", "x"), ("priya", "x"), ("imran", "imran")] {
            #expect(try await office.get("/people/amina/wishes?of=\(of)", as: name).status == 404, "\(of) as \(name)")
        }
        let hers = try await office.get("/people/amina/wishes?of=nadia", as: "nadia")
        let forged: [(String, String)] = [("recipient", "imran"), ("way", "post")]
        let pairs =
            forged + [("form-token", hers.text.components(between: "name=\"form-token\" value=\"", and: "\"")[0])]
        let answer = await office.app.send("/people/amina/wishes", pairs, cookies: office.cookies("nadia"))
        #expect(answer.status == 404 || answer.status == 403)
        for name in ["imran", "tom", "steve", "joan", "maureen"] {
            #expect(try await office.get("/people/amina/wishes", as: name).status == 404, "\(name)")
        }
        let senco = try await office.get("/people/amina/wishes", as: "helen")
        #expect(senco.status == 200 && !senco.text.contains("Nadia") && !senco.text.contains("?of="))
        let officer = try await office.get("/people/amina/wishes", as: "priya").words
        #expect(officer.contains("Imran Rahman Told by people alone"))
    }
}
