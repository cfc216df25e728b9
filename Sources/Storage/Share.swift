import FoundationEssentials
import Glibc

/// The folder of data that ships with the program: schools, postcodes, boundaries, words.
public struct Share: Sendable {
    public let root: String

    public init(root: String) { self.root = root }

    /// The bytes of a shipped file, named from the folder's root: `calendar/england.csv`.
    ///
    /// - Throws: `FileFault.unreadable` where it is not there.
    public func bytes(_ name: String) throws(FileFault) -> [UInt8] { try Files.bytes(root + "/" + name) }
}

/// Why a file cannot be used.
public enum FileFault: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String)
    case isFolder(String)
    case tooLarge(String, megabytes: Int)

    public var description: String {
        switch self {
        case .unreadable(let path): "There is no file “\(path)”, or it may not be read."
        case .isFolder(let path): "“\(path)” is a folder; a file is wanted."
        case .tooLarge(let path, let limit): "“\(path)” is larger than \(limit) MB, the most that is read at once."
        }
    }
}

/// Reads whole files.
public enum Files {
    /// - Parameter limit: the most that is read, in megabytes.
    /// - Throws: `FileFault`.
    public static func bytes(_ path: String, limit: Int = 512) throws(FileFault) -> [UInt8] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .unreadable(path) }
        if isFolder { throw .isFolder(path) }
        if let facts = FileFacts(path), facts.size > limit * 1_048_576 {
            throw .tooLarge(path, megabytes: limit)
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
        return Array(data)
    }
}

/// What the system says of a file. Foundation’s way of asking looks its owner’s name up too, by a socket.
public struct FileFacts: Hashable, Sendable {
    public let number: UInt
    public let size: Int
    /// Milliseconds since 1970.
    public let changed: Int

    /// Nil where there is none, or it cannot be asked about.
    public init?(_ path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        (number, size) = (UInt(found.st_ino), Int(found.st_size))
        changed = Int(found.st_mtim.tv_sec) * 1000 + Int(found.st_mtim.tv_nsec) / 1_000_000
    }
}
