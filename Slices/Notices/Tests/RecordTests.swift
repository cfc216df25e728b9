import Access
@testable import AccessServer
import Kernel
import Notices
@testable import NoticesServer
import Storage
import TestKit
import Testing
import Web

/// What of the notice must not be shown to whoever may not see the person.
private let marks = [
    "Amina", "Rahman", "17 April 2023", "Invented Row", "B11 9ZZ", "0121 496", "Probable autism", "Seen in December",
    "Speech, language", "Nadia", "after five", "CDC-2026-0117", "paediatrician",
]

private func shown(_ answer: Answer) -> [String] {
    marks.filter { answer.text.contains($0) }
}

@Suite struct `A notice that is attached to a person` {
    /// A town in which the notice about Amina was received and attached to her.
    private func attached(_ engine: Engine = .sqlite, to person: String = "amina") async throws -> (Town, String) {
        let town = try await Town(engine, today: "2026-01-14")
        _ = await town.send(wholeJSON)
        let id = try #require(try await town.noticeIDs().first)
        #expect(try await town.write { try Notices.attach(id, to: person, in: $0) })
        return (town, id)
    }

    @Test(arguments: Engine.allCases)
    func `is seen by the officer of the case, and its look stands on the family’s page (INF-5)`(
        engine: Engine
    ) async throws {
        let (town, id) = try await attached(engine)
        let page = try await town.get("/notices/\(id)", as: "priya")
        #expect(shown(page).count == marks.count, "\(marks.filter { !shown(page).contains($0) })")
        #expect(try await town.get("/notices", as: "priya").words.contains("Amina Rahman"))
        let looks = try await town.get("/people/amina/looks", as: "nadia").words
        #expect(looks.contains("a case officer") && looks.contains("health"))
        #expect(try await town.act(on: id, as: "priya").status == 303)
        #expect(try await !town.write { try Notices.attach(id, to: "amina", in: $0) }, "once is enough")
    }

    @Test(arguments: Engine.allCases)
    func `shows an officer who does not stand to the person when it came and what was done, nothing else`(
        engine: Engine
    ) async throws {
        let (town, id) = try await attached(engine, to: "yusuf")
        let before = try await town.get("/notices/\(id)", as: "priya")
        #expect(before.status == 200 && shown(before).isEmpty, "\(shown(before))")
        #expect(before.words.contains("part of that person’s record") && before.words.contains("14 January 2026"))
        let list = try await town.get("/notices", as: "priya")
        #expect(shown(list).isEmpty && list.words.contains("Part of a record"))
        #expect(try await town.write { try Notices.detach(id, in: $0) })
        let open = try await town.get("/notices/\(id)", as: "priya")
        #expect(try await town.write { try Notices.attach(id, to: "yusuf", in: $0) })
        let step = ["step": "picked-up"]
        let refused = try await town.post("/notices/\(id)/steps", step, from: open, as: "priya")
        #expect(refused.status == 404 && shown(refused).isEmpty, "and takes no step")
        #expect(try await town.journal().allSatisfy { $0.kind != "person.seen" || $0.actor != "priya" })
    }

    @Test func `is detached again where it was attached wrongly`() async throws {
        let (town, id) = try await attached(to: "yusuf")
        #expect(try await town.write { try Notices.detach(id, in: $0) })
        #expect(shown(try await town.get("/notices/\(id)", as: "priya")).count == marks.count)
        #expect(try await town.read { try Notices.broughtToAttention("yusuf", in: $0) } == nil)
    }

    @Test(
        arguments: [
            (Label.sealed, [] as Set<String>), (.protected, ["priya", "grace"]),
        ] as [(Label, Set<String>)])
    func `betrays nothing of somebody sealed, and no place of somebody protected`(
        label: Label, placed: Set<String>
    ) async throws {
        let (town, id) = try await attached()
        try await town.write { try AccessStore.label("amina", label, in: $0) }
        for name in ["priya", "grace"] {
            for path in ["/notices/\(id)", "/notices", "/notices?show=all"] {
                let answer = try await town.get(path, as: name)
                if label == .sealed { #expect(shown(answer).isEmpty, "\(path) as \(name): \(shown(answer))") }
            }
            let page = try await town.get("/notices/\(id)", as: name)
            #expect(page.text.contains("Invented Row") == placed.contains(name), "\(name)")
        }
        if label == .sealed {
            let (other, plain) = try await attached(to: "yusuf")
            let unrelated = try await other.get("/notices/\(plain)", as: "priya").words
            let sealed = try await town.get("/notices/\(id)", as: "priya").words
            #expect(sealed == unrelated, "a sealed record looks like one that is not theirs")
        }
    }

    @Test func `stays a receipt to its sender, and what it says is the record’s`() async throws {
        let town = try await Town(today: "2026-01-14")
        let form = try await town.get("/notices/new", as: "anwar")
        let fields = [
            "body": town.body.id, "given_by": "Dr Anwar Siddiqui, paediatrician", "child-given": "Amina",
            "child-family": "Rahman", "child-born": "17/4/2023", "child-address": "7 Invented Row",
            "opinion": "Probable autism",
        ]
        let address = try #require(try await town.post("/notices", fields, from: form, as: "anwar").header("Location"))
        let id = try #require(address.split(separator: "/").last.map(String.init))
        // Anwar is of Amina’s care team, and stands to Yusuf in no way.
        _ = try await town.write { try Notices.attach(id, to: "yusuf", in: $0) }
        let page = try await town.get(address, as: "anwar")
        #expect(page.status == 200 && shown(page).isEmpty && page.words.contains("part of the child’s record"))
        #expect(page.words.contains("14 January 2026") && page.words.contains("accepted, and incomplete"))
        let again = shown(try await town.get("/notices/new?again=\(id)", as: "anwar"))
        #expect(again == ["Speech, language"], "the form is empty; its boxes have their names")
        _ = try await town.write { try Notices.attach(id, to: "amina", in: $0) }
        #expect(try await town.get(address, as: "anwar").text.contains("Probable autism"))
    }
}

extension Town {
    fileprivate func act(on id: String, as name: String) async throws -> Answer {
        let page = try await get("/notices/\(id)", as: name)
        return try await post("/notices/\(id)/steps", ["step": "picked-up"], from: page, as: name)
    }
}
