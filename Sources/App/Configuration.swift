import ArgumentParser
import Foundation
import Kernel

/// What a server is set to besides its command line: lines of `name = value` in a file, and variables such as
/// `CONTINUUM_PORT`. The names are those of the options of `continuum serve`. The command line wins over a variable,
/// and a variable over the file.
struct Configuration: Sendable {
    struct Setting: Hashable, Sendable {
        let name: String
        let value: String
        /// Where it was written: `line 3 of continuum.conf`.
        let origin: String
    }

    private(set) var settings: [Setting] = []
    /// What is wrong, each with where and what is allowed.
    private(set) var mistakes: [String] = []

    /// Whether an option takes a value or is a mere flag, by its name: as `continuum serve --help` says.
    static let names: [String: Bool] = {
        var names: [String: Bool] = [:]
        for line in ServeCommand.helpMessage(columns: 1000).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let option = words.first(where: { $0.hasPrefix("--") }) else { continue }
            let name = String(option.dropFirst(2))
            guard words.first?.hasPrefix("-") == true, !["help", "version", "config"].contains(name) else { continue }
            let next = words.firstIndex(of: option).map { words.index(after: $0) } ?? words.endIndex
            names[name] = next < words.endIndex && words[next].hasPrefix("<")
        }
        return names
    }()

    /// The options that may be given several times: a variable names all their values with spaces between.
    static let lists: Set<String> = {
        let lines = ServeCommand.helpMessage(columns: 1000).split(separator: "\n")
        return Set(
            names.keys.filter { name in
                lines.contains { $0.contains("--\(name) ") && $0.contains("Can be repeated") }
            })
    }()

    /// - Parameters:
    ///   - file: where the file lies; nil where there is none.
    ///   - environment: the variables of this process.
    init(file: String?, environment: [String: String]) {
        if let file { read(file) }
        let variables = environment.filter { $0.key.hasPrefix("CONTINUUM_") }.sorted { $0.key < $1.key }
        for (variable, value) in variables {
            let name = variable.dropFirst("CONTINUUM_".count).lowercased().replacing("_", with: "-")
            // Other variables of ours are for tests and other commands.
            guard Self.names[name] != nil else { continue }
            settings.removeAll { $0.name == name }
            let parts = Self.lists.contains(name) ? value.split(separator: " ") : [value[...]].filter { !$0.isEmpty }
            for part in parts { keep(name, String(part), "the variable \(variable)") }
        }
    }

    private mutating func read(_ file: String) {
        guard let bytes = FileManager.default.contents(atPath: file) else {
            mistakes.append("The file “\(file)” cannot be read.")
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            mistakes.append("The file “\(file)” is not UTF-8 text.")
            return
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            let origin = "line \(index + 1) of \(file)"
            let halves = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else {
                mistakes.append("\(origin): write it as “name = value”, such as “port = 8080”.")
                continue
            }
            keep(halves[0], halves[1], origin)
        }
    }

    private mutating func keep(_ name: String, _ value: String, _ origin: String) {
        guard let takesValue = Self.names[name] else {
            let known = Self.names.keys.sorted().joined(separator: ", ")
            mistakes.append("\(origin): there is no setting “\(name)”. There are: \(known).")
            return
        }
        if !takesValue, !["yes", "no"].contains(value) {
            mistakes.append("\(origin): “\(name)” is yes or no, not “\(value)”.")
            return
        }
        settings.append(Setting(name: name, value: value, origin: origin))
        do { _ = try ServeCommand.parse(Self.arguments(settings.last.map { [$0] } ?? [])) } catch {
            // What one setting needs besides itself is looked at when all are known.
            let message = ServeCommand.message(for: error)
            if !message.contains("belong together"), !message.contains("--plain-http-on-network") {
                mistakes.append("\(origin): \(message)")
            }
        }
    }

    private static func arguments(_ settings: [Setting]) -> [String] {
        settings.flatMap { setting -> [String] in
            if names[setting.name] == true { return ["--\(setting.name)", setting.value] }
            return setting.value == "yes" ? ["--\(setting.name)"] : []
        }
    }

    /// The arguments that stand for these settings, but for those that the command line names itself.
    func arguments(besides given: [String]) -> [String] {
        let named = Set(given.compactMap { $0.hasPrefix("--") ? $0.dropFirst(2).split(separator: "=").first : nil })
        return Self.arguments(settings.filter { !named.contains(Substring($0.name)) })
    }

    /// The file that the command line or `CONTINUUM_CONFIG` names.
    static func file(_ arguments: [String], _ environment: [String: String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--config" { return arguments.dropFirst(index + 1).first }
            if argument.hasPrefix("--config=") { return String(argument.dropFirst("--config=".count)) }
        }
        return environment["CONTINUUM_CONFIG"]
    }
}

extension ContinuumCommand {
    /// The command line, with what a file and the variables set where it is `serve` or `check`.
    ///
    /// - Returns: what to run, and what is wrong with the settings: then nothing is to be run.
    static func expanded(
        _ arguments: [String], _ environment: [String: String]
    ) -> (words: [String], mistakes: [String]) {
        guard let command = arguments.first, ["serve", "check"].contains(command) else { return (arguments, []) }
        let file = Configuration.file(arguments, environment)
        let configuration = Configuration(file: file, environment: environment)
        guard configuration.mistakes.isEmpty else { return (arguments, configuration.mistakes) }
        return (arguments + configuration.arguments(besides: arguments), [])
    }
}
