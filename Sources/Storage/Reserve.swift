import Glibc

/// Disk space held back: a file of nothing that is given up when the disk is full, so that what must be journalled
/// still can be.
public struct Reserve: Sendable {
    public let path: String
    public let bytes: Int

    public init(path: String, bytes: Int = 16 * 1_048_576) { (self.path, self.bytes) = (path, bytes) }

    /// Whether the space is held now.
    public var isHeld: Bool {
        var status = stat()
        return stat(path, &status) == 0 && Int(status.st_size) >= bytes
    }

    /// Holds the space, where the disk has three times as much to spare.
    ///
    /// - Returns: whether it is held.
    @discardableResult public func hold() -> Bool {
        if isHeld { return true }
        guard let free = Reserve.freeBytes(at: path), free > bytes * 3 else { return false }
        let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { return false }
        defer { close(file) }
        guard posix_fallocate(file, 0, off_t(bytes)) == 0, fsync(file) == 0 else {
            unlink(path)
            return false
        }
        return true
    }

    /// Gives the space up.
    ///
    /// - Returns: whether there was any to give.
    func release() -> Bool { unlink(path) == 0 }

    /// How much the disk that holds this path has to spare, in bytes; nil where that cannot be told.
    public static func freeBytes(at path: String) -> Int? {
        var status = statvfs()
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard statvfs(folder.isEmpty ? "." : folder, &status) == 0 else { return nil }
        return Int(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}
