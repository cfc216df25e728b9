import Cryptography
import Kernel

/// A file that somebody sent with a form.
public struct UploadedFile: Sendable {
    /// The name of the field that it came in.
    public let field: String
    /// What it was called where it came from, without folders, control characters or what turns text round, of at most
    /// 120 characters, never empty. To be shown, never to be used as a path.
    public let name: String
    /// The media type that the browser says it has, in small letters and without parameters: nothing to rely on.
    public let declaredType: String
    /// Its bytes: a part of the body as it came, not a copy.
    public let bytes: ArraySlice<UInt8>

    /// SHA-256 of its bytes, as 64 hex figures; worked out anew at each call.
    public func sha256() -> String {
        var hasher = Sodium.Hasher()
        hasher.update(bytes)
        return hasher.finish()
    }

    /// The last part of a path, of whatever system, without what cannot be seen.
    static func shorn(_ given: String) -> String {
        // By scalars: a slash with an accent upon it is one character, but still a slash.
        var kept = String.UnicodeScalarView()
        for scalar in given.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: continue
            default: if scalar == "/" || scalar == "\\" { kept.removeAll() } else { kept.append(scalar) }
            }
        }
        let name = String(String.UnicodeScalarView(kept.suffix(120))).trimmed
        return name.allSatisfy { $0 == "." } ? "unnamed" : name
    }
}

/// Why a body of `multipart/form-data` is not read. Nothing of such a body is used.
enum MultipartFault: Error, Hashable, CaseIterable {
    /// The header names no boundary, or none that is allowed.
    case noBoundary
    /// The body does not begin with the boundary.
    case notBegun
    /// The body ends before its last boundary.
    case cutShort
    /// The boundary stands within a content, or something follows it or the end.
    case brokenBoundary
    /// The header of a part cannot be read, or is written in a way that the standard gave up.
    case badHeader
    case headerTooLong
    case noName
    /// A file and words of one name, or a hidden value of the form that comes twice.
    case doubledName
    case nested
    /// The words are in another character set than UTF-8.
    case wrongCharset
    /// The words are not UTF-8, or hold a zero byte.
    case notText
    case tooManyParts
    case textTooLong
    case filesTooLarge
}

/// A form with files as browsers send it: `multipart/form-data` (RFC 7578), read strictly and in one pass.
///
/// What no browser sends is refused: words before the first boundary or after the last, padding after a boundary,
/// folded headers, parts within parts, `filename*`, transfer encodings that change bytes.
struct Multipart {
    private(set) var fields: [(name: String, value: String)] = []
    private(set) var files: [UploadedFile] = []
    private var fieldNames = Set<String>(), fileNames = Set<String>()
    private var textBytes = 0, fileBytes = 0

    /// Parts of one form: fields and files together.
    static let mostParts = 64
    /// Bytes of the headers of one part.
    static let mostHeader = 2048
    /// Bytes of all names and words together: as many as a form without files may have.
    static let mostText = 65_536
    /// What a body may hold besides the bytes of its files.
    static let mostBesides = mostText + mostParts * (mostHeader + 100)

    /// Whether this `Content-Type` is one of many parts, of whatever kind.
    static func isNamed(in contentType: String) -> Bool { contentType.lowercased().hasPrefix("multipart/") }

    /// - Parameters:
    ///   - contentType: the header of the request.
    ///   - limit: the bytes that all files together may have.
    init(reading body: [UInt8], as contentType: String, limit: Int) throws(MultipartFault) {
        let boundary = try Self.boundary(in: contentType)
        var scan = MultipartScan(body, delimiter: [13, 10, 45, 45] + boundary)
        try scan.begin()
        var parts = 0
        while try scan.nextPart() {
            parts += 1
            guard parts <= Self.mostParts else { throw .tooManyParts }
            let header = try PartHeader(try scan.header(limit: Self.mostHeader))
            let content = body[try scan.content()]
            guard let fileName = header.fileName else {
                try add(header, text: content)
                continue
            }
            try add(header, fileName, content, limit: limit)
        }
    }

