import Kernel

/// Why an ID token was not taken. No case holds anything that the token said.
public enum IDTokenFault: Error, Hashable, SaidPlainly, Sendable {
    /// Longer than 16 KiB.
    case tooLong
    /// Not three parts of strict base 64 with JSON in two of them; the words say which part.
    case malformed(String)
    /// Signed in another way than the one configured, or in none.
    case wrongAlgorithm
    /// A token for another use, by its `typ`.
    case wrongType
    /// A header that brings its own key or asks for what we do not do.
    case forbiddenHeader(String)
    /// The key set cannot be read.
    case badKeySet
    case unknownKey
    /// The key named is not one that verifies by the configured algorithm.
    case unfitKey
    /// Two keys answer to the name.
    case ambiguousKey
    case badSignature
    case wrongIssuer
    case wrongAudience
    /// A time is missing, or is no number between 1970 and 9999; the word is the claim.
    case badTime(String)
    case expired
    /// Issued, or valid from, later than now.
    case fromTheFuture
    case wrongNonce
    /// The subject is missing, empty, over 255 characters or not ASCII.
    case badSubject

    public var description: String {
        switch self {
        case .tooLong: "The sign-in token is longer than 16 KiB"
        case .malformed(let part): "The sign-in token could not be read: \(part)"
        case .wrongAlgorithm: "The sign-in token is not signed in the way that was agreed"
        case .wrongType: "The token is not meant for signing in"
        case .forbiddenHeader(let name): "The sign-in token has a header that is not allowed: \(name)"
        case .badKeySet: "The identity provider’s keys could not be read"
        case .unknownKey: "The sign-in token is signed by a key that the identity provider does not publish"
        case .unfitKey: "The key that the sign-in token names is not one for signing in the agreed way"
        case .ambiguousKey: "Two of the identity provider’s keys have the name in the sign-in token"
        case .badSignature: "The sign-in token’s signature is wrong"
        case .wrongIssuer: "The sign-in token comes from another identity provider"
        case .wrongAudience: "The sign-in token is meant for another service"
        case .badTime(let claim): "The sign-in token’s \(claim) is no sensible time"
        case .expired: "The sign-in token has run out; sign in again"
        case .fromTheFuture: "The sign-in token is not valid yet; check the clocks"
        case .wrongNonce: "The sign-in token answers another request; sign in again"
        case .badSubject: "The sign-in token does not say who signed in"
        }
    }
}
