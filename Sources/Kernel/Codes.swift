/// A type of special educational need, by its national code.
///
/// Source: `share/codes/sen_type.csv`. The thirteen codes of the SEN2 return; NSA, which only the school census
/// uses; and BESD, the code of the years before September 2014. BESD is a different thing from SEMH: it counted
/// behaviour, so nothing here turns one into the other.
public enum NeedType: String, CaseIterable, Hashable, Sendable {
    case spld = "SPLD", mld = "MLD", sld = "SLD", pmld = "PMLD", semh = "SEMH", slcn = "SLCN", hi = "HI"
    case vi = "VI", msi = "MSI", pd = "PD", asd = "ASD", ds = "DS", oth = "OTH", nsa = "NSA", besd = "BESD"

    /// A need from its code, in capitals or not.
    ///
    /// - Throws: `Malformed` for any other text, with the codes that are allowed.
    public init(code: some StringProtocol) throws(Malformed) {
        guard let need = NeedType(rawValue: code.uppercased()) else {
            let codes = NeedType.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(wanted: "a type of need", given: code, reason: "the codes are \(codes)")
        }
        self = need
    }

    public var code: String { rawValue }

    /// The national name of the code.
    public var name: String {
        switch self {
        case .spld: "Specific learning difficulty"
        case .mld: "Moderate learning difficulty"
        case .sld: "Severe learning difficulty"
        case .pmld: "Profound and multiple learning difficulty"
        case .semh: "Social, emotional and mental health"
        case .slcn: "Speech, language and communication needs"
        case .hi: "Hearing impairment"
        case .vi: "Vision impairment"
        case .msi: "Multi-sensory impairment"
        case .pd: "Physical disability"
        case .asd: "Autistic spectrum disorder"
        case .ds: "Down Syndrome"
        case .oth: "Other difficulty"
        case .nsa: "SEN support but no specialist assessment of type of need"
        case .besd: "Behaviour, emotional and social difficulty"
        }
    }

    /// True for the thirteen codes of the SEN2 return of 2025.
    public var isInSEN2: Bool { self != .nsa && self != .besd }

    /// True for BESD, which ended on 31 August 2014.
    public var isHistoric: Bool { self == .besd }

    /// The thirteen codes of the SEN2 return.
    public static let sen2 = allCases.filter(\.isInSEN2)
}

/// The level of support a child has, by its census code, today's and those of the years before 2014.
///
/// Source: `share/codes/sen_provision.csv`.
public enum SENLevel: String, CaseIterable, Hashable, Sendable {
    case none = "N", support = "K", plan = "E", statement = "S", action = "A", actionPlus = "P"
    case assessment = "Q"

    /// - Throws: `Malformed` for any other text, with the codes that are allowed.
    public init(code: some StringProtocol) throws(Malformed) {
        guard let level = SENLevel(rawValue: code.uppercased()) else {
            let reason = "the codes are N, K and E, and of earlier years S, A, P and Q"
            throw Malformed(wanted: "a level of support", given: code, reason: reason)
        }
        self = level
    }

    public var code: String { rawValue }

    public var name: String {
        switch self {
        case .none: "No special educational need"
        case .support: "SEN support"
        case .plan: "Education, health and care plan"
        case .statement: "Statement"
        case .action: "School action or early years action"
        case .actionPlus: "School action plus or early years action plus"
        case .assessment: "School action plus and statutory assessment"
        }
    }

    public var isHistoric: Bool { self != .none && self != .support && self != .plan }
}

/// The phase of education of an establishment, by its code in the register of schools.
///
/// Source: `share/codes/school_phase.csv`.
public enum Phase: Int, CaseIterable, Hashable, Sendable {
    case notApplicable, nursery, primary, middlePrimary, secondary, middleSecondary, sixteenPlus, allThrough

    /// A phase from its name in the register, in any case.
    ///
    /// - Throws: `Malformed` for any other text, with the names that are allowed.
    public init(name: some StringProtocol) throws(Malformed) {
        let wanted = name.lowercased()
        guard let phase = Phase.allCases.first(where: { $0.name.lowercased() == wanted }) else {
            let names = Phase.allCases.map(\.name).joined(separator: ", ")
            throw Malformed(wanted: "a phase", given: name, reason: "the phases are \(names)")
        }
        self = phase
    }

    public var name: String {
        switch self {
        case .notApplicable: "Not applicable"
        case .nursery: "Nursery"
        case .primary: "Primary"
        case .middlePrimary: "Middle deemed primary"
        case .secondary: "Secondary"
        case .middleSecondary: "Middle deemed secondary"
        case .sixteenPlus: "16 plus"
        case .allThrough: "All-through"
        }
    }
}