    private mutating func add(_ header: PartHeader, text content: ArraySlice<UInt8>) throws(MultipartFault) {
        textBytes += header.name.utf8.count + content.count
        guard textBytes <= Self.mostText else { throw .textTooLong }
        guard header.isOfUTF8 else { throw .wrongCharset }
        guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else { throw .notText }
        if header.name == "_charset_", text.lowercased() != "utf-8" { throw .wrongCharset }
        // Boxes that are ticked come as words of one name; what the form hides comes once.
        let isNew = fieldNames.insert(header.name).inserted
        guard isNew || !header.name.hasPrefix("form-"), !fileNames.contains(header.name) else { throw .doubledName }
        fields.append((header.name, text))
    }

    private mutating func add(
        _ header: PartHeader, _ fileName: String, _ content: ArraySlice<UInt8>, limit: Int
    ) throws(MultipartFault) {
        // Several files may be chosen in one field.
        fileNames.insert(header.name)
        guard !fieldNames.contains(header.name), !header.name.hasPrefix("form-") else { throw .doubledName }
        fileBytes += content.count
        guard fileBytes <= limit else { throw .filesTooLarge }
        // A field in which no file was chosen comes with an empty name and nothing in it.
        if fileName.isEmpty, content.isEmpty { return }
        files.append(
            UploadedFile(
                field: header.name, name: UploadedFile.shorn(fileName), declaredType: header.type, bytes: content))
    }

    /// The boundary that the header names: 1 to 70 characters (RFC 2046, section 5.1.1).
    private static func boundary(in contentType: String) throws(MultipartFault) -> [UInt8] {
        guard let header = HeaderValue(reading: Array(contentType.utf8)[...]), header.value == "multipart/form-data",
            let boundary = header["boundary"], (1...70).contains(boundary.count), boundary.last != 32,
            boundary.allSatisfy(isOfBoundary)
        else { throw .noBoundary }
        if let charset = header["charset"], !HeaderValue.isUTF8(charset) { throw .wrongCharset }
        return boundary
    }

    private static func isOfBoundary(_ byte: UInt8) -> Bool {
        HeaderValue.isAlphanumeric(byte) || "'()+_,-./:=? ".utf8.contains(byte)
    }
}

/// The place reached in a body of many parts. Every byte is looked at once, or twice where it begins a boundary.
private struct MultipartScan {
    private let body: [UInt8]
    /// A new line, two dashes and the boundary.
    private let delimiter: [UInt8]
    private var place = 0

    init(_ body: [UInt8], delimiter: [UInt8]) { (self.body, self.delimiter) = (body, delimiter) }

    /// Steps over the first boundary, which has no new line before it.
    mutating func begin() throws(MultipartFault) {
        let first = delimiter.dropFirst(2)
        guard body.count >= first.count else { throw body.isEmpty ? .cutShort : .notBegun }
        guard body.starts(with: first) else { throw .notBegun }
        place = first.count
    }

    /// Whether a part follows the boundary that was stepped over; false at the proper end.
    mutating func nextPart() throws(MultipartFault) -> Bool {
        guard place + 2 <= body.count else { throw .cutShort }
        let after = (body[place], body[place + 1])
        place += 2
        if after == (13, 10) { return true }
        guard after == (45, 45), body[place...].elementsEqual([13, 10]) || place == body.count else {
            throw .brokenBoundary
        }
        return false
    }

    /// The lines of a part’s header, without the empty line that ends it.
    mutating func header(limit: Int) throws(MultipartFault) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        let end = min(body.count, place + limit)
        var start = place
        var at = place
        while at + 1 < end {
            guard body[at] != 10, body[at] != 0 else { throw .badHeader }
            guard body[at] == 13 else {
                at += 1
                continue
            }
            guard body[at + 1] == 10 else { throw .badHeader }
            let line = body[start..<at]
            at += 2
            start = at
            if line.isEmpty {
                place = at
                return lines
            }
            lines.append(line)
        }
        throw end < body.count ? .headerTooLong : .cutShort
    }

    /// The content from here to the next boundary, which is stepped over.
    mutating func content() throws(MultipartFault) -> Range<Int> {
        let start = place
        var at = place
        while at + delimiter.count <= body.count {
            guard body[at] == 13 else {
                at += 1
                continue
            }
            var matched = 1
            while matched < delimiter.count, body[at + matched] == delimiter[matched] { matched += 1 }
            if matched == delimiter.count {
                place = at + matched
                return start..<at
            }
            // A boundary holds no carriage return but its first byte, so none begins within what matched.
            at += matched
        }
        throw .cutShort
    }
}

