import AccessServer
import ArgumentParser
import Console
import Credentials
import Cryptography
import Foundation
import Kernel
import Logging
import Outbound

/// The identity provider of a council, by which those who work there may sign in.
struct ProviderOptions: ParsableArguments {
    @Option(
        name: .customLong("provider"),
        help: ArgumentHelp(
            "The identity provider by which people may sign in: its issuer, to the letter.", valueName: "issuer"))
    var issuer: String?
    @Option(
        name: .customLong("provider-client"),
        help: ArgumentHelp("This service’s name at the identity provider.", valueName: "id"))
    var client: String?
    @Option(
        name: .customLong("provider-secret-file"),
        help: ArgumentHelp(
            "A file that holds this service’s secret at the identity provider; without one it shows none.",
            valueName: "file"))
    var secretFile: String?
    @Option(
        name: .customLong("provider-name"),
        help: ArgumentHelp(
            "What the button calls it: “Sign in with Birmingham City Council”.", valueName: "name"))
    var name: String?
    @Option(
        name: .customLong("provider-algorithm"),
        help: ArgumentHelp("How it signs: RS256 or ES256.", valueName: "algorithm"))
    var algorithm = IDTokenAlgorithm.rs256
    @Option(
        name: .customLong("provider-assurance"),
        help: ArgumentHelp(
            """
            A value of acr or amr by which it says that it asked for a second factor: then Continuum asks for none. \
            Can be repeated.
            """, valueName: "value"))
    var assurance: [String] = []

    func validate() throws {
        guard let issuer else {
            guard client == nil, secretFile == nil, name == nil, assurance.isEmpty else {
                throw ValidationError(Self.together)
            }
            return
        }
        guard let address = ProviderAddress(issuer), address.isBare, address.isSecure || address.isLoopback else {
            throw ValidationError(
                "--provider is an https address without a question mark, such as https://login.example.gov.uk.")
        }
        guard let client, let name else { throw ValidationError(Self.together) }
        guard !client.isEmpty, client.utf8.count <= 255, client.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw ValidationError("--provider-client is the id that the provider gave, without spaces.")
        }
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 32 && !(127..<160).contains($0.value) }
        guard (1...60).contains(name.trimmed.count), isPlain else {
            throw ValidationError("--provider-name has 1 to 60 characters; this has \(name.count).")
        }
    }

    private static let together = "--provider, --provider-client and --provider-name belong together."

    /// What is set, with the secret read; nil where no provider is.
    ///
    /// - Throws: `Failure` where the secret cannot be read.
    func settings() throws -> IdentityProvider.Settings? {
        guard let issuer, let client, let name else { return nil }
        return IdentityProvider.Settings(
            issuer: issuer, client: client, secret: try secret(), name: String(name.trimmed), algorithm: algorithm,
            assurance: Set(assurance))
    }

    private func secret() throws -> String? {
        guard let secretFile else { return nil }
        guard let bytes = FileManager.default.contents(atPath: secretFile), bytes.count <= 4096,
            let text = String(validating: bytes, as: UTF8.self)?.trimmed, !text.isEmpty
        else { throw Failure("The secret for the identity provider at “\(secretFile)” cannot be read, or is empty.") }
        return String(text)
    }

    /// The provider, asked by a client of its own, so that a slow one holds up no messages.
    ///
    /// - Parameters:
    ///   - origins: those that the operator allows besides public ones; a provider on this computer is one of them.
    ///   - note: told of each fault by its kind.
    func provider(origins: [String], note: @escaping @Sendable (String) -> Void) throws -> IdentityProvider? {
        guard let settings = try settings() else { return nil }
        var allowed = origins.compactMap { try? AllowedOrigin($0) }
        if let address = ProviderAddress(settings.issuer), address.isLoopback,
            let origin = try? AllowedOrigin(address.origin)
        {
            allowed.append(origin)
        }
        let client = OutboundClient(allowed: allowed)
        return IdentityProvider(settings, note: note) { call in
            let request = OutboundRequest(
                call.address, method: call.form.map { .post($0) } ?? .get, headers: call.headers,
                timeLimitInSeconds: 8, sizeLimitInBytes: 262_144)
            do {
                let response = try await client.send(request)
                return IdentityProvider.Response(status: response.status, body: response.body)
            } catch let fault as OutboundFault {
                switch fault {
                case .timedOut: throw ProviderFault.slow
                case .notAllowed, .badAddress, .badHeader, .crossHostRedirect: throw ProviderFault.notAllowed
                default: throw ProviderFault.unreachable
                }
            }
        }
    }

    /// What is to be said of the provider before serving. One that cannot be reached keeps no server from starting.
    func findings(origins: [String], site: String?) async -> (good: [String], doubtful: [String], wrong: [String]) {
        guard let issuer else { return ([], [], []) }
        let here = "the identity provider \(issuer)"
        var found: (good: [String], doubtful: [String], wrong: [String]) = ([], [], [])
        if site == nil {
            found.doubtful.append("\(here) sends people back to this computer alone, as --site is not set")
        }
        if let secretFile, let held = try? FileManager.default.attributesOfItem(atPath: secretFile),
            (held[.posixPermissions] as? Int ?? 0) & 0o077 != 0
        {
            found.wrong.append("\(secretFile) can be read by others: chmod go-rwx \(secretFile)")
        }
        do {
            guard let provider = try provider(origins: origins, note: { _ in }) else { return found }
            _ = try await provider.metadata(at: Application.clock.now())
            found.good.append("\(here) answers, and does what is set")
        } catch ProviderFault.metadata(let fault) {
            found.wrong.append("\(here): \(Self.words(fault))")
        } catch ProviderFault.notAllowed {
            found.wrong.append("\(here) has an address that is not public: name its origin with --allow-origin")
        } catch is ProviderFault {
            found.doubtful.append("\(here) gives no answer: until it does, nobody can sign in by it")
        } catch { found.wrong.append("\(error)") }
        return found
    }

    private static func words(_ fault: ProviderMetadata.Fault) -> String {
        switch fault {
        case .malformed(let part): "what it publishes of itself cannot be read (\(part))"
        case .wrongIssuer: "it calls itself otherwise: --provider must be its issuer to the letter"
        case .unsafeAddress(let part): "its \(part) is no https address"
        case .unfit(let part): "it does not do what is set or needed (\(part))"
        }
    }
}

extension IDTokenAlgorithm: ExpressibleByArgument {}

extension ServeOptions {
    /// By which ways somebody may come in.
    ///
    /// - Throws: `Failure` where what the provider needs cannot be read.
    func doors(_ logger: Logger, _ sealer: Sealer) throws -> Doors {
        Doors(
            site: site,
            provider: try provider.provider(origins: delivery.allowOrigin) { kind in
                logger.warning("identity provider", metadata: ["fault": "\(kind)"])
            },
            sealer: sealer)
    }
}
