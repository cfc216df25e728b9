import Foundation

/// Why two records are or are not taken to be of one child: the evidence of each field, in words and in bits, that adds
/// up to the whole.
public struct Explanation: Sendable {
    public struct Line: Sendable {
        public let what: String
        public let words: String
        /// How much it speaks for one child (above nought) or against, in bits: one bit doubles the odds.
        public let bits: Double
    }

    public let one: String
    public let other: String
    public let lines: [Line]
    /// The rule that brought the two together, if one did.
    public let rule: String?
    public let classes: [(name: String, chance: Double)]
    public let areTogether: Bool
    public let modelVersion: String
    /// What a person decided of the two; it stands, whatever the lines say.
    public let decision: Decision.Verdict?

    public var total: Double { lines.reduce(0) { $0 + $1.bits } }
    public var chance: Double { decision.map { $0 == .same ? 1 : 0 } ?? 1 / (1 + exp2(-total)) }

    /// The whole in one paragraph for a parent. It names no value and no other child.
    public var paragraph: String {
        let fields = lines.dropFirst()
        func named(_ some: some Sequence<Line>) -> String {
            some.prefix(3).map { "\($0.what) (\($0.words))" }.joined(separator: ", ")
        }
        let forIt = fields.filter { $0.bits > 0.5 }.sorted { $0.bits > $1.bits }
        let against = fields.filter { $0.bits < -0.5 }.sorted { $0.bits < $1.bits }
        let chances =
            chance > 0.9995
            ? "more than 999 in 1,000"
            : chance < 0.0005 ? "less than 1 in 1,000" : "about \(Int((chance * 1000).rounded())) in 1,000"
        var text = "These two records were \(areTogether ? "put together as one child’s" : "kept apart"). "
        if let decision {
            text += "A person decided that they are about \(decision == .same ? "one child" : "two children"). "
            return text + "That stands until a person changes it, whatever the records say."
        }
        text += "The chance that they are about one child is \(chances). "
        if !forIt.isEmpty { text += "What speaks for it most: \(named(forIt)). " }
        if !against.isEmpty { text += "What speaks against it: \(named(against)). " }
        if let family { text += "If they are about two children, these are most likely \(family). " }
        return text + "A person can look at this and change it."
    }

    /// What two children of these records would most likely be to each other, where that is nearest and not idle.
    private var family: String? {
        guard chance < 0.95, let other = classes.dropFirst().max(by: { $0.chance < $1.chance }) else { return nil }
        switch other.name {
        case Starts.Kind.twin.rawValue: return "twins"
        case Starts.Kind.sibling.rawValue: return "brothers or sisters"
        default: return nil
        }
    }
}

extension Explanation {
    /// - Parameters:
    ///   - pattern: how the two agree, as the kernel says it.
    ///   - context: what the other records add, to base e.
    init(
        _ one: String, _ other: String, _ pattern: UInt64, _ comparer: Comparer, _ model: Model, context: Float?,
        rule: String?, areTogether: Bool, decision: Decision.Verdict?
    ) {
        let (classes, levels) = (model.classes, comparer.fields.indices.map { comparer.level(pattern, $0) })
        let scores = classes.map { one in
            levels.indices.reduce(log2(one.prior)) {
                levels[$1] == 0 ? $0 : $0 + log2(max(one.levels[$1][levels[$1]], 1e-12))
            }
        }
        let best = scores.dropFirst().max() ?? 0
        let whole = scores.dropFirst().reduce(0) { $0 + exp2($1 - best) }
        let all = exp2(scores[0] - best) + whole
        var lines = Self.lines(levels, comparer, classes, scores.dropFirst().map { exp2($0 - best) / whole })
        if let context, context != 0 {
            lines.append(
                Line(
                    what: "the other records",
                    words: context > 0 ? "others agree with both" : "others agree with one and not with the other",
                    bits: Double(context) * M_LOG2E))
        }
        self.one = one
        self.other = other
        self.lines = lines
        self.rule = rule
        self.classes = zip(classes, scores).map { ($0.name, exp2($1 - best) / all) }
        self.areTogether = areTogether
        self.decision = decision
        modelVersion = model.version
    }

    /// Each other class counts as far as the pair is like it; so the parts add up to the whole exactly.
    private static func lines(
        _ levels: [Int], _ comparer: Comparer, _ classes: [Model.Class], _ shares: [Double]
    ) -> [Line] {
        let others = classes.dropFirst().enumerated().map { ($0.offset, $0.element) }
        let start =
            log2(classes[0].prior)
            - others.reduce(0) { sum, entry in
                let share = shares[entry.0]
                return share <= 0 ? sum : sum + share * (log2(entry.1.prior) - log2(share))
            }
        let first = Line(
            what: "to begin with", words: "how many of the pairs that were compared are of one child", bits: start)
        return [first]
            + levels.enumerated().map { field, level in
                let bits =
                    level == 0
                    ? 0
                    : log2(max(classes[0].levels[field][level], 1e-12))
                        - others.reduce(0) { sum, entry in
                            sum + shares[entry.0] * log2(max(entry.1.levels[field][level], 1e-12))
                        }
                return Line(
                    what: comparer.fields[field].name, words: comparer.fields[field].levels[level], bits: bits)
            }
    }
}

extension Linker {
    /// Explains two records, whether or not any rule brought them together.
    ///
    /// - Throws: ``LinkageError/noRecord(_:)`` for an id that no row has; ``LinkageError/apart(_:_:)`` for records of
    ///   two compartments.
    public func explain(_ one: String, _ other: String) throws -> Explanation {
        let (left, right) = (try record(one), try record(other))
        guard !records.areApart(left, right) else { throw LinkageError.apart(one, other) }
        let (context, rule) = place(left, right)
        return Explanation(
            one, other, Kernel(comparer).pattern(records.line(left), records.line(right)), comparer, model,
            context: context, rule: rule,
            areTogether: clustering.cluster[Int(left)] == clustering.cluster[Int(right)],
            decision: decided[Self.key(left, right)])
    }

    private func record(_ id: String) throws -> UInt32 {
        let wanted = Array(id.utf8)
        let found = records.ids.elements.firstIndex { $0.length == wanted.count && $0.bytes.elementsEqual(wanted) }
        guard let found else { throw LinkageError.noRecord(id) }
        return UInt32(found)
    }

    /// What the other records add to a pair, and the rule that found it.
    private func place(_ one: UInt32, _ other: UInt32) -> (Float?, String?) {
        var place = 0
        for (number, part) in found.enumerated() {
            for pair in part.pairs.elements {
                if pair.one == one && pair.other == other || pair.one == other && pair.other == one {
                    return (clustering.context[place], number < blocks.rules.count ? blocks.rules[number].text : nil)
                }
                place += 1
            }
        }
        let isSame = { (pair: (one: UInt32, other: UInt32, weight: Float, context: Float)) in
            pair.one == one && pair.other == other || pair.one == other && pair.other == one
        }
        return (implied.first(where: isSame)?.context, nil)
    }
}
