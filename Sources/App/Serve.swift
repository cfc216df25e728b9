import Access
import AccessServer
import ArgumentParser
import Console
import Cryptography
import Foundation
import Hummingbird
import Kernel
import Logging
import NIOCore
import OfferServer
import Operations
import ServiceLifecycle
import Storage
import TimetablesServer
import UnixSignals
import Web

struct ServeOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The port to listen on; 0 takes any that is free.") var port = 8080
    @Option(help: "The address to listen on. Anything but 127.0.0.1 opens it to the network.") var host = "127.0.0.1"
    @Option(
        name: .customLong("assets"),
        help: ArgumentHelp("The folder that bin/setup filled. Otherwise the program’s own .assets.", valueName: "dir"))
    var assetFolder: String?
    @Option(
        help: ArgumentHelp(
            """
            Offer: serve the public pages alone, from DIR/public, without anything of anybody. See continuum publish.
            """, valueName: "slice"))
    var only: String?
    @Option(
        help: ArgumentHelp(
            "With --only: the address of the whole site, where visitors say what is wrong.", valueName: "origin"))
    var mainSite: String?
    @Flag(
        help: """
            Listen in plain http beyond this computer: only where your own proxy alone can connect, for passwords and \
            records then cross that network readable.
            """)
    var plainHttpOnNetwork = false
    @Option(
        help: ArgumentHelp(
            """
            The address or network of a proxy of yours, such as 127.0.0.1 or 10.0.0.0/8, whose word on whom a request \
            comes from is believed. Can be repeated.
            """, valueName: "address"))
    var trustedProxy: [String] = []
    @Option(help: "What is logged: trace, debug, info (every request), notice, warning, error.")
    var log = Logger.Level.notice
    @Option(help: "How it is written: text, or json, one object a line.") var logFormat = LogFormat.text

    @Option(help: "Seconds a connection may idle, and its headers may take.") var idleSeconds = 15
    @Option(help: "Seconds the body of a request may take; files get the time they need besides.")
    var bodySeconds = 20
    @Option(help: "Seconds an answer may take to be read.") var readingSeconds = 60
    @Option(help: "Connections held at once.") var connections = 4096
    @Flag(
        help: """
            Count nobody’s requests: only to measure this server on its own computer, or where the proxy before it \
            limits them.
            """)
    var withoutRates = false
    @Option(
        help: ArgumentHelp(
            "Where the journal’s head is signed, best on another machine; otherwise checkpoints.txt of the folder.",
            valueName: "file"))
    var checkpoints: String?
    @Option(help: ArgumentHelp("The program that mail is handed to.", valueName: "file"))
    var sendmail = "/usr/sbin/sendmail"
    @Option(help: ArgumentHelp("The address that mail comes from; without one, mail waits.", valueName: "address"))
    var mailFrom: String?
    @Option(
        help: ArgumentHelp(
            "The https address by which browsers reach this site: links in messages begin with it.",
            valueName: "origin"))
    var site: String?
    @OptionGroup var delivery: DeliveryOptions
    @OptionGroup var provider: ProviderOptions

    func validate() throws {
        if let site, !site.hasPrefix("https://") || site.dropFirst(8).contains("/") {
            throw ValidationError("--site is an https address without a path, such as https://send.example.gov.uk.")
        }
        for (name, value) in [
            ("--idle-seconds", idleSeconds), ("--body-seconds", bodySeconds), ("--reading-seconds", readingSeconds),
            ("--connections", connections),
        ] where !(1...100_000).contains(value) {
            throw ValidationError("\(name) is 1 to 100000; this is \(value).")
        }
        if let only, only != "Offer" { throw ValidationError("--only is Offer; this is “\(only)”.") }
        if let mainSite, !mainSite.hasPrefix("https://") {
            throw ValidationError("--main-site is an https address; this is “\(mainSite)”.")
        }
        if let mailFrom, !mailFrom.isMailAddress { throw ValidationError("--mail-from is no address: \(mailFrom)") }
        for proxy in trustedProxy where InternetRange(proxy) == nil {
            throw ValidationError("--trusted-proxy is an address or a network, such as 10.0.0.0/8; this is “\(proxy)”.")
        }
        guard ["127.0.0.1", "::1", "localhost"].contains(host) || plainHttpOnNetwork else {
            throw ValidationError(
                """
                --host \(host) would send passwords and records readable over the network. Put a proxy with TLS before \
                127.0.0.1 (see the operator’s guide), or say --plain-http-on-network where only your proxy can connect.
                """)
        }
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535; this is \(port).") }
    }

    /// By a clock that only goes forward, whatever is done to the time of day.
    var rates: Rates? {
        guard !withoutRates else { return nil }
        let started = ContinuousClock.now
        return Rates { (ContinuousClock.now - started) / .milliseconds(1) }
    }

    var forwarding: Forwarding { Forwarding(proxies: trustedProxy.compactMap { InternetRange($0) }) }

    var limits: HummingbirdAdapter.Limits {
        var limits = HummingbirdAdapter.Limits()
        (limits.idle, limits.bodyTime) = (idleSeconds, bodySeconds)
        (limits.readingTime, limits.connections) = (readingSeconds, connections)
        return limits
    }

    var assets: String {
        let places = ProgramFolder.candidates.map { $0 + "/.assets" }
        return assetFolder ?? places.first { FileManager.default.fileExists(atPath: $0) } ?? ".assets"
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LogFormat: ExpressibleByArgument {}

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve the site from a data folder.",
        discussion: "Stop it with Ctrl-C: requests in hand are finished first, for at most twenty seconds.")

    @Option(
        help: ArgumentHelp(
            "A file of settings, one “name = value” a line; otherwise CONTINUUM_CONFIG. See continuum check.",
            valueName: "file"))
    var config: String?
    @OptionGroup var options: ServeOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        try await Console.run {
            let server =
                options.only == nil
                ? try await Server(options, database: try await data.open(), data: data)
                : try await Server(publicCopyOf: data, options)
            try await server.run()
        }
    }
}

