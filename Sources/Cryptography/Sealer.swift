import CSodium

/// Keeps short secrets so that whoever reads the database, or a copy of it, cannot read them: the key lies elsewhere.
///
/// XChaCha20-Poly1305 of libsodium. Each seal is bound to its owner: moved to another row it does not open, so that
/// nobody who can write to the database gives their own secret to somebody else’s account.
public struct Sealer: Sendable, CustomStringConvertible {
    private let key: [UInt8]

    /// - Returns: nil where the key has not 32 bytes.
    public init?(key: [UInt8]) {
        guard key.count == Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES) else { return nil }
        self.key = key
    }

    /// Whether a text is a seal, so that it has to be opened before it can be used.
    public static func isSealed(_ text: String) -> Bool { text.hasPrefix(mark) }

    /// The text sealed for this owner, other each time: `sealed1:` and hex figures.
    public func seal(_ text: String, for owner: String) -> String {
        let nonce = Sodium.random(Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES))
        let (bytes, bound) = (Array(text.utf8), Self.bound(owner))
        var sealed = [UInt8](repeating: 0, count: bytes.count + Int(crypto_aead_xchacha20poly1305_ietf_ABYTES))
        var length: UInt64 = 0
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &length, bytes, UInt64(bytes.count), bound, UInt64(bound.count), nil, nonce, key)
        return Self.mark + Sodium.hex(nonce + sealed)
    }

    /// What was sealed for this owner; nil where it was changed, or sealed for another, or under another key.
    public func open(_ text: String, for owner: String) -> String? {
        guard Self.isSealed(text), let bytes = Sodium.bytes(hex: String(text.dropFirst(Self.mark.count))) else {
            return nil
        }
        let nonceLength = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
        let macLength = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
        guard bytes.count >= nonceLength + macLength else { return nil }
        let (nonce, sealed) = (Array(bytes.prefix(nonceLength)), Array(bytes.dropFirst(nonceLength)))
        let bound = Self.bound(owner)
        // One byte more, so that there is somewhere to write where nothing was sealed.
        var opened = [UInt8](repeating: 0, count: sealed.count - macLength + 1)
        var length: UInt64 = 0
        let result = crypto_aead_xchacha20poly1305_ietf_decrypt(
            &opened, &length, nil, sealed, UInt64(sealed.count), bound, UInt64(bound.count), nonce, key)
        guard result == 0 else { return nil }
        return String(validating: opened.prefix(Int(length)), as: UTF8.self)
    }

    public var description: String { "Sealer" }

    private static let mark = "sealed1:"

    private static func bound(_ owner: String) -> [UInt8] { Array("continuum sealed 1\0\(owner)".utf8) }
}
