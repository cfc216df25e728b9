import ArgumentParser
import Console
import Documents
import Foundation
import Kernel
import Storage

/// `continuum documents …`: keeps documents, and proves that they are as they were.
public struct DocumentsCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "documents", abstract: "Keep documents, and prove that they are as they were.",
        subcommands: [Add.self, List.self, Scrub.self])

    public init() {}

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look into a document and keep it.",
            discussion: """
                Taken are PDF, Word, Excel, PowerPoint and OpenDocument files, pictures, rich and plain text and CSV. \
                Refused are those that are not what their name says, hold programs, or would grow beyond measure; and, \
                where CONTINUUM_CLAMD names the settings of ClamAV’s daemon, those in which it finds a virus.
                """)
        @Argument(help: "The file.") var file: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let bytes = try Files.bytes(file, limit: 64)
                let folder = DocumentFolder(
                    try await data.open(), folder: data.folder, antivirus: .configured)
                do {
                    let row = try await folder.add(bytes, named: URL(filePath: file).lastPathComponent, for: .operation)
                    Console.print("\(row.hash)\t\(row.type)\t\(row.bytes)")
                } catch let fault as DocumentFault {
                    throw Failure("“\(file)” is refused. \(fault)")
                } catch let fault as Antivirus.Fault { throw Failure("“\(file)” is refused. \(fault)") }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the documents by their hashes.")
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                var last = ""
                while true {
                    let rows = try await database.read { [last] in
                        try DocumentRows.rows(after: last, limit: 500, in: $0)
                    }
                    guard let end = rows.last else { break }
                    for row in rows {
                        let state = row.isDamaged ? "damaged" : row.scrubbed == nil ? "not read again yet" : "whole"
                        Console.print("\(row.hash)\t\(row.type)\t\(row.bytes)\t\(row.added.iso)\t\(state)")
                    }
                    last = end.hash
                }
                if last.isEmpty { Console.tell("No document is kept yet.") }
            }
        }
    }

    struct Scrub: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read every document again.",
            discussion: "The server does so once a week. Exit status 2: some are missing or were changed.")
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let folder = DocumentFolder(try await data.open(), folder: data.folder)
                let bar = Progress()
                let found = try await folder.scrub(now: Installation.current.clock.now()) {
                    bar.show("Documents", $0, of: $1)
                }
                for hash in found.damaged { Console.tell("\(hash) is missing or was changed.") }
                Console.print("\(found.read) read\t\(found.damaged.count) damaged")
                if !found.damaged.isEmpty { throw Console.partly }
            }
        }
    }
}
