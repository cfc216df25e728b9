import Kernel

/// Somebody whom the service knows: a child, a young person, a parent. It prints as its identifier.
public struct Person: Hashable, Sendable, CustomStringConvertible {
    public let id: ID<Person>
    public let given: String
    public let family: String
    public let born: Day
    /// The version of the record, which goes up with each change.
    public let version: Int

    public init(id: ID<Person>, given: String, family: String, born: Day, version: Int) {
        (self.id, self.given, self.family, self.born, self.version) = (id, given, family, born, version)
    }

    public var name: String { "\(given) \(family)" }
    public var description: String { id.text }
}

/// Where somebody lives, learns and can be reached: all that could tell where they are.
public struct Whereabouts: Hashable, Sendable {
    public var address: String
    public var postcode: String
    public var telephone: String
    public var setting: String

    public init(address: String, postcode: String, telephone: String, setting: String) {
        (self.address, self.postcode, self.telephone, self.setting) = (address, postcode, telephone, setting)
    }
}

/// What a family said of the details held about somebody.
public struct DetailsAnswer: Hashable, Sendable {
    public let at: Instant
    public let isRight: Bool
    /// What is wrong, in their own words; empty where all is right.
    public let words: String

    public init(at: Instant, isRight: Bool, words: String) {
        (self.at, self.isRight, self.words) = (at, isRight, words)
    }
}
