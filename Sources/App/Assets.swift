import Console
import Cryptography
import Foundation
import Kernel
import Storage
import Web

/// What the browser fetches beside a page: the design system and our style as one sheet, the letters, the scripts.
///
/// The design system, the letters and the map script are fetched and checked at set-up into `.assets/`; only the
/// server needs them.
struct Assets: Sendable {
    struct Asset: Sendable {
        let bytes: [UInt8]
        let type: String
    }

    let links: AssetLinks
    private let files: [String: Asset]

    /// - Throws: `Failure`, naming the file, where set-up has not been run.
    init(folder: String) throws {
        func bytes(_ name: String) throws -> [UInt8] {
            do { return try Files.bytes(folder + "/" + name) } catch {
                throw Failure("The file “\(folder)/\(name)” is missing. Run bin/setup, which fetches it.")
            }
        }
        var files: [String: Asset] = [:]
        func keep(_ name: String, _ ending: String, _ bytes: [UInt8], _ type: String) -> String {
            let file = "\(name)-\(Sodium.sha256(bytes).prefix(12)).\(ending)"
            files[file] = Asset(bytes: bytes, type: type)
            return "/assets/" + file
        }
        let fonts = try ["regular", "bold"].map { weight in
            keep("continuum-sans-\(weight)", "woff2", try bytes("continuum-sans-\(weight).woff2"), "font/woff2")
        }
        let design = String(decoding: try bytes("govuk-frontend.css"), as: UTF8.self)
        let sheet = Array((Assets.faces(fonts) + design + "\n" + Style.css + "\n").utf8)
        let leafletStyle = keep("leaflet", "css", try bytes("leaflet.css"), "text/css; charset=utf-8")
        let script = "text/javascript; charset=utf-8"
        links = AssetLinks(
            stylesheet: keep("continuum", "css", sheet, "text/css; charset=utf-8"), styles: ["leaflet": leafletStyle],
            scripts: [
                "continuum": keep("continuum", "js", Array(Script.page.utf8), script),
                "leaflet": keep("leaflet", "js", try bytes("leaflet.js"), script),
                "map": keep("map", "js", Array(Script.map.utf8), script),
                "passkey": keep("passkey", "js", Array(Script.passkey.utf8), script),
                "keys": keep("keys", "js", Array(Script.keys.utf8), script),
            ],
            icon: keep("icon", "svg", Array(Assets.icon.utf8), "image/svg+xml"))
        files["licences.txt"] = Asset(bytes: try bytes("licences.txt"), type: "text/plain; charset=utf-8")
        self.files = files
    }

    /// The addresses of the assets, and `/robots.txt`.
    var slice: Slice {
        Slice(
            "Assets", migrations: [],
            routes: [
                .get("/assets/{file}", may: .anyone) { [files] visit in
                    guard let asset = files[visit.parameter("file")] else { return .notFound }
                    let isNamedByHash = visit.parameter("file") != "licences.txt"
                    return Reply(
                        body: .bytes(asset.bytes, type: asset.type), caching: isNamedByHash ? .forever : .shared)
                }.uncounted,
                .get("/robots.txt", may: .anyone) { _ in
                    .text(
                        "User-agent: *\nDisallow: /shortlist\nDisallow: /reports\n", type: "text/plain; charset=utf-8",
                        caching: .shared)
                },
                .get("/components", may: .anyone) { _ in .page(Gallery.page, caching: .shared) },
            ])
    }

    /// The letters are optional: where they come late, the page stays as it was drawn.
    private static func faces(_ fonts: [String]) -> String {
        zip([400, 700], fonts).map { weight, address in
            "@font-face{font-family:\"Continuum Sans\";font-weight:\(weight);font-display:optional;"
                + "src:url(\(address)) format(\"woff2\")}\n"
        }.joined()
    }

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" \
        fill="#0b4f5c"/>\
        <path d="M44 22a16 16 0 1 0 0 20" fill="none" stroke="#fff" stroke-width="8" stroke-linecap="round"/>\
        <circle cx="46" cy="32" r="6" fill="#f2b134"/></svg>
        """
}
