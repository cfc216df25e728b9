// swift-tools-version:6.2
import PackageDescription

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Pure computing is optimised in debug builds too, so that its tests run at real speed.
let pure: [SwiftSetting] = house + [.unsafeFlags(["-O"])]

/// A vertical slice: its pure rules, the server half that keeps and shows them, and its tests.
///
/// - Parameters:
///   - parts: parts of the house that its server half needs besides those of every slice.
///   - tests: parts that its tests alone need.
///   - pure: parts without input or output that its rules need besides the kernel.
func slice(
    _ name: String, uses others: [String] = [], house parts: [Target.Dependency] = [],
    tests: [Target.Dependency] = [], pure rest: [Target.Dependency] = []
) -> [Target] {
    let rules = others.map { Target.Dependency(stringLiteral: $0) }
    let servers = others.map { Target.Dependency(stringLiteral: $0 + "Server") }
    let own: [Target.Dependency] = [.init(stringLiteral: name), .init(stringLiteral: name + "Server")]
    return [
        .target(
            name: name, dependencies: ["Kernel"] + rules + rest,
            path: "Slices/\(name)/Rules", swiftSettings: pure),
        .target(
            name: name + "Server",
            dependencies: [own[0], "Kernel", "Search", "Storage", "Web", "Console", argumentParser] + rules + servers + parts + rest,
            path: "Slices/\(name)/Server", swiftSettings: house),
        .testTarget(
            name: name + "Tests",
            dependencies: own + ["Kernel", "Search", "Storage", "Web", "TestKit", "DemoCity"] + rules + servers + parts + tests + rest,
            path: "Slices/\(name)/Tests", exclude: ["Data"], swiftSettings: house),
    ]
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// The server, and the parts of it that are named in our own code.
let server: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "Logging", package: "swift-log"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

/// RSA, P-256 and SHA-1, which libsodium does not have: for passkeys, tokens and authenticator apps.
let crypto: [Target.Dependency] = [
    .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
]

let package = Package(
    name: "continuum",
    products: [.executable(name: "continuum", targets: ["continuum"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CStemmer", path: "Sources/CStemmer"),
        .systemLibrary(name: "CSodium", path: "Sources/CSodium", pkgConfig: "libsodium"),
        .systemLibrary(name: "CPostgres", path: "Sources/CPostgres", pkgConfig: "libpq"),
        .systemLibrary(name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib"),
        .target(name: "Kernel", swiftSettings: pure),
        .target(name: "City", dependencies: ["Kernel"], swiftSettings: pure),
        .target(name: "Clock", dependencies: ["Kernel"], swiftSettings: pure),
        .target(name: "Search", dependencies: ["Kernel", "CStemmer"], swiftSettings: pure),
        .target(name: "Cryptography", dependencies: ["CSodium"], swiftSettings: pure),
        .target(name: "Credentials", dependencies: ["Kernel", "Cryptography"] + crypto, swiftSettings: pure),
        .target(name: "Storage", dependencies: ["Kernel", "Cryptography", "CPostgres", grdb], swiftSettings: house),
        .target(name: "Documents", swiftSettings: pure),
        .target(name: "Linkage", dependencies: ["CZlib"], swiftSettings: pure),
        .target(name: "Printing", dependencies: ["Console"], swiftSettings: house),
        .target(name: "Outbound", dependencies: ["CCurl"], swiftSettings: house),
        .target(name: "Web", dependencies: ["Kernel", "Cryptography", "Storage"], swiftSettings: house),
        .target(name: "Console", dependencies: ["Kernel", "Storage", argumentParser], swiftSettings: house),
        .target(
            name: "DemoCity",
            dependencies: [
                "Kernel", "Storage", "Console", "Offer", "OfferServer", "Access", "AccessServer", "People", "PeopleServer", "Notices", "NoticesServer", "City", "SingleViewServer", "Casework", "CaseworkServer",
            ], swiftSettings: house),
        .target(
            name: "Operations", dependencies: ["Kernel", "Cryptography", "Documents", "Outbound", "Storage", "Web", "Console", argumentParser],
            swiftSettings: house),
        .target(
            name: "App",
            dependencies: [
                "Kernel", "Cryptography", "Outbound", "Storage", "Web", "Console", "Credentials", "DemoCity", "Access", "AccessServer", "Linkage", "LinksServer", "PeopleServer", "SingleViewServer", "OfferServer", "Operations", "Printing", "CZlib", "City", "Clock", "NoticesServer", "TimetablesServer", "CaseworkServer",
                argumentParser,
            ] + server, swiftSettings: house),
        .executableTarget(name: "continuum", dependencies: ["App"], path: "Sources/Continuum", swiftSettings: house),
        .executableTarget(
            name: "bench-hello", dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            path: "bench/hello", swiftSettings: house),
        .executableTarget(
            name: "bench-durable", dependencies: ["Kernel", "Storage"], path: "bench/durable", swiftSettings: house),
        .executableTarget(
            name: "bench-access",
            dependencies: ["Kernel", "Storage", "Web", "TestKit", "DemoCity", "Access", "AccessServer", "PeopleServer"],
            path: "bench/access", exclude: ["run.py"], swiftSettings: house),
        .executableTarget(name: "bench-live", dependencies: ["Linkage"], path: "bench/live", swiftSettings: house),
        .target(name: "TestKit", dependencies: ["Kernel", "Printing", "Storage", "Web"], swiftSettings: house),
        .testTarget(name: "CityTests", dependencies: ["City", "Kernel"], swiftSettings: house),
        .executableTarget(
            name: "bench-clock", dependencies: ["Clock", "Kernel"], path: "bench/clock", exclude: ["run.py"],
            swiftSettings: house),
        .executableTarget(
            name: "bench-authority",
            dependencies: [
                "Kernel", "Storage", "Console", "Access", "AccessServer", "People", "PeopleServer", "Clock", "TimetablesServer", "Casework", "CaseworkServer",
            ],
            path: "bench/authority", exclude: ["run.py"], swiftSettings: house),
        .testTarget(name: "ClockTests", dependencies: ["Clock", "Kernel"], swiftSettings: pure),
        .testTarget(name: "KernelTests", dependencies: ["Kernel", "TestKit"], swiftSettings: house),
        .testTarget(
            name: "StorageTests", dependencies: ["Kernel", "Cryptography", "Storage", "TestKit"], swiftSettings: house),
        .testTarget(name: "WebTests", dependencies: ["Kernel", "Storage", "Web", "TestKit"], swiftSettings: house),
        .testTarget(name: "OperationTests", dependencies: ["Kernel", "Operations", "Storage"], swiftSettings: house),
        .testTarget(name: "DocumentTests", dependencies: ["Documents"], swiftSettings: house),
        .testTarget(
            name: "CredentialTests", dependencies: ["Credentials", "Cryptography", "Kernel"] + crypto,
            swiftSettings: house),
        .testTarget(name: "LinkageTests", dependencies: ["Linkage"], swiftSettings: house),
        .testTarget(name: "PrintingTests", dependencies: ["Printing"], swiftSettings: house),
        .testTarget(name: "OutboundTests", dependencies: ["Outbound"], swiftSettings: house),
        .testTarget(name: "SearchTests", dependencies: ["Search"], swiftSettings: house),
        .testTarget(
            name: "SchemaTests", dependencies: ["App", "Kernel", "Storage", "TestKit", "Web"], exclude: ["schema.sql"],
            swiftSettings: house),
        .testTarget(
            name: "PolicyTests",
            dependencies: [
                "App", "Access", "AccessServer", "Casework", "CaseworkServer", "Kernel", "Links", "LinksServer", "People", "PeopleServer", "Printing", "Storage", "TestKit", "Web",
            ],
            exclude: ["policy.txt"], swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
    ]
        + slice("Access", house: ["Cryptography", "Credentials"], tests: crypto)
        + slice("Links", uses: ["Access"], house: ["Cryptography", "Credentials"])
        + slice("Offer")
        + slice("Timetables", house: ["Clock"])
        + slice("People", uses: ["Access", "Links"], tests: ["Operations"])
        + slice("SingleView", uses: ["Access", "Links", "People", "Notices"], house: ["Cryptography", "Linkage"], tests: ["City"])
        + slice("Notices", uses: ["Access", "People", "Links"], house: ["Cryptography", "Credentials"])
        + slice("Casework", uses: ["Access", "Links", "People", "Notices", "Timetables"], house: ["Printing"], pure: ["Clock"]),
    swiftLanguageModes: [.v6]
)
