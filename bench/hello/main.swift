// The bare framework, for the limit that our own server is measured against.
import Hummingbird

let router = Router()
router.get("/") { _, _ in "hello" }
let application = Application(
    router: router,
    configuration: .init(
        address: .hostname("127.0.0.1", port: Int(CommandLine.arguments.dropFirst().first ?? "") ?? 8099)))
try await application.runService()