/// What the header of one part says.
private struct PartHeader {
    private(set) var name = ""
    /// Nil where the part is words.
    private(set) var fileName: String?
    private(set) var type = "application/octet-stream"
    private(set) var isOfUTF8 = true

    init(_ lines: [ArraySlice<UInt8>]) throws(MultipartFault) {
        var seen = Set<String>()
        for line in lines {
            guard let colon = line.firstIndex(of: 58), colon > line.startIndex,
                line[..<colon].allSatisfy(HeaderValue.isOfToken)
            else { throw .badHeader }
            let key = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            guard ["content-disposition", "content-type", "content-transfer-encoding"].contains(key) else { continue }
            guard seen.insert(key).inserted, let value = HeaderValue(reading: line[(colon + 1)...]) else {
                throw .badHeader
            }
            switch key {
            case "content-disposition": try read(disposition: value)
            case "content-type": try read(type: value)
            default: guard ["7bit", "8bit", "binary"].contains(value.value) else { throw .badHeader }
            }
        }
        guard !name.isEmpty else { throw .noName }
    }

    private mutating func read(disposition: HeaderValue) throws(MultipartFault) {
        guard disposition.value == "form-data", disposition["filename*"] == nil, disposition["name*"] == nil else {
            throw .badHeader
        }
        guard let name = disposition["name"], !name.isEmpty else { throw .noName }
        guard let text = Self.unescaped(name), !text.unicodeScalars.contains(where: { $0.value < 32 }) else {
            throw .badHeader
        }
        self.name = text
        guard let fileName = disposition["filename"] else { return }
        guard let text = Self.unescaped(fileName) else { throw .badHeader }
        self.fileName = text
    }

    private mutating func read(type header: HeaderValue) throws(MultipartFault) {
        if header.value.hasPrefix("multipart/") { throw .nested }
        type = header.value
        if let charset = header["charset"] { isOfUTF8 = HeaderValue.isUTF8(charset) }
    }

    /// Browsers write a quote and the two signs of a new line as percent signs, and nothing else so.
    private static func unescaped(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
        return text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }
}

/// The value of a header with its parameters: `form-data; name="file"; filename="a.csv"`.
private struct HeaderValue {
    /// What stands before the first semicolon, in small letters.
    let value: String
    /// By their names in small letters; none comes twice.
    private var parameters: [String: [UInt8]] = [:]

    subscript(_ name: String) -> [UInt8]? { parameters[name] }

    /// Nil where it is not well formed, or names a parameter twice.
    init?(reading bytes: ArraySlice<UInt8>) {
        var rest = bytes
        Self.skipSpace(&rest)
        let value = rest.prefix { Self.isOfToken($0) || $0 == 47 }
        guard !value.isEmpty else { return nil }
        self.value = String(decoding: value, as: UTF8.self).lowercased()
        rest = rest.dropFirst(value.count)
        Self.skipSpace(&rest)
        while let sign = rest.popFirst() {
            guard sign == 59 else { return nil }
            Self.skipSpace(&rest)
            let name = rest.prefix(while: Self.isOfToken)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.popFirst() == 61, let text = Self.text(&rest) else { return nil }
            let key = String(decoding: name, as: UTF8.self).lowercased()
            guard parameters.updateValue(text, forKey: key) == nil else { return nil }
            Self.skipSpace(&rest)
        }
    }

    /// A word, or words between quotes, in which a backslash goes before a quote or another backslash. Before anything
    /// else it stands for itself, since some programs send the whole path of a file.
    private static func text(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.first == 34 else {
            let word = rest.prefix(while: isOfToken)
            rest = rest.dropFirst(word.count)
            return word.isEmpty ? nil : Array(word)
        }
        rest.removeFirst()
        var text: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == 34 { return text }
            if byte == 92, let next = rest.first, next == 34 || next == 92 {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(byte)
            }
        }
        return nil
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) { rest = rest.drop { $0 == 32 || $0 == 9 } }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    static func isOfToken(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte) }

    static func isUTF8(_ charset: [UInt8]) -> Bool {
        ["utf-8", "utf8", "us-ascii"].contains(String(decoding: charset, as: UTF8.self).lowercased())
    }
}
