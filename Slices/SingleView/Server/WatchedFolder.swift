import Foundation
import Kernel
import SingleView
import Storage
import Web

/// A folder in which agencies’ extracts are put, by a transfer that the council has: each is taken in and moved away.
enum WatchedFolder {
    static let setting = "feeds.folder"
    /// Seconds for which a file must have lain still, so that half of it is not taken for the whole.
    static let stillness = 10

    static let job = Job("watch for extracts", every: 30) { run in
        guard let folder = try await run.database.read({ try Settings.value(setting, in: $0) }), !folder.isEmpty else {
            return
        }
        try await look(in: folder, run)
    }

    /// Takes in what lies in the folder, oldest day first.
    static func look(in folder: String, _ run: Job.Run) async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
            guard name.hasSuffix(".csv"), !name.hasPrefix("."), let facts = FileFacts(folder + "/" + name) else {
                return false
            }
            return run.now.milliseconds - facts.changed >= stillness * 1000
        }
        let inOrder = names.sorted { one, other in (day(one), one) < (day(other), other) }
        for (index, name) in inOrder.enumerated() {
            run.progress(index, inOrder.count)
            try await take(name, folder, run)
        }
    }

    /// The whole path of a folder that is there, or nil.
    static func path(of folder: String) -> String? {
        var isFolder = ObjCBool(false)
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        return URL(filePath: folder).standardizedFileURL.path
    }

    private static func day(_ name: String) -> Int { (try? ExtractName.read(name))?.asOf.number ?? 0 }

    private static func take(_ name: String, _ folder: String, _ run: Job.Run) async throws {
        let intake = try Intake(run.database, share: run.share, today: run.now.dayInEngland)
        do {
            let bytes = try Files.bytes(folder + "/" + name, limit: ExtractReading.mostMegabytes)
            let report = try await intake.take(bytes, name: name, for: .system)
            try move(name, folder, to: "taken", report.json(isRefused: false).pretty)
        } catch let fault as any SaidPlainly {
            try move(name, folder, to: "refused", fault.description)
        } catch let fault as TableFault {
            try move(name, folder, to: "refused", fault.description)
        } catch let fault as FileFault {
            try move(name, folder, to: "refused", fault.description)
        }
    }

    /// Puts the file away with a report beside it; one of the same name there gets a number.
    private static func move(_ name: String, _ folder: String, to place: String, _ report: String) throws {
        let home = "\(folder)/\(place)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        var target = "\(home)/\(name)"
        var number = 2
        while FileManager.default.fileExists(atPath: target), number < 10_000 {
            target = "\(home)/\(name.dropLast(4))-\(number).csv"
            number += 1
        }
        try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: target)
        try Data((report + "\n").utf8).write(to: URL(filePath: target + ".report.txt"))
    }
}
