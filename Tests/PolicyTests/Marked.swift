import Access
@testable import AccessServer
import App
import Casework
@testable import CaseworkServer
import Foundation
import Kernel
import Links
@testable import LinksServer
import People
@testable import PeopleServer
import Storage
import TestKit
import Web

/// Persons with a mark in every field, and an account for every role, relationship and restriction there is: whatever
/// an answer gives away can be told by its mark.
struct Marked: Sendable {
    /// Somebody labelled so, whose rights have passed or not.
    struct Marks: Hashable, Sendable {
        let label: Label?
        /// Whether the label was decided before everybody's relationship began.
        let isOld: Bool
        let havePassed: Bool

        var id: String { "mark-\(label?.rawValue ?? "plain")-\(isOld ? "old" : "new")-\(havePassed ? 17 : 10)" }
        /// What every field of this class holds. It begins as no other does.
        func mark(_ data: DataClass) -> String { "\(id)-\(data.rawValue)" }
    }

    /// An account of one role that stands in one way to everybody.
    struct Holder: Hashable, Sendable {
        let role: Role
        let kind: RelationshipKind?
        let kept: Extent?
        var id: String { "\(role.rawValue)-\(kind?.rawValue ?? "none")-\(kept?.rawValue ?? "free")" }
    }

    static let now = WallClock.stopped(on: "2026-11-24").now()
    private static let began = now.adding(milliseconds: -86_400_000)

    static let persons: [Marks] =
        [true, false].flatMap { passed in
            [Marks(label: nil, isOld: false, havePassed: passed)]
                + Label.allCases.map { Marks(label: $0, isOld: false, havePassed: passed) }
                + [Marks(label: .adoption, isOld: true, havePassed: passed)]
        }

    static let holders: [Holder] = Role.allCases.flatMap { role in
        ([nil] + RelationshipKind.allCases.map(Optional.some)).flatMap { kind in
            ([nil] + Extent.allCases.map(Optional.some)).map { Holder(role: role, kind: kind, kept: $0) }
        }
    }

    let app: TestApp
    /// The secret of a link about each of the persons, for whoever comes by it without a code.
    let links: [String]
    private let tokens: [String: String]

