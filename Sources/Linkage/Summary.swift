extension Linker {
    /// The rows that could not be taken, in the order of the files.
    public var refused: [RefusedRow] { loaded.refused }

    /// What was done, a line each: columns used and ignored and why, rules and what they found, and how long it took.
    public var summary: [String] {
        var lines = ["records\t\(records.count)"]
        if !refused.isEmpty { lines.append("rows refused\t\(refused.count)") }
        for use in loaded.uses {
            lines.append("column\t\(use.name)\t\(use.kind == .ignored ? "ignored" : use.kind.rawValue)\t\(use.why)")
        }
        for (rule, part) in zip(blocks.rules, found) {
            let large =
                part.large == 0
                ? ""
                : "\t\(part.large) groups of over \(blocks.largest) records were compared only where they agree in more"
            let left = part.isLeftOut ? "\tleft out: its pairs are more than allowed" : ""
            lines.append("rule\t\(rule.text)\t\(part.count) pairs\(large)\(left)")
        }
        lines.append("pairs compared\t\(pairCount)")
        for one in classes.dropLast() {
            lines.append(
                "of these\t\(one.name)\t\(Int((one.prior * Double(pairCount)).rounded()))")
        }
        for (what, seconds) in seconds { lines.append("seconds\t\(what)\t\((seconds * 1000).rounded() / 1000)") }
        lines.append("model\t\(model.version)")
        return lines
    }
}
