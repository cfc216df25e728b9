import CSodium

/// The few pieces of cryptography that Continuum needs, from libsodium.
public enum Sodium {
    /// SHA-256 of the bytes: 32 bytes.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
        return hash
    }

    /// SHA-256 of the bytes, as 64 hex figures.
    public static func sha256(_ bytes: [UInt8]) -> String { hex(digest(bytes)) }

    /// SHA-256 of bytes that come piece by piece.
    public struct Hasher {
        private var state = crypto_hash_sha256_state()

        public init() { crypto_hash_sha256_init(&state) }

        public mutating func update(_ bytes: UnsafeRawBufferPointer) {
            guard let start = bytes.baseAddress else { return }
            crypto_hash_sha256_update(&state, start.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
        }

        public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

        /// The same of a part of something, without a copy.
        public mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }

        /// The hash of all that was given, as 64 hex figures.
        public mutating func finish() -> String {
            var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
            crypto_hash_sha256_final(&state, &hash)
            return hex(hash)
        }
    }

    /// HMAC-SHA-256 of the text under a key of 32 bytes, as 64 hex figures.
    public static func sign(_ text: String, key: [UInt8]) -> String {
        precondition(key.count == Int(crypto_auth_hmacsha256_KEYBYTES), "a key has 32 bytes")
        let bytes = Array(text.utf8)
        var mac = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256(&mac, bytes, UInt64(bytes.count), key)
        return hex(mac)
    }

    /// HMAC-SHA-256 of the bytes under a key of any length (RFC 2104): 32 bytes.
    public static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, bytes, UInt64(bytes.count))
        var mac = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256_final(&state, &mac)
        return mac
    }

    /// Bytes that nobody can guess.
    public static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    /// Whether the bytes are the same, told in a time that depends on their number alone.
    public static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && sodium_memcmp(one, other, one.count) == 0
    }

    public static func hex(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
            for (index, byte) in bytes.enumerated() {
                buffer[index * 2] = figure(byte >> 4)
                buffer[index * 2 + 1] = figure(byte & 15)
            }
            return bytes.count * 2
        }
    }

    /// The bytes written as lower-case hex figures; nil where the text is anything else.
    public static func bytes(hex text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { figures -> [UInt8]? in
            guard figures.count % 2 == 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: figures.count / 2)
            for place in bytes.indices {
                let (high, low) = (values[Int(figures[place * 2])], values[Int(figures[place * 2 + 1])])
                guard high < 16, low < 16 else { return nil }
                bytes[place] = high << 4 | low
            }
            return bytes
        }
    }

    /// The value of each character as a hex figure; 255 where it is none.
    private static let values: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
        switch byte {
        case 48...57: UInt8(byte - 48)
        case 97...102: UInt8(byte - 87)
        default: 255
        }
    }

    private static func figure(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }
}

/// A key that signs, by Ed25519, so that whoever has the public half can tell what was signed.
public struct SigningKey: Sendable {
    /// 32 bytes from which the pair is made.
    public let seed: [UInt8]
    /// 32 bytes, for anybody.
    public let publicKey: [UInt8]
    private let secret: [UInt8]

    /// - Returns: nil where the seed has not 32 bytes.
    public init?(seed: [UInt8]) {
        guard seed.count == Int(crypto_sign_SEEDBYTES) else { return nil }
        var (open, secret) = (
            [UInt8](repeating: 0, count: Int(crypto_sign_PUBLICKEYBYTES)),
            [UInt8](repeating: 0, count: Int(crypto_sign_SECRETKEYBYTES))
        )
        crypto_sign_seed_keypair(&open, &secret, seed)
        (self.seed, publicKey, self.secret) = (seed, open, secret)
    }

    /// The signature of the text: 128 hex figures.
    public func sign(_ text: String) -> String {
        var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
        let bytes = Array(text.utf8)
        crypto_sign_detached(&signature, nil, bytes, UInt64(bytes.count), secret)
        return Sodium.hex(signature)
    }

    /// Whether the holder of the secret half of this public key signed the text.
    public static func isSigned(_ text: String, by publicKey: [UInt8], signature: String) -> Bool {
        guard publicKey.count == Int(crypto_sign_PUBLICKEYBYTES), let mark = Sodium.bytes(hex: signature),
            mark.count == Int(crypto_sign_BYTES)
        else { return false }
        let bytes = Array(text.utf8)
        return crypto_sign_verify_detached(mark, bytes, UInt64(bytes.count), publicKey) == 0
    }
}
