import Access
import AccessServer
import Kernel
import People
import PeopleServer
import SingleView
import Web

/// Everything that is held and may be seen, as a file for a computer. What is not held and what may not be seen look
/// the same: an empty list, never a missing one.
enum HeldFile {
    static let format = "continuum/held/1"

    static func json(_ held: Held, at now: Instant) -> JSON {
        let person = held.person
        return .object([
            ("format", .text(format)), ("made", .text(now.iso)), ("law", .text(HeldPages.law)),
            ("withholding", .text(HeldPages.withheld)), ("complaint", .text(HeldPages.complaint)),
            (
                "person",
                .object([
                    ("given", .text(person.given)), ("family", .text(person.family)), ("born", .text(person.born.iso)),
                ])
            ),
            ("facts", .array(held.settled.map { fact($0, held) })),
            ("records", .array(held.agencies.map { record($0, held) })),
            (
                "council",
                .object([
                    ("now", .array(held.current.filter { $0.source == LinkStore.council }.map { said($0, held) })),
                    ("before", .array(held.councilBefore.map { said($0, held) })),
                    ("whoJudgedUnderstanding", .text(held.council.judge)),
                ])
            ),
            ("whyOneChild", .array(held.reasons.map { reason($0, held) })),
            ("ownWords", .array(held.council.words.map { ownWords($0.entry, $0.who) })),
            ("detailsAnswers", .array(held.council.answers.map(answer))),
            ("corrections", .array(held.corrections.map { correction($0) })),
            ("looks", .array(held.council.looks.map(look))),
        ])
    }

    private static func fact(_ fact: Settled, _ held: Held) -> JSON {
        func stated(_ one: Statement) -> JSON {
            .object([
                ("source", .text(held.seen.words.source(one.source))), ("day", .text(one.asOf.iso)),
                ("value", .text(one.value)), ("inWords", .text(held.seen.words.value(one.fact, one.value))),
                ("saidToBeWrong", .bool(held.seen.isCalledWrong(one))),
            ])
        }
        return .object([
            ("fact", .text(fact.fact)), ("name", .text(FactWords.name(of: fact.fact))), ("shown", stated(fact.chosen)),
            ("rule", .text(fact.rule)), ("why", .text(fact.why)),
            ("agreeing", .array(fact.agreeing.dropFirst().map(stated))),
            ("otherwise", .array(fact.otherwise.map(stated))),
        ])
    }

    private static func record(_ record: SeenRecord, _ held: Held) -> JSON {
        let source = held.seen.words.book.source(record.source)
        return .object([
            ("source", .text(held.seen.words.source(record.source))), ("code", .text(record.source)),
            ("agency", .text(source?.agency)), ("kind", .text(source?.data.rawValue)),
            ("numberAtSource", .text(held.refs[record.number])), ("since", .text(record.firstDay.iso)),
            ("newest", .text(record.asOf.iso)), ("gone", .text(record.gone?.iso)),
            ("saidToBeWrong", .bool(held.seen.isCalledWrong(record))),
            ("says", .array(held.seen.said.filter { $0.statement.record == record.number }.map { said($0, held) })),
        ])
    }

    private static func said(_ one: Said, _ held: Held) -> JSON {
        let words = held.seen.words
        return .object([
            ("fact", .text(one.statement.fact)), ("value", .text(one.statement.value)),
            ("inWords", .text(words.value(one.statement.fact, one.statement.value))),
            ("kind", .text(one.statement.data.rawValue)), ("from", .text(one.from.iso)),
            ("until", .text(one.until?.iso)), ("saidToBeWrong", .bool(held.seen.isCalledWrong(one.statement))),
        ])
    }

    private static func said(_ one: Statement, _ held: Held) -> JSON {
        .object([
            ("fact", .text(one.fact)), ("value", .text(one.value)),
            ("inWords", .text(held.seen.words.value(one.fact, one.value))), ("kind", .text(one.data.rawValue)),
            ("saidToBeWrong", .bool(held.seen.isCalledWrong(one))),
        ])
    }

    private static func reason(_ reason: LinkReason, _ held: Held) -> JSON {
        .object([
            ("record", .text(held.seen.words.source(reason.record.source))),
            ("comparedWith", .text(reason.other.map { held.seen.words.source($0.source) })),
            ("rule", .text(Agreement.id)), ("words", .texts(WhyPages.sentences(reason, held.seen.words))),
        ])
    }

    private static func ownWords(_ entry: OwnEntry, _ who: String) -> JSON {
        .object([
            ("who", .text(who)), ("at", .text(entry.made.iso)), ("words", .text(entry.words)),
            ("keptFromParents", .bool(entry.isKept)),
        ])
    }

    private static func answer(_ answer: DetailsAnswer) -> JSON {
        .object([
            ("at", .text(answer.at.iso)), ("allRight", .bool(answer.isRight)), ("words", .text(answer.words)),
        ])
    }

    private static func correction(_ seen: SeenCorrection) -> JSON {
        let asked = seen.correction
        return .object([
            ("who", .text(seen.who)), ("received", .text(asked.received.iso)), ("due", .text(asked.due.iso)),
            ("rule", .text(AnswerBy.id)), ("kind", .text(asked.target.kind.rawValue)),
            ("source", .text(asked.target.source)), ("fact", .text(asked.target.fact)),
            ("said", .text(asked.target.held)), ("wanted", .text(asked.wanted)), ("words", .text(asked.words)),
            ("takesLongerBecause", .text(asked.extensionReason)),
            ("outcome", .text(asked.answer?.outcome.rawValue)), ("answer", .text(asked.answer?.words)),
            ("answered", .text(asked.answer?.at.iso)),
        ])
    }

    private static func look(_ look: Look) -> JSON {
        .object([
            ("at", .text(look.at)), ("who", .text(look.who)), ("why", .text(look.why)), ("what", .text(look.what)),
        ])
    }
}
