import Access
import AccessServer
import ArgumentParser
import Console
import Cryptography
import Foundation
import Kernel
import Operations
import Printing
import Storage
import Web

/// `continuum check`: whether a server with these settings would start and do its work.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say what is wrong with the settings and the data folder, before serving.",
        discussion: """
            It takes the settings of serve, and changes nothing but pending migrations. Exit status 1: a server would \
            not start, or could not do its work.
            """)

    @Option(help: ArgumentHelp("A file of settings, one “name = value” a line.", valueName: "file")) var config: String?
    @OptionGroup var options: ServeOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Console.run {
            var found = Found()
            checkFiles(&found)
            await checkDatabase(&found)
            let provider = await options.provider.findings(origins: options.delivery.allowOrigin, site: options.site)
            found.good += provider.good
            found.doubtful += provider.doubtful
            found.wrong += provider.wrong
            await checkPrinting(&found)
            for line in found.good { Console.print("ok\t\(line)") }
            for line in found.doubtful { Console.print("look\t\(line)") }
            for line in found.wrong { Console.print("wrong\t\(line)") }
            if !found.wrong.isEmpty { throw ExitCode.failure }
        }
    }

    /// What was found: good, to be looked at, and what keeps the server from its work.
    private struct Found {
        var good: [String] = []
        var doubtful: [String] = []
        var wrong: [String] = []
    }

    private func checkFiles(_ found: inout Found) {
        do {
            _ = try Policy(data.share.bytes("access/policy.csv"))
            found.good.append("the shipped data and the rules of access can be read")
        } catch { found.wrong.append("the shipped data: \(error)") }
        do {
            _ = try Assets(folder: options.assets)
            found.good.append("the look of the pages is in \(options.assets)")
        } catch { found.wrong.append("the look of the pages: \(error). Run bin/setup") }
        checkFolder(&found)
        let checkpoints = options.checkpoints ?? data.folder + "/checkpoints.txt"
        let place = (checkpoints as NSString).deletingLastPathComponent
        if FileManager.default.isWritableFile(atPath: place.isEmpty ? "." : place) {
            found.good.append("checkpoints of the journal can be written to \(checkpoints)")
        } else {
            found.wrong.append("checkpoints: nothing can be written where \(checkpoints) would lie")
        }
        if options.checkpoints == nil {
            found.doubtful.append(
                "checkpoints lie beside the data: whoever changes the one can change the other. See --checkpoints")
        }
        if options.mailFrom == nil, options.delivery.notifyKey == nil {
            found.doubtful.append("mail waits: neither --mail-from nor --notify-key is set")
        } else if options.mailFrom != nil, !FileManager.default.isExecutableFile(atPath: options.sendmail) {
            found.wrong.append("mail: there is no program \(options.sendmail). See --sendmail")
        }
        if options.trustedProxy.isEmpty {
            found.doubtful.append(
                "no --trusted-proxy: behind a proxy all visitors would share the limits of one address")
        }
    }

    /// Letters are pages in any case, so that nothing here keeps the server from its work.
    private func checkPrinting(_ found: inout Found) async {
        do throws(PrintFault) {
            _ = try await Printer.current.pdf(Array("<!DOCTYPE html><title>A page</title><p>A page".utf8))
            found.good.append("letters can be made as PDF")
        } catch { found.doubtful.append("letters cannot be made as PDF (\(error)): run bin/setup") }
    }

    private func checkFolder(_ found: inout Found) {
        let manager = FileManager.default
        for path in [data.folder, data.folder + "/secrets", data.folder + "/continuum.sqlite"] {
            guard let held = try? manager.attributesOfItem(atPath: path) else { continue }
            // Where there is a public copy, others pass through the folder, and see nothing else of it.
            let spare = path == data.folder && manager.fileExists(atPath: path + "/public") ? 0o011 : 0
            let mode = (held[.posixPermissions] as? Int ?? 0) & 0o077 & ~spare
            if mode != 0 { found.wrong.append("\(path) can be read by others: chmod -R go-rwx \(data.folder)") }
        }
        if let room = try? manager.attributesOfFileSystem(forPath: data.folder)[.systemFreeSize] as? Int {
            let words = "\(room / 1_048_576) MB are free where \(data.folder) lies"
            room > 1024 * 1_048_576 ? found.good.append(words) : found.wrong.append(words + ": a gigabyte is wanted")
        }
    }

    private func checkDatabase(_ found: inout Found) async {
        do {
            let database = try await data.open()
            found.good.append("the database opens (\(database.engine)), with every migration")
            let now = Installation.current.clock.now()
            let (newest, managers, isDemonstration) = try await database.read { tx in
                (
                    try Journal.newest(in: tx), try AccessStore.holders(of: .accessManager, at: now, in: tx),
                    try Settings.value(Settings.demonstration, in: tx) != nil
                )
            }
            if let newest, newest > now.adding(milliseconds: 60_000) {
                found.wrong.append(
                    "the clock of this computer is behind the newest entry of the journal, \(newest.iso)")
            }
            if managers < 2 {
                found.doubtful.append(
                    "\(managers) account\(managers == 1 ? " is" : "s are") a manager of access: two are needed for "
                        + "what two people decide. See continuum begin")
            }
            if isDemonstration {
                found.doubtful.append("this is a demonstration: on this computer anybody can sign in as its people")
            }
        } catch { found.wrong.append("\(error)") }
    }
}

/// `continuum begin`: a data folder for a real city, and the first who can sign in.
struct BeginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin", abstract: "Make an empty data folder, and the account of a manager of access.",
        discussion: """
            Prints a code that works once within seven days, at /join of the running server. It can be repeated: for \
            the second manager, and for one who lost every way in.
            """)

    @Argument(help: ArgumentHelp("What they sign in with: an e-mail address.", valueName: "login")) var login: String
    @Option(help: "The manager’s name.") var name: String
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Console.run {
            guard login.isMailAddress else { throw ValidationError("“\(login)” is no e-mail address.") }
            let database = try await data.openOrMake(makingFolder: true)
            let (login, name, id) = (login, name, Sodium.hex(Sodium.random(16)))
            let code = try await database.write(for: .operation) { tx in
                try Invitations.inviteManager(login: login, name: name, id: id, in: tx)
            }
            try await CheckpointFile(folder: data.folder, clock: Installation.current.clock).sign(database)
            Console.tell("\(name) begins at /join with this code, within seven days:")
            Console.print(code)
        }
    }
}
