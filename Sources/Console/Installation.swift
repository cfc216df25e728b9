import ArgumentParser
import Foundation
import Glibc
import Kernel
import Storage

/// What commands need to know of the program they are part of. Set once, where the program starts.
public struct Installation: Sendable {
    public let migrations: [Migration]
    public let clock: WallClock

    public init(migrations: [Migration], clock: WallClock) { (self.migrations, self.clock) = (migrations, clock) }

    /// What the house keeps, then what each slice does.
    public static var allMigrations: [Migration] { StorageSchema.migrations + current.migrations }

    /// The program this command runs in.
    @TaskLocal public static var current = Installation(
        migrations: [], clock: WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) })
}

/// Where the data lies: the same options on every command.
public struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The data folder, which holds continuum.sqlite.", valueName: "dir"))
    public var folder = ".continuum"

    @Option(
        name: .customLong("share"),
        help: ArgumentHelp(
            "The folder of shipped data. Otherwise CONTINUUM_SHARE, or the program’s own.", valueName: "dir"))
    public var shareFolder: String?

    @Option(
        name: .customLong("database"),
        help: ArgumentHelp(
            "A PostgreSQL server, in place of SQLite in the data folder: postgres://… Otherwise CONTINUUM_DATABASE.",
            valueName: "uri"))
    public var databaseAddress: String?

    public init() {}

    private var address: String? { databaseAddress ?? ProcessInfo.processInfo.environment["CONTINUUM_DATABASE"] }

    /// Whether the database is the file in the data folder.
    public var usesSQLite: Bool { address == nil }

    public var databasePath: String { folder + "/continuum.sqlite" }

    /// The shipped data.
    ///
    /// - Throws: `Failure` where it is not found.
    public var share: Share {
        get throws { try Share.found(named: shareFolder) }
    }

    /// The database of a data folder that is there already.
    ///
    /// - Throws: `Failure`, naming the folder, where there is none.
    public func open() async throws -> any Database {
        if let address { return try await opened(address) }
        guard FileManager.default.fileExists(atPath: databasePath) else {
            let advice =
                "Make one with: continuum begin LOGIN --name NAME --data \(folder), or continuum demo --prepare-only"
            throw Failure("There is no data folder at “\(folder)” (it would hold continuum.sqlite). \(advice)")
        }
        return try await opened()
    }

    /// The database of a folder, made where the folder has none yet.
    ///
    /// - Parameter makingFolder: whether the folder too may be made.
    /// - Throws: `Failure`, naming the folder, where it is not there or cannot be made.
    public func openOrMake(makingFolder: Bool) async throws -> any Database {
        var isFolder = ObjCBool(false)
        let exists = FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder)
        guard exists ? isFolder.boolValue : makingFolder else {
            throw Failure(
                exists ? "“\(folder)” is a file; a data folder is wanted." : "There is no data folder at “\(folder)”.")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure("The data folder “\(folder)” cannot be made here.")
        }
        if let address { return try await opened(address) }
        return try await opened()
    }

    /// The PostgreSQL database that was named, as it is: for copies, which bring their own schema.
    ///
    /// - Throws: `Failure` where it cannot be used.
    public func target() async throws -> any Database {
        do { return try await Postgres(address: address ?? "", clock: Installation.current.clock) } catch {
            throw Failure("The PostgreSQL database cannot be used: \(error).")
        }
    }

    private func opened(_ address: String) async throws -> any Database {
        guard address.hasPrefix("postgres://") || address.hasPrefix("postgresql://") else {
            throw Failure("--database is an address like postgres://user@host/name.")
        }
        do {
            let database = try await Postgres(address: address, clock: Installation.current.clock)
            try await database.migrate(Installation.allMigrations)
            return database
        } catch let fault as StorageFault {
            throw Failure("The PostgreSQL database cannot be used: \(fault).")
        }
    }

    private func opened() async throws -> any Database {
        do {
            let reserve = Reserve(path: folder + "/reserve")
            reserve.hold()
            let database = try SQLite(path: databasePath, clock: Installation.current.clock, reserve: reserve) { code in
                Console.tell(
                    "continuum: the disk could not keep a write (\(code)). Stopping, so that the next start reads only "
                        + "what the disk has.")
                _exit(75)
            }
            if let alone = try? ServeLock(folder: folder) {
                // No server runs: the last one may have stopped because the disk failed it.
                defer { alone.release() }
                try await database.rewriteLog()
            }
            try await database.migrate(Installation.allMigrations)
            return database
        } catch let fault as StorageFault {
            throw Failure("The database “\(databasePath)” cannot be used: \(fault)")
        } catch {
            throw Failure("The database “\(databasePath)” cannot be opened: the disk does not read or keep it.")
        }
    }
}

extension Share {
    /// The folder that was named, or that CONTINUUM_SHARE names, or the program’s own.
    ///
    /// - Throws: `Failure` where it is not found.
    public static func found(named folder: String?) throws -> Share {
        let places = [folder, ProcessInfo.processInfo.environment["CONTINUUM_SHARE"]].compactMap { $0 }
        for root in places.isEmpty ? ProgramFolder.candidates.map({ $0 + "/share" }) : [places[0]]
        where FileManager.default.fileExists(atPath: root + "/offer/help.csv") {
            return Share(root: root)
        }
        throw Failure("The folder of shipped data was not found. Name it with --share DIR or CONTINUUM_SHARE.")
    }
}

/// Where the program itself lies.
public enum ProgramFolder {
    /// The folders above the program’s file, nearest first: the package’s root is one of them.
    public static var candidates: [String] {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        var folder = URL(filePath: path).deletingLastPathComponent()
        var folders: [String] = []
        while folder.pathComponents.count > 1, folders.count < 8 {
            folders.append(folder.path)
            folder = folder.deletingLastPathComponent()
        }
        return folders
    }
}

/// Why a command did nothing, in a sentence for the person who ran it. The exit status is 1.
public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
