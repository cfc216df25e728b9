import Kernel

/// The events that anyone may pick, with what follows on events: rows of `share/law/starts.csv`.
public struct Starts: Sendable {
    /// An event that opens limits, with the name by which it is picked: `request`.
    public struct Start: Hashable, Sendable {
        public let name: String
        /// Its code in `share/law/events.csv`.
        public let event: String
        /// Under which heading it stands among the others.
        public let group: String
        /// Open points of law about the day of the event itself.
        public let points: [String]
    }

    /// In the order in which they are offered, those of one group together.
    public let all: [Start]
    /// Steps of the same day as an event, and steps of any later day, by the codes of events.
    public let with: [String: [String]]
    public let then: [String: [String]]

    public var groups: [String] {
        var groups: [String] = []
        for start in all where !groups.contains(start.group) { groups.append(start.group) }
        return groups
    }

    public func start(named name: String) -> Start? { all.first { $0.name == name } }

    public func start(of event: String) -> Start? { all.first { $0.event == event } }

    /// - Parameters:
    ///   - events: the codes that are known, each with whether it opens a limit.
    ///   - points: the open points of law that are known.
    /// - Throws: `StartsFault` where a row contradicts itself, another row or the events.
    public init(_ bytes: [UInt8], events: [String: Bool], points: Set<String>) throws(StartsFault) {
        let file = "starts.csv"
        var (all, with, then) = ([Start](), [String: [String]](), [String: [String]]())
        for row in try StartsFault.rows(bytes, file, ["event", "name", "group", "with", "then", "points"]) {
            let (event, name, group) = (row.cell(0), row.optional("name") ?? "", row.optional("group") ?? "")
            func fault(_ why: String) -> StartsFault { StartsFault(file: file, line: row.line, why: why) }
            let known = [event] + row.list("with") + row.list("then")
            if let code = known.first(where: { events[$0] == nil }) {
                throw fault("the event \(code) is not in events.csv")
            }
            if let point = row.list("points").first(where: { !points.contains($0) }) {
                throw fault("the open point \(point) is not in settings.csv")
            }
            guard with.updateValue(row.list("with"), forKey: event) == nil else {
                throw fault("the event \(event) stands twice")
            }
            then[event] = row.list("then")
            guard name.isEmpty == group.isEmpty else { throw fault("a name and a group go together") }
            if name.isEmpty { continue }
            guard name.utf8.allSatisfy({ (97...122).contains($0) || $0 == 45 }) else {
                throw fault("“name” is of small letters and hyphens")
            }
            if all.contains(where: { $0.name == name }) { throw fault("the name \(name) stands twice") }
            guard events[event] == true else { throw fault("the event \(event) opens no limit") }
            if let last = all.last, last.group != group, all.contains(where: { $0.group == group }) {
                throw fault("the group “\(group)” stands in two places")
            }
            all.append(Start(name: name, event: event, group: group, points: row.list("points")))
        }
        if let missing = events.filter(\.value).keys.sorted().first(where: { code in
            !all.contains { $0.event == code }
        }) {
            throw StartsFault(file: file, line: nil, why: "the event \(missing) opens limits and has no name")
        }
        (self.all, self.with, self.then) = (all, with, then)
    }
}

/// What each limit is called in few words: rows of `share/law/titles.csv`.
public struct Titles: Sendable {
    private let titles: [String: String]

    /// The most letters that a title has, so that it fits into a calendar and a picture.
    public static let most = 45

    /// - Parameter rules: the ids that are known.
    /// - Throws: `StartsFault` where a rule has no title or two, or a title is of no rule or too long.
    public init(_ bytes: [UInt8], rules: Set<String>) throws(StartsFault) {
        let file = "titles.csv"
        var titles: [String: String] = [:]
        for row in try StartsFault.rows(bytes, file, ["rule_id", "title"]) {
            let (rule, title) = (row.cell(0), row.cell(1))
            func fault(_ why: String) -> StartsFault { StartsFault(file: file, line: row.line, why: why) }
            guard rules.contains(rule) else { throw fault("the rule \(rule) is not in rules.csv") }
            guard (1...Self.most).contains(title.count) else {
                throw fault("a title has 1 to \(Self.most) letters, and “\(title)” has \(title.count)")
            }
            guard titles.updateValue(title, forKey: rule) == nil else { throw fault("the rule \(rule) stands twice") }
        }
        if let missing = rules.sorted().first(where: { titles[$0] == nil }) {
            throw StartsFault(file: file, line: nil, why: "the rule \(missing) has no title")
        }
        self.titles = titles
    }

    public subscript(rule: String) -> String { titles[rule] ?? rule }
}

/// Why a file of what is offered is refused: the file, the line and what is wrong. The site does not start then.
public struct StartsFault: Error, Hashable, Sendable, SaidPlainly {
    public let file: String
    /// Counted from 1, or nil where it is the file as a whole.
    public let line: Int?
    public let why: String

    public var description: String {
        "The law as shipped cannot be used: \(file)\(line.map { ", line \($0)" } ?? ""): \(why)."
    }

    static func rows(_ bytes: [UInt8], _ file: String, _ columns: [String]) throws(StartsFault) -> [Table.Row] {
        let table: Table
        do { table = try Table(bytes, required: columns) } catch {
            throw StartsFault(file: file, line: nil, why: "\(error)")
        }
        guard table.header == columns else {
            throw StartsFault(file: file, line: 1, why: "the columns are \(columns.joined(separator: ", "))")
        }
        for row in table.rows {
            if let fault = row.fault { throw StartsFault(file: file, line: row.line, why: fault) }
        }
        return table.rows
    }
}

extension Table.Row {
    fileprivate func list(_ column: String) -> [String] {
        (optional(column) ?? "").split(separator: " ").map(String.init)
    }
}
