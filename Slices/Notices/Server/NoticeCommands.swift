import ArgumentParser
import Console
import Kernel
import Notices
import Storage

/// `continuum notices …`: which health bodies give early notice, by which keys, and who leads.
public struct NoticesCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "notices", abstract: "Say who gives early notice of children, and who leads.",
        subcommands: [Body.self, Key.self, Keys.self, Revoke.self, Lead.self])

    public init() {}

    struct Body: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a health body, or put its kind and contact right.",
            discussion: """
                The law lays the duty on three kinds of body: integrated-care-board, nhs-trust and \
                nhs-foundation-trust (Children and Families Act 2014, section 23).
                """)
        @Argument(help: "What the body is called.") var name: String
        @Option(help: "integrated-care-board, nhs-trust or nhs-foundation-trust.") var kind: String
        @Option(
            help: ArgumentHelp(
                "Where notices are acknowledged and chased: a mailbox read every working day.", valueName: "address"))
        var contact: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                guard let kind = BodyKind(rawValue: kind) else {
                    let kinds = BodyKind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Failure("“\(kind)” gives no early notice by law. The kinds are \(kinds).")
                }
                guard contact.isMailAddress else {
                    throw Malformed(wanted: "an address", given: contact, reason: "write it as name@example.org")
                }
                let name = String(name.trimmed)
                guard (1...200).contains(name.count) else { throw Failure("A name has 1 to 200 characters.") }
                let contact = contact
                let id = try await data.open().write(for: .operation) {
                    try Bodies.keep(name, kind, contact: contact, in: $0)
                }
                Console.print("\(id)\t\(Console.cell(name))\t\(kind.rawValue)\t\(contact)")
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key for the programs of a body.",
            discussion: """
                It is printed this once, and kept as a hash. Hand it over in person or by a channel that is yours \
                alone; whoever has it can give notices as this body. Take it back with: continuum notices revoke KEY
                """)
        @Option(name: .customLong("body"), help: "What the body is called.") var name: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let (database, body) = try await NoticesCommand.body(name, data)
                let made = try await database.write(for: .operation) { try Bodies.newKey(for: body, in: $0) }
                Console.tell("The key \(made.id) of \(body.name). It is shown this once:")
                Console.print(made.secret)
            }
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys of a body, without their secrets.")
        @Option(name: .customLong("body"), help: "What the body is called.") var name: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let (database, body) = try await NoticesCommand.body(name, data)
                let keys = try await database.read { try Bodies.keys(of: body, in: $0) }
                if keys.isEmpty { Console.tell("\(body.name) has no key yet.") }
                for key in keys { Console.print("\(key.id)\t\(key.made.iso)\t\(key.ended?.iso ?? "holds")") }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a key back: it opens nothing from then on.")
        @Argument(help: "The key, by its id: not the secret.") var key: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let key = key
                let isEnded = try await data.open().write(for: .operation) { try Bodies.endKey(key, in: $0) }
                guard isEnded else { throw Failure("There is no key “\(key.prefix(40))” that holds.") }
                Console.print("\(key)\ttaken back")
            }
        }
    }

    struct Lead: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Name the lead, who decides how to contact a family where the body did not answer.",
            discussion: "A case officer or team manager. Until one is named, any team manager decides.")
        @Argument(help: ArgumentHelp("What they sign in with.", valueName: "login")) var login: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let login = login
                let isNamed = try await data.open().write(for: .operation) { try NoticeLead.name(login: login, in: $0) }
                guard isNamed else {
                    throw Failure("Nobody who is a case officer or team manager signs in with “\(login)”.")
                }
                Console.print("\(login)\tleads")
            }
        }
    }

    /// The database, and the body of this name.
    private static func body(_ name: String, _ data: DataOptions) async throws -> (any Database, NoticeBody) {
        let database = try await data.open()
        guard let body = try await database.read({ try Bodies.body(named: name, in: $0) }) else {
            throw Failure("There is no body “\(name)”. Add it with: continuum notices body NAME --kind … --contact …")
        }
        return (database, body)
    }
}
