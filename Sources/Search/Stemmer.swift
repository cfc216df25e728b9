import CStemmer
import Kernel
import Synchronization

/// Brings the forms of an English word to one stem (Snowball’s English algorithm, by libstemmer):
/// `therapies` and `therapy` to `therapi`.
///
/// One stemmer may be used from several tasks; they take turns.
public final class Stemmer: Sendable {
    private let handle: Mutex<Handle>

    /// libstemmer’s English is part of every build of it, so making one fails only without memory.
    public init() { handle = Mutex(Handle()) }

    /// The stem of a word already in lower case. A word libstemmer has no answer for is its own stem.
    public func stem(_ word: String) -> String { handle.withLock { $0.stem(word) } }
}

/// The C library’s stemmer, freed with this value.
private struct Handle: ~Copyable {
    private let pointer = sb_stemmer_new("english", "UTF_8")

    deinit { sb_stemmer_delete(pointer) }

    func stem(_ word: String) -> String {
        guard let pointer else { return word }
        let bytes = Array(word.utf8)
        guard let made = sb_stemmer_stem(pointer, bytes, Int32(clamping: bytes.count)) else { return word }
        let length = Int(sb_stemmer_length(pointer))
        return String(decoding: UnsafeBufferPointer(start: made, count: length), as: UTF8.self)
    }
}
