import Foundation
import Testing

/// Checks on the source itself: the rules of the house that a compiler cannot keep.
@Suite struct `The source is tidy` {
    @Test func `there is source to read`() {
        #expect(Source.files.count > 40)
        #expect(Source.slices.contains("Offer"))
    }

    @Test func `rules import nothing but rules`() {
        // The clock is as pure as the kernel: values in, values out.
        let allowed = Set(["Kernel", "Clock"] + Source.slices)
        for file in Source.files where file.path.contains("/Rules/") {
            for module in file.imports where !allowed.contains(module) {
                Issue.record("\(file.path) imports \(module)")
            }
        }
    }

    @Test func `the kernel imports nothing, but its mathematics the C library`() {
        for file in Source.files where file.path.hasPrefix("Sources/Kernel/") {
            let allowed = file.path.hasSuffix("Maths.swift") ? ["Glibc"] : []
            #expect(file.imports == allowed, "\(file.path) imports \(file.imports)")
        }
    }

    @Test func `libraries stay behind their own doors`() {
        let doors = [
            "GRDB": ["Sources/Storage/SQLite.swift"], "Hummingbird": ["Sources/App/"], "NIOCore": ["Sources/App/"],
            "CStemmer": ["Sources/Search/Stemmer.swift"], "CSodium": ["Sources/Cryptography/"],
            "Crypto": ["Sources/Credentials/"], "CryptoExtras": ["Sources/Credentials/"],
            "CPostgres": ["Sources/Storage/PostgresConnection.swift"],
            "CZlib": ["Sources/App/Gzip.swift", "Sources/Linkage/FileBytes.swift"],
            "CCurl": ["Sources/Outbound/Exchange.swift", "Sources/Outbound/Target.swift"],
        ]
        for file in Source.files {
            for module in file.imports {
                guard let places = doors[module] else { continue }
                #expect(places.contains { file.path.hasPrefix($0) }, "\(file.path) imports \(module)")
            }
        }
    }

