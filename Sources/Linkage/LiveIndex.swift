import Foundation

/// Records that are linked while they come and go: each new or changed one against all others in well under a
/// millisecond, with the answer that the batch gives for the same records and the same model.
///
/// Whatever the order in which records were put, replaced and taken out, and decisions made and withdrawn, the pairs,
/// their probabilities and the clusters are those that `Linker` finds with `using:` and the same decisions. An index
/// holds no text of a record but its id, and the distinct values of all of them.
///
/// It may be used from several threads; what they do is done one after the other. A new model is taken up by making a
/// new index with it, comparing the two by ``ModelChange``, and using the one in place of the other.
public final class LiveIndex: @unchecked Sendable {
    /// A pair of records and how likely it is that they are of one child.
    public struct Pair: Sendable, Equatable {
        public let one: String
        public let other: String
        public let probability: Double
        /// What a person decided of them, which is why the probability is 1.
        public let decision: Decision.Verdict?
    }

    /// What came of a record or a decision.
    public struct Change: Sendable, Equatable {
        /// The pairs of the record of 0.001 or more, the likeliest first. None for one that was taken out.
        public let pairs: [Pair]
        /// The clusters that are no longer, and those that are now; ids in the order of the alphabet. A record that
        /// came or went is a cluster too. Nothing where all are what they were.
        public let before: [[String]]
        public let after: [[String]]
    }

    /// The model that it links by.
    public let model: Model
    /// ``Model/version``: what to keep beside a link, to know what made it.
    public let version: String
    /// Records that could not be taken when it was made, and why.
    public let refused: [RefusedRow]
    private let state: LiveState
    private let lock = NSLock()

    /// - Throws: ``LinkageError`` for a model that cannot be used.
    public convenience init(
        _ model: Model, _ records: some Collection<LiveRecord> = [LiveRecord](), decisions: [Decision] = []
    ) throws {
        let table = RecordTable(records, columns: model.sourceColumns)
        let loaded = try Loader.load(table, Reading(id: ""), columns: model.columns, fewest: 0)
        try self.init(model, loaded, decisions)
    }

    /// The same with the records of files.
    public convenience init(
        _ model: Model, files: [FileBytes], _ reading: Reading, decisions: [Decision] = []
    ) throws {
        let loaded = try Loader.load(files, reading, columns: model.columns, fewest: 0, hasCompartments: true) {
            _, _, _ in
        }
        try self.init(model, loaded, decisions)
    }

    private init(_ model: Model, _ loaded: Loaded, _ decisions: [Decision]) throws {
        self.model = model
        version = model.version
        refused = loaded.refused
        state = try LiveState(model, loaded)
        for decision in decisions { _ = state.decide(decision.one, decision.other, decision.verdict) }
    }

    /// How many records it holds.
    public var count: Int { lock.withLock { state.count } }

    /// How many pairs were compared and are kept.
    public var pairCount: Int { lock.withLock { state.groups.count } }

    /// The pairs that a record would have if it were put, and puts nothing: for asking before a record is made, or
    /// changed. The likeliest first.
    ///
    /// - Throws: ``LinkageError/configuration(_:)`` for a record without an id, or of the 65,536th source.
    public func link(_ record: LiveRecord) throws -> [Pair] { try lock.withLock { try state.link(record) } }

    /// Takes a record in, in place of the one with its id if there is one.
    ///
    /// - Throws: as ``link(_:)``; then nothing has changed.
    @discardableResult
    public func put(_ record: LiveRecord) throws -> Change { try lock.withLock { try state.put(record) } }

    /// Takes a record out.
    ///
    /// - Returns: nothing where there is no such record.
    @discardableResult
    public func remove(_ id: String) -> Change? { lock.withLock { state.remove(id) } }

    /// Takes up what a person decided, in place of what was decided of the two before. It may be decided of records
    /// that are not there yet, and stands when one of them is taken out and put again.
    @discardableResult
    public func decide(_ decision: Decision) -> Change {
        lock.withLock { state.decide(decision.one, decision.other, decision.verdict) }
    }

    /// Withdraws what a person decided of two records: the model is heard again.
    @discardableResult
    public func withdraw(_ one: String, _ other: String) -> Change {
        lock.withLock { state.decide(one, other, nil) }
    }

    /// The pairs of a record that is held, of 0.001 or more, the likeliest first.
    ///
    /// - Throws: ``LinkageError/noRecord(_:)``.
    public func pairs(of id: String) throws -> [Pair] {
        try lock.withLock { state.answer(try state.slot(id)) }
    }

    /// The ids of a record’s cluster, its own among them, in the order of the alphabet; empty where it is not held.
    public func cluster(of id: String) -> [String] {
        lock.withLock { (try? state.slot(id)).map { state.named(state.groups.cluster($0)) } ?? [] }
    }

    /// All clusters, also of one record alone; the ids of each, and the clusters by their first, in the order of the
    /// alphabet.
    public func clusters() -> [[String]] { lock.withLock { state.clusters() } }

    /// Why two records that are held are taken to be of one child, or not.
    ///
    /// - Throws: ``LinkageError/noRecord(_:)``; ``LinkageError/apart(_:_:)`` for records of two compartments: whoever
    ///   asks must be told no more than that there is no such record.
    public func explain(_ one: String, _ other: String) throws -> Explanation {
        try lock.withLock { try state.explain(one, other, version) }
    }

    /// Each record’s number in the one order, its id, and the number of its cluster.
    var partition: [Membership] { lock.withLock { state.partition } }
}
