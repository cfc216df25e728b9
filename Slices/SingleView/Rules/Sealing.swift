import Kernel

/// Why what went before is sealed, and for what a second person is asked.
public enum Sealing {
    public enum Ground: String, CaseIterable, Hashable, Sendable {
        case adoption, protection

        public var words: String {
            switch self {
            case .adoption: "An adoption"
            case .protection: "A new identity, to keep somebody safe"
            }
        }
    }

    public enum Kind: String, Hashable, Sendable { case seal, unseal }
    public enum Verdict: String, Hashable, Sendable { case approved, refused }
}
