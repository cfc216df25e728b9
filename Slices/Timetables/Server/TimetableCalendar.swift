import Clock
import Kernel
import Timetables

/// A timetable as a calendar file.
enum TimetableCalendar {
    static func file(_ answer: Answered, made: Instant) -> CalendarFile {
        let says = answer.desk.says(answer.question.start.event)
        return CalendarFile(
            name: "What must happen by when: \(says), \(answer.question.day.inWords)", made: made,
            entries: answer.dated.flatMap { entries($0.limit, due: $0.due, answer) })
    }

    /// The limit itself, and, where that is no working day, the day by which to act.
    private static func entries(_ limit: Limit, due: Day, _ answer: Answered) -> [CalendarFile.Entry] {
        let (rule, title) = (answer.rule(limit), answer.title(limit))
        let asked = answer.question
        // Further days that were given are left out of the name: they move the day of the same limit.
        let uid = "\(asked.start.name)-\(asked.day.iso)-\(rule.id.lowercased())"
        var words = answer.sentence(limit)
        let grounds = answer.law.grounds(of: limit)
        if !grounds.isEmpty {
            words += "\n\nThe limit need not be kept, though its date stays, in case of: "
            words += grounds.map { "\($0.says) (\($0.provision))" }.joined(separator: "; ") + "."
        }
        let last = rule.isGuidance ? "By guidance" : "Last day"
        var entries = [
            CalendarFile.Entry(
                uid: uid + "@timetable.continuum", day: due, summary: "\(last): \(title)", description: words)
        ]
        if let actBy = answer.law.actBy(limit) {
            entries.append(
                CalendarFile.Entry(
                    uid: uid + "-act-by@timetable.continuum", day: actBy, summary: "Act by today: \(title)",
                    description: "The limit is \(due.full), which is no working day, and stays there.\n\n" + words))
        }
        return entries
    }
}
