import Kernel

/// Where everything stands in the picture of a timetable: days run down an axis at their true distances, and words
/// stand beside them, moved down where they would cover one another.
public struct Timeline: Hashable, Sendable {
    /// What happens, or must happen, on a day.
    public struct Mark: Hashable, Sendable {
        public enum Shape: Sendable {
            /// The event itself.
            case event
            /// A limit of the law, and one of a code or of guidance alone.
            case limit, guidance
        }
        public let day: Day
        public let shape: Shape
        public let words: [String]

        public init(_ day: Day, _ shape: Shape, _ words: [String]) {
            (self.day, self.shape, self.words) = (day, shape, words)
        }
    }

    /// A mark in its place.
    public struct Placed: Hashable, Sendable {
        public let mark: Mark
        /// Where its sign stands on the axis, and where its words begin.
        public let y: Int
        public let wordsY: Int
        /// The date, then its words cut into lines.
        public let date: String
        public let lines: [String]
    }

    public struct Tick: Hashable, Sendable {
        public let y: Int
        public let label: String
    }

    public let placed: [Placed]
    /// The first days of months on the way.
    public let ticks: [Tick]
    public let height: Int
    /// Where the axis begins and ends.
    public let axis: ClosedRange<Int>

    /// The height of a line of words, and the air between two marks.
    public static let lineHeight = 21, air = 12, margin = 18
    /// The most letters on a line.
    public static let widest = 31

    /// Nil where there is nothing to show.
    public init?(_ marks: [Mark]) {
        guard let first = marks.map(\.day).min(), let last = marks.map(\.day).max() else { return nil }
        let span = max(1, last.days(since: first))
        let length = first == last ? 0 : min(620, max(150, span * 3))
        func place(_ day: Day) -> Int { Self.margin + day.days(since: first) * length / span }
        var (free, placed) = (Self.margin, [Placed]())
        for mark in Self.joined(marks) {
            let date = "\(mark.day.weekday.name.prefix(3)) \(mark.day.inWords)"
            let lines = mark.words.flatMap { Self.wrapped($0) }
            let y = place(mark.day)
            let wordsY = max(y, free)
            placed.append(Placed(mark: mark, y: y, wordsY: wordsY, date: date, lines: lines))
            free = wordsY + (lines.count + 1) * Self.lineHeight + Self.air
        }
        self.placed = placed
        axis = Self.margin...(Self.margin + length)
        height = max(Self.margin * 2 + length, free)
        ticks = Self.ticks(from: first, to: last).map { Tick(y: place($0), label: Self.label($0, isFar: span > 800)) }
    }

    /// Marks by day, those of one day and shape as one.
    private static func joined(_ marks: [Mark]) -> [Mark] {
        var joined: [Mark] = []
        for mark in marks.enumerated().sorted(by: { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }) {
            let (mark, last) = (mark.element, joined.last)
            if let last, last.day == mark.day, last.shape == mark.shape {
                joined[joined.count - 1] = Mark(last.day, last.shape, last.words + mark.words)
            } else {
                joined.append(mark)
            }
        }
        return joined
    }

    private static func ticks(from first: Day, to last: Day) -> [Day] {
        let months = (last.year - first.year) * 12 + last.civil.month - first.civil.month
        guard months > 0 else { return [] }
        let step = months <= 13 ? 1 : months <= 40 ? 3 : months <= 160 ? 12 : 120
        guard let start = try? Day(first.year, 1, 1) else { return [] }
        return stride(from: 0, through: months + 12, by: step).compactMap { start.adding(months: $0)?.day }
            .filter { $0 > first && $0 < last }
    }

    private static func label(_ day: Day, isFar: Bool) -> String {
        let month = day.monthInWords.prefix(3)
        return day.civil.month == 1 ? String(day.year) : isFar ? "" : String(month)
    }

    /// Words cut into lines between words; a word longer than a line stands alone.
    public static func wrapped(_ text: String, to width: Int = widest) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + word.count < width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
