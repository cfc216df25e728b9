import Kernel

public struct FieldError: Hashable, Sendable {
    public let field: String
    public let message: String
    public init(_ field: String, _ message: String) { (self.field, self.message) = (field, message) }
}

/// A form as it was sent, and what is wrong with it; also what a page needs to draw one.
///
/// Every form on every page is opened by `posting(to:version:)`, which writes the three hidden values that the
/// server will ask back: the token that shows it came from here, the key by which sending it twice is doing it
/// once, and the version of what it changes.
public struct Form: Sendable {
    public let fields: Query
    /// The files that came with it, in the order in which they came; a field in which none was chosen has none.
    public let files: [UploadedFile]
    public private(set) var errors: [FieldError] = []
    /// The key this form was sent with; where it was not sent yet, the key it will be sent with.
    public let key: String
    private let sign: @Sendable (String) -> String
    private let match: String?

    /// - Parameter match: what the request’s `If-Match` header says, for programs that send forms.
    public init(
        _ fields: Query = Query(), files: [UploadedFile] = [], key: String, match: String? = nil,
        sign: @escaping @Sendable (String) -> String
    ) {
        (self.fields, self.files, self.key, self.match, self.sign) = (fields, files, key, match, sign)
    }

    static let tokenField = "form-token", keyField = "form-key", versionField = "form-version"

    /// What was written in a field, without spaces around it; empty where nothing was.
    public subscript(_ name: String) -> String { fields[name] ?? "" }

    /// The text of a field, of at most `limit` characters; notes the mistake and gives nil where there is none.
    public mutating func text(_ name: String, orSay message: String, limit: Int = 2000) -> String? {
        within(limit, fields[name], name, message)
    }

    /// The same to the letter, spaces around it too: for passwords.
    public mutating func secret(_ name: String, orSay message: String, limit: Int) -> String? {
        within(limit, fields.exact(name), name, message)
    }

    /// The file that was chosen in a field; nil where none was.
    public func file(_ name: String) -> UploadedFile? { files.first { $0.field == name } }

    /// The file that was chosen in a field; notes the mistake and gives nil where none was, or it is empty.
    public mutating func file(_ name: String, orSay message: String) -> UploadedFile? {
        guard let file = file(name) else {
            refuse(name, message)
            return nil
        }
        guard files.filter({ $0.field == name }).count == 1 else {
            refuse(name, "Choose one file")
            return nil
        }
        guard !file.bytes.isEmpty else {
            refuse(name, "“\(file.name)” is empty. Choose a file with something in it")
            return nil
        }
        return file
    }

    /// A day, as `31/8/2027`, with or without noughts, or `2027-08-31`; notes the mistake and gives nil where there is
    /// none.
    public mutating func day(_ name: String, orSay message: String) -> Day? {
        guard let text = text(name, orSay: message, limit: 40) else { return nil }
        let parts = text.split { "/.- ".contains($0) }.compactMap { $0.count <= 4 ? Digits.number($0) : nil }
        do {
            guard parts.count == 3 else {
                throw Malformed(wanted: "a day", given: text, reason: "a day has three numbers")
            }
            return parts[0] > 31 ? try Day(parts[0], parts[1], parts[2]) : try Day(parts[2], parts[1], parts[0])
        } catch {
            refuse(name, "\(error). Write it as 31/8/2027")
            return nil
        }
    }

    private mutating func within(_ limit: Int, _ given: String?, _ name: String, _ message: String) -> String? {
        guard let text = given, !text.isEmpty else {
            refuse(name, message)
            return nil
        }
        guard text.count <= limit else {
            refuse(name, "Write at most \(Digits.grouped(limit)) characters; this is \(Digits.grouped(text.count))")
            return nil
        }
        return text
    }

    /// The version the form was drawn from, by its hidden field or by `If-Match: "12"`; nil where neither says.
    public var version: Int? {
        if let field = fields[Form.versionField] { return Digits.number(field) }
        guard let match, match.count > 2, match.hasPrefix("\""), match.hasSuffix("\"") else { return nil }
        return Digits.number(match.dropFirst().dropLast())
    }

    public mutating func refuse(_ name: String, _ message: String) { errors.append(FieldError(name, message)) }

    public func error(of name: String) -> String? { errors.first { $0.field == name }?.message }

    /// A form that posts to this address.
    ///
    /// - Parameters:
    ///   - version: the version of the thing it changes, where it changes one.
    ///   - id: where buttons elsewhere on the page belong to it.
    ///   - repeatable: true where doing it twice is by nature doing it once (putting a thing on a list): then no
    ///     key is written, and the page can be the same for everyone.
    ///   - files: true where it has a `fileInput`; its route says how much it takes, by `taking(megabytes:)`.
    public func posting(
        to address: String, version: Int? = nil, id: String? = nil, repeatable: Bool = false, files: Bool = false,
        _ content: HTML
    ) -> HTML {
        let encoding: HTML? = files ? " enctype=\"multipart/form-data\"" : nil
        let key: HTML? = repeatable ? nil : hidden(Form.keyField, key)
        let id: HTML? = id.map { " id=\"\($0)\"" }
        let version: HTML? = version.map { hidden(Form.versionField, String($0)) }
        return """
            <form method="post" action="\(address)"\(id)\(encoding) novalidate>
            \(hidden(Form.tokenField, sign(address)))\(key)\(version)\(content)
            </form>
            """
    }
}

extension Form {
    /// A form of nothing but a button, for the top of every page: doing it twice is by nature doing it once.
    static func ofOneButton(to address: String, token: String, _ text: String) -> HTML {
        """
        <form method="post" action="\(address)" class="app-header__form">\(hidden(tokenField, token))\
        <button class="app-header__button">\(text)</button></form>
        """
    }
}

func hidden(_ name: String, _ value: String) -> HTML {
    "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
}
