/// Whether two names are forms of one, by the list that linking itself uses: for explanations.
public enum NameForms {
    /// - Parameters: two names in any letters; what is not A to Z parts words, and whole names are compared.
    public static func areOfOneName(_ one: String, _ other: String) -> Bool {
        let (one, other) = (groups(one), groups(other))
        return one.contains { $0 != 0 && other.contains($0) }
    }

    private static func groups(_ name: String) -> [UInt16] {
        let letters = name.utf8.map { $0 & 0xDF }
        guard !letters.isEmpty, letters.allSatisfy({ (65...90).contains($0) }),
            let found = Names.groups[Names.key(letters)]
        else { return [] }
        return (0..<4).map { found[$0] }
    }
}
