import Cryptography
import Foundation
import Kernel
import Outbound
import Storage
import Web

/// Mail by GOV.UK Notify: a template of the service’s own, with the fields `subject` and `body`, takes the words.
///
/// Notify tells its caller a message’s reference, which is our id, but sends a second copy of the same reference again:
/// at least once, as by sendmail. Source: the “REST API” documentation of GOV.UK Notify.
public struct Notify: Transport {
    private let client: OutboundClient
    private let origin: String
    private let service: String
    private let secret: [UInt8]
    private let template: String
    private let clock: WallClock

    /// - Parameters:
    ///   - key: an API key of Notify: a name, the id of the service and a secret, joined by hyphens.
    ///   - template: the id of the e-mail template.
    ///   - origin: where Notify answers, without a path.
    /// - Throws: `Malformed` where the key or the template is none; the key is not in it.
    public init(
        key: String, template: String, origin: String, client: OutboundClient, clock: WallClock
    ) throws(Malformed) {
        let key = Array(key.utf8.filter { $0 > 32 })
        let (service, secret) = (key.suffix(73).prefix(36), key.suffix(36))
        guard key.count > 74, Self.isUUID(service), Self.isUUID(secret), key[key.count - 37] == 45 else {
            throw Malformed(wanted: "a key of GOV.UK Notify", reason: "it is name, service and secret, with hyphens")
        }
        guard Self.isUUID(template.utf8) else {
            throw Malformed(
                wanted: "a template of GOV.UK Notify", given: template, reason: "it is an id of 36 characters")
        }
        (self.client, self.origin, self.clock) = (client, origin, clock)
        (self.service, self.template) = (String(decoding: service, as: UTF8.self), template)
        self.secret = Array(secret)
    }

    public func send(_ message: Message) async throws(TransportFault) {
        guard message.recipient.isMailAddress else { throw TransportFault("bad-address", isFinal: true) }
        let body: JSON = .object([
            ("email_address", .text(message.recipient)), ("template_id", .text(template)),
            ("personalisation", .object([("subject", .text(message.title)), ("body", .text(message.body))])),
            ("reference", .text(message.id)),
        ])
        let request = OutboundRequest(
            origin + "/v2/notifications/email", method: .post(body.bytes),
            headers: [("Authorization", "Bearer " + token()), ("Content-Type", "application/json")])
        // A wrong request stays wrong; a wrong key (403) is put right by the operator, and then all goes.
        try await deliver(request, by: client, named: "notify", finals: [400, 404, 410, 413, 422])
    }

    /// A JSON Web Token of now, signed with the secret by HMAC-SHA-256 (RFC 7515), as Notify asks.
    private func token() -> String {
        let claims: JSON = .object([("iss", .text(service)), ("iat", .int(clock.now().milliseconds / 1000))])
        let head = Self.base64(Array(#"{"typ":"JWT","alg":"HS256"}"#.utf8)) + "." + Self.base64(claims.bytes)
        return head + "." + Self.base64(Sodium.authenticate(Array(head.utf8), key: secret))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func isUUID(_ text: some Collection<UInt8>) -> Bool {
        text.count == 36
            && text.enumerated().allSatisfy { place, byte in
                [8, 13, 18, 23].contains(place) ? byte == 45 : Character(Unicode.Scalar(byte)).isHexDigit && byte < 128
            }
    }
}

/// Messages to other systems: JSON posted to an https address, with the id of the message as its key, so that the
/// receiver can tell a second copy.
public struct SystemMessages: Transport {
    private let client: OutboundClient

    public init(_ client: OutboundClient) { self.client = client }

    public func send(_ message: Message) async throws(TransportFault) {
        let request = OutboundRequest(
            message.recipient, method: .post(Array(message.body.utf8)),
            headers: [("Content-Type", "application/json"), ("Idempotency-Key", message.id)])
        try await deliver(request, by: client, named: "system", finals: [400, 404, 405, 410, 413, 415, 422])
    }
}

/// Sends a request that hands a message over.
///
/// - Parameter finals: the statuses after which trying again cannot help.
private func deliver(
    _ request: OutboundRequest, by client: OutboundClient, named name: String, finals: Set<Int>
) async throws(TransportFault) {
    let status: Int
    do { status = try await client.send(request).status } catch let fault as OutboundFault {
        switch fault {
        case .badAddress, .notAllowed, .badHeader: throw TransportFault("\(name)-not-allowed", isFinal: true)
        default: throw TransportFault("\(name)-unreachable")
        }
    } catch { throw TransportFault("\(name)-stopped") }
    guard !(200...299).contains(status) else { return }
    throw TransportFault("\(name)-\(status)", isFinal: finals.contains(status))
}
