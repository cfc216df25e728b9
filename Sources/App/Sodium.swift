import CSodium

/// The few pieces of cryptography the application needs, from libsodium.
enum Sodium {
    /// SHA-256 of the bytes, as 64 hex figures.
    static func sha256(_ bytes: [UInt8]) -> String {
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
        return hex(hash)
    }

    /// HMAC-SHA-256 of the text under a key of 32 bytes, as 64 hex figures.
    static func sign(_ text: String, key: [UInt8]) -> String {
        precondition(key.count == Int(crypto_auth_hmacsha256_KEYBYTES), "a key has 32 bytes")
        let bytes = Array(text.utf8)
        var mac = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256(&mac, bytes, UInt64(bytes.count), key)
        return hex(mac)
    }

    /// Bytes that nobody can guess.
    static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        randombytes_buf(&bytes, count)
        return bytes
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let figures = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [figures[Int($0 >> 4)], figures[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func bytes(hex text: String) -> [UInt8]? {
        let figures = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case 48...57: byte - 48
            case 97...102: byte - 87
            default: nil
            }
        }
        guard figures.count == text.utf8.count, figures.count % 2 == 0 else { return nil }
        return stride(from: 0, to: figures.count, by: 2).map { figures[$0] << 4 | figures[$0 + 1] }
    }
}
