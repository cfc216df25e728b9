import Access
import Kernel
import TestKit
import Testing

@Suite struct `A new way into an account` {
    private let start = Instant(milliseconds: 1_795_000_000_000)

    private func after(_ hours: Int, _ minutes: Int = 0, _ seconds: Int = 0) -> Instant {
        start.adding(milliseconds: ((hours * 60 + minutes) * 60 + seconds) * 1000)
    }

    private func manager(_ account: String, _ roles: Set<Role> = [.accessManager], isKept: Bool = false)
        -> Recovery.Manager
    {
        Recovery.Manager(account, roles: roles, isKept: isKept)
    }

    @Test func `is given by one manager where it leads to no hidden address (INF-5)`() {
        #expect(Recovery.grounds(.init(hasBegun: true)).isEmpty)
        #expect(Recovery.grounds(.init(hasBegun: true, roles: [.family])).isEmpty)
        #expect(Recovery.grounds(.init(hasBegun: true, roles: [.senco, .localOfferEditor, .operator_])).isEmpty)
    }

    @Test func `is given by two where the account is of, or leads to, somebody with a hidden address`() {
        #expect(Recovery.grounds(.init(hasBegun: true, hidesOwnAddress: true)) == [.ownAddress])
        #expect(Recovery.grounds(.init(hasBegun: true, isConnected: true, roles: [.family])) == [.connected])
        #expect(Recovery.grounds(.init(hasBegun: false, isConnected: true)) == [.connected], "the lost letter")
        #expect(
            Recovery.grounds(.init(hasBegun: true, hidesOwnAddress: true, isConnected: true, roles: [.police]))
                == [.ownAddress, .connected, .role])
    }

    @Test func `is given by two for a role that may open such records, once somebody has signed in with it`() {
        for role in Recovery.rolesThatMayOpen {
            #expect(Recovery.grounds(.init(hasBegun: true, roles: [role])) == [.role], "\(role)")
            #expect(Recovery.grounds(.init(hasBegun: false, roles: [role])).isEmpty, "\(role) who begins")
        }
    }

    @Test func `counts every role to which the policy shows where others live`() throws {
        let policy = try shippedPolicy()
        let families: Set<Role> = [.family, .youngPerson, .adviser]
        var found: Set<Role> = []
        for role in Set(Role.allCases).subtracting(families) {
            for kind in RelationshipKind.allCases where kind != .self_ {
                var facts = Facts(roles: [role])
                facts.relationships = [.init(kind, starts: start)]
                if kind == .sealedOpening { facts.labels = [.sealed: start] }
                guard policy.decide(.see, facts).permits([.location]) else { continue }
                #expect(Recovery.rolesThatMayOpen.contains(role), "\(role) as \(kind)")
                found.insert(role)
            }
        }
        #expect(found.isSuperset(of: [.caseOfficer, .socialWorker]))
    }

    @Test func `works after seventy-two hours, and not a second before`() {
        var times = Recovery.Times(decideBy: after(-1), approved: start)
        #expect(Recovery.standing(times, at: start) == .waiting(until: after(72)))
        #expect(Recovery.standing(times, at: after(71, 59, 59)) == .waiting(until: after(72)))
        #expect(Recovery.standing(times, at: after(72)) == .working(until: after(240)))
        #expect(Recovery.standing(times, at: after(239, 59, 59)) == .working(until: after(240)))
        #expect(Recovery.standing(times, at: after(240)) == .over)
        times.used = after(73)
        #expect(Recovery.standing(times, at: after(74)) == .used)
    }

    @Test func `works never once it was stopped, however it stood`() {
        for moment in [after(0), after(72), after(300)] {
            let approved = Recovery.Times(decideBy: after(1), approved: start, stopped: start)
            let asked = Recovery.Times(decideBy: after(1), refused: start, stopped: start)
            #expect(Recovery.standing(approved, at: moment) == .stopped)
            #expect(Recovery.standing(asked, at: moment) == .stopped)
        }
        #expect(!Recovery.Standing.stopped.isOpen && Recovery.Standing.asked.isOpen)
    }

    @Test func `is over where nobody decided in time, and refused where somebody said no`() {
        let times = Recovery.Times(decideBy: start)
        #expect(Recovery.standing(times, at: after(0, 0, -1)) == .asked)
        #expect(Recovery.standing(times, at: start) == .over)
        #expect(Recovery.standing(.init(decideBy: after(9), refused: start), at: start) == .refused)
    }

    @Test func `is approved by another manager than asked, both of whom are managers now`() {
        let (joan, colin) = (manager("joan"), manager("colin"))
        #expect(Recovery.mayApprove(colin, of: joan, for: "nadia"))
        #expect(!Recovery.mayApprove(joan, of: joan, for: "nadia"), "the approver is the asker")
        #expect(!Recovery.mayApprove(manager("colin", []), of: joan, for: "nadia"), "the role of the approver ended")
        #expect(!Recovery.mayApprove(colin, of: manager("joan", []), for: "nadia"), "the role of the asker ended")
        #expect(!Recovery.mayApprove(manager("vera", [.dataProtectionOfficer]), of: joan, for: "nadia"))
        #expect(!Recovery.mayApprove(colin, of: joan, for: "colin"), "it is the approver’s own account")
        #expect(!Recovery.mayApprove(manager("colin", isKept: true), of: joan, for: "nadia"))
        #expect(!Recovery.mayApprove(colin, of: manager("joan", isKept: true), for: "nadia"))
    }

    @Test func `is asked for by a manager, once, and not for oneself`() {
        func refusal(
            _ asker: Recovery.Manager, _ account: String = "nadia", isOpen: Bool = false, mail: Bool = true,
            told: String = ""
        ) -> Recovery.Refusal? {
            Recovery.refusalToAsk(asker, for: account, isOpen: isOpen, canBeWrittenTo: mail, told: told)
        }
        #expect(refusal(manager("joan")) == nil)
        #expect(refusal(manager("joan"), "joan") == .notTheirs)
        #expect(refusal(manager("joan", [.teamManager])) == .notTheirs)
        #expect(refusal(manager("joan", isKept: true)) == .notTheirs)
        #expect(refusal(manager("joan"), isOpen: true) == .askedAlready, "asked twice")
        #expect(refusal(manager("joan"), mail: false) == .toldNobody)
        #expect(refusal(manager("joan"), mail: false, told: "yes") == .toldNobody)
        #expect(refusal(manager("joan"), mail: false, told: "Priya told her at school on Monday") == nil)
    }
}
