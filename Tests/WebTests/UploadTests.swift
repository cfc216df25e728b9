import Kernel
import Storage
import Synchronization
import TestKit
import Testing

@testable import Web

@Suite struct `A route that takes files` {
    static let wishes = Slice(
        "Wishes",
        migrations: [Migration("2026-01-01 wish", "CREATE TABLE wish (id TEXT PRIMARY KEY)")],
        actions: [WishGate.grant],
        routes: [
            .get("/wishes/{wish}", may: .act(WishGate.grant, on: "wish")) { visit in
                let field = fileInput("file", label: "File")
                return .page(
                    Page(
                        "Wish", visit.form.posting(to: "/wishes/pony/files", version: 3, files: true, field)))
            },
            .post("/wishes/{wish}/files", may: .act(WishGate.grant, on: "wish"), bring).taking(megabytes: 1),
            .post("/wishes/{wish}/large", may: .act(WishGate.grant, on: "wish"), bring).taking(megabytes: 64),
            .post("/wishes/{wish}/words", may: .act(WishGate.grant, on: "wish"), bring),
            .post("/links/{link}", may: .link(LinkPath("wish") { "SELECT \($0) AS task" }, on: "link"), bring)
                .taking(megabytes: 1),
        ])

    static func bring(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        guard let file = form.file("file", orSay: "Choose a file") else {
            return .unprocessable(Page("Wish", "\(errorSummary(form.errors))<h1>Wish</h1>"))
        }
        return try await visit.writeOnce { tx, _ in
            try visit.expect(version: 3)
            tx.record(Event("wish.brought"))
            return "/got/\(visit.form["text"])/\(file.name)/\(file.declaredType)/\(file.bytes.count)"
        }
    }

    private let ann = [Reply.sessionCookie: "Ann"]
    private let csv = SentForm.File("file", "C:\\a.csv", Array("one,two\r\n".utf8), type: "text/csv")

    private func app() async throws -> (TestApp, page: Answer) {
        let app = try await TestApp([Self.wishes], gate: WishGate())
        return (app, try await app.get("/wishes/pony", cookies: ann))
    }

    /// The answer to a form with files, and whether its body was read.
    private func send(
        _ app: TestApp, _ address: String, length: Int?, cookies: [String: String], site: String = "same-origin"
    ) async -> (answer: Answer, wasRead: Bool) {
        let wasRead = Mutex(false)
        let form = SentForm([], [csv])
        let head = Request(
            method: "POST", path: address, contentType: form.contentType, secFetchSite: site, cookies: cookies)
        let read = { @Sendable (_: Int, hasFiles: Bool) -> [UInt8] in
            wasRead.withLock { $0 = hasFiles }
            return form.body
        }
        let answer = await app.send(head, body: UnreadBody(length: length, usual: 65_536, read: read))
        return (answer, wasRead.withLock { $0 })
    }

    @Test func `gives its handler the words and the file`() async throws {
        let (app, page) = try await app()
        #expect(page.text.contains("action=\"/wishes/pony/files\" enctype=\"multipart/form-data\""))
        let answer = await app.post("/wishes/pony/files", ["text": "hay"], files: [csv], from: page, cookies: ann)
        #expect(answer.status == 303 && answer.header("Location") == "/got/hay/a.csv/text/csv/9")
        #expect(try await app.events() == ["wish.brought"])
    }

    @Test func `says that no file was chosen, or that it is empty`() async throws {
        let (app, page) = try await app()
        let none = SentForm.File("file", "", [])
        let answer = await app.post("/wishes/pony/files", [:], files: [none], from: page, cookies: ann)
        #expect(answer.status == 422 && answer.words.contains("Choose a file"))
        let plain = try await app.post("/wishes/pony/files", [:], from: page, cookies: ann)
        #expect(plain.status == 422 && plain.words.contains("Choose a file"))
        let empty = SentForm.File("file", "a.csv", [])
        let other = await app.post("/wishes/pony/files", [:], files: [empty], from: page, cookies: ann)
        #expect(other.status == 422 && other.words.contains("“a.csv” is empty"))
    }