/// The running server: the site, its jobs, and what keeps the live values up to the journal.
struct Server {
    private let options: ServeOptions
    private let application: Hummingbird.Application<HummingbirdAdapter>
    private let lock: ServeLock?

    /// - Throws: `Failure` where set-up is missing; `BootRefusal` where a route is wrong; a fault of the database.
    init(_ options: ServeOptions, database: any Database, data: DataOptions) async throws {
        self.options = options
        let (share, assets) = (try data.share, try Assets(folder: options.assets))
        let lock = data.usesSQLite ? try ServeLock(folder: data.folder) : nil
        let formKey = try SecretFile(folder: data.folder, name: "form.key").bytes
        guard let sealer = Sealer(key: try SecretFile(folder: data.folder, name: "factor.key").bytes) else {
            throw Failure("The key “\(data.folder)/secrets/factor.key” is damaged: put it back from its copy.")
        }
        let checkpoints = try CheckpointFile(
            folder: data.folder, path: options.checkpoints, clock: Application.clock)
        let logger = options.logFormat.logger(options.log)
        let metrics = RequestMetrics()
        let slices =
            Application.slices(try options.doors(logger, sealer))
            + [assets.slice, Health(database: database, folder: data.folder).slice, Server.about]
            + [
                MetricsPage(
                    database: database, folder: data.folder, checkpoints: checkpoints.path, requests: metrics
                ).slice,
                PublicCopy(folder: data.folder).slice,
            ]
            + [
                HouseJobs.slice(
                    folder: data.folder, migrations: Installation.allMigrations, clock: Application.clock)
            ]
        let shelf = Shelf(slices.flatMap(\.lives))
        try await shelf.prepare(database, share)
        let tally = Tally()
        let house = House(
            database: database, shelf: shelf, tally: tally, clock: Application.clock,
            sign: { Sodium.sign($0, key: formKey) }, mint: { Sodium.hex(Sodium.random(16)) },
            assets: assets.links, notice: Server.notice,
            gate: AccessGate(database, policy: try Policy(share.bytes("access/policy.csv"))), rates: options.rates,
            documents: DocumentFolder(database, folder: data.folder, antivirus: .configured).desk)
        if let address = options.site {
            try await database.write(for: .operation) { tx in
                tx.record(.housekeeping)
                try Settings.set(Settings.siteAddress, to: address, in: tx)
            }
        }
        let holder = Sodium.hex(Sodium.random(8))
        let isDemonstration = try await database.read { try Settings.value(Settings.demonstration, in: $0) } != nil
        let waits = !isDemonstration && options.mailFrom == nil && options.delivery.notifyKey == nil
        if try await waits != (database.read { try Settings.value(Settings.mailWaits, in: $0) } == "yes") {
            try await database.write(for: .operation) { tx in
                tx.record(.housekeeping)
                try Settings.set(Settings.mailWaits, to: waits ? "yes" : "no", in: tx)
            }
        }
        let transports = try options.delivery.transports(
            isDemonstration: isDemonstration,
            sendmail: options.mailFrom.map { Sendmail(program: options.sendmail, sender: $0) })
        let site: Site
        do {
            site = try Site(slices, house: house) { route, error in
                logger.error(
                    "fault",
                    metadata: [
                        "request": "\(RequestMark.current)", "route": "\(route)", "type": "\(type(of: error))",
                    ])
            }
        } catch { throw Failure("The server does not start: \(error)") }
        application = Server.application(
            options, site, logger, metrics,
            jobs: [
                FlushRunner(flushes: slices.flatMap(\.flushes), database: database, tally: tally, logger: logger),
                JobRunner(
                    jobs: slices.flatMap(\.jobs), database: database, clock: Application.clock,
                    share: share, shelf: shelf, logger: logger, holder: holder),
                OutboxRunner(sender: Sender(database, transports, holder: holder), logger: logger),
                Follower(shelf: shelf, database: database, share: share, logger: logger),
                Signer(file: checkpoints, database: database, logger: logger),
            ])
        self.lock = lock
    }

