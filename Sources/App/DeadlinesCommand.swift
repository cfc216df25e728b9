import ArgumentParser
import Clock
import Console
import Foundation
import Glibc
import Kernel
import Storage
import TimetablesServer

/// `continuum deadlines`: the legal limits of a file of cases.
struct DeadlinesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadlines", abstract: "Work out legal time limits for a file of cases.",
        discussion: """
            Needs no data folder. CASES.csv has the columns case_id, rule_id, trigger_date and facts; the rules are in \
            share/law/rules.csv, and trigger_date is the day of the rule’s own event. facts is written \
            kind:key=value;key=value, several joined by |, by share/law/facts.csv.

            OUT.csv has case_id, due_date, excused, rule_version and explanation. due_date is the last safe day, and \
            no excuse moves it. A row that cannot be answered says why, and the exit status is then 2; a file that \
            cannot be read stops everything (exit status 1).
            """)

    @Argument(help: ArgumentHelp("The file of cases: comma-separated values, UTF-8.", valueName: "cases.csv"))
    var cases: String
    @Option(help: ArgumentHelp("Where the answers go.", valueName: "file")) var out: String
    @Option(
        help: ArgumentHelp(
            "The folder of shipped data. Otherwise CONTINUUM_SHARE, or the program’s own.", valueName: "dir"))
    var share: String?

    func run() async throws {
        try await Console.run {
            let law = try Law.shipped(in: try Share.found(named: share))
            let today = Installation.current.clock.today
            let input = try InputFile(cases)
            let output = try OutputFile(out)
            do {
                let sheet = try answer(input, Sheet(law, today: today), output)
                try output.keep()
                Console.tell("\(Digits.grouped(sheet.answered)) rows answered.")
                if sheet.refused > 0 {
                    Console.tell("\(Digits.grouped(sheet.refused)) rows cannot be answered; each says why.")
                    throw Console.partly
                }
            } catch let code as ExitCode {
                throw code
            } catch {
                output.discard()
                throw error
            }
        }
    }

    /// Takes the rows through, a piece of the file at a time.
    private func answer(_ input: InputFile, _ sheet: Sheet, _ output: OutputFile) throws -> Sheet {
        var (sheet, stream, out) = (sheet, TableStream(), [UInt8]())
        var hasBegun = false
        out.reserveCapacity(OutputFile.piece + 65_536)
        out += Array(Sheet.header.utf8)
        while true {
            let chunk = try input.next()
            if chunk.isEmpty { stream.finish() } else { stream.add(chunk) }
            while try stream.next() {
                if hasBegun { sheet.answer(stream, into: &out) } else { try sheet.begin(stream) }
                hasBegun = true
                if out.count >= OutputFile.piece {
                    try output.write(out)
                    out.removeAll(keepingCapacity: true)
                }
            }
            if chunk.isEmpty { break }
        }
        guard hasBegun else { throw TableFault.empty }
        try output.write(out)
        return sheet
    }
}

/// A file that is read a piece at a time.
private final class InputFile {
    private let path: String
    private let file: Int32
    private var buffer = [UInt8](repeating: 0, count: 262_144)

    init(_ path: String) throws {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure("\(path) cannot be read: \(String(cString: strerror(errno))).") }
        var about = stat()
        guard fstat(file, &about) == 0, about.st_mode & S_IFMT != S_IFDIR else {
            close(file)
            throw Failure("\(path) is a folder; a file of cases is wanted.")
        }
    }

    deinit { close(file) }

    /// The next piece; nothing at the end.
    func next() throws -> ArraySlice<UInt8> {
        while true {
            let count = read(file, &buffer, buffer.count)
            if count >= 0 { return buffer[..<count] }
            guard errno == EINTR else {
                throw Failure("\(path) cannot be read: \(String(cString: strerror(errno))).")
            }
        }
    }
}

/// A file that is there whole or not at all: it is written beside its place and put there at the end.
private final class OutputFile {
    static let piece = 524_288
    private let path: String
    private let beside: String
    private let file: Int32

    init(_ path: String) throws {
        self.path = path
        beside = "\(path).part-\(getpid())"
        var about = stat()
        if stat(path, &about) == 0, about.st_mode & S_IFMT != S_IFREG {
            throw Failure("\(path) cannot be written: it is there and is not a file.")
        }
        file = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Failure("\(path) cannot be written: \(String(cString: strerror(errno))).") }
    }

    deinit { close(file) }

    func write(_ bytes: [UInt8]) throws {
        var left = bytes[...]
        while !left.isEmpty {
            let count = left.withContiguousStorageIfAvailable { Glibc.write(file, $0.baseAddress, $0.count) } ?? -1
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Failure("\(path) cannot be written: \(String(cString: strerror(errno))).")
            }
            left = left.dropFirst(count)
        }
    }

    func keep() throws {
        guard rename(beside, path) == 0 else {
            throw Failure("\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    func discard() { unlink(beside) }
}
