import Kernel
import Links
import TestKit
import Testing

@Suite struct `A link for one task` {
    private func link(
        _ state: TaskLink.State = .open, needsCode: Bool = true, hasCode: Bool = true, wrong: Int = 0
    ) -> TaskLink {
        TaskLink(state: state, lastDay: "2026-12-08", needsCode: needsCode, hasCode: hasCode, wrong: wrong)
    }

    private func opens(_ link: TaskLink, on day: Day = "2026-11-24", known: Bool = false) -> TaskLink.Opens {
        link.opens(on: day, isKnownBrowser: known)
    }

    @Test func `opens its form where it is about nobody’s child, or in the browser where the code was given`() {
        #expect(opens(link(needsCode: false, hasCode: false)) == .form)
        #expect(opens(link(hasCode: false), known: true) == .form)
    }

    @Test func `asks for the code in any other browser, and for a new one where that is used or tried too often`() {
        #expect(opens(link()) == .code)
        #expect(opens(link(wrong: TaskLink.mostWrong - 1)) == .code)
        #expect(opens(link(wrong: TaskLink.mostWrong)) == .newCode)
        #expect(opens(link(hasCode: false)) == .newCode)
    }

    @Test func `opens until the end of its last day, and nothing after, whoever comes`() {
        for known in [true, false] {
            #expect(opens(link(), on: "2026-12-08", known: known) != .nothing)
            #expect(opens(link(), on: "2026-12-09", known: known) == .nothing)
            #expect(opens(link(needsCode: false), on: "2026-12-09", known: known) == .nothing)
        }
    }

    @Test func `opens nothing when it was taken back, and thanks when it was answered`() {
        for known in [true, false] {
            #expect(opens(link(.withdrawn), known: known) == .nothing)
            #expect(opens(link(.done), known: known) == .thanks)
            #expect(opens(link(.done), on: "2027-12-09", known: known) == .thanks)
        }
    }
}
