import Access
import AccessServer
import Casework
import Clock
import Kernel
import LinksServer
import PeopleServer
import Storage
import TimetablesServer
import Web

/// One time that advice was asked for again.
struct Chased: Hashable, Sendable {
    let step, way: String
    let at: Instant

    var words: String { "\(at.dayInEngland.inWords)\(way == "people" ? ", by people" : ", by mail")" }
}

/// The ladder as it ships.
let chaserLadder = Live<ChaserLadder>("chasers", follows: []) { _, share in
    try ChaserLadder(share.bytes("casework/chasers.csv"))
}

/// Asking again for advice that has not come: each step of the ladder once, noted in the write that puts its message
/// down, so that whatever dies in between, none is missed and none is sent twice.
enum ChaserStore {
    static let job = Job("chase advice", every: 3600) { run in
        for (task, person) in try await run.database.read({ try AdviceStore.over(at: run.now, in: $0) }) {
            try await run.database.write(for: .system) { tx in
                tx.record(.housekeeping)
                try AdviceStore.end(task, of: person, in: tx)
            }
        }
        let law: Statute = try run.live(statute) ?? Statute(try Law.shipped(in: run.share))
        let ladder: ChaserLadder =
            try run.live(chaserLadder) ?? ChaserLadder(run.share.bytes("casework/chasers.csv"))
        let files = try await run.database.read { try assessing(in: $0) }
        for (number, file) in files.enumerated() {
            let waits = try await run.database.read { tx in
                try !due(of: file, ladder, law, on: run.now.dayInEngland, in: tx).isEmpty
            }
            if waits {
                try await run.database.write(for: .system) { try chase(file, ladder, law, in: $0) }
            }
            run.progress(number + 1, files.count)
        }
    }

    /// Cases in which advice is waited for, of living people of whom something may be said.
    private static func assessing(in tx: any Transaction) throws -> [String] {
        try tx.rows(
            """
            SELECT ehc_case.id FROM ehc_case
            WHERE state = \(CaseState.assessing) AND \(People.living("ehc_case.person"))
                AND NOT \(Silence.holds(about: "ehc_case.person"))
            ORDER BY ehc_case.id
            """
        ).map { try $0.get("id") }
    }

    private struct Due {
        let advice: Advice
        let day: Day?
        let take: [ChaserLadder.Step]
        let pass: [ChaserLadder.Step]
    }

    private static func due(
        of id: String, _ ladder: ChaserLadder, _ law: Statute, on today: Day, in tx: any Transaction
    ) throws -> [Due] {
        let file = try Cases.file(id, in: tx)
        let times = law.times(of: file, on: today)
        return try file.advice.filter { $0.came == nil }.compactMap { advice in
            let done = try tx.rows("SELECT step FROM case_chaser WHERE advice = \(advice.id)").map {
                try $0.get("step", as: String.self)
            }
            let open = ChaserLadder.Open(
                asked: advice.asked, isReached: advice.reached != nil,
                due: times.limits.first { $0.advice == advice.id }?.due, done: Set(done))
            let (take, pass) = ladder.due(open, on: today)
            return take.isEmpty && pass.isEmpty ? nil : Due(advice: advice, day: open.due, take: take, pass: pass)
        }
    }

    static func chase(_ id: String, _ ladder: ChaserLadder, _ law: Statute, in tx: any WriteTransaction) throws {
        tx.record(.housekeeping)
        guard let person = try Cases.person(of: id, in: tx) else { return }
        for due in try due(of: id, ladder, law, on: tx.now.dayInEngland, in: tx) {
            for step in due.pass { try note(step, "passed", of: due.advice, in: tx) }
            for step in due.take {
                let way = try send(step, for: due.advice, by: due.day, of: person, in: tx)
                try note(step, way, of: due.advice, in: tx)
                tx.record(
                    Event(
                        "case.chased", subject: person,
                        detail: "case=\(id);advice=\(due.advice.id);step=\(step.id);way=\(way)"))
            }
        }
    }

    private static func note(
        _ step: ChaserLadder.Step, _ way: String, of advice: Advice, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO case_chaser (advice, step, at, way) VALUES (\(advice.id), \(step.id), \(tx.now), \(way))
            """)
    }

    /// Puts the message down.
    ///
    /// - Returns: how it is carried: by mail to whoever was asked by link, or else by people, who are told so.
    private static func send(
        _ step: ChaserLadder.Step, for advice: Advice, by due: Day?, of person: String, in tx: any WriteTransaction
    ) throws -> String {
        switch step.to {
        case .adviser:
            let open = try AdviceStore.tasks(for: advice.id, on: tx.now.dayInEngland, in: tx).filter(\.isOpen)
            for task in open {
                try post(step.title, ChaserMails.adviser(step, due), to: task.address, about: person, in: tx)
            }
            if !open.isEmpty { return "mail" }
            try tellOfficers(ChaserMails.byPeople, ChaserMails.noLink(step), of: person, in: tx)
        case .officer: try tellOfficers(step.title, ChaserMails.officer(step), of: person, in: tx)
        case .manager: try Reviewers.tell(step.title, ChaserMails.officer(step), to: [.teamManager], in: tx)
        }
        return "people"
    }

    private static func tellOfficers(
        _ title: String, _ words: String, of person: String, in tx: any WriteTransaction
    ) throws {
        let officers = try AccessStore.officersToTell(of: person, in: tx)
        for address in officers { try post(title, words, to: address, about: person, in: tx) }
        if officers.isEmpty { try Reviewers.tell(title, words, to: [.teamManager], in: tx) }
    }

    private static func post(
        _ title: String, _ words: String, to address: String, about person: String, in tx: any WriteTransaction
    ) throws {
        try Outbox.post(
            .mail, to: address, title: title, body: words, owner: Role.caseOfficer.rawValue, about: person, in: tx)
    }

    /// When and how each advice of a case was asked for again.
    static func chased(of file: Case, in tx: any Transaction) throws -> [String: [Chased]] {
        var chased: [String: [Chased]] = [:]
        for row in try tx.rows(
            """
            SELECT advice, step, case_chaser.at, way
            FROM case_chaser JOIN case_event ON case_event.id = case_chaser.advice
            WHERE ehc_case = \(file.id) AND way <> 'passed' ORDER BY case_chaser.at, step
            """)
        {
            chased[try row.get("advice"), default: []].append(
                Chased(step: try row.get("step"), way: try row.get("way"), at: try row.get("at")))
        }
        return chased
    }
}

/// Mails that ask again. None names a child.
enum ChaserMails {
    static let byPeople = "Somebody is to be asked again for advice"

    static func adviser(_ step: ChaserLadder.Step, _ due: Day?) -> String {
        """
        \(step.words)\(due.map { " The day is \($0.inWords)." } ?? "")

        Open the link in the mail by which we asked you, or sign in and open “Advice asked of you”. If you have the \
        link no more, or cannot give the advice, tell the officer of the case: they send another, or take it by \
        telephone.

        """
    }

    static func noLink(_ step: ChaserLadder.Step) -> String {
        """
        Advice was asked for on paper or by telephone and has not come. Ask again the same way: \(step.words)

        “My cases” shows which it is.

        """
    }

    static func officer(_ step: ChaserLadder.Step) -> String {
        """
        \(step.words)

        “My cases” shows which it is.

        """
    }
}
