import Kernel

public enum Method: String, Hashable, Sendable { case get = "GET", post = "POST" }

/// Something a person may be allowed to do, declared by the slice it belongs to: `plan.cease`.
public struct Action: Hashable, Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }
}

/// Who may use a route. There is no default: a route that names none does not compile, and one that names an
/// action no slice declares stops the server before it opens its port.
public enum Permission: Hashable, Sendable, CustomStringConvertible {
    /// Everybody: what is published.
    case anyone
    /// Whoever may do this to the thing that the address names in this parameter.
    case act(Action, on: String)

    public var description: String {
        switch self {
        case .anyone: "anyone"
        case .act(let action, let parameter): "\(action.name) on {\(parameter)}"
        }
    }
}

/// One address, who may use it, and what answers.
public struct Route: Sendable {
    public typealias Handler = @Sendable (Visit) async throws -> Reply

    public let method: Method
    /// `/entries/{entry}` or `/entries/{entry}.json`: a name in braces stands for one part of the path.
    public let path: String
    public let may: Permission
    public let handler: Handler

    public static func get(_ path: String, may: Permission, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, may: may, handler: handler)
    }

    public static func post(_ path: String, may: Permission, _ handler: @escaping Handler) -> Route {
        Route(method: .post, path: path, may: may, handler: handler)
    }

    /// The names in braces, in order.
    var parameterNames: [String] { Pattern(path).pieces.compactMap(\.name) }
}

/// A route's path, taken apart once.
struct Pattern: Sendable {
    struct Piece: Sendable {
        /// The name in braces, or nil where the piece is fixed.
        let name: String?
        /// The fixed text: the whole piece, or what follows the closing brace.
        let text: String
    }
    let pieces: [Piece]
    /// The pattern without the names of its parameters: two of the same shape answer to the same addresses.
    let shape: String

    init(_ path: String) {
        let pieces = path.split(separator: "/").map { part -> Piece in
            guard part.hasPrefix("{"), let end = part.firstIndex(of: "}") else {
                return Piece(name: nil, text: String(part))
            }
            let name = part[part.index(after: part.startIndex)..<end]
            return Piece(name: String(name), text: String(part[part.index(after: end)...]))
        }
        self.pieces = pieces
        shape = pieces.map { "/" + ($0.name == nil ? $0.text : "{}" + $0.text) }.joined()
    }

    /// The parameters in this path, or nil where it is another's.
    func match(_ parts: [String]) -> [String: String]? {
        guard parts.count == pieces.count else { return nil }
        var found: [String: String] = [:]
        for (piece, part) in zip(pieces, parts) {
            if let name = piece.name {
                guard part.hasSuffix(piece.text), part.count > piece.text.count else { return nil }
                found[name] = String(part.dropLast(piece.text.count))
            } else if piece.text != part {
                return nil
            }
        }
        return found
    }

    /// Fixed pieces win over names, and a name with an ending over one without.
    var rank: [Int] { pieces.map { $0.name == nil ? 0 : $0.text.isEmpty ? 2 : 1 } }
}
