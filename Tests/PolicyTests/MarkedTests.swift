import Access
@testable import AccessServer
import App
import Foundation
import Kernel
import Printing
import Storage
import TestKit
import Testing
import Web

/// One table of every address × role × relationship × restriction × label. It grows by itself: a new address is in it
/// as soon as its slice declares it, and one about a person under a new name fails until it is said whom to try.
@Suite struct `Every address, as everybody there could be` {
    /// How the name in an address is filled where it is decided on a person; a new one must be added here.
    private func subject(_ parameter: String, _ person: String) -> String? {
        [
            "person": person, "link": person, "case": "case-\(person)", "letter": "letter-case-\(person)-1",
            "document": "case-\(person)-4-document-1",
        ][parameter]
    }

    private var routes: [Route] { Application.slices.flatMap(\.routes) }

    /// A twenty-ninth of the accounts, a number that divides neither kinds nor restrictions, and another each day;
    /// all with CONTINUUM_TABLE=whole.
    private var holders: [Marked.Holder] {
        let environment = ProcessInfo.processInfo.environment
        guard environment["CONTINUUM_TABLE"] != "whole" else { return Marked.holders }
        let turn = environment["CONTINUUM_SEED"].flatMap(Int.init) ?? Int(Date().timeIntervalSince1970 / 86_400)
        return Marked.holders.enumerated().filter { $0.offset % 29 == turn % 29 }.map(\.element)
    }

