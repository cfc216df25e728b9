import Kernel

/// A calendar file of whole days, as calendars on phones and computers read it (RFC 5545).
public struct CalendarFile: Sendable {
    /// A whole day in it.
    public struct Entry: Hashable, Sendable {
        /// The same for the same thing whenever the file is made, so that a calendar that takes it again keeps one.
        public let uid: String
        public let day: Day
        public let summary: String
        public let description: String

        public init(uid: String, day: Day, summary: String, description: String) {
            (self.uid, self.day, self.summary, self.description) = (uid, day, summary, description)
        }
    }

    public let name: String
    public let made: Instant
    public let entries: [Entry]

    public init(name: String, made: Instant, entries: [Entry]) {
        (self.name, self.made, self.entries) = (name, made, entries)
    }

    /// The most bytes that a line has, its end left out.
    public static let widest = 75

    /// The file: UTF-8, each line ended by carriage return and line feed, long ones folded.
    public var bytes: [UInt8] {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Continuum//Timetable//EN", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", "X-WR-CALNAME:" + Self.escaped(name),
        ]
        for entry in entries {
            lines += [
                "BEGIN:VEVENT", "UID:" + Self.escaped(entry.uid), "DTSTAMP:" + Self.moment(made),
                "DTSTART;VALUE=DATE:" + Self.date(entry.day), "DTEND;VALUE=DATE:" + Self.date(entry.day.next),
                "SUMMARY:" + Self.escaped(entry.summary), "DESCRIPTION:" + Self.escaped(entry.description),
                "TRANSP:TRANSPARENT", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.flatMap(Self.folded)
    }

    /// Text as the value of a property: backslash, semicolon, comma and line ends are marked, other control characters
    /// left out.
    public static func escaped(_ text: String) -> String {
        var made = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": made += ["\\", scalar]
            case "\n" where wasReturn: break
            case "\r", "\n": made += ["\\", "n"]
            case _ where scalar.value < 32 || scalar.value == 127: break
            default: made.append(scalar)
            }
            wasReturn = scalar == "\r"
        }
        return String(made)
    }

    /// A line in pieces of at most 75 bytes, each further one led by a space; no character is cut in two.
    public static func folded(_ line: String) -> [UInt8] {
        var (made, width) = ([UInt8](), 0)
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if width + bytes.count > widest {
                made += [13, 10, 32]
                width = 1
            }
            made += bytes
            width += bytes.count
        }
        return made + [13, 10]
    }

    private static func date(_ day: Day) -> String { day.iso.replacing("-", with: "") }

    /// `20260316T091500Z`.
    private static func moment(_ instant: Instant) -> String {
        let digits = instant.iso.filter { $0.isNumber }
        return "\(digits.prefix(8))T\(digits.dropFirst(8).prefix(6))Z"
    }
}
