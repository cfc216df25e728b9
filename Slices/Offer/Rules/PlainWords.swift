import Kernel

extension NeedType {
    /// The need in words a parent would use, fit to stand inside a sentence.
    public var plainName: String {
        switch self {
        case .spld: "dyslexia and other specific learning difficulties"
        case .mld: "moderate learning difficulties"
        case .sld: "severe learning difficulties"
        case .pmld: "profound and multiple learning difficulties"
        case .semh: "social, emotional and mental health needs"
        case .slcn: "speech, language and communication needs"
        case .hi: "deafness and hearing impairment"
        case .vi: "vision impairment"
        case .msi: "deafblindness (multi-sensory impairment)"
        case .pd: "physical disability"
        case .asd: "autism"
        case .ds: "Down syndrome"
        case .oth: "other difficulties"
        case .nsa: "needs not yet assessed"
        case .besd: "behaviour, emotional and social difficulties (a term of before 2014)"
        }
    }

    /// The same at the start of a line.
    public var plainTitle: String { plainName.prefix(1).uppercased() + plainName.dropFirst() }
}

extension SENLevel {
    /// The level in words a parent would use.
    public var plainName: String {
        switch self {
        case .none: "children without extra support at school"
        case .support: "children on SEN support"
        case .plan: "children with an EHC plan"
        case .statement: "children with a Statement"
        case .action, .actionPlus, .assessment: "children on school action (before 2014)"
        }
    }
}

/// Joins words as English does.
public enum Listing {
    /// `a, b and c`.
    public static func and(_ items: [String]) -> String { joined(items, "and") }
    /// `a, b or c`.
    public static func or(_ items: [String]) -> String { joined(items, "or") }

    private static func joined(_ items: [String], _ word: String) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(word) " + last
    }
}

extension AgeRange {
    /// `from birth to 5`, `from 4 to 11`: fit to stand after “for ages”.
    public var inWords: String { low == 0 ? "birth to \(high)" : "\(low) to \(high)" }
}

extension ClosedRange<Int> {
    /// The ages asked for: `4`, `1 to 3`, `under 5`.
    public var ageInWords: String {
        if lowerBound == upperBound { return lowerBound == 0 ? "under 1" : String(lowerBound) }
        if lowerBound == 0 { return "under \(upperBound + 1)" }
        return upperBound >= 25 ? "\(lowerBound) and over" : "\(lowerBound) to \(upperBound)"
    }
}
