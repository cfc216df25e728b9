import Kernel

/// How somebody of a family wants to be written to and met with, as they or an officer said it.
///
/// - Law: Equality Act 2010, sections 20 and 29: adjustments, and information in a form that can be used.
public struct ContactWish: Hashable, Sendable {
    /// By which way they want to hear from the council.
    public enum Way: String, CaseIterable, Sendable {
        /// By mail that something is there, to be read by signing in.
        case online
        case post, telephone

        public var words: String {
            switch self {
            case .online: "by mail that something is there, and read here"
            case .post: "on paper, by post"
            case .telephone: "by telephone: somebody calls and reads it out"
            }
        }
    }

    /// In which forms besides plain print.
    public enum Form: String, CaseIterable, Sendable, Comparable {
        case largePrint = "large-print"
        case easyRead = "easy-read"
        case signed = "bsl"

        public var words: String {
            switch self {
            case .largePrint: "large print"
            case .easyRead: "Easy Read"
            case .signed: "British Sign Language (BSL)"
            }
        }

        public static func < (less: Form, more: Form) -> Bool { less.rawValue < more.rawValue }
    }

    public let way: Way
    public let forms: Set<Form>
    /// The language that letters should be in; empty for English.
    public let language: String
    /// The language that an interpreter speaks at every meeting; empty where none is wanted.
    public let interpreter: String
    /// Whether a BSL interpreter is wanted at every meeting.
    public let isSignedAtMeetings: Bool
    /// Anything else: when to call, say.
    public let note: String

    public static let usual = ContactWish()
    public static let longestNote = 500

    private init() {
        (way, forms, language, interpreter, isSignedAtMeetings, note) = (.online, [], "", "", false, "")
    }

    /// - Throws: `Malformed` where a language is none, or the note is too long.
    public init(
        way: Way, forms: Set<Form>, language: String, interpreter: String, isSignedAtMeetings: Bool, note: String
    ) throws(Malformed) {
        self.way = way
        self.forms = forms
        self.language = try Self.language(language)
        self.interpreter = try Self.language(interpreter)
        self.isSignedAtMeetings = isSignedAtMeetings
        guard note.count <= Self.longestNote else {
            throw Malformed(wanted: "a note", reason: "write at most \(Self.longestNote) characters")
        }
        self.note = note
    }

    /// A language as people call it; empty for English, and where none is named.
    public static func language(_ text: String) throws(Malformed) -> String {
        let isFree = text.utf8.allSatisfy { $0 >= 128 || isLetter($0) || [32, 39, 40, 41, 45].contains($0) }
        guard text.count <= 40, isFree else {
            throw Malformed(wanted: "a language", given: text, reason: "write its name in letters, for example Urdu")
        }
        return text.lowercased() == "english" ? "" : text
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }

    /// What people have to do with a letter before it has reached them: carry it, or make another version of it.
    public var errands: [ErrandKind] {
        var kinds: [ErrandKind] = []
        if way == .post { kinds.append(.post) }
        if way == .telephone { kinds.append(.telephone) }
        if !language.isEmpty { kinds.append(.language) }
        if forms.contains(.easyRead) { kinds.append(.easyRead) }
        if forms.contains(.signed) { kinds.append(.signed) }
        return kinds
    }

    /// All of it in a row; nil where nothing but what everybody gets is wanted.
    public var wants: String? {
        var wants = forms.sorted().map { $0 == .signed ? "letters signed in BSL" : $0.words }
        if !language.isEmpty { wants.append("letters in \(language)") }
        if way == .post { wants.append("letters on paper, by post") }
        if way == .telephone { wants.append("a call, by telephone, in place of letters") }
        if let meeting { wants.append("\(meeting) at every meeting") }
        guard let last = wants.popLast() else { return nil }
        return wants.isEmpty ? last : "\(wants.joined(separator: ", ")) and \(last)"
    }

    /// Who is to be there when they are met; nil where nobody is asked for.
    public var meeting: String? {
        var who: [String] = []
        if !interpreter.isEmpty { who.append("an interpreter in \(interpreter)") }
        if isSignedAtMeetings { who.append("a BSL interpreter") }
        return who.isEmpty ? nil : who.joined(separator: " and ")
    }
}

/// What people do with a letter for somebody, because a machine does not.
public enum ErrandKind: String, CaseIterable, Sendable {
    case post, telephone, language
    case easyRead = "easy-read"
    case signed = "bsl"

    /// Whether it makes another version of the letter, and does not carry it.
    public var isVersion: Bool { self != .post && self != .telephone }

    /// What is to be done, for whoever does it.
    public func duty(language: String) -> String {
        switch self {
        case .post: "Post it on paper"
        case .telephone: "Call, and read it to them"
        case .language: "Have it translated into \(language) by a person, and send that"
        case .easyRead: "Have it written in Easy Read, and send that"
        case .signed: "Have it signed in BSL, and send that"
        }
    }

    /// What the recipient is owed.
    public func owed(language: String) -> String {
        switch self {
        case .post: "by post"
        case .telephone: "by telephone"
        case .language: "in \(language)"
        case .easyRead: "in Easy Read"
        case .signed: "signed in BSL"
        }
    }
}

extension ErrandKind {
    /// What a letter says first of a version of it that people make; nil where this makes none.
    ///
    /// - Parameter meeting: who is there when the recipient is met or called.
    public func firstWords(language: String, isSent: Bool, meeting: String?) -> String? {
        guard isVersion else { return nil }
        let version = owed(language: language)
        if isSent { return "You asked for this letter \(version). That version was sent to you." }
        return """
            You asked for letters \(version). A person makes that version of this letter, and you get it too. No \
            machine does it: a wrong word about your rights could cost you them. If you cannot wait, call us and we \
            explain it to you\(meeting.map { " with \($0)" } ?? "").
            """
    }
}