    @Test func `does a thing once, and knows another file for another wish`() async throws {
        let (app, page) = try await app()
        let other = SentForm.File("file", "C:\\a.csv", Array("one,TWO\r\n".utf8), type: "text/csv")
        let renamed = SentForm.File("file", "b.csv", csv.bytes, type: "text/csv")
        for (file, brought) in [(csv, 1), (csv, 1), (other, 2), (other, 2), (csv, 2), (renamed, 3)] {
            let answer = await app.post("/wishes/pony/files", [:], files: [file], from: page, cookies: ann)
            #expect(answer.status == 303)
            #expect(try await app.events().count == brought)
        }
    }

    @Test func `wants the token and the version as every form does`() async throws {
        let (app, page) = try await app()
        let (unsigned, wasRead) = await send(app, "/wishes/pony/files", length: 300, cookies: ann)
        #expect(unsigned.status == 403 && wasRead)
        let old = await app.post(
            "/wishes/pony/files", ["form-version": "2"], files: [csv], from: page, cookies: ann)
        #expect(old.status == 409)
        let stale = await app.post(
            "/wishes/pony/files", ["form-token": "0.x"], files: [csv], from: page, cookies: ann)
        #expect(stale.status == 403)
        #expect(try await app.events().isEmpty)
    }

    @Test func `has a body read only from whoever may, from here, of a size that is said and allowed`() async throws {
        let (app, _) = try await app()
        let most = 1_048_576 + Multipart.mostBesides
        for (address, length, cookies, site, status, isRead) in [
            ("/wishes/pony/files", 300, [:], "same-origin", 403, false),
            ("/wishes/pony/files", 300, [Reply.sessionCookie: "Ben"], "same-origin", 404, false),
            ("/wishes/other/files", 300, ann, "same-origin", 404, false),
            ("/wishes/pony/files", 300, ann, "cross-site", 403, false),
            ("/wishes/pony/files", nil, ann, "same-origin", 411, false),
            ("/wishes/pony/files", most + 1, ann, "same-origin", 413, false),
            ("/wishes/pony/files", most, ann, "same-origin", 403, true),
            ("/wishes/pony/words", 300, ann, "same-origin", 415, false),
            ("/wishes/pony/words", 300, [:], "same-origin", 403, false),
            ("/nowhere", 300, ann, "same-origin", 404, false), ("/wishes/pony", 300, ann, "same-origin", 405, false),
        ] as [(String, Int?, [String: String], String, Int, Bool)] {
            let (answer, wasRead) = await send(app, address, length: length, cookies: cookies, site: site)
            #expect(answer.status == status && wasRead == isRead, "\(address) \(length ?? -1) \(cookies)")
            #expect(answer.text.contains("<h1"))
        }
    }

    @Test func `is shut to a link that leads to nobody`() async throws {
        struct OpenGate: Gate {
            func visitor(_ request: Request, at now: Instant) -> Visitor { .stranger }
            func scope(of: Visitor, for: Permission, on: String, at: Instant) -> Scope? { .anyone }
        }
        let app = try await TestApp([Self.wishes], gate: OpenGate())
        let (answer, wasRead) = await send(app, "/links/guessed", length: 300, cookies: [:])
        #expect(answer.status == 404 && !wasRead)
    }

