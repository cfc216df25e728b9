import ArgumentParser
import Console
import Foundation
import Kernel
import Operations
import Outbound
import Storage

/// How messages leave, besides sendmail.
struct DeliveryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file that holds an API key of GOV.UK Notify, by which mail then goes; not with --mail-from.",
            valueName: "file"))
    var notifyKey: String?
    @Option(
        help: ArgumentHelp(
            "The Notify template that takes ((subject)) and ((body)); needed with --notify-key.", valueName: "id"))
    var notifyTemplate: String?
    @Option(help: ArgumentHelp("Where GOV.UK Notify answers.", valueName: "origin"))
    var notifyOrigin = "https://api.notifications.service.gov.uk"
    @Option(
        help: ArgumentHelp(
            "An origin that may be plain http, or have an address that is not public. Can be repeated.",
            valueName: "origin"))
    var allowOrigin: [String] = []

    func validate() throws {
        guard (notifyKey == nil) == (notifyTemplate == nil) else {
            throw ValidationError("--notify-key and --notify-template belong together.")
        }
        for text in allowOrigin + [notifyOrigin] {
            guard (try? AllowedOrigin(text)) != nil else {
                throw ValidationError("“\(text)” is no origin, such as https://records.internal:8443.")
            }
        }
    }

    /// How each channel goes. A demonstration sends nothing, whatever is set.
    ///
    /// - Throws: `Failure` where two ways are set, or the key of Notify cannot be used.
    func transports(
        isDemonstration: Bool, sendmail: Sendmail?
    ) throws -> [Message.Channel: any Transport] {
        if isDemonstration { return [.mail: DemonstrationMailbox(), .system: DemonstrationMailbox()] }
        let client = OutboundClient(allowed: allowOrigin.compactMap { try? AllowedOrigin($0) })
        var transports: [Message.Channel: any Transport] = [.system: SystemMessages(client)]
        transports[.mail] = sendmail
        if let notifyKey, let notifyTemplate {
            guard sendmail == nil else { throw Failure("Mail goes by --mail-from or by --notify-key, not by both.") }
            guard let key = FileManager.default.contents(atPath: notifyKey) else {
                throw Failure("The key of GOV.UK Notify at “\(notifyKey)” cannot be read.")
            }
            let text = String(decoding: key, as: UTF8.self)
            do {
                transports[.mail] = try Notify(
                    key: text, template: notifyTemplate, origin: notifyOrigin, client: client, clock: Application.clock)
            } catch { throw Failure("\(error)") }
        }
        return transports
    }
}
