import Access
@testable import AccessServer
import Kernel
import Storage
import TestKit
import Testing
import Web

/// Kieran, born on 12 September 2010, has his rights from 26 June 2027: all are told from 28 March.
@Suite struct `The warning before rights pass` {
    private func warn(_ city: City, on day: Day) async throws {
        try await RightsPassStore.job.run(
            Job.Run(
                database: city.app.database, subject: "", now: WallClock.stopped(on: day).now(), share: TestApp.share,
                progress: { _, _ in }))
    }

    private func mails(_ city: City) async throws -> [Message] {
        try await city.app.database.read { try Outbox.messages(limit: 100, in: $0) }
    }

    @Test(arguments: Engine.allCases)
    func `goes once to the young person and to the carer, ninety days before, and names nobody (PER-9)`(
        engine: Engine
    ) async throws {
        let city = try await City(engine, today: "2027-03-28")
        try await warn(city, on: "2027-03-27")
        #expect(try await mails(city).isEmpty)
        for _ in 0..<3 { try await warn(city, on: "2027-03-28") }
        try await warn(city, on: "2027-06-25")
        let sent = try await mails(city)
        #expect(sent.map(\.recipient).sorted() == ["kieran@continuum.invalid", "maureen@continuum.invalid"])
        for mail in sent {
            for word in ["26 June 2027", "section 83", "What to do"] { #expect(mail.body.contains(word)) }
            for name in ["Kieran", "Doyle", "Maureen"] {
                #expect(!mail.body.contains(name) && !mail.title.contains(name))
            }
        }
        let his = sent.first { $0.recipient.hasPrefix("kieran") }
        #expect(his?.body.contains("your own") == true)
        #expect(try await city.app.events().filter { $0 == "rights.warned" }.count == 1)
    }

    @Test func `goes anew where the birthday is put right, at once where it is late, and never after the day`()
        async throws
    {
        let city = try await City(today: "2027-03-28")
        try await warn(city, on: "2027-03-28")
        try await city.write { try AccessStore.keep(subject: "kieran-doyle", born: "2011-09-12", in: $0) }
        try await warn(city, on: "2027-06-01")
        #expect(try await mails(city).count == 2)
        try await warn(city, on: "2028-06-20")
        #expect(try await mails(city).count == 4)
        try await city.write { try AccessStore.keep(subject: "amina", born: "2005-01-01", in: $0) }
        try await warn(city, on: "2028-06-21")
        #expect(try await mails(city).count == 4)
    }

    @Test func `tells nothing to whoever is kept away, has no address or has left, and nobody where a label closes`()
        async throws
    {
        let kept = try await City(today: "2027-03-28")
        try await kept.write { tx in
            try AccessStore.restrict(
                "maureen", from: "kieran-doyle", .location, ground: .order, decider: "a court", evidence: "made up",
                decided: tx.now, review: "2028-01-01", in: tx)
        }
        try await warn(kept, on: "2027-03-28")
        #expect(try await mails(kept).map(\.recipient) == ["kieran@continuum.invalid"])
        let gone = try await City(today: "2027-03-28")
        try await gone.write { tx in
            try AccountStore.end("maureen", in: tx)
            try AccessStore.keepAccount("uncle", login: "uncle.doyle", name: "An uncle", about: "", in: tx)
            try AccessStore.relate("uncle", to: "kieran-doyle", as: .parent, evidence: "made up", in: tx)
        }
        try await warn(gone, on: "2027-03-28")
        #expect(try await mails(gone).map(\.recipient) == ["kieran@continuum.invalid"])
        let closed = try await City(today: "2027-03-28")
        try await closed.write { try AccessStore.label("kieran-doyle", .protected, in: $0) }
        try await warn(closed, on: "2027-03-28")
        #expect(try await mails(closed).isEmpty)
        #expect(try await closed.app.events().contains("rights.warned"))
    }

    @Test func `stands on the person’s page from that day on`() async throws {
        let words = "these rights"
        for (day, line) in [
            ("2027-03-27", nil), ("2027-03-28", "From 26 June 2027"), ("2027-06-25", "From 26 June 2027"),
            ("2027-06-26", "Since 26 June 2027"),
        ] {
            let page = try await City(today: try Day(iso: day)).get("/people/kieran-doyle", as: "kieran")
            #expect(page.status == 200)
            #expect(page.words.contains(words) == (line != nil), "\(day)")
            if let line { #expect(page.words.contains(line), "\(day)") }
        }
    }
}
