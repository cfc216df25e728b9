import Kernel
import Storage
import Synchronization

/// The body of a request that was not read yet.
public struct UnreadBody: Sendable {
    /// The bytes that its header says it has; nil where it does not say.
    public let length: Int?
    /// The bytes that a form without files may have.
    public let usual: Int
    /// Reads it, once.
    ///
    /// - Parameters:
    ///   - limit: the bytes to read at most; more throws.
    ///   - hasFiles: whether it was admitted as a form with files, and so may take the time that its size needs.
    public let read: @Sendable (_ limit: Int, _ hasFiles: Bool) async throws -> [UInt8]

    public init(
        length: Int?, usual: Int, read: @escaping @Sendable (_ limit: Int, _ hasFiles: Bool) async throws -> [UInt8]
    ) {
        (self.length, self.usual, self.read) = (length, usual, read)
    }
}

/// The bytes of forms with files that are in memory now, or for which room is kept.
final class Uploads: Sendable {
    private let held = Mutex(0)

    /// Megabytes of files that one form may bring, whatever its route says.
    static let mostMegabytes = 64
    /// Two of the largest forms at a time, or more of smaller ones.
    static let most = 2 * bytes(megabytes: mostMegabytes)

    /// What the body of a form may have that brings so many megabytes of files.
    static func bytes(megabytes: Int) -> Int { files(megabytes: megabytes) + Multipart.mostBesides }

    /// The bytes of the files alone.
    static func files(megabytes: Int) -> Int { max(0, min(megabytes, mostMegabytes)) * 1_048_576 }

    /// Keeps room for so many bytes; false where there is none.
    func enter(_ bytes: Int) -> Bool {
        held.withLock { held in
            guard bytes >= 0, bytes <= Self.most - held else { return false }
            held += bytes
            return true
        }
    }

    func leave(_ bytes: Int) { held.withLock { $0 -= bytes } }
}

/// What a form brought.
struct Posted {
    var fields = Query()
    var files: [UploadedFile] = []
}

/// Why a form is not read, with the page that says so.
struct Unreadable: Error {
    let status: Int
    let page: Page
}

extension Site {
    /// The answer to a request of which the body was not read yet.
    ///
    /// A form with files is read only where its route takes files, whoever sends it may use that route and has not
    /// asked too often, it says how large it is, that is not too large, and there is room: so that nobody else can make
    /// the server hold 64 megabytes. The gate is asked again when it is there, since that may be minutes later.
    public func answer(_ head: Request, body: UnreadBody) async -> Answer {
        var request = head
        guard head.method == "POST" else { return await answer(head) }
        guard Multipart.isNamed(in: head.contentType) else {
            do { request.body = try await body.read(body.usual, false) } catch {
                return refusal(413, .tooLarge, of: head.path)
            }
            return await answer(request)
        }
        let found: Found
        do { found = try find(head) } catch { return error.answer }
        // Where no files are taken this is refused, in the order in which every form is: unread.
        guard let megabytes = found.route.megabytes else { return await admit(found, head) }
        let (visitor, length): (Visitor, Int)
        do { (visitor, length) = try await mayBring(found, head, body.length, megabytes) } catch {
            return error.answer
        }
        guard uploads.enter(length) else {
            let reply = Reply(status: 503, body: .page(ErrorPages.tooManyFiles), headers: [("Retry-After", "60")])
            return frame(reply, head, route: found.route, visitor)
        }
        defer { uploads.leave(length) }
        do { request.body = try await body.read(length, true) } catch {
            let page = ErrorPages.unreadableFiles(.cutShort)
            return frame(Reply(status: 400, body: .page(page)), head, route: found.route, visitor)
        }
        return await admit(found, request, isCounted: false)
    }

    /// Makes sure, by its headers alone, that a form with files may be read.
    ///
    /// - Returns: who sends it, and how many bytes it has.
    private func mayBring(
        _ found: Found, _ head: Request, _ length: Int?, _ megabytes: Int
    ) async throws(Answered) -> (Visitor, Int) {
        let (visitor, scope) = try await admission(found, head)
        // A link that leads to nothing lets nobody in: it is only answered like others.
        guard scope.actor != .anyone else { throw Answered(frame(.notFound, head, route: found.route, visitor)) }
        func refused(_ status: Int, _ page: Page) -> Answered {
            Answered(frame(Reply(status: status, body: .page(page)), head, route: found.route, visitor))
        }
        guard isFromHere(head) else { throw refused(403, ErrorPages.staleForm) }
        guard let length else { throw refused(411, ErrorPages.sizeMissing) }
        guard length <= Uploads.bytes(megabytes: megabytes) else {
            throw refused(413, ErrorPages.filesTooLarge(megabytes: megabytes))
        }
        return (visitor, length)
    }

