import Kernel

/// Why a passkey was not taken.
public enum WebAuthnFault: Error, Hashable, SaidPlainly, Sendable {
    /// What the browser sent cannot be read; the words say which part.
    case malformed(String)
    /// Made for signing in and used for registering, or the other way about.
    case wrongType
    case wrongChallenge
    case wrongOrigin
    /// Asked for from inside a page of somebody else.
    case crossOrigin
    /// Made for another service.
    case wrongRelyingParty
    /// Nobody touched the key.
    case notPresent
    /// The key did not ask for a fingerprint, face or PIN.
    case notVerified
    /// A registration without a key in it.
    case noCredential
    /// A name of no bytes, or of more than 1023.
    case badCredentialID
    /// The name in the answer is not that of the key.
    case wrongCredential
    /// A COSE algorithm other than the three we take.
    case unsupportedAlgorithm(Int)
    case badKey
    case badSignature
    /// The count of signatures did not rise: perhaps there are two of this key.
    case countDidNotRise
    /// The key speaks for another account, or for none where it must name one.
    case wrongUser
    /// Said to be backed up though it cannot be, or changed its mind on whether it can.
    case badBackupState

    public var description: String {
        switch self {
        case .malformed(let part): "The passkey’s answer could not be read: \(part)"
        case .wrongType: "The passkey answered another question than the one asked"
        case .wrongChallenge: "The passkey answered an older question; try again"
        case .wrongOrigin: "The passkey was used on another address than this service’s"
        case .crossOrigin: "The passkey was asked for from inside another page"
        case .wrongRelyingParty: "The passkey belongs to another service"
        case .notPresent: "The passkey was not touched"
        case .notVerified: "The passkey did not check your fingerprint, face or PIN"
        case .noCredential: "The answer holds no passkey"
        case .badCredentialID: "The passkey has no usable name"
        case .wrongCredential: "The answer came from another passkey"
        case .unsupportedAlgorithm(let number): "The passkey signs in a way that is not supported (\(number))"
        case .badKey: "The passkey’s public key is not a good one"
        case .badSignature: "The passkey’s signature is wrong"
        case .countDidNotRise: "The passkey may have been copied: its count of uses did not rise"
        case .wrongUser: "The passkey belongs to another account"
        case .badBackupState: "The passkey contradicts itself on whether it is backed up"
        }
    }
}
