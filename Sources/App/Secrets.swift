import Console
import Cryptography
import Foundation

/// The key that signs forms: made once for a data folder and readable by its owner only.
struct Secrets: Sendable {
    let formKey: [UInt8]

    /// - Throws: `Failure` where the key cannot be read or made.
    init(folder: String) throws {
        let path = folder + "/secrets/form.key"
        if let text = FileManager.default.contents(atPath: path) {
            guard let key = Sodium.bytes(hex: String(decoding: text, as: UTF8.self)), key.count == 32 else {
                throw Failure("The key “\(path)” is damaged. Remove it: forms open now must then be sent again.")
            }
            formKey = key
            return
        }
        formKey = Sodium.random(32)
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/secrets", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw Failure("The folder “\(folder)/secrets” cannot be made.") }
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(Sodium.hex(formKey).utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw Failure("The key “\(path)” cannot be written.") }
    }
}
