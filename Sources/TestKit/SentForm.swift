import Web

/// A form with files, written as a browser would.
public struct SentForm: Sendable {
    public let boundary: String
    public private(set) var body: [UInt8] = []
    public var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// A file that is sent in a field.
    public struct File: Sendable {
        public let field, name, type: String
        public let bytes: [UInt8]

        public init(_ field: String, _ name: String, _ bytes: [UInt8], type: String = "application/octet-stream") {
            (self.field, self.name, self.bytes, self.type) = (field, name, bytes, type)
        }
    }

    public init(_ fields: [(String, String)], _ files: [File] = [], boundary: String = "----TestBoundary7MA4YWxk") {
        self.boundary = boundary
        for (name, value) in fields {
            add("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
        }
        for file in files {
            let names = "name=\"\(file.field)\"; filename=\"\(file.name)\""
            add("Content-Disposition: form-data; \(names)\r\nContent-Type: \(file.type)", file.bytes)
        }
        body += Array("--\(boundary)--\r\n".utf8)
    }

    private mutating func add(_ header: String, _ content: [UInt8]) {
        body += Array("--\(boundary)\r\n\(header)\r\n\r\n".utf8) + content + [13, 10]
    }
}

extension TestApp {
    /// Sends the form that stands on `page` and posts to `address`, with its hidden values and these files, as the
    /// server would: the body is read when the site asks for it.
    public func post(
        _ address: String, _ fields: [String: String], files: [SentForm.File], from page: Answer,
        cookies: [String: String] = [:]
    ) async -> Answer {
        let form = SentForm(fieldsSent(to: address, fields, from: page), files)
        let head = Request(
            method: "POST", path: address, contentType: form.contentType, secFetchSite: "same-origin", cookies: cookies)
        return await send(head, body: UnreadBody(length: form.body.count, usual: 65_536) { _, _ in form.body })
    }
}
