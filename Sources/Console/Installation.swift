import ArgumentParser
import Foundation
import Kernel
import Storage

/// What commands need to know of the program they are part of. Set once, where the program starts.
public struct Installation: Sendable {
    public let migrations: [Migration]
    public let clock: WallClock

    public init(migrations: [Migration], clock: WallClock) { (self.migrations, self.clock) = (migrations, clock) }

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

    public init() {}

    public var databasePath: String { folder + "/continuum.sqlite" }

    /// The shipped data.
    ///
    /// - Throws: `Failure` where it is not found.
    public var share: Share {
        get throws {
            let places = [shareFolder, ProcessInfo.processInfo.environment["CONTINUUM_SHARE"]].compactMap { $0 }
            for root in places.isEmpty ? ProgramFolder.candidates.map({ $0 + "/share" }) : [places[0]]
            where FileManager.default.fileExists(atPath: root + "/offer/help.csv") {
                return Share(root: root)
            }
            throw Failure("The folder of shipped data was not found. Name it with --share DIR or CONTINUUM_SHARE.")
        }
    }

    /// The database of a data folder that is there already.
    ///
    /// - Throws: `Failure`, naming the folder, where there is none.
    public func open() async throws -> SQLite {
        guard FileManager.default.fileExists(atPath: databasePath) else {
            let advice = "Make one with: continuum demo --prepare-only --data \(folder)"
            throw Failure("There is no data folder at “\(folder)” (it would hold continuum.sqlite). \(advice)")
        }
        return try await opened()
    }

    /// The database of a folder, made where the folder has none yet.
    ///
    /// - Parameter makingFolder: whether the folder too may be made.
    /// - Throws: `Failure`, naming the folder, where it is not there or cannot be made.
    public func openOrMake(makingFolder: Bool) async throws -> SQLite {
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
        return try await opened()
    }

    private func opened() async throws -> SQLite {
        do {
            let database = try SQLite(path: databasePath, clock: Installation.current.clock)
            try await database.migrate(StorageSchema.migrations + Installation.current.migrations)
            return database
        } catch let fault as StorageFault {
            throw Failure("The database “\(databasePath)” cannot be used: \(fault)")
        } catch {
            throw Failure("The database “\(databasePath)” cannot be opened: it may be damaged, or no database at all.")
        }
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
