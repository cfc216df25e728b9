import Kernel

/// A calendar file read by RFC 5545, strictly and apart from the code that writes it.
struct ReadCalendar {
    struct Fault: Error { let why: String }

    struct Property {
        let name: String
        let parameters: [String: String]
        let value: String
    }

    struct Entry {
        var properties: [Property] = []

        func property(_ name: String) -> Property? { properties.first { $0.name == name } }

        /// The value of a property of text, its marks taken off.
        func text(_ name: String) -> String {
            var (text, isMarked) = ("", false)
            for character in property(name)?.value ?? "" {
                if isMarked {
                    text.append(character == "n" || character == "N" ? "\n" : character)
                    isMarked = false
                } else if character == "\\" {
                    isMarked = true
                } else {
                    text.append(character)
                }
            }
            return text
        }

        var day: Day? { date("DTSTART") }
        var end: Day? { date("DTEND") }

        private func date(_ name: String) -> Day? {
            guard let found = property(name), found.parameters == ["VALUE": "DATE"], found.value.count == 8 else {
                return nil
            }
            let (year, rest) = (found.value.prefix(4), found.value.dropFirst(4))
            return try? Day(iso: "\(year)-\(rest.prefix(2))-\(rest.dropFirst(2))")
        }
    }

    private(set) var properties: [Property] = []
    private(set) var entries: [Entry] = []

    init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault(why: "it is not UTF-8") }
        var open: [String] = []
        for line in try Self.unfolded(Array(text.unicodeScalars)) {
            let property = try Self.property(line)
            switch property.name {
            case "BEGIN":
                guard open.isEmpty ? property.value == "VCALENDAR" : property.value == "VEVENT", open.count < 2 else {
                    throw Fault(why: "\(property.value) begins within \(open)")
                }
                open.append(property.value)
                if open.count == 2 { entries.append(Entry()) }
            case "END":
                guard open.popLast() == property.value else {
                    throw Fault(why: "\(property.value) ends and was not open")
                }
            default:
                if open.count == 2 {
                    entries[entries.count - 1].properties.append(property)
                } else if open.count == 1 {
                    properties.append(property)
                } else {
                    throw Fault(why: "\(property.name) stands outside")
                }
            }
        }
        guard open.isEmpty, !text.isEmpty else { throw Fault(why: "it does not end") }
        guard properties.contains(where: { $0.name == "VERSION" && $0.value == "2.0" }),
            properties.contains(where: { $0.name == "PRODID" && !$0.value.isEmpty })
        else { throw Fault(why: "it lacks VERSION or PRODID") }
        for entry in entries { try Self.check(entry) }
        guard Set(entries.map { $0.text("UID") }).count == entries.count else { throw Fault(why: "a UID stands twice") }
    }

    private static func check(_ entry: Entry) throws {
        for name in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION"]
        where entry.properties.count(where: { $0.name == name }) != 1 {
            throw Fault(why: "it lacks \(name), or has two")
        }
        let stamp = Array(entry.property("DTSTAMP")?.value ?? "")
        guard stamp.count == 16, stamp[8] == "T", stamp[15] == "Z",
            stamp.enumerated().allSatisfy({ [8, 15].contains($0.offset) || $0.element.isNumber })
        else { throw Fault(why: "DTSTAMP is no moment") }
        guard let day = entry.day, let end = entry.end, end == day.next else { throw Fault(why: "it is no whole day") }
    }

    /// Lines end in carriage return and line feed alone, of at most 75 bytes each; a space leads what goes on.
    private static func unfolded(_ text: [Unicode.Scalar]) throws -> [String] {
        var (lines, line, at) = ([String.UnicodeScalarView](), String.UnicodeScalarView(), 0)
        func keep() throws {
            let width = String(line).utf8.count
            guard width <= 75, width > 0 else { throw Fault(why: "a line has \(width) bytes") }
            if line.first == " " {
                guard !lines.isEmpty else { throw Fault(why: "the first line goes on") }
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(line)
            }
        }
        while at < text.count {
            if text[at] == "\r" {
                guard at + 1 < text.count, text[at + 1] == "\n" else { throw Fault(why: "a return stands alone") }
                try keep()
                line = .init()
                at += 2
                continue
            }
            guard text[at].value >= 32, text[at].value != 127 else { throw Fault(why: "a control character") }
            line.append(text[at])
            at += 1
        }
        guard line.isEmpty else { throw Fault(why: "the last line does not end") }
        return lines.map { String($0) }
    }

    private static func property(_ line: String) throws -> Property {
        guard let colon = line.firstIndex(of: ":") else { throw Fault(why: "“\(line)” has no value") }
        let parts = line[..<colon].split(separator: ";").map(String.init)
        guard let name = parts.first, name.allSatisfy({ $0.isUppercase || $0 == "-" }) else {
            throw Fault(why: "“\(line)” has no name")
        }
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let halves = part.split(separator: "=").map(String.init)
            guard halves.count == 2 else { throw Fault(why: "“\(part)” is no parameter") }
            parameters[halves[0]] = halves[1]
        }
        return Property(name: name, parameters: parameters, value: String(line[line.index(after: colon)...]))
    }
}
