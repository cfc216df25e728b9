import Credentials

/// Why nobody was signed in by the provider. No case holds anything that it said.
public enum ProviderFault: Error, Hashable, Sendable {
    // No answer, or none to be used: the operator’s or the provider’s to mend.
    case unreachable
    case slow
    /// The address is not public, and not one that the operator named.
    case notAllowed
    case wrongStatus
    case metadata(ProviderMetadata.Fault)
    /// The provider took back its word: the code is wrong, used or too old; or it does not know this service.
    case refusedCode
    case noToken
    case token(IDTokenFault)
    /// The provider sent the browser back with an error.
    case said
    /// The site’s own address is not configured, and this is not its own computer.
    case noAddress
    case tooMany

    // What the visitor did, or somebody in their name.
    case cancelled
    /// Nothing was begun in this browser, or it was used, or is older than ten minutes.
    case notBegun
    /// The answer lacks something, has it twice, or names another sender (RFC 9207).
    case wrongAnswer
    /// Nobody here is known by this sign-in; or whoever was has an account no more.
    case unknown
    /// Another account has this sign-in, or this account another.
    case alreadyConnected
    /// The session in which it was asked for is over.
    case otherSession

    /// For the log and the journal.
    var kind: String {
        switch self {
        case .unreachable: "unreachable"
        case .slow: "slow"
        case .notAllowed: "address-not-allowed"
        case .wrongStatus: "status"
        case .metadata(let fault):
            switch fault {
            case .malformed: "discovery-malformed"
            case .wrongIssuer: "discovery-issuer"
            case .unsafeAddress: "discovery-address"
            case .unfit: "discovery-unfit"
            }
        case .refusedCode: "code-refused"
        case .noToken: "no-token"
        case .token(let fault): "token-" + fault.kind
        case .said: "error"
        case .noAddress: "no-site"
        case .tooMany: "too-many"
        case .cancelled: "cancelled"
        case .notBegun: "not-begun"
        case .wrongAnswer: "answer"
        case .unknown: "unknown"
        case .alreadyConnected: "already-connected"
        case .otherSession: "other-session"
        }
    }
}

extension IDTokenFault {
    /// The name of the fault, without what the token said.
    fileprivate var kind: String {
        switch self {
        case .tooLong: "too-long"
        case .malformed: "malformed"
        case .wrongAlgorithm: "algorithm"
        case .wrongType: "type"
        case .forbiddenHeader: "header"
        case .badKeySet: "key-set"
        case .unknownKey: "unknown-key"
        case .unfitKey: "unfit-key"
        case .ambiguousKey: "ambiguous-key"
        case .badSignature: "signature"
        case .wrongIssuer: "issuer"
        case .wrongAudience: "audience"
        case .badTime: "time"
        case .expired: "expired"
        case .fromTheFuture: "future"
        case .wrongNonce: "nonce"
        case .badSubject: "subject"
        }
    }
}