    @Test func `counts a form with files once, and turns away who sends too many unread`() async throws {
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + Self.wishes.migrations)
        let app = try await TestApp([Self.wishes], on: database, gate: WishGate(), rates: Rates { 0 })
        let page = try await app.get("/wishes/pony", cookies: ann)
        for _ in 0..<60 {
            let answer = await app.post("/wishes/pony/files", [:], files: [csv], from: page, cookies: ann)
            #expect(answer.status == 303)
        }
        let (answer, wasRead) = await send(app, "/wishes/pony/files", length: 300, cookies: ann)
        #expect(answer.status == 429 && !wasRead)
    }

    @Test func `refuses what is broken with a page that says what to do`() async throws {
        let (app, _) = try await app()
        let form = SentForm([], [csv])
        for (body, status, words) in [
            (Array(form.body.dropLast(20)), 400, "It arrived cut short"), ([], 400, "It arrived cut short"),
            (Array("--x--".utf8), 400, "cannot be read"),
            (SentForm([], [.init("file", "a", Array(repeating: 7, count: 1_048_577))]).body, 413, "at most 1 MB"),
            (SentForm([("a", String(repeating: "x", count: 70_000))]).body, 413, "64 kilobytes"),
        ] {
            let head = Request(
                method: "POST", path: "/wishes/pony/files", contentType: form.contentType,
                secFetchSite: "same-origin", cookies: ann)
            let answer = await app.send(head, body: UnreadBody(length: body.count, usual: 65_536) { _, _ in body })
            #expect(answer.status == status && answer.words.contains(words))
            #expect(answer.words.contains("Nothing has been changed") && answer.words.contains("Go back"))
        }
        struct Cut: Error {}
        let head = Request(
            method: "POST", path: "/wishes/pony/files", contentType: form.contentType, cookies: ann)
        let cut = await app.send(head, body: UnreadBody(length: 9, usual: 65_536) { _, _ in throw Cut() })
        #expect(cut.status == 400 && cut.words.contains("It arrived cut short"))
        #expect(try await app.events().isEmpty)
    }

    @Test(.timeLimit(.minutes(5))) func `has room for two of the largest at a time`() async throws {
        let (app, _) = try await app()
        let waiting = Mutex(0)
        let isOpen = Mutex(false)
        let largest = Uploads.bytes(megabytes: 64)
        let form = SentForm([], [csv])
        let head = Request(
            method: "POST", path: "/wishes/pony/large", contentType: form.contentType, secFetchSite: "same-origin",
            cookies: ann)
        let slow = UnreadBody(length: largest, usual: 65_536) { _, _ in
            waiting.withLock { $0 += 1 }
            while !isOpen.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            return form.body
        }
        async let first = app.send(head, body: slow)
        async let second = app.send(head, body: slow)
        while waiting.withLock({ $0 }) < 2 { try await Task.sleep(for: .milliseconds(5)) }
        let (third, wasRead) = await send(app, "/wishes/pony/large", length: 300, cookies: ann)
        #expect(third.status == 503 && third.header("Retry-After") == "60" && !wasRead)
        #expect(third.words.contains("not saved"))
        isOpen.withLock { $0 = true }
        // Without a token they go no further; the room they had is free again.
        #expect(await [first.status, second.status] == [403, 403])
        #expect(await send(app, "/wishes/pony/large", length: largest, cookies: ann).wasRead)
    }

    @Test func `does not boot where it is for anyone, asks by GET, or takes more than there is room for`() async throws
    {
        let page: Route.Handler = { _ in .notFound }
        for (route, refusal) in [
            (Route.post("/a", may: .anyone, page).taking(megabytes: 1), BootRefusal.filesFromAnyone("POST /a")),
            (Route.get("/a", may: .signedIn, page).taking(megabytes: 1), .takesTooMuch("GET /a")),
            (Route.post("/a", may: .signedIn, page).taking(megabytes: 65), .takesTooMuch("POST /a")),
            (Route.post("/a", may: .signedIn, page).taking(megabytes: 0), .takesTooMuch("POST /a")),
        ] {
            await #expect(throws: refusal) {
                _ = try await TestApp([Slice("A", migrations: [], routes: [route])])
            }
        }
    }

    @Test func `is drawn with a field for a file, joined to its label, hint and error`() {
        let field = fileInput("file", label: "Report", hint: "A PDF", error: "Choose it", accept: ".pdf").description
        #expect(field.contains("<label class=\"govuk-label\" for=\"file\">Report</label>"))
        #expect(field.contains("govuk-file-upload govuk-file-upload--error\" id=\"file\" name=\"file\" type=\"file\""))
        #expect(field.contains("accept=\".pdf\" aria-describedby=\"file-hint file-error\""))
        #expect(Gallery.page.body.description.contains("type=\"file\""))
    }
}
