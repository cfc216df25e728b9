import Kernel
import Storage

public enum Method: String, Hashable, Sendable { case get = "GET", post = "POST" }

/// How the thing that an address names leads to the person it is about.
public struct PersonPath: Sendable {
    /// The person of the thing with this identifier, as a query of one column `person`.
    public let person: @Sendable (String) -> SQL
    public init(_ person: @escaping @Sendable (String) -> SQL) { self.person = person }
}

/// How the secret that an address holds leads to the one task that it opens. Two of one name are one.
public struct LinkPath: Hashable, Sendable {
    public let name: String
    /// The task that this secret opens, or opened once, as a query of one column `task`.
    public let task: @Sendable (String) -> SQL

    public init(_ name: String, _ task: @escaping @Sendable (String) -> SQL) { (self.name, self.task) = (name, task) }

    public static func == (one: LinkPath, other: LinkPath) -> Bool { one.name == other.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// How the key that a program shows leads to whoever it was given to. Two of one name are one.
public struct KeyDoor: Hashable, Sendable {
    public let name: String
    /// Who holds this key, as a query of one column `holder`; no row where it is none, or was taken back.
    public let holder: @Sendable (String) -> SQL

    public init(_ name: String, _ holder: @escaping @Sendable (String) -> SQL) {
        (self.name, self.holder) = (name, holder)
    }

    public static func == (one: KeyDoor, other: KeyDoor) -> Bool { one.name == other.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Something a person may be allowed to do, declared by the slice it belongs to: `plan.cease`. Two of one name are one.
public struct Action: Hashable, Sendable {
    public enum Verb: String, Sendable { case see, change }

    public let name: String
    public let verb: Verb
    /// The classes of data that whoever does it sees or changes, by their codes: all must be allowed.
    public let classes: [String]
    /// The roles that may do it, where it is about nobody in particular.
    public let roles: Set<String>
    /// How the thing leads to its person, where it is about one.
    public let path: PersonPath?

    /// Something done to what belongs to a person: decided by the policy for that very person.
    public init(_ name: String, _ verb: Verb, classes: [String], path: PersonPath) {
        (self.name, self.verb, self.classes, self.roles, self.path) = (name, verb, classes, [], path)
    }

    /// Something done by office, about nobody in particular.
    public init(_ name: String, _ verb: Verb, roles: Set<String>) {
        (self.name, self.verb, self.classes, self.roles, path) = (name, verb, [], roles, nil)
    }

    public static func == (one: Action, other: Action) -> Bool { one.name == other.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// Who may use a route. There is no default: a route that names none does not compile, and one that names an
/// action no slice declares stops the server before it opens its port.
public enum Permission: Hashable, Sendable, CustomStringConvertible {
    /// Everybody: what is published.
    case anyone
    /// Whoever has signed in: what is their own.
    case signedIn
    /// Whoever holds one of the action’s roles.
    case office(Action)
    /// Whoever may do this to the thing that the address names in this parameter.
    case act(Action, on: String)
    /// Whoever holds the link whose secret the address names in this parameter, without an account: they act as the
    /// task it was sent for, which stands to nobody in any way, so that every store finds them nobody. The handler
    /// answers alike where there is no such link.
    case link(LinkPath, on: String)
    /// Whichever program of another body shows its key, as `Authorization: Bearer …`: it acts as that key, which has no
    /// role and stands to nobody. Cookies are not looked at, so no browser can be made to send it, and no form’s token
    /// is asked for; it is answered in JSON, refusals and faults too.
    case key(KeyDoor)

    public var description: String {
        switch self {
        case .anyone: "anyone"
        case .signedIn: "signed in"
        case .office(let action): "\(action.name) as \(action.roles.sorted().joined(separator: ", "))"
        case .act(let action, let parameter):
            "\(action.name) on {\(parameter)}: \(action.verb.rawValue) \(action.classes.joined(separator: ", "))"
        case .link(let path, let parameter): "\(path.name) on {\(parameter)}"
        case .key(let door): "a program with an \(door.name)"
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
    /// Whether it counts towards how often a visitor may ask: all do but what watches the server and its own files.
    public private(set) var isCounted = true
    /// How much one form may bring in files, in megabytes of 1,048,576 bytes; nil where it brings none.
    public private(set) var megabytes: Int?

    public static func get(_ path: String, may: Permission, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, may: may, handler: handler)
    }

    public static func post(_ path: String, may: Permission, _ handler: @escaping Handler) -> Route {
        Route(method: .post, path: path, may: may, handler: handler)
    }

    /// This route, which anybody may ask as often as the server answers.
    public var uncounted: Route {
        var route = self
        route.isCounted = false
        return route
    }

    /// This route, whose form may bring files: so many megabytes, of 1,048,576 bytes, all of them together.
    ///
    /// The site asks the gate before it reads such a form. It does not open its port where this is more than 64, or
    /// where the route is for anyone, so that no stranger can fill its memory.
    public func taking(megabytes: Int) -> Route {
        var route = self
        route.megabytes = megabytes
        return route
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
