import ArgumentParser
import Foundation
import Glibc
import Kernel
import Storage

/// What commands print, and how they end: 0 done, 1 failed and nothing changed, 2 done but some rows were refused or
/// cannot be answered, 64 wrong usage.
public enum Console {
    public static let partly = ExitCode(2)

    /// Prints a line to standard output.
    public static func print(_ text: String) { write(harmless(text) + "\n", to: STDOUT_FILENO) }

    /// Prints a line to standard error.
    public static func tell(_ text: String) { write(harmless(text) + "\n", to: STDERR_FILENO) }

    /// Text that strangers wrote, as one cell of a printed line: no tabs or line ends.
    public static func cell(_ text: String) -> String {
        text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " / ")
    }

    /// Without the characters by which text could steer the terminal.
    private static func harmless(_ text: String) -> String {
        let steers: (Unicode.Scalar) -> Bool = { scalar in
            (scalar.value < 32 && scalar.value != 9 && scalar.value != 10) || (127..<160).contains(scalar.value)
        }
        guard text.unicodeScalars.contains(where: steers) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { steers($0) ? "\u{FFFD}" : $0 }))
    }

    static func write(_ text: String, to file: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withContiguousStorageIfAvailable { Glibc.write(file, $0.baseAddress, $0.count) } ?? -1
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Runs what a command does; whatever stops it is told in a sentence, and the command ends with 1.
    public static func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            tell("continuum: \(sentence(error))")
            throw ExitCode.failure
        }
    }

    private static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as Failure: error.description
        case let error as any SaidPlainly: error.description
        case let error as TableFault: error.description
        case let error as FileFault: error.description
        case let error as Malformed: error.description
        case let error as StorageFault: "The database refused: \(error)."
        default: "It could not be done (\(type(of: error))). Nothing was changed."
        }
    }
}

/// Shows how far long work has come, on standard error, where that is a terminal.
public struct Progress: Sendable {
    private let isShown: Bool

    public init(isShown: Bool? = nil) { self.isShown = isShown ?? (isatty(2) == 1) }

    /// A bar that is drawn again and again on one line; at the end a new line.
    public func show(_ label: String, _ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        let width = 28
        let filled = min(width, done * width / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        let name = label + String(repeating: " ", count: max(0, 34 - label.count))
        let line = "\r\(name) \(bar) \(Digits.grouped(done)) of \(Digits.grouped(total))"
        Console.write(done >= total ? line + "\n" : line, to: STDERR_FILENO)
    }
}