    init(holders: [Holder]) async throws {
        let slices = Application.slices
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + slices.flatMap(\.migrations))
        links = try await database.write(for: .operation) { tx in
            try Marked.persons.flatMap { try Marked.put($0, tx) }
        }
        tokens = try await database.write(for: .operation) { tx in
            tx.record(.housekeeping)
            return try holders.reduce(into: [:]) { tokens, holder in tokens[holder.id] = try Marked.put(holder, tx) }
        }
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        app = try await TestApp(
            slices, on: database, gate: AccessGate(database, policy: policy),
            documents: DocumentDesk(
                keep: { _, _ in throw StorageFault.noColumn("document") },
                reply: { row in Reply(body: .bytes(Array(row.hash.utf8), type: "application/pdf")) },
                bytes: { hash in Array(hash.utf8) }))
    }

    /// - Returns: the secrets of the links about them.
    private static func put(_ marks: Marks, _ tx: any WriteTransaction) throws -> [String] {
        let (name, place) = (marks.mark(.identity), marks.mark(.location))
        let person = Person(
            id: ID(marks.id), given: name + "-given", family: name + "-family",
            born: marks.havePassed ? "2009-10-10" : "2016-10-10", version: 1)
        let whereabouts = Whereabouts(
            address: place + "-address", postcode: place + "-postcode", telephone: place + "-telephone",
            setting: place + "-setting")
        try PeopleServer.People.keep(person, whereabouts, in: tx)
        let links = try putTasks(marks, tx)
        for (kept, data) in [(false, DataClass.ownWords), (true, .keptWords)] {
            try OwnWords.add(
                ID("words-\(kept)-\(marks.id)"), of: person.id, by: "somebody", marks.mark(data) + "-words",
                isKept: kept, in: tx)
        }
        try OwnWords.note(judge: marks.mark(.keptWords) + "-judge", of: person.id, by: "an officer", in: tx)
        try putCase(marks, tx)
        guard let label = marks.label else { return links }
        let decided = began.adding(milliseconds: marks.isOld ? -1000 : 1000)
        try tx.run(
            "INSERT INTO subject_label (subject, label, decided) VALUES (\(marks.id), \(label), \(decided))")
        return links
    }

    /// A case with a mark in every part of what is written in it, and a letter.
    private static func putCase(_ marks: Marks, _ tx: any WriteTransaction) throws {
        let policy = try Policy(TestApp.share.bytes("access/policy.csv"))
        let post = CasePost(actor: "an officer", policy: policy, letters: try LetterTexts(TestApp.share))
        let id = "case-\(marks.id)"
        let texts = Dictionary(
            uniqueKeysWithValues: TextPart.allCases.map { ($0, marks.mark($0.data) + "-\($0.rawValue)") })
        let asked = CaseEvent("\(id)-1", .requested, on: "2026-11-20", source: "parent")
        // Somebody of the family who has no account, so that something has to be carried too.
        let wish = try ContactWish(
            way: .post, forms: [], language: "", interpreter: "", isSignedAtMeetings: true,
            note: marks.mark(.ownWords) + "-note")
        try Wishes.keep(
            wish, of: "recipient-\(marks.id)", named: marks.mark(.thirdParty) + "-recipient",
            isSelf: marks.havePassed == true,
            about: marks.id, by: "an officer", in: tx)
        try Cases.add(.init(event: asked, texts: texts), to: Case(id, []), of: marks.id, post, in: tx)
        let steps = [
            CaseEvent("\(id)-2", .decided, on: "2026-11-21", outcome: CaseEvent.assess),
            CaseEvent("\(id)-3", .adviceSent, on: "2026-11-21", source: AdviceKind.wished.rawValue),
            CaseEvent("\(id)-4", .adviceCame, on: "2026-11-22", source: AdviceKind.wished.rawValue, about: "\(id)-3"),
            CaseEvent("\(id)-5", .adviceSent, on: "2026-11-21", source: AdviceKind.medical.rawValue),
            CaseEvent("\(id)-6", .adviceCame, on: "2026-11-22", source: AdviceKind.medical.rawValue, about: "\(id)-5"),
        ]
        for step in steps {
            let file = try Cases.file(id, in: tx)
            try Cases.add(.init(event: step, texts: [:]), to: file, of: marks.id, by: "an officer", in: tx)
        }
        try Concerns.add(
            "concern-\(marks.id)", of: marks.id, by: "somebody", marks.mark(.ownWords) + "-worry", in: tx)
        let hash = String(repeating: "5", count: 64)
        _ = try DocumentRows.add(hash, type: "pdf", bytes: 9, in: tx)
        let documents = try DocumentRows.row(hash, in: tx).map { [$0] } ?? []
        try AdviceStore.keep([.needs: marks.mark(.caseWords) + "-advice"], documents, with: "\(id)-4", in: tx)
        try AdviceStore.keep([.needs: marks.mark(.health) + "-advice"], [], with: "\(id)-6", in: tx)
    }

    /// A task that is open, and one that was answered.
    private static func putTasks(_ marks: Marks, _ tx: any WriteTransaction) throws -> [String] {
        let recipient = marks.mark(.thirdParty)
        return try ["open", "answered"].map { end in
            let new = TaskStore.New(
                id: "task-\(end)-\(marks.id)", kind: detailsStillRight, person: marks.id, name: recipient + "-name",
                address: recipient + "-address", lastDay: "2026-12-24")
            let secret = try TaskStore.ask(new, by: "an officer", in: tx)
            guard end == "answered", let task = try TaskStore.task(new.id, in: tx) else { return secret }
            let answer = DetailsAnswer(at: tx.now, isRight: false, words: marks.mark(.ownWords) + "-answer")
            try PeopleServer.People.keep(answer, to: OpenTask(task), in: tx)
            try TaskStore.close(task, as: .done, in: tx)
            return secret
        }
    }

    /// - Returns: the token of the holder's session.
    private static func put(_ holder: Holder, _ tx: any WriteTransaction) throws -> String {
        try AccessStore.keepAccount(
            holder.id, login: holder.id, name: "Somebody", about: "made for a test", in: tx)
        try AccessStore.grant(holder.role, to: holder.id, in: tx)
        for marks in persons {
            if let kind = holder.kind {
                try AccessStore.relate(
                    holder.id, to: marks.id, as: kind, from: began, until: now.adding(milliseconds: 86_400_000),
                    evidence: "made for a test", in: tx)
            }
            if let kept = holder.kept {
                try AccessStore.restrict(
                    holder.id, from: marks.id, kept, ground: .order, decider: "a court", evidence: "made for a test",
                    decided: began, review: "2027-11-24", in: tx)
            }
        }
        return try SessionStore.begin(.whole, for: holder.id, device: "a test", replacing: nil, in: tx)
    }

    /// What the policy must rest on, put together by this test and not read from the database.
    static func facts(_ holder: Holder, _ marks: Marks) -> Facts {
        let decided = began.adding(milliseconds: marks.isOld ? -1000 : 1000)
        return Facts(
            roles: [holder.role], relationships: holder.kind.map { [.init($0, starts: began)] } ?? [],
            restrictions: holder.kept.map { [$0] } ?? [],
            labels: marks.label.map { [$0: decided] } ?? [:], haveRightsPassed: marks.havePassed)
    }

    func cookies(_ holder: Holder) -> [String: String] { [Reply.sessionCookie: tokens[holder.id] ?? ""] }
}
