import Access
import AccessServer
@testable import CaseworkServer
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `A letter about somebody protected` {
    @Test(arguments: Engine.allCases)
    func `is read by a second person before anybody outside of the team can read it (INF-5)`(engine: Engine)
        async throws
    {
        let office = try await Office(engine)
        try await office.write { tx in try AccessStore.label("amina", .protected, in: tx) }
        let id = try await office.request(on: "12/1/2026")
        let letter = try #require(try await office.letters(id).first)
        let path = "/letters/\(letter)"
        for address in [path, "\(path)/pdf"] {
            let closed = try await office.get(address, as: "nadia")
            #expect(closed.status == 200 && closed.words.contains("being read by a second person"), "\(address)")
            #expect(!closed.words.contains("24 February"), "\(address)")
        }
        let mails = try await office.mails().filter { $0.title.contains("letter") }
        #expect(mails.map(\.title).allSatisfy { $0 == "A letter waits for a second person" } && !mails.isEmpty)
        #expect(!mails.contains { $0.recipient == "nadia@continuum.invalid" || $0.body.contains("Amina") })
        #expect(try await office.get("/cases", as: "grace").words.contains("A letter about Amina Rahman"))
        #expect(try await !office.get("/cases/\(id)/bundle", as: "nadia").words.contains("We have the request"))
        let own = try await office.get(path, as: "priya")
        #expect(own.words.contains("somebody else has to read and release it"))
        let byAuthor = try await office.post(
            "\(path)/releases", [], from: try await office.get(path, as: "grace"), as: "priya")
        #expect(byAuthor.header("Location") == "\(path)?own=1" || byAuthor.status == 403)
        #expect(try await office.get(path, as: "nadia").words.contains("being read"))
        let second = try await office.get(path, as: "grace")
        #expect(try await office.post("\(path)/releases", [], from: second, as: "grace").status == 303)
        #expect(try await office.get(path, as: "nadia").words.contains("SENDIASS"))
        #expect(try await office.post("\(path)/releases", [], from: second, as: "nadia").status != 303)
    }

    @Test func `is for the family at once where nobody is protected`() async throws {
        let office = try await Office()
        let id = try await office.request(on: "12/1/2026")
        let letter = try #require(try await office.letters(id).first)
        #expect(try await office.get("/letters/\(letter)", as: "nadia").words.contains("SENDIASS"))
        #expect(try await !office.get("/letters/\(letter)", as: "grace").words.contains("release it"))
    }
}
