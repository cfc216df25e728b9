import Kernel

/// The two parts of the test whether to assess, as the decider answers them.
///
/// - Law: Children and Families Act 2014, section 36(8): the authority must assess where both hold.
public struct AssessmentTest: Hashable, Sendable {
    public struct Answer: Hashable, Sendable {
        public let holds: Bool
        public let because: String

        public init(holds: Bool, because: String) { (self.holds, self.because) = (holds, because) }
    }

    public let hasNeeds: Answer?
    public let mayNeedPlan: Answer?

    public init(hasNeeds: Answer?, mayNeedPlan: Answer?) {
        (self.hasNeeds, self.mayNeedPlan) = (hasNeeds, mayNeedPlan)
    }

    public static let needsWords = "The child or young person has or may have special educational needs"
    public static let planWords = """
        It may be necessary for special educational provision to be made for them in accordance with an EHC plan
        """

    /// Makes sure that the decision follows from the answers.
    public func check(assesses: Bool) throws(CaseRefusal) {
        guard let hasNeeds, let mayNeedPlan, !hasNeeds.because.isEmpty, !mayNeedPlan.because.isEmpty else {
            throw .testNotAnswered
        }
        let isMet = hasNeeds.holds && mayNeedPlan.holds
        if assesses, !isMet { throw .testIsNotMet }
        if !assesses, isMet { throw .testIsMet }
    }
}

/// What is written with a decision that the law wants written.
public enum DecisionWords {
    /// - Law: Children and Families Act 2014, section 36(5): the reasons are given with the determination.
    public static func checkNotNecessary(reasons: String, help: String) throws(CaseRefusal) {
        if reasons.isEmpty { throw .withoutReasons }
        if help.isEmpty { throw .withoutHelp }
    }

    /// - Law: SEND Regulations 2014, regulation 10(1) and section 36(9): the reasons for not making a plan.
    public static func checkReasons(_ reasons: String) throws(CaseRefusal) {
        if reasons.isEmpty { throw .withoutReasons }
    }

    /// Whether earlier advice may be used again.
    ///
    /// - Law: SEND Regulations 2014, regulation 6(4): author, authority and parent or young person are all satisfied.
    public static func checkReuse(author: Bool, council: Bool, family: Bool) throws(CaseRefusal) {
        guard author, council, family else { throw .notAgreed }
    }
}
