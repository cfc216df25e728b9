import Foundation
import Kernel
import Storage

/// The engines that every test of a store runs on.
public enum Engine: String, CaseIterable, Sendable {
    case sqlite, postgres

    /// A new, empty database, which no other test sees.
    ///
    /// - Throws: `NoServer` where no PostgreSQL was started: bin/test starts one.
    public func database(_ clock: WallClock) async throws -> any Database {
        switch self {
        case .sqlite: return try SQLite(inMemory: clock)
        case .postgres: return try await Postgres(address: try Engine.newSchema(), clock: clock, readers: 2)
        }
    }

    /// The address of a new, empty schema of the PostgreSQL that bin/test started.
    public static func newSchema() throws -> String {
        guard let address = ProcessInfo.processInfo.environment["CONTINUUM_TEST_POSTGRES"] else { throw NoServer() }
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        try Postgres.execute("CREATE SCHEMA \(name)", at: address)
        return address + "&options=-csearch_path%3D\(name)"
    }

    public struct NoServer: Error, CustomStringConvertible {
        public var description: String {
            "CONTINUUM_TEST_POSTGRES names no server. Run the tests by bin/test, which starts one."
        }
    }
}