    @Test func `gives nobody a mark that their cell of the table forbids (INF-5)`() async throws {
        let (holders, policy) = (holders, try Policy(TestApp.share.bytes("access/policy.csv")))
        let marked = try await Marked(holders: holders)
        // Two at a time, for two processors.
        let cells = try await withThrowingTaskGroup(of: Int.self) { group in
            for half in 0..<2 {
                let some = holders.enumerated().filter { $0.offset % 2 == half }.map(\.element)
                group.addTask {
                    // What is printed is read as it goes to the printer: marks in a PDF are packed.
                    try await Printer.$current.withValue(.echoing) {
                        try await walk(some, of: holders, marked, policy)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        try await checkJournal(of: marked)
        FileHandle.standardError.write(Data("the table of access: \(cells) cells tried\n".utf8))
        #expect(cells > holders.count * Marked.persons.count * 20)
    }

    /// Asks for every address as each of these accounts.
    ///
    /// - Returns: how many cells of the table were tried.
    private func walk(
        _ some: [Marked.Holder], of holders: [Marked.Holder], _ marked: Marked, _ policy: Policy
    ) async throws -> Int {
        var cells = 0
        for holder in some {
            let seen = Dictionary(
                uniqueKeysWithValues: Marked.persons.map { marks in
                    (marks, Set(policy.decide(.see, Marked.facts(holder, marks)).permitted.keys))
                })
            for route in routes {
                switch route.may {
                case .act(let action, let parameter):
                    let absent = try await ask(marked, route, parameter, "nobody-at-all", as: holder)
                    for marks in Marked.persons {
                        let answer = try await ask(marked, route, parameter, marks.id, as: holder)
                        let verb: Verb = action.verb == .see ? .see : .change
                        let isAllowed = policy.decide(verb, Marked.facts(holder, marks))
                            .permits(action.classes.compactMap(DataClass.init(rawValue:)))
                        let where_ = "\(route.method.rawValue) \(route.path) as \(holder.id) of \(marks.id)"
                        if !isAllowed {
                            #expect(answer.status == 404, "\(where_)")
                            #expect(Shown(answer) == Shown(absent), "\(where_) differs from what is not there")
                        } else if route.method == .get {
                            #expect(answer.status == 200, "\(where_)")
                        }
                        check(answer, seen, where_)
                        cells += 1
                    }
                case .link(_, let parameter):
                    // Whoever comes by a link is its task, whoever they are besides: one account tries all.
                    for link in marked.links where holder == holders[0] {
                        let answer = try await ask(marked, route, parameter, link, as: holder)
                        #expect(!answer.text.contains("mark-"), "\(route.path) without its code as \(holder.id)")
                        cells += 1
                    }
                case .anyone, .signedIn, .office, .key:
                    let answer = try await ask(marked, route, "", "", as: holder)
                    check(answer, seen, "\(route.method.rawValue) \(route.path) as \(holder.id)")
                    cells += Marked.persons.count
                }
            }
        }
        return cells
    }

    /// What can be told of an answer from outside.
    private struct Shown: Equatable {
        let status: Int
        let headers: [String]
        let text: String
        init(_ answer: Answer) {
            (status, text) = (answer.status, answer.text)
            headers = answer.headers.map { "\($0.name): \($0.value)" } + [answer.cacheControl]
        }
    }

    private func ask(
        _ marked: Marked, _ route: Route, _ parameter: String, _ person: String, as holder: Marked.Holder
    ) async throws -> Answer {
        let parts = try route.path.split(separator: "/").map { part -> String in
            guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else { return String(part) }
            let name = String(part[part.index(after: part.startIndex)..<end])
            let rest = part[part.index(after: end)...]
            guard name == parameter else { return "nothing" + rest }
            return try #require(subject(name, person), "say whom to try for {\(name)} of \(route.path)") + rest
        }
        let path = "/" + parts.joined(separator: "/")
        if route.method == .get { return try await marked.app.get(path, cookies: marked.cookies(holder)) }
        // A body that names somebody else, for the address decides and not the body.
        let fields = ["person", "account", "subject", "id", "q"].map { ($0, Marked.persons[0].id) }
        return await marked.app.send(path, fields, cookies: marked.cookies(holder))
    }

    private func check(_ answer: Answer, _ seen: [Marked.Marks: Set<DataClass>], _ where_: String) {
        let text = answer.text + answer.headers.map { $0.name + ": " + $0.value }.joined(separator: "\n")
        guard text.contains("mark-") else { return }
        var hasShown = false
        for (marks, allowed) in seen where text.contains(marks.id + "-") {
            for data in DataClass.allCases where text.contains(marks.mark(data)) {
                #expect(allowed.contains(data), "\(where_) gives away \(data.rawValue) of \(marks.id)")
                hasShown = true
            }
        }
        if hasShown { #expect(answer.cacheControl == "no-store", "\(where_) may be kept by a cache") }
    }

    /// No entry of the journal holds a mark: identifiers alone.
    private func checkJournal(of marked: Marked) async throws {
        let found = try await marked.app.database.read { tx in
            try DataClass.allCases.flatMap { data in
                try Marked.persons.flatMap { marks in
                    try tx.rows(
                        """
                        SELECT seq FROM journal WHERE detail LIKE \("%" + marks.mark(data) + "%")
                            OR subject LIKE \("%" + marks.mark(data) + "%")
                        """)
                }
            }
        }
        #expect(found.isEmpty)
    }

    @Test func `is tried with a mark in every field of a person’s record`() async throws {
        let marked = try await Marked(holders: [])
        let unmarked = try await marked.app.database.read { tx in
            let columns: [(SQL, [SQL])] = [
                ("person", ["given", "family"]), ("whereabouts", ["address", "postcode", "telephone", "setting"]),
                ("task_link", ["name", "address"]), ("details_answer", ["words"]),
                ("own_entry", ["words"]), ("understanding", ["judge"]), ("case_text", ["words"]),
                ("case_advice", ["words"]), ("concern", ["words"]),
                ("contact_wish", ["name", "note"]),
            ]
            return try columns.flatMap { table, names in
                try names.flatMap { try tx.rows("SELECT 1 AS one FROM \(table) WHERE \($0) NOT LIKE 'mark-%'") }
            }
        }
        #expect(unmarked.isEmpty)
    }
}