    @Test func `SQL lives in stores and schemas`() {
        let homes = ["Store.swift", "Schema.swift", "/SQLite.swift", "/Postgres.swift"]
        for file in Source.files where !homes.contains(where: file.path.hasSuffix) {
            for word in ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"] where file.code.contains(word) {
                Issue.record("\(file.path) has SQL: move it into a store")
            }
        }
    }

    /// Whoever can make a scope can see as anybody: only the gate does, and tests of what lies behind it.
    @Test func `only the gate makes a scope`() {
        let homes = ["Slices/Access/Server/AccessGate.swift", "Sources/Storage/Database.swift"]
        let keys = Source.files.filter { $0.text.contains("@_spi" + "(Gate)") && !$0.path.contains("Tests/") }
        #expect(keys.map(\.path).sorted() == homes)
    }

    @Test func `no query names all columns`() {
        for file in Source.files { #expect(!file.text.contains("SELECT *"), "\(file.path): name the columns") }
    }

    /// Each with what to use instead.
    @Test(arguments: [
        ("try" + "!", "handle the error, or throw it"), ("as" + "! ", "as? and say what is wrong"),
        ("@unchecked " + "Sendable", "a value, or a Mutex"), ("nonisolated" + "(unsafe)", "a value, or a Mutex"),
        ("Date" + "()", "the day or moment that arrives as an argument"), (" Task" + " {", "structured tasks"),
        ("FIX" + "ME", "mend it"), ("TO" + "DO", "do it, or say in docs/status.md that it is not done"),
        ("fatal" + "Error(", "throw"), ("XML" + "Document(", "the one entry point for XML"),
        (" print" + "(\"", "Console.print or Console.tell"),
    ])
    func `nothing banned`(word: String, instead: String) {
        // The linker writes to plain memory, each part of it by one thread (decision 26).
        let isMemory = word.contains("@unchecked")
        for file in Source.files
        where file.code.contains(word) && !(isMemory && file.path.hasPrefix("Sources/Linkage/")) {
            Issue.record("\(file.path) has \(word): use \(instead)")
        }
    }

    @Test func `unsafe pointers stand only where they are listed, each with its reason`() {
        let listed = [
            "Sources/Search/Stemmer.swift": "libstemmer answers with a pointer to its own bytes",
            "Sources/Cryptography/Sodium.swift": "libsodium reads pieces of files, and figures are written in place",
            "Sources/Storage/PostgresConnection.swift": "libpq wants lists of C strings",
            "Sources/Outbound/Exchange.swift": "libcurl hands bytes and addresses over by pointer",
            "Sources/Outbound/Target.swift": "libcurl takes addresses apart into texts of its own",
            "Sources/App/Forwarding.swift": "inet_pton writes addresses into structures of C",
            "Sources/App/Gzip.swift": "zlib reads and writes through pointers",
            "Sources/App/HummingbirdAdapter.swift": "the fingerprint of a body is read eight bytes at a time",
        ]
        for file in Source.files where file.code.contains("Unsafe") || file.code.contains("withUnsafe") {
            // The linker’s hot loops work on plain memory, as decision 26 weighs.
            if file.path.hasPrefix("Sources/Linkage/") { continue }
            #expect(listed[file.path] != nil, "\(file.path) uses unsafe pointers")
        }
        for path in listed.keys {
            #expect(Source.files.contains { $0.path == path }, "\(path) is listed and not there")
        }
    }

    @Test func `every form is opened by the kit`() {
        for file in Source.files where file.path != "Sources/Web/Form.swift" {
            #expect(!file.text.contains("method=\\\"post") && !file.text.contains("method=\"post"), "\(file.path)")
        }
    }

    @Test func `no page carries style or script of its own`() {
        for file in Source.files where file.path.hasSuffix("Pages.swift") || file.path.contains("/Components/") {
            for word in ["style=\\\"", " style=\"", "<script", "onclick"] where file.text.contains(word) {
                Issue.record("\(file.path) has \(word): the content policy forbids it")
            }
        }
    }

    @Test func `files, lines and functions keep to their size`() {
        for file in Source.files + Source.tests {
            #expect(file.lines.count <= 400, "\(file.path) has \(file.lines.count) lines")
            for (number, line) in file.lines.enumerated() where line.count > 120 && !file.isRawText(line: number) {
                Issue.record("\(file.path):\(number + 1) has \(line.count) characters")
            }
            for (name, length) in file.functions where length > 60 {
                Issue.record("\(file.path): \(name) has \(length) lines")
            }
        }
    }

    @Test func `no drawer of odds and ends`() {
        for file in Source.files {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for word in ["Utilities", "Utils", "Helpers", "Manager", "Core", "Extensions"] where name.hasPrefix(word) {
                Issue.record("\(file.path): name it for what it is")
            }
        }
    }

    @Test func `every slice has its rooms and a readme under sixty lines`() throws {
        for slice in Source.slices {
            for room in ["Rules", "Server", "Tests"] {
                #expect(
                    FileManager.default.fileExists(atPath: Source.root.path + "/Slices/\(slice)/\(room)"),
                    "\(slice)/\(room)")
            }
            let readme = try String(contentsOfFile: Source.root.path + "/Slices/\(slice)/README.md", encoding: .utf8)
            #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count < 60)
        }
    }

    /// Where this fails after a new `- Law:` line, write the text it shows into `docs/law.md`.
    @Test func `every provision of the law leads to its function`() throws {
        var lines: [String] = []
        for file in Source.files {
            for (number, line) in file.lines.enumerated() {
                guard let mark = line.range(of: "/// - Law: ") else { continue }
                let rest = file.lines.dropFirst(number + 1)
                let name = rest.first { !$0.contains("///") }.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
                lines.append("| \(line[mark.upperBound...]) | `\(name.prefix(70))` in `\(file.path)` |")
            }
        }
        let made = lines.sorted().joined(separator: "\n")
        let held = try String(contentsOfFile: Source.root.path + "/docs/law.md", encoding: .utf8)
        #expect(lines.count >= 4)
        #expect(held.contains(made), "docs/law.md should hold:\n\(made)")
    }

    @Test func `every decision is numbered once and under a hundred lines`() throws {
        let folder = Source.root.path + "/docs/decisions"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }.sorted()
        #expect(names.count >= 8)
        #expect(Set(names.map { $0.prefix(4) }).count == names.count)
        for name in names {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            for heading in ["## Context", "## Options", "## Decision", "## Consequences"] {
                #expect(text.contains(heading), "\(name) has no \(heading)")
            }
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 100, "\(name)")
        }
    }

    @Test func `every package is pinned to one version`() throws {
        let manifest = try String(contentsOfFile: Source.root.path + "/Package.swift", encoding: .utf8)
        let packages = manifest.split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(packages.count >= 4)
        for package in packages { #expect(package.contains("exact: \""), "\(package)") }
    }

    @Test func `every file of shipped data names its origin`() throws {
        let text = try String(contentsOfFile: Source.root.path + "/share/SOURCE.md", encoding: .utf8)
        let walk = FileManager.default.enumerator(atPath: Source.root.path + "/share")
        let names = (walk?.compactMap { $0 as? String } ?? []).filter { $0.contains(".") && $0 != "SOURCE.md" }
        #expect(names.count > 15)
        for name in names { #expect(text.contains("`\(name)`"), "share/SOURCE.md does not speak of \(name)") }
    }
}

/// One file of source.
struct Source {
    let path: String
    let text: String
    let lines: [Substring]

    /// The modules it imports.
    var imports: [String] {
        lines.filter { $0.hasPrefix("import ") || $0.hasPrefix("@testable import ") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    /// The text without its comments.
    var code: String {
        lines.filter { !$0.drop(while: { $0 == " " }).hasPrefix("//") }.joined(separator: "\n")
    }

    /// The functions with their lengths in lines, by the brace that closes at the same indent.
    var functions: [(name: String, length: Int)] {
        var found: [(String, Int)] = []
        for (start, line) in lines.enumerated() where line.contains("func ") && !line.contains("\"") {
            let indent = line.prefix(while: { $0 == " " })
            guard line.hasSuffix("{") || lines.dropFirst(start).prefix(6).contains(where: { $0.hasSuffix("{") }) else {
                continue
            }
            let end = lines.dropFirst(start + 1).firstIndex { $0 == indent + "}" }
            if let end { found.append((String(line.drop(while: { $0 == " " }).prefix(60)), end - start)) }
        }
        return found
    }

    /// Whether this line stands in a text of another language, between `#"""` marks.
    func isRawText(line: Int) -> Bool {
        var isRaw = false
        for text in lines[..<line] {
            if text.contains("#\"\"\"") { isRaw = true }
            if text.contains("\"\"\"#") { isRaw = false }
        }
        return isRaw
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let slices = ((try? FileManager.default.contentsOfDirectory(atPath: root.path + "/Slices")) ?? []).sorted()
    static let files = read(["Sources", "Slices"]).filter { !$0.path.contains("/Tests/") }
    static let tests = read(["Tests", "Slices"]).filter { $0.path.contains("Tests/") }

    private static func read(_ folders: [String]) -> [Source] {
        folders.flatMap { folder -> [Source] in
            let walk = FileManager.default.enumerator(atPath: root.path + "/" + folder)
            let names = (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.sorted()
            return names.compactMap { name in
                guard let text = try? String(contentsOfFile: "\(root.path)/\(folder)/\(name)", encoding: .utf8) else {
                    return nil
                }
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                return Source(path: folder + "/" + name, text: text, lines: lines)
            }
        }
    }
}