    /// Reads what a form brought.
    func posted(_ request: Request, _ route: Route) throws(Unreadable) -> Posted {
        if Multipart.isNamed(in: request.contentType) {
            guard let megabytes = route.megabytes else {
                throw Unreadable(status: 415, page: ErrorPages.noFilesHere)
            }
            do {
                let limit = Uploads.files(megabytes: megabytes)
                let read = try Multipart(reading: request.body, as: request.contentType, limit: limit)
                return Posted(fields: Query(read.fields), files: read.files)
            } catch {
                switch error {
                case .filesTooLarge:
                    throw Unreadable(status: 413, page: ErrorPages.filesTooLarge(megabytes: megabytes))
                case .textTooLong: throw Unreadable(status: 413, page: ErrorPages.tooLarge)
                default: throw Unreadable(status: 400, page: ErrorPages.unreadableFiles(error))
                }
            }
        }
        guard request.contentType.hasPrefix("application/x-www-form-urlencoded"),
            let text = String(validating: request.body, as: UTF8.self), let fields = Query(reading: text)
        else { throw Unreadable(status: 400, page: ErrorPages.unreadableForm) }
        return Posted(fields: fields)
    }
}

extension ErrorPages {
    static let noFilesHere = Page(
        "No files can be sent here", isListed: false,
        """
        <h1 class="govuk-heading-l">No files can be sent here</h1>
        <p class="govuk-body">This form takes words alone. Nothing has been changed. Go back, load the page again, and \
        send it without a file.</p>
        """)

    static let sizeMissing = Page(
        "Say how large it is", isListed: false,
        """
        <h1 class="govuk-heading-l">What was sent does not say how large it is</h1>
        <p class="govuk-body">Nothing has been changed. Go back, and send it with a browser. Programs say the number \
        of bytes by the header Content-Length.</p>
        """)

    static let tooManyFiles = Page(
        "Wait a minute, then send it again", isListed: false,
        """
        <h1 class="govuk-heading-l">Wait a minute, then send it again</h1>
        <p class="govuk-body">What you sent was <strong>not saved</strong>: others are sending large files just now. \
        Go back. Wait a minute, choose your file again if the form has lost it, and send it.</p>
        """)

    /// - Parameter megabytes: what all files of the form may have together.
    static func filesTooLarge(megabytes: Int) -> Page {
        Page(
            "That file is too large", isListed: false,
            """
            <h1 class="govuk-heading-l">That file is too large</h1>
            <p class="govuk-body">This form takes at most \(megabytes) MB of files, all of them together. Nothing has \
            been changed. Go back, and choose a smaller file, or send it in parts.</p>
            """)
    }

    static func unreadableFiles(_ fault: MultipartFault) -> Page {
        Page(
            "What you sent cannot be read", isListed: false,
            """
            <h1 class="govuk-heading-l">What you sent cannot be read</h1>
            <p class="govuk-body">\(fault.words) Nothing has been changed.</p>
            <p class="govuk-body">\(fault.isOfProgram
                ? "Go back, load the page again, choose the file again, and send it once more with a browser."
                : "Go back, choose the file again, and send it once more.")</p>
            """)
    }
}

extension MultipartFault {
    /// What is wrong, in a sentence.
    fileprivate var words: String {
        switch self {
        case .noBoundary: "It does not say by which line its parts are told apart."
        case .notBegun: "It does not begin with the line by which its parts are told apart."
        case .cutShort: "It arrived cut short, as when a connection breaks."
        case .brokenBoundary: "The line by which its parts are told apart stands where it may not."
        case .badHeader: "What goes before one of its parts is not written as browsers write it."
        case .headerTooLong:
            "What goes before one of its parts is too long: the name of a file may be. Give it a shorter one."
        case .noName: "One of its parts has no name."
        case .doubledName: "Two of its parts have one name, and only one may have it."
        case .nested: "One of its parts holds parts of its own. Send each file by itself."
        case .wrongCharset: "Its words are in another character set than UTF-8."
        case .notText: "Its words hold characters that are not text."
        case .tooManyParts: "It has more than \(Multipart.mostParts) parts."
        case .textTooLong: "Its words are too long."
        case .filesTooLarge: "Its files are too large."
        }
    }

    /// Whether browsers do not do this: a program did, or something on the way.
    fileprivate var isOfProgram: Bool { self != .cutShort && self != .headerTooLong }
}
