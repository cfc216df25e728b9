import CZlib

/// Compresses bytes for browsers that ask for it, by zlib.
enum Gzip {
    /// The bytes in gzip form, or nil where that would not make them smaller.
    ///
    /// - Parameter level: 1 fast to 9 small.
    static func compressed(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 more to say that the form is gzip.
        let version = ZLIB_VERSION
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, version, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var source = bytes
        var made = [UInt8](repeating: 0, count: bytes.count)
        let ended = source.withUnsafeMutableBufferPointer { input in
            made.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(clamping: input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(clamping: output.count)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
        }
        guard ended else { return nil }
        made.removeLast(Int(stream.avail_out))
        return made
    }
}
