import Access
@testable import AccessServer
@testable import CaseworkServer
import Kernel
import Printing
import Storage
import TestKit
import Testing
import Web

@Suite struct `A letter as a file` {
    private func begun(_ engine: Engine = .sqlite) async throws -> (Office, letter: String) {
        let office = try await Office(engine, on: "2026-03-16")
        let id = try await office.request(on: "16/3/2026")
        return (office, try #require(try await office.letters(id).first))
    }

    private func printed(_ office: Office, _ address: String, as name: String) async throws -> Answer {
        try await Printer.$current.withValue(.echoing) { try await office.get(address, as: name) }
    }

    @Test(arguments: Engine.allCases)
    func `is to the one who asks for it, with the letterhead, the date and our number`(engine: Engine) async throws {
        let (office, letter) = try await begun(engine)
        let file = try await printed(office, "/letters/\(letter)/pdf", as: "nadia")
        #expect(file.status == 200 && file.type == "application/pdf" && file.cacheControl == "no-store")
        #expect(file.header("Content-Disposition") == "attachment; filename=\"letter-2026-03-16.pdf\"")
        for word in ["To: Nadia Rahman", "Date: 16 March 2026", "Our number: case-", "Special educational needs team"] {
            #expect(file.words.contains(word), "\(word)")
        }
        #expect(file.text.contains("<html lang=\"en-GB\">"))
        #expect(file.text.contains("<h1>We have the request for an assessment of Amina Rahman</h1>"))
        let page = try await office.get("/letters/\(letter)", as: "nadia")
        #expect(page.words.contains("This letter as PDF") && !page.text.contains("?to="))
    }

    @Test func `is made for each of those whom it is to, and names them only to whoever may know`() async throws {
        let (office, letter) = try await begun()
        let page = try await office.get("/letters/\(letter)", as: "priya")
        #expect(page.words.contains("to Nadia Rahman") && page.text.contains("/letters/\(letter)/pdf?to=nadia\""))
        #expect(!page.words.contains("Imran"), "whom a court keeps away gets it from people")
        let hers = try await printed(office, "/letters/\(letter)/pdf?to=nadia", as: "priya")
        #expect(hers.words.contains("To: Nadia Rahman"))
        let copy = try await printed(office, "/letters/\(letter)/pdf", as: "priya")
        #expect(copy.status == 200 && !copy.words.contains("To: "))
        let senco = try await printed(office, "/letters/\(letter)/pdf", as: "helen")
        #expect(senco.status == 200 && !senco.text.contains("Nadia"))
        for (name, to) in [
            ("helen", "nadia"), ("priya", "imran"), ("priya", "tom"), ("nadia", "imran"), ("nadia", "x"),
        ] {
            let answer = try await printed(office, "/letters/\(letter)/pdf?to=\(to)", as: name)
            #expect(answer.status == 404 && !answer.text.contains("Amina"), "\(to) as \(name)")
        }
    }

    @Test func `is not there for whoever may not read the page, and a look at it is noted`() async throws {
        let (office, letter) = try await begun()
        for name in ["imran", "tom", "steve", "owen", "joan", "maureen"] {
            let answer = try await printed(office, "/letters/\(letter)/pdf", as: name)
            #expect(answer.status == 404 && !answer.text.contains("Amina"), "\(name)")
        }
        #expect(try await printed(office, "/letters/nothing/pdf", as: "nadia").status == 404)
        let before = try await office.read { try Journal.entries(after: 0, limit: 2000, in: $0).count }
        _ = try await printed(office, "/letters/\(letter)/pdf", as: "nadia")
        let noted = try await office.read { try Journal.entries(after: before, limit: 2000, in: $0) }
        #expect(noted.contains { $0.kind == "person.seen" && $0.subject == "amina" && $0.actor == "nadia" })
    }

    @Test func `where nothing prints, the answer says how to get it otherwise`() async throws {
        let (office, letter) = try await begun()
        let answer = try await Printer.$current.withValue(.absent) {
            try await office.get("/letters/\(letter)/pdf", as: "nadia")
        }
        #expect(answer.status == 503 && answer.header("Retry-After") == "30")
        for word in ["bin/setup", "print it with your browser", "on paper"] {
            #expect(answer.words.contains(word), "\(word)")
        }
        #expect(answer.text.contains("href=\"/letters/\(letter)\""))
    }

    @Test func `of a name or a reason with markup in it prints the characters`() async throws {
        let (office, _) = try await begun()
        let id = try await office.request(on: "16/3/2026")
        let because = "</p></body><img src=\"file:///etc/passwd\"> & “quoted”"
        let words = [("reasons", because), ("help", because), ("day", "16/3/2026")]
        try await office.note("consultation", [("day", "16/3/2026"), ("how", "x")], in: id)
        #expect(try await office.note("necessity", words, in: id).status == 303)
        let letter = try #require(try await office.letters(id).last)
        let file = try await printed(office, "/letters/\(letter)/pdf", as: "nadia")
        #expect(file.text.contains("&lt;/p&gt;") && !file.text.contains("<img"))
        let pdf = try await office.get("/letters/\(letter)/pdf", as: "nadia")
        #expect(pdf.status == 200 && pdf.body.starts(with: Array("%PDF-".utf8)))
    }
}
