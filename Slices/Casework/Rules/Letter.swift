import Kernel

/// A letter in plain words, as a file of `share/letters` states it.
///
/// `# ` begins its title, `## ` a heading, `- ` an item of a list; every other line that is not empty is a paragraph.
/// `{name}` stands for what is put in; a line that is nothing but such a name is left out where nothing is said.
public struct LetterTemplate: Hashable, Sendable {
    public enum Block: Hashable, Sendable {
        case heading(String), paragraph(String), item(String)
    }

    public let title: String
    public let blocks: [Block]

    /// What may be put in.
    public static let names: Set<String> = [
        "child", "day", "opened", "how-opened", "decide-by", "no-plan-by", "final-by", "advice-by", "consulted",
        "reasons", "help", "test-needs", "test-plan", "mediation-by", "appeal-by", "reassess-by", "plan-by",
        "order-no-by", "order-final-by", "ground",
    ]

    /// - Throws: `Malformed` with the line that cannot be used.
    public init(_ text: String) throws(Malformed) {
        var (title, blocks) = (String?.none, [Block]())
        for line in text.split(separator: "\n").map({ String($0).trimmed }) where !line.isEmpty {
            for name in Self.names(in: line) where !Self.names.contains(name) {
                throw Malformed(
                    wanted: "a name that a letter knows", given: name, reason: "it is in “\(line.prefix(40))”")
            }
            if line.hasPrefix("## ") {
                blocks.append(.heading(String(line.dropFirst(3))))
            } else if line.hasPrefix("# ") {
                title = String(line.dropFirst(2))
            } else if line.hasPrefix("- ") {
                blocks.append(.item(String(line.dropFirst(2))))
            } else {
                blocks.append(.paragraph(line))
            }
        }
        guard let title else { throw Malformed(wanted: "a letter", reason: "it has no title") }
        (self.title, self.blocks) = (title, blocks)
    }

    private static func names(in line: String) -> [String] {
        line.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part.split(separator: "}", omittingEmptySubsequences: false).first ?? "")
        }
    }

    /// The letter with these values. Where one is missing that stands alone on its line, the line is left out.
    public func filled(_ values: [String: String]) -> LetterTemplate {
        LetterTemplate(
            title: fill(title, values) ?? title,
            blocks: blocks.compactMap { block in
                switch block {
                case .heading(let text): fill(text, values).map(Block.heading)
                case .paragraph(let text): fill(text, values).map(Block.paragraph)
                case .item(let text): fill(text, values).map(Block.item)
                }
            })
    }

    private init(title: String, blocks: [Block]) { (self.title, self.blocks) = (title, blocks) }

    private func fill(_ text: String, _ values: [String: String]) -> String? {
        let names = Self.names(in: text)
        if let only = names.first, text == "{\(only)}", values[only, default: ""].isEmpty { return nil }
        // Every piece behind a brace is a name, the end of it, and plain text.
        var (made, isFirst) = ("", true)
        for part in text.split(separator: "{", omittingEmptySubsequences: false) {
            if isFirst {
                (made, isFirst) = (String(part), false)
                continue
            }
            guard let end = part.firstIndex(of: "}") else { return text }
            made += values[String(part[..<end]), default: "(not known)"] + part[part.index(after: end)...]
        }
        return made
    }
}

/// The letters that are written, by the code of their file.
public enum LetterKind: String, CaseIterable, Sendable {
    case request, attention, assessment, refusal, issue
    case notNecessary = "not-necessary"
    case noPlan = "no-plan"
    case withdrawal
    case reassessment
    case reassessing = "reassessment-yes"
    case reassessmentRefusal = "reassessment-refusal"
    case planChanges = "reassessment-change"
    case planStays = "reassessment-no-change"
    case ordered

    public var title: String {
        switch self {
        case .request: "We have the request"
        case .attention: "We were told, and are considering whether an assessment may be necessary"
        case .assessment: "We will assess"
        case .refusal: "We will not assess"
        case .issue: "We will make a plan"
        case .notNecessary: "A plan is not necessary"
        case .noPlan: "We will not make a plan"
        case .withdrawal: "The request is withdrawn"
        case .reassessment: "We have the request to reassess"
        case .reassessing: "We will reassess"
        case .reassessmentRefusal: "We will not reassess"
        case .planChanges: "We will change the plan"
        case .planStays: "The plan stays as it is"
        case .ordered: "We will assess, as the Tribunal ordered or we agreed"
        }
    }

    /// The letter that goes with an event, if one does.
    public static func with(_ event: CaseEvent) -> LetterKind? {
        switch event.kind {
        case .requested: .request
        case .told, .approached: .attention
        case .notNecessary: .notNecessary
        case .decided: event.outcome == CaseEvent.assess ? .assessment : .refusal
        case .issueDecided: event.outcome == CaseEvent.changed ? .planChanges : .issue
        case .notIssued: event.outcome == CaseEvent.unchanged ? .planStays : .noPlan
        case .withdrawn: .withdrawal
        case .reassessRequested: .reassessment
        case .reassessDecided: event.outcome == CaseEvent.assess ? .reassessing : .reassessmentRefusal
        case .followed: .ordered
        default: nil
        }
    }
}
