import Foundation
import Kernel
import Notices
import Web

/// A notice as JSON from a program, read strictly: every member is known, of its type, and there once.
struct NoticeJSON {
    private(set) var draft = NoticeDraft()
    /// The name of the body that it says it is from; nil where it does not say.
    private(set) var body: String?
    private(set) var errors: [FieldError] = []

    /// - Throws: `Malformed` where the bytes are not JSON, or no object.
    init(_ bytes: [UInt8]) throws(Malformed) {
        try JSONGate.check(bytes, deepest: 8)
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)), case .object(let members) = value
        else { throw Malformed(wanted: "a notice", reason: "it is one JSON object, in braces") }
        read(members)
    }

    private static let groups = ["child", "parent"]

    private mutating func read(_ members: [String: Value]) {
        var flat: [String: Value] = [:]
        for (name, value) in members {
            guard Self.groups.contains(name) else {
                flat[name] = value
                continue
            }
            switch value {
            case .null: break
            case .object(let inner): for (part, value) in inner { flat["\(name).\(part)"] = value }
            default: errors.append(FieldError(name, "This is an object, in braces"))
            }
        }
        for (name, value) in flat.sorted(by: { $0.key < $1.key }) { take(value, named: name) }
    }

    private mutating func take(_ value: Value, named name: String) {
        if case .null = value { return }
        if name == "body" {
            body = value.text
            if body == nil { errors.append(FieldError(name, "Write this as text, in double quotes")) }
            return
        }
        guard let field = NoticeField(rawValue: name) else {
            let known = (["body"] + NoticeField.allCases.map(\.rawValue)).joined(separator: ", ")
            return errors.append(FieldError(String(name.prefix(80)), "This is not known here. Known are: \(known)"))
        }
        switch (field, value) {
        case (.needs, .list(let items)):
            let codes = items.compactMap(\.text)
            guard codes.count == items.count, codes.allSatisfy({ !$0.contains { " ,".contains($0) } }) else {
                return errors.append(FieldError(name, "Write this as a list of codes, like [\"SLCN\", \"ASD\"]"))
            }
            draft[field] = codes.joined(separator: " ")
        case (.needs, _): errors.append(FieldError(name, "Write this as a list of codes, like [\"SLCN\", \"ASD\"]"))
        case (.offered, .bool(let flag)), (.noVoluntaryBody, .bool(let flag)): draft[field] = flag ? "yes" : "no"
        case (.offered, _), (.noVoluntaryBody, _): errors.append(FieldError(name, "Write true or false"))
        case (_, .text(let text)): draft[field] = text
        default: errors.append(FieldError(name, "Write this as text, in double quotes"))
        }
    }

    /// A value of JSON; numbers are none of ours.
    private enum Value: Decodable {
        case null, other, bool(Bool), text(String), list([Value]), object([String: Value])

        init(from decoder: any Decoder) throws {
            let box = try decoder.singleValueContainer()
            if box.decodeNil() {
                self = .null
            } else if let flag = try? box.decode(Bool.self) {
                self = .bool(flag)
            } else if let text = try? box.decode(String.self) {
                self = .text(text)
            } else if let list = try? box.decode([Value].self) {
                self = .list(list)
            } else if let object = try? box.decode([String: Value].self) {
                self = .object(object)
            } else {
                self = .other
            }
        }

        var text: String? { if case .text(let text) = self { text } else { nil } }
    }
}

extension NoticeReceipt {
    /// What a program is told: what we have, what it lacks, and what happens next, with the law.
    var json: JSON {
        let wanted = missing.map { missing -> JSON in
            .object([
                ("field", .text(missing.field.rawValue)),
                ("message", .text("Please tell us \(missing.words). Send the whole notice again, same reference.")),
            ])
        }
        var next: [JSON] = [.text(NoticeWords.attention(attention)), .text(NoticeWords.next)]
        if !missing.isEmpty { next.append(.text(NoticeWords.lead(from: leadFrom))) }
        return .object([
            ("id", .text(id)), ("reference", .text(reference)), ("outcome", .text(outcome.rawValue)),
            ("version", .int(number)), ("brought_to_attention_on", .text(attention.iso)),
            ("complete", .bool(missing.isEmpty)), ("missing", .array(wanted)),
            ("named_lead_decides_from", missing.isEmpty ? .null : .text(leadFrom.iso)),
            ("picked_up_on", .text(pickedUp?.iso)), ("what_happens_next", .array(next)),
            ("url", .text("/api/notices/\(id)")),
        ])
    }
}

extension Missing {
    /// Where the body says it.
    var field: NoticeField {
        switch self {
        case .told: .told
        case .offered: .offered
        case .voluntaryBody: .voluntaryBody
        }
    }
}
