import ArgumentParser
import Console
import DemoCity
import Foundation
import Glibc
import Kernel
import NoticesServer
import OfferServer
import Operations
import SingleViewServer
import Storage
import Web

/// `continuum`: the one program.
public struct ContinuumCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "continuum",
        abstract: "The open platform for special educational needs and disabilities, birth to 25.",
        discussion: """
            Start with: continuum demo, which makes a demonstration city in .continuum and serves it at \
            http://localhost:8080.

            Every command ends with 0 when it is done, 1 when it failed and nothing was changed, 2 when it is done but \
            some rows were refused or cannot be answered, and 64 when it was used wrongly.
            """,
        version: "0.1.0",
        subcommands: [
            DemoCommand.self, DemoExtractsCommand.self, BeginCommand.self, CheckCommand.self, ServeCommand.self,
            PublishCommand.self,
            SearchCommand.self, ImportCommand.self, ConfirmCommand.self, ReportsCommand.self, EmptySearchesCommand.self,
            JudgeSearchCommand.self, JournalCommand.self, JobsCommand.self, OutboxCommand.self, DocumentsCommand.self,
            BackupCommand.self, RestoreCommand.self, DrillCommand.self, DatabaseCommand.self, PolicyCommand.self,
            RoutesCommand.self, LinkCommand.self, FeedCommand.self, DeadlinesCommand.self, NoticesCommand.self,
        ])

    public init() {}

    /// Runs the program with its arguments; never returns normally where the command fails.
    public static func start() async {
        // What is written here is for the account that runs it alone.
        umask(0o077)
        let installation = Installation(
            migrations: Application.slices.flatMap(\.migrations), clock: Application.clock)
        let (words, mistakes) = expanded(
            Array(CommandLine.arguments.dropFirst()), ProcessInfo.processInfo.environment)
        for mistake in mistakes { Console.tell("continuum: \(mistake)") }
        if !mistakes.isEmpty { Glibc.exit(64) }
        await Installation.$current.withValue(installation) { await ContinuumCommand.main(words) }
    }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Make the demonstration city, and serve it.",
        discussion: """
            Takes in Birmingham’s real schools, postcodes and wards as shipped, and about two hundred services that \
            are made up and marked so; then what nine agencies send of invented children, of forty days ago and of \
            today, and links it. It can be repeated; what has not changed is left alone.
            """)

    @Flag(help: "Make the data folder ready and stop.") var prepareOnly = false
    @OptionGroup var city: CityOptions
    @OptionGroup var options: ServeOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Console.run {
            let database = try await data.openOrMake(makingFolder: true)
            let bar = Progress()
            let demo = Demo(
                database, share: try data.share, today: Installation.current.clock.today,
                progress: { bar.show($0, $1, of: $2) })
            try await demo.prepare()
            try await demo.prepareChildren(city.citySize, seed: city.seed)
            try await demo.prepareCases()
            try await CheckpointFile(folder: data.folder, clock: Installation.current.clock).sign(database)
            Console.tell("The demonstration city is ready in \(data.folder).")
            if prepareOnly { return }
            let server = try await Server(options, database: database, data: data)
            try await server.run()
        }
    }
}

struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes", abstract: "Print every address and who may use it.")

    @Option(help: "Only the routes of this slice.") var slice: String?
    @Flag(help: "Print them as an OpenAPI 3.1 description, alone, for programs that try every address.")
    var openapi = false

    func run() {
        let routes = Application.slices.filter { slice == nil || slice == $0.name }.flatMap(\.routes)
        if openapi { return Console.print(OpenAPI.description(of: routes).pretty) }
        for route in routes { Console.print("\(route.method.rawValue)\t\(route.path)\t\(route.may)") }
    }
}

/// The routes as OpenAPI describes them: <https://spec.openapis.org/oas/v3.1.0>. Pages answer in HTML, so it tells of
/// addresses, of who may use them, and that forms take texts.
enum OpenAPI {
    static func description(of routes: [Route]) -> JSON {
        let paths = Dictionary(grouping: routes, by: \.path).sorted { $0.key < $1.key }
        return .object([
            ("openapi", .text("3.1.0")),
            ("info", .object([("title", .text("Continuum")), ("version", .text("0.1.0"))])),
            (
                "paths",
                .object(
                    paths.map { path, routes in
                        (path, .object(routes.map { ($0.method.rawValue.lowercased(), operation($0)) }))
                    })
            ),
        ])
    }

    private static func operation(_ route: Route) -> JSON {
        let texts: JSON = .object([
            ("type", .text("object")), ("additionalProperties", .object([("type", .text("string"))])),
        ])
        let parameters = route.path.split(separator: "{").dropFirst().compactMap { $0.split(separator: "}").first }
        var members: [(String, JSON)] = [
            ("summary", .text("\(route.may)")),
            (
                "parameters",
                .array(
                    parameters.map { name in
                        .object([
                            ("name", .text(String(name))), ("in", .text("path")), ("required", .bool(true)),
                            ("schema", .object([("type", .text("string")), ("minLength", .int(1))])),
                        ])
                    }
                        + (route.method == .get
                            ? [
                                .object([
                                    ("name", .text("fields")), ("in", .text("query")), ("schema", texts),
                                ])
                            ] : []))
            ),
            ("responses", .object([("default", .object([("description", .text("A page, or where to go next."))]))])),
        ]
        if route.method == .post {
            var type = "application/x-www-form-urlencoded"
            if case .key = route.may { type = "application/json" }
            let form: JSON = .object([(type, .object([("schema", texts)]))])
            members.append(("requestBody", .object([("content", form)])))
        }
        return .object(members)
    }
}
