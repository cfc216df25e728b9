extension StringProtocol {
    /// Whether this is one plain address for mail, with nothing by which a header could be ended.
    public var isMailAddress: Bool {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, utf8.count <= 254, parts.allSatisfy({ !$0.isEmpty }) else { return false }
        return !hasPrefix("-")
            && utf8.allSatisfy { $0 > 32 && $0 < 127 && ![34, 40, 41, 44, 58, 59, 60, 62, 92].contains($0) }
    }
}
