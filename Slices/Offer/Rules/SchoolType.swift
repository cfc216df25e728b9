import Kernel

/// The type of a school in the school census of 2025.
enum SchoolType: String, CaseIterable {
    case primary = "State-funded primary"
    case secondary = "State-funded secondary"
    case independent = "Independent school"
    case nursery = "State-funded nursery"
    case special = "State-funded special school"
    case alternative = "State-funded AP school"

    /// - Throws: `Malformed` for any other text, with the types that are allowed.
    init(_ text: String) throws(Malformed) {
        guard let type = SchoolType(rawValue: text) else {
            let allowed = SchoolType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(wanted: "a type of school", given: text, reason: "the types are \(allowed)")
        }
        self = type
    }

    /// How specialised a school of this type is by its nature; nil where its type does not say.
    var specialism: Entry.Specialism? { self == .special ? .specialist : nil }

    /// The kinds of help that a school of this type and phase is. One that takes pupils to 18 has a sixth form.
    func help(_ phase: Phase?, _ ages: AgeRange?) -> Set<HelpCode> {
        switch self {
        case .nursery: return [HelpCode("nursery-school")]
        case .primary: return [HelpCode("primary-school")]
        case .special: return [HelpCode("special-school")]
        case .alternative: return [HelpCode("alternative-provision")]
        case .independent: return [HelpCode("independent-school")]
        case .secondary:
            let sixthForm: Set<HelpCode> = (ages?.high ?? 0) >= 18 ? [HelpCode("sixth-form")] : []
            switch phase {
            case .allThrough: return sixthForm.union([HelpCode("secondary-school"), HelpCode("primary-school")])
            case .sixteenPlus: return [HelpCode("sixth-form")]
            default: return sixthForm.union([HelpCode("secondary-school")])
            }
        }
    }
}
