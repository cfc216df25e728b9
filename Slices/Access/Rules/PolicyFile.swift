import Kernel

extension Policy {
    /// Reads `share/access/policy.csv`.
    ///
    /// - Throws: `Malformed`, with the line, where a code is not known, a name stands twice, or a permit is wider than
    ///   it may be: a policy is taken whole or not at all.
    public init(_ bytes: [UInt8]) throws(Malformed) {
        let table: Table
        do {
            table = try Table(
                bytes,
                required: [
                    "id", "effect", "roles", "relationships", "purpose", "verbs", "classes", "condition", "words",
                    "source",
                ])
        } catch { throw Malformed(wanted: "a policy", reason: "\(error)") }
        var rows: [Row] = []
        var ids = Set<String>()
        for row in table.rows {
            do {
                let read = try Row(row)
                guard ids.insert(read.id).inserted else {
                    throw Malformed(wanted: "a rule’s name", given: read.id, reason: "it stands twice")
                }
                rows.append(read)
            } catch { throw Malformed(wanted: "a policy", reason: "line \(row.line): \(error)") }
        }
        self.init(rows: rows)
    }
}

extension Policy.Row {
    fileprivate init(_ row: Table.Row) throws {
        let effect = try row.get("effect")
        guard ["permit", "forbid"].contains(effect) else {
            throw Malformed(wanted: "an effect", given: effect, reason: "it is permit or forbid")
        }
        let isPermit = effect == "permit"
        let purpose = try row.get("purpose")
        let condition = try Self.condition(try row.get("condition"))
        let (id, words, source) = (try row.get("id"), try row.get("words"), try row.get("source"))
        guard !id.isEmpty, !words.isEmpty, !source.isEmpty else {
            throw Malformed(wanted: "a rule", reason: "it has a name, words that a parent can read, and a source")
        }
        if isPermit, ![.always, .beforeRightsPass, .afterRightsPass].contains(condition) {
            throw Malformed(wanted: "a permit’s condition", reason: "restrictions, labels and family-too only forbid")
        }
        if !isPermit, purpose != "*" {
            throw Malformed(wanted: "a forbid’s purpose", given: purpose, reason: "it forbids for every purpose: *")
        }
        self.init(
            id: id, permits: isPermit, roles: try Self.codes(try row.get("roles"), "a role", mayBeAll: !isPermit),
            relationships: try Self.codes(try row.get("relationships"), "a relationship", mayBeAll: !isPermit),
            purpose: isPermit ? try Self.purpose(purpose) : nil,
            verbs: try Self.codes(try row.get("verbs"), "a verb", mayBeAll: !isPermit),
            classes: try Self.codes(try row.get("classes"), "a class of data", mayBeAll: !isPermit),
            condition: condition, words: words, source: source)
    }

    /// Codes with spaces between; `*` stands for all, where something is forbidden.
    private static func codes<Code: RawRepresentable<String> & CaseIterable & Hashable>(
        _ text: String, _ what: String, mayBeAll: Bool
    ) throws(Malformed) -> Set<Code> {
        if text == "*", mayBeAll { return Set(Code.allCases) }
        var codes = Set<Code>()
        for word in text.split(separator: " ") {
            guard let code = Code(rawValue: String(word)) else {
                let known = Code.allCases.map(\.rawValue).sorted().joined(separator: ", ")
                throw Malformed(wanted: what, given: word, reason: "known are \(known)")
            }
            codes.insert(code)
        }
        guard !codes.isEmpty else { throw Malformed(wanted: what, given: text, reason: "one at least is named") }
        return codes
    }

    private static func purpose(_ text: String) throws(Malformed) -> Purpose {
        guard let purpose = Purpose(rawValue: text) else {
            let known = Purpose.allCases.map(\.rawValue).sorted().joined(separator: ", ")
            throw Malformed(wanted: "a purpose", given: text, reason: "known are \(known)")
        }
        return purpose
    }

    private static func condition(_ text: String) throws(Malformed) -> Policy.Condition {
        let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
        switch (halves.first, halves.count > 1 ? halves[1] : nil) {
        case ("always", nil): return .always
        case ("before-rights-pass", nil): return .beforeRightsPass
        case ("after-rights-pass", nil): return .afterRightsPass
        case ("family-too", nil): return .familyToo
        case ("restricted", let name?):
            if let extent = Extent(rawValue: name) { return .restricted(extent) }
        case ("label", let name?):
            if let label = Label(rawValue: name) { return .label(label) }
        case ("older-than", let name?):
            if let label = Label(rawValue: name) { return .olderThan(label) }
        default: break
        }
        let known = "always, before-rights-pass, after-rights-pass, family-too, restricted:…, label:…, older-than:…"
        throw Malformed(wanted: "a condition", given: text, reason: "known are \(known)")
    }
}
