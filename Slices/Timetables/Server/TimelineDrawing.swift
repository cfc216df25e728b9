import Clock
import Kernel
import Timetables
import Web

/// The picture of a timetable. It works without scripts, and the list beside it says the same.
struct TimelineDrawing {
    let answer: Answered

    private static let width = 380, axisX = 58, wordsX = 92

    private var marks: [Timeline.Mark] {
        let asked = answer.question
        let event = Timeline.Mark(asked.day, .event, [answer.desk.says(asked.start.event)])
        return [event]
            + answer.dated.map { limit, due in
                var words = answer.title(limit)
                if let actBy = answer.law.actBy(limit) { words += ": act by \(actBy.weekday.name) \(actBy.inWords)" }
                return Timeline.Mark(due, answer.rule(limit).isGuidance ? .guidance : .limit, [words])
            }
    }

    var html: HTML? {
        guard !answer.dated.isEmpty, let line = Timeline(marks) else { return nil }
        let hasGuidance = line.placed.contains { $0.mark.shape == .guidance }
        let hollow: HTML? = hasGuidance ? " A ring is guidance, not law." : nil
        let told = line.placed.map { "\($0.date): \($0.mark.words.joined(separator: "; "))" }
        return """
            <figure class="app-timeline">
            <svg viewBox="0 0 \(Self.width) \(line.height)" role="img" aria-labelledby="timeline-title timeline-told">
            <title id="timeline-title">The dates on a line</title>
            <desc id="timeline-told">\(told.joined(separator: ". ")).</desc>
            \(axis(line))\(ringsFirst(line.placed).map(mark))
            </svg>
            <figcaption>Time runs down the line. The square is what you picked, a full circle a limit.\(hollow) The \
            list says the same.</figcaption>
            </figure>
            """
    }

    /// A ring is the wider sign, so that both are seen where guidance and law fall on one day.
    private func ringsFirst(_ placed: [Timeline.Placed]) -> [Timeline.Placed] {
        placed.filter { $0.mark.shape == .guidance } + placed.filter { $0.mark.shape != .guidance }
    }

    private func axis(_ line: Timeline) -> HTML {
        """
        <path d="M\(Self.axisX) \(line.axis.lowerBound)V\(line.axis.upperBound)" stroke="#0b4f5c" stroke-width="4" \
        stroke-linecap="round"/>\(line.ticks.map { tick in
            """
            <path d="M\(Self.axisX - 8) \(tick.y)H\(Self.axisX)" stroke="#0b4f5c" stroke-width="2"/>\
            <text x="\(Self.axisX - 17)" y="\(tick.y + 5)" text-anchor="end" font-size="14" fill="#4d5356">\
            \(tick.label)</text>
            """ as HTML
        })
        """
    }

    private func mark(_ placed: Timeline.Placed) -> HTML {
        let (x, y, wordsY) = (Self.axisX, placed.y, placed.wordsY)
        let sign: HTML =
            switch placed.mark.shape {
            case .event:
                """
                <rect x="\(x - 8)" y="\(y - 8)" width="16" height="16" fill="#f2b134" \
                stroke="#0b0c0c" stroke-width="2"/>
                """
            case .limit: "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"8\" fill=\"#0b4f5c\" stroke=\"#fff\" stroke-width=\"2\"/>"
            case .guidance:
                "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"13\" fill=\"#fff\" stroke=\"#0b4f5c\" stroke-width=\"3\"/>"
            }
        return """
            <path d="M\(x + 14) \(y)L\(Self.wordsX - 6) \(wordsY)" stroke="#6f777b" stroke-width="1"/>\(sign)\
            <text x="\(Self.wordsX)" y="\(wordsY + 5)" font-size="16" font-weight="700">\(placed.date)</text>\
            \(placed.lines.enumerated().map { row, words in
                """
                <text x="\(Self.wordsX)" y="\(wordsY + 5 + (row + 1) * Timeline.lineHeight)" font-size="16">\
                \(words)</text>
                """ as HTML
            })

            """
    }
}
