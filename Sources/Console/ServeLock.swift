import Glibc

/// Holds a data folder for one serving process.
public struct ServeLock: Sendable {
    private let file: Int32

    /// - Throws: `Failure` where another process serves from it.
    public init(folder: String) throws {
        file = open(folder + "/serve.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure("The data folder “\(folder)” cannot be written to.") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw Failure(
                "Another process already serves from “\(folder)”. Only one may, with SQLite; other commands may be "
                    + "used meanwhile. For several, use PostgreSQL (--database).")
        }
    }

    /// Lets the folder go.
    public func release() { close(file) }
}
