import Kernel

/// One value as it goes to, or comes from, a database column. There are no blobs: bytes are kept as text.
public enum SQLValue: Hashable, Sendable {
    case null, integer(Int), real(Double), text(String)
}

/// A type that knows its one column form.
public protocol Storable: Sendable {
    var sqlValue: SQLValue { get }
    /// - Throws: `StorageFault.badValue` where the column holds something else.
    static func reading(_ value: SQLValue) throws -> Self
}

/// SQL text with its bound values. A value in an interpolation is bound, never pasted; only literals and other
/// `SQL` become text.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
    public enum Part: Hashable, Sendable { case text(String), value(SQLValue) }
    public private(set) var parts: [Part]

    public init(stringLiteral text: String) { parts = [.text(text)] }
    public init(stringInterpolation made: StringInterpolation) { parts = made.parts }
    private init(parts: [Part]) { self.parts = parts }

    public struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []
        public init(literalCapacity: Int, interpolationCount: Int) { parts.reserveCapacity(interpolationCount * 2 + 1) }
        public mutating func appendLiteral(_ text: String) { parts.append(.text(text)) }
        public mutating func appendInterpolation(_ value: some Storable) { parts.append(.value(value.sqlValue)) }
        public mutating func appendInterpolation(_ value: (some Storable)?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }
        public mutating func appendInterpolation(_ fragment: SQL) { parts += fragment.parts }
        /// A list for `IN`: `(?, ?, ?)`; an empty one matches nothing.
        public mutating func appendInterpolation(_ values: [some Storable]) {
            guard !values.isEmpty else { return parts.append(.text("(NULL)")) }
            for (index, value) in values.enumerated() {
                parts.append(.text(index == 0 ? "(" : ", "))
                parts.append(.value(value.sqlValue))
            }
            parts.append(.text(")"))
        }
    }

    /// The fragments with this text between them.
    public static func joined(_ fragments: [SQL], by mark: SQL) -> SQL {
        var parts: [Part] = []
        for (index, fragment) in fragments.enumerated() {
            if index > 0 { parts += mark.parts }
            parts += fragment.parts
        }
        return SQL(parts: parts)
    }

    /// Puts a fragment behind what is there.
    public mutating func append(_ fragment: SQL) { parts += fragment.parts }
}

/// The names of an answer's columns, shared by all its rows.
public final class Columns: Sendable {
    private let names: [String]

    public init(_ names: some Sequence<String>) { self.names = Array(names) }

    // An answer has few columns and mostly few rows: they are sooner looked through than hashed.
    subscript(name: String) -> Int? { names.firstIndex(of: name) }
}

/// One row of an answer. Columns are read by name.
public struct Row: Sendable {
    let columns: Columns
    let values: [SQLValue]

    public init(_ columns: Columns, _ values: [SQLValue]) { (self.columns, self.values) = (columns, values) }

    /// - Throws: `StorageFault` where the column is absent, null or of another kind.
    public func get<T: Storable>(_ name: String, as type: T.Type = T.self) throws -> T {
        try T.reading(try value(name))
    }

    /// The value, or nil where the column is null.
    ///
    /// - Throws: `StorageFault` where the column is absent or of another kind.
    public func optional<T: Storable>(_ name: String, as type: T.Type = T.self) throws -> T? {
        let value = try value(name)
        return value == .null ? nil : try T.reading(value)
    }

    /// The value in the column at this place, from 0: for reading many rows fast.
    ///
    /// - Throws: `StorageFault` where there is no such column.
    public func value(at index: Int) throws -> SQLValue {
        guard values.indices.contains(index) else { throw StorageFault.noColumn(String(index)) }
        return values[index]
    }

    private func value(_ name: String) throws -> SQLValue {
        guard let index = columns[name] else { throw StorageFault.noColumn(name) }
        return values[index]
    }
}

extension String: Storable {
    public var sqlValue: SQLValue { .text(self) }
    public static func reading(_ value: SQLValue) throws -> String {
        guard case .text(let text) = value else { throw StorageFault.badValue(value, wanted: "text") }
        return text
    }
}

extension Int: Storable {
    public var sqlValue: SQLValue { .integer(self) }
    public static func reading(_ value: SQLValue) throws -> Int {
        guard case .integer(let number) = value else { throw StorageFault.badValue(value, wanted: "a whole number") }
        return number
    }
}

extension Double: Storable {
    public var sqlValue: SQLValue { .real(self) }
    public static func reading(_ value: SQLValue) throws -> Double {
        switch value {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        default: throw StorageFault.badValue(value, wanted: "a number")
        }
    }
}

/// Kept as 0 or 1.
extension Bool: Storable {
    public var sqlValue: SQLValue { .integer(self ? 1 : 0) }
    public static func reading(_ value: SQLValue) throws -> Bool {
        switch value {
        case .integer(0): return false
        case .integer(1): return true
        default: throw StorageFault.badValue(value, wanted: "0 or 1")
        }
    }
}

extension Day: Storable {
    public var sqlValue: SQLValue { .text(iso) }
    public static func reading(_ value: SQLValue) throws -> Day {
        guard case .text(let text) = value, let day = try? Day(iso: text) else {
            throw StorageFault.badValue(value, wanted: "a day")
        }
        return day
    }
}

extension Instant: Storable {
    public var sqlValue: SQLValue { .text(iso) }
    public static func reading(_ value: SQLValue) throws -> Instant {
        guard case .text(let text) = value, let moment = try? Instant(iso: text) else {
            throw StorageFault.badValue(value, wanted: "a moment")
        }
        return moment
    }
}

extension Pence: Storable {
    public var sqlValue: SQLValue { .integer(count) }
    public static func reading(_ value: SQLValue) throws -> Pence { Pence(try Int.reading(value)) }
}

extension ID: Storable {
    public var sqlValue: SQLValue { .text(text) }
    public static func reading(_ value: SQLValue) throws -> ID { ID(try String.reading(value)) }
}

extension Postcode: Storable {
    public var sqlValue: SQLValue { .text(text) }
    public static func reading(_ value: SQLValue) throws -> Postcode {
        guard case .text(let text) = value, let postcode = try? Postcode(text) else {
            throw StorageFault.badValue(value, wanted: "a postcode")
        }
        return postcode
    }
}

extension URN: Storable {
    public var sqlValue: SQLValue { .integer(number) }
    public static func reading(_ value: SQLValue) throws -> URN {
        guard case .integer(let number) = value, let urn = try? URN(String(number)) else {
            throw StorageFault.badValue(value, wanted: "a URN")
        }
        return urn
    }
}

/// An enumeration of words is kept as its word.
extension Storable where Self: RawRepresentable, RawValue == String {
    public var sqlValue: SQLValue { .text(rawValue) }
    public static func reading(_ value: SQLValue) throws -> Self {
        guard case .text(let text) = value, let found = Self(rawValue: text) else {
            throw StorageFault.badValue(value, wanted: "a \(Self.self)")
        }
        return found
    }
}

extension NeedType: Storable {}
extension SENLevel: Storable {}
extension Weekday: Storable {}

extension Optional where Wrapped: Storable {
    /// The value, or nil where the column is null.
    ///
    /// - Throws: `StorageFault.badValue` where the column holds something else.
    public static func reading(_ value: SQLValue) throws -> Wrapped? {
        value == .null ? nil : try Wrapped.reading(value)
    }
}
