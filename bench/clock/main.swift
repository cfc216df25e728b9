import Clock
import Foundation
import Kernel

// Recomputes every limit of many children from their events, on one thread. Run it by run.py.

/// A child’s events, as years of a case make them: assessment, plan, yearly reviews with their steps, and sometimes a
/// reassessment, a move or an appeal. About 28.6 on average; invented from a seed.
struct Invention {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func roll(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, count)
    }

    mutating func child(_ first: Day) -> [Event] {
        var events: [Event] = []
        var day = first + .days(roll(1800))
        func add(_ kind: String, _ at: Day, _ matter: String) {
            events.append(Event("e\(events.count)", kind, on: at, matter: matter))
        }
        for kind in [
            "request.received", "assess.decided", "advice.requested", "advice.received", "advice.requested",
            "advice.received", "draft.served", "views.received", "consultation.received", "consultation.replied",
            "plan.finalised",
        ] {
            add(kind, day, "assessment")
            day = day + .days(3 + roll(24))
        }
        let years = 2 + roll(2)
        for year in 0..<years {
            let matter = "review-\(year)"
            day = day + .days(250 + roll(80))
            add("review.fixed", day, matter)
            for kind in ["review.held", "review.reported", "review.decided", "amendment.noticed", "amended.finalised"] {
                add(kind, day, matter)
                day = day + .days(5 + roll(30))
            }
        }
        if roll(3) == 0 {
            for kind in ["decision.notified", "mediation.certified", "appeal.received", "order.amend"] {
                add(kind, day, "appeal")
                day = day + .days(10 + roll(40))
            }
        }
        if roll(4) == 0 {
            for kind in ["move.known", "plan.transferred", "move.told"] { add(kind, day + .days(roll(20)), "move") }
        }
        add("phase.school", day + .days(roll(600)), "phase")
        return events
    }
}

/// What the process has had of the processor, in seconds: other work beside it does not count.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let plans = Int(arguments[2]), let seed = UInt64(arguments[3]), plans > 0 else {
    FileHandle.standardError.write(Data("bench-clock SHARE PLANS SEED\n".utf8))
    exit(64)
}
func file(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: arguments[1] + "/" + name)))
}
let calendar = try WorkingDays(files: [
    file("calendar/bank_holidays_england.csv"), file("calendar/england_bank_holidays_2010_2035.csv"),
])
let law = try Law(Law.Files { try file("law/" + $0) }, calendar: calendar)
let start = try Day(2019, 1, 1)
let today = try Day(2026, 11, 28)
var invention = Invention(seed: seed)
var (events, limits, open, sum, seconds) = (0, 0, 0, 0, 0.0)
var left = plans
while left > 0 {
    // A batch at a time, so that ten times as many cases need no more memory.
    let batch = (0..<min(left, 21_000)).map { _ in invention.child(start) }
    left -= batch.count
    events += batch.reduce(0) { $0 + $1.count }
    let began = processorSeconds()
    for child in batch {
        let table = law.timetable(child)
        limits += table.entries.count
        var isOpen = false
        for entry in table.entries {
            sum += entry.limit.due?.number ?? 0
            switch entry.state(on: today) {
            case .running, .overdue: isOpen = true
            default: continue
            }
        }
        open += isOpen ? 1 : 0
    }
    seconds += processorSeconds() - began
}
let words = [
    "\(plans)", "\(events)", "\(limits)", "\(open)", String(format: "%.3f", seconds),
    String(format: "%.2f", seconds / Double(plans) * 1e6), "\(sum)",
]
FileHandle.standardOutput.write(Data((words.joined(separator: "\t") + "\n").utf8))
