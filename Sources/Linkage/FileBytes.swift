import CZlib
import Foundation

/// The bytes of one file of records, mapped into memory; a gzip file is unpacked first.
public final class FileBytes: @unchecked Sendable {
    public let name: String
    let base: UnsafePointer<UInt8>
    let count: Int
    private let mapped: Bool

    /// - Throws: ``LinkageError/unreadable(_:_:)`` where the file cannot be opened, or its packing is broken or too
    ///   large.
    public init(path: String) throws {
        name = path
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw LinkageError.unreadable(path, String(cString: strerror(errno))) }
        defer { close(file) }
        var about = stat()
        guard fstat(file, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
            throw LinkageError.unreadable(path, "it is not a file")
        }
        let size = Int(about.st_size)
        guard size > 0, let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), map != MAP_FAILED else {
            throw LinkageError.unreadable(path, "it is empty")
        }
        let bytes = UnsafePointer(map.assumingMemoryBound(to: UInt8.self))
        if size > 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
            defer { munmap(map, size) }
            let unpacked = try Self.unpacked(bytes, size, path)
            base = UnsafePointer(unpacked.start)
            count = unpacked.count
            mapped = false
        } else {
            base = bytes
            count = size
            mapped = true
        }
    }

    /// The bytes of what is not in a file.
    public init(name: String, bytes: some Collection<UInt8>) {
        self.name = name
        let own = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
        for (at, byte) in bytes.enumerated() { own[at] = byte }
        base = UnsafePointer(own)
        count = bytes.count
        mapped = false
    }

    public convenience init(name: String, text: String) { self.init(name: name, bytes: text.utf8) }

    deinit {
        if mapped { munmap(UnsafeMutableRawPointer(mutating: base), count) } else { base.deallocate() }
    }

    /// Lets the system take back the memory; the bytes are read from the file again where they are needed.
    func letGo() {
        if mapped { madvise(UnsafeMutableRawPointer(mutating: base), count, MADV_DONTNEED) }
    }

    /// At most 1,000 times the packed size: no more is a table of records, but a trap.
    private static func unpacked(
        _ bytes: UnsafePointer<UInt8>, _ size: Int, _ path: String
    ) throws -> (start: UnsafeMutablePointer<UInt8>, count: Int) {
        var stream = z_stream()
        guard inflateInit2_(&stream, 47, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw LinkageError.unreadable(path, "it could not be unpacked")
        }
        defer { inflateEnd(&stream) }
        let result = Buffer<UInt8>(capacity: size * 4 + 4096)
        var at = 0
        while true {
            result.reserve(1 << 16)
            stream.next_in = UnsafeMutablePointer(mutating: bytes + at)
            stream.avail_in = UInt32(min(size - at, 1 << 30))
            stream.next_out = result.end
            stream.avail_out = 1 << 16
            let before = stream.avail_in
            let status = inflate(&stream, Z_NO_FLUSH)
            result.wrote((1 << 16) - Int(stream.avail_out))
            at += Int(before - stream.avail_in)
            if status == Z_STREAM_END {
                if at >= size { break }
                inflateReset(&stream)  // Several packed parts, one behind the other.
            } else if status != Z_OK || (at >= size && stream.avail_out > 0) {
                throw LinkageError.unreadable(path, "its packing is broken at byte \(at.formatted())")
            }
            if result.count > size * 1000 + 1_000_000 {
                throw LinkageError.unreadable(path, "it unpacks to more than 1,000 times its size")
            }
        }
        let own = UnsafeMutablePointer<UInt8>.allocate(capacity: result.count + 1)
        own.update(from: result.base, count: result.count)
        return (own, result.count)
    }
}

/// Why nothing can be linked at all.
public enum LinkageError: Error, Equatable, CustomStringConvertible {
    case unreadable(String, String)
    case noHeader(String)
    case encoding(String, line: Int)
    case headerTwice(String, String)
    case noColumn(String, String, has: [String])
    case nothingToCompare(String)
    case configuration(String)
    case model(String)
    case unwritable(String, String)
    case noRecord(String)
    case apart(String, String)
    case refused(Int, RefusedRow)

    public var description: String {
        switch self {
        case .unreadable(let file, let why): "\(file) cannot be read: \(why)."
        case .noHeader(let file):
            "\(file) has no header: its first line must name the columns, each once, separated by commas."
        case .encoding(let file, let line):
            "\(file) is not UTF-8 at line \(line). Save it as CSV UTF-8 and try again."
        case .headerTwice(let file, let column): "\(file) has two columns called “\(column)”. Name each column once."
        case .noColumn(let file, let column, let has):
            "\(file) has no column “\(column)”. Its columns are \(has.joined(separator: ", "))."
        case .nothingToCompare(let why): "Nothing to compare: \(why)"
        case .unwritable(let file, let why): "\(file) cannot be written: \(why)."
        case .refused(let count, let first):
            "\(count) rows cannot be read, and --strict takes all or none. "
                + "The first is row \(first.row) of \(first.file): \(first.why)."
        case .apart(let one, let other):
            "“\(one)” and “\(other)” lie in two compartments, and records of two are never compared."
        case .noRecord(let id): "No row has the id “\(id)”."
        case .model(let why): "The model cannot be used: \(why)."
        case .configuration(let why): "The configuration cannot be used: \(why)."
        }
    }
}
