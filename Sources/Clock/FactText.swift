import Kernel

/// Reads facts as a file states them: `kind:key=value;key=value`, several joined by `|`.
struct FactText {
    let kinds: [FactKind]

    /// - Throws: `CannotSay.impossible` with what is wrong and what is allowed.
    func facts(_ text: ArraySlice<UInt8>) throws(CannotSay) -> [Fact] {
        let text = trimmed(text)
        if text.isEmpty { return [] }
        var (facts, start) = ([Fact](), text.startIndex)
        while true {
            let end = text[start...].firstIndex(of: 124) ?? text.endIndex
            let fact = try fact(trimmed(text[start..<end]))
            if facts.contains(where: { $0.kind == fact.kind }) {
                throw .impossible("the fact “\(kinds[fact.kind].name)” stands twice; state each kind once")
            }
            facts.append(fact)
            if end == text.endIndex { return facts }
            start = end + 1
        }
    }

    private func fact(_ text: ArraySlice<UInt8>) throws(CannotSay) -> Fact {
        let colon = text.firstIndex(of: 58)
        let name = trimmed(text[..<(colon ?? text.endIndex)])
        guard let place = kinds.firstIndex(where: { name.elementsEqual($0.bytes) }) else {
            throw .impossible(
                "“\(shown(name))” is no kind of fact; the kinds are \(kinds.map(\.name).joined(separator: ", "))")
        }
        let kind = kinds[place]
        var values = [Fact.Value?](repeating: nil, count: kind.keys.count)
        if let colon { try read(trimmed(text[(colon + 1)...]), kind, &values) }
        for (at, key) in kind.keys.enumerated() where key.isNeeded && values[at] == nil {
            throw .impossible("the fact “\(kind.name)” needs “\(key.name)”")
        }
        try check(kind, values)
        return Fact(kind: place, values: values)
    }

    private func read(_ text: ArraySlice<UInt8>, _ kind: FactKind, _ values: inout [Fact.Value?]) throws(CannotSay) {
        if text.isEmpty { return }
        var start = text.startIndex
        while true {
            let end = text[start...].firstIndex(of: 59) ?? text.endIndex
            try pair(trimmed(text[start..<end]), kind, &values)
            if end == text.endIndex { return }
            start = end + 1
        }
    }

    private func pair(_ text: ArraySlice<UInt8>, _ kind: FactKind, _ values: inout [Fact.Value?]) throws(CannotSay) {
        guard let equals = text.firstIndex(of: 61) else {
            throw .impossible("“\(shown(text))” of the fact “\(kind.name)” is not written as key=value")
        }
        let name = trimmed(text[..<equals])
        let value = trimmed(text[(equals + 1)...])
        guard let at = kind.keys.firstIndex(where: { name.elementsEqual($0.bytes) }) else {
            let keys = kind.keys.isEmpty ? "it has none" : "it has \(kind.keys.map(\.name).joined(separator: ", "))"
            throw .impossible("“\(shown(name))” is no key of the fact “\(kind.name)”; \(keys)")
        }
        guard values[at] == nil else {
            throw .impossible("“\(kind.keys[at].name)” of the fact “\(kind.name)” stands twice")
        }
        values[at] = try self.value(value, kind, kind.keys[at])
    }

    private func value(_ text: ArraySlice<UInt8>, _ kind: FactKind, _ key: FactKind.Key) throws(CannotSay) -> Fact.Value
    {
        switch key.type {
        case .day: return .day(try day(text, kind, key))
        case .evidence: return .text(String(decoding: text, as: UTF8.self))
        case .text:
            guard !text.isEmpty else { throw .impossible("“\(key.name)” of the fact “\(kind.name)” is empty") }
            return .text(String(decoding: text, as: UTF8.self))
        case .span:
            guard
                let dots = text.indices.first(where: { text[$0] == 46 && $0 + 1 < text.endIndex && text[$0 + 1] == 46 })
            else {
                throw .impossible(
                    "“\(key.name)” of the fact “\(kind.name)” is written FROM..TO, as 2020-05-01..2020-05-31")
            }
            let from = try day(trimmed(text[..<dots]), kind, key)
            let to = try day(trimmed(text[(dots + 2)...]), kind, key)
            guard from <= to else {
                throw .impossible(
                    "“\(key.name)” of the fact “\(kind.name)” ends on \(to.iso), before it begins on \(from.iso)")
            }
            return .span(from, to)
        }
    }

    private func day(_ text: ArraySlice<UInt8>, _ kind: FactKind, _ key: FactKind.Key) throws(CannotSay) -> Day {
        do { return try Day(isoBytes: text) } catch {
            throw .impossible("“\(key.name)” of the fact “\(kind.name)”: \(said(error))")
        }
    }

    /// Days that contradict each other.
    func check(_ kind: FactKind, _ values: [Fact.Value?]) throws(CannotSay) {
        for (at, key) in kind.keys.enumerated() {
            guard case .day(let day)? = values[at] else { continue }
            let (other, isStrict): (Int, Bool)
            switch key.order {
            case .before(let place): (other, isStrict) = (place, true)
            case .notAfter(let place): (other, isStrict) = (place, false)
            default: continue
            }
            guard other < values.count, case .day(let later)? = values[other] else { continue }
            if isStrict ? day >= later : day > later {
                throw .impossible(
                    "the fact “\(kind.name)” contradicts itself: “\(key.name)” is \(day.iso) and "
                        + "“\(kind.keys[other].name)” is "
                        + "\(later.iso)")
            }
        }
    }

    private func shown(_ text: ArraySlice<UInt8>) -> String {
        Malformed(wanted: "", given: String(decoding: text, as: UTF8.self), reason: "").given ?? ""
    }
}

/// A malformed date, as one clause.
func said(_ malformed: Malformed) -> String {
    guard let given = malformed.given, !given.isEmpty else { return "no date is written; \(malformed.reason)" }
    return "“\(given)” is not a date: \(malformed.reason)"
}

/// Without spaces and tabs around it.
func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var (from, to) = (text.startIndex, text.endIndex)
    while from < to, text[from] == 32 || text[from] == 9 { from += 1 }
    while to > from, text[to - 1] == 32 || text[to - 1] == 9 { to -= 1 }
    return text[from..<to]
}