    /// The public pages alone, from the public copy: nothing else of the data folder is opened.
    ///
    /// - Throws: `Failure` where there is no copy, or set-up is missing.
    init(publicCopyOf data: DataOptions, _ options: ServeOptions) async throws {
        (self.options, lock) = (options, nil)
        let (share, assets) = (try data.share, try Assets(folder: options.assets))
        let database = try PublishedDatabase(path: PublicCopy(folder: data.folder).path)
        let (logger, metrics) = (options.logFormat.logger(options.log), RequestMetrics())
        let live = Slice(
            "Health", migrations: [],
            routes: [
                .get("/health/live", may: .anyone) { _ in .text("live\n", type: "text/plain; charset=utf-8") }.uncounted
            ])
        let slices = [readOnlyOffer(main: options.mainSite), timetables, assets.slice, Server.about, live]
        let shelf = Shelf(slices.flatMap(\.lives))
        try await shelf.prepare(database, share)
        // Forms here keep a shortlist in the browser alone, so their key need not outlive the process.
        let formKey = Sodium.random(32)
        let house = House(
            database: database, shelf: shelf, tally: Tally(), clock: Application.clock,
            sign: { Sodium.sign($0, key: formKey) }, mint: { Sodium.hex(Sodium.random(16)) }, assets: assets.links,
            notice: Server.notice, rates: options.rates)
        let site: Site
        do {
            site = try Site(slices, house: house) { route, error in
                logger.error("fault", metadata: ["route": "\(route)", "type": "\(type(of: error))"])
            }
        } catch { throw Failure("The server does not start: \(error)") }
        application = Server.application(
            options, site, logger, metrics,
            jobs: [CopyFollower(shelf: shelf, database: database, share: share, logger: logger)])
    }

    /// Serves until it is told to stop.
    func run() async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: application)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle", factory: { _ in SwiftLogNoOpLogHandler() })))
        do { try await group.run() } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw Failure(
                "Port \(options.port) is in use. Choose another with --port, such as --port \(options.port + 1).")
        } catch let error as IOError where error.errnoCode == EACCES {
            throw Failure("Port \(options.port) may not be opened. Choose one above 1023 with --port.")
        }
    }

    private static func application(
        _ options: ServeOptions, _ site: Site, _ logger: Logger, _ metrics: RequestMetrics, jobs: [any Service]
    ) -> Hummingbird.Application<HummingbirdAdapter> {
        let limits = options.limits
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Hummingbird.Application(
            responder: HummingbirdAdapter(
                site: site, logger: logger, limits: limits, forwarding: options.forwarding, metrics: metrics),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        Deadlines(
                            body: .seconds(Int64(limits.bodyTime)), reading: .seconds(Int64(limits.readingTime)),
                            slowest: limits.slowest)
                    ],
                    idleTimeout: .seconds(Int64(limits.idle)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: limits.headers, maxHeaderListSize: limits.headers, maxHeaderFieldCount: 100)
                )),
            configuration: .init(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
            services: jobs,
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? options.port
                let shown = options.host == "127.0.0.1" ? "localhost" : options.host
                Console.print("http://\(shown):\(port)")
            },
            logger: quiet)
    }

    /// What is said on every page of a demonstration.
    private static let notice = Live<HTML?>("notice", follows: ["setting.changed"]) { database, _ in
        guard let city = try await database.read({ try Settings.value(Settings.demonstration, in: $0) }) else {
            return nil
        }
        return """
            This is a demonstration of \(city). Its schools are real; its services and people are \
            <strong>invented</strong>: nobody in it exists. Check with a school before you rely on what it says.
            """
    }

    private static let about = Slice("About", migrations: [], routes: [], lives: [notice])
}
