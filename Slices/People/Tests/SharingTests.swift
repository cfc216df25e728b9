import Access
@testable import AccessServer
import Kernel
import People
@testable import PeopleServer
import Storage
import TestKit
import Testing
import Web

private let path = "/people/amina/words"
private let said = "She says no words yet, and runs to the window when it rains"

/// With whom a family shares what it says (INF-2, INF-5): rule sharing/1.
@Suite struct `What a family shares with some and not with others` {
    /// The city in which a social worker has to do with Amina too.
    private func city(_ engine: Engine = .sqlite) async throws -> City {
        let city = try await City(engine)
        try await city.write { tx in
            tx.record(.housekeeping)
            for name in ["steve", "helen", "anwar"] {
                try AccessStore.relate(
                    name, to: "amina", as: name == "helen" ? .onRoll : .careTeam,
                    until: tx.now.adding(milliseconds: 86_400_000), evidence: "made up", in: tx)
            }
        }
        return city
    }

    private func write(_ city: City, withheld: String?, words: String = said) async throws -> Answer {
        let page = try await city.get(path, as: "nadia")
        var fields = ["words": words]
        fields["withheld"] = withheld
        return try await city.post(path, fields, from: page, as: "nadia")
    }

    @Test(arguments: Engine.allCases)
    func `is read by health and education and not by social care, as Nadia agreed (step 3)`(engine: Engine) async throws
    {
        let city = try await city(engine)
        #expect(try await write(city, withheld: "social-care").status == 303)
        for name in ["nadia", "priya", "helen", "anwar", "lucy"] {
            #expect(try await city.get(path, as: name).words.contains(said), "\(name)")
        }
        let steve = try await city.get(path, as: "steve")
        #expect(steve.status == 200 && !steve.text.contains("no words yet"))
        #expect(!steve.words.contains("Not shown") && steve.words.contains("Nothing has been written yet"))
        for name in ["nadia", "priya"] {
            #expect(try await city.get(path, as: name).words.contains("Not shown to social care"), "\(name)")
        }
        for name in ["helen", "anwar"] {
            #expect(try await !city.get(path, as: name).words.contains("Not shown"), "\(name)")
        }
    }

    @Test func `is the same for whoever it is kept from, byte for byte, whether there is anything`() async throws {
        let (with, without) = (try await city(), try await city())
        #expect(try await write(with, withheld: "social-care").status == 303)
        for address in [path, "/people/amina", "/people", "/people/amina/held", "/people/amina/looks"] {
            let (one, other) = (try await with.get(address, as: "steve"), try await without.get(address, as: "steve"))
            #expect(one.status == other.status && one.words == other.words, "\(address)")
        }
    }

    @Test func `is shared with all where nothing was ticked, can be kept back later, and shared again`() async throws {
        let city = try await city()
        #expect(try await write(city, withheld: nil).status == 303)
        #expect(try await city.get(path, as: "steve").words.contains(said))
        for (withheld, isSeen) in [("social-care", false), ("", true)] {
            let page = try await city.get(path, as: "nadia")
            let entry = page.text.components(between: "action=\"\(path)/", and: "\"").first ?? "none"
            let fields = ["words-\(entry)": said, "withheld-\(entry)": withheld]
            #expect(try await city.post("\(path)/\(entry)", fields, from: page, as: "nadia").status == 303)
            #expect(try await city.get(path, as: "steve").words.contains(said) == isSeen, "\(withheld)")
        }
    }

    @Test func `knows no sector but the three, and shows the author what they wrote in any case`() async throws {
        let city = try await city()
        #expect(try await write(city, withheld: "police").status == 303)
        #expect(try await city.get(path, as: "steve").words.contains(said))
        #expect(Sector.read("health police") == [.health])
        #expect(Sector.text([.socialCare, .education]) == "education social-care")
    }
}
