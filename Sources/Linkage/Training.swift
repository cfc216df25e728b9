/// Finds where learning starts, and which classes of pairs the records have.
struct Training {
    private let blocks: Blocks
    private let learning: Learning
    /// How different people agree by chance.
    private let chance: Model.Class
    /// How many of the pairs seem to be of different people, at a first look.
    private let different: Double

    /// - Parameter chance: what was found of it before, where learning is repeated.
    init(_ blocks: Blocks, _ learning: Learning, chance: [[Double]]? = nil) {
        self.blocks = blocks
        self.learning = learning
        let chances = Chance(blocks.records, blocks.comparer)
        let all = chances.allPairs(onlyBetween: blocks.onlyBetween)
        let levels: [[Double]]
        if let chance {
            levels = chance
            different = .infinity
        } else {
            let same = learning.learn(Starts.classes(learning.fields, [.same, .stranger]), rounds: 15)[0]
            levels = chances.levels(same: same.levels, count: same.prior * learning.total, all: all)
            different = (1 - same.prior) * learning.total
        }
        self.chance = Model.Class(name: "agreeing by chance", prior: all / max(learning.total, 1), levels: levels)
    }

    private var fields: [Field] { learning.fields }

    /// Fewer pairs of different people than this teach nothing of twins and strangers: two classes are all that can be
    /// told apart.
    static let leastDifferent = 100.0
    /// How many pairs must share a number that they are believed by.
    static let leastAnchored = 500.0

    /// The classes as learnt, that of one child first, that of chance last.
    ///
    /// - Parameter before: what was learnt from fewer pairs, to go on from.
    func classes(before: [Model.Class] = []) -> [Model.Class] {
        // With more than one child and chance, the classes stay what they are, and so does how one child agrees.
        if before.count > 2 { return learning.learn(before.dropLast(), fixed: [0], known: chance) }
        var kinds: [Starts.Kind] =
            different >= Self.leastDifferent ? [.same, .twin, .sibling, .likeGiven, .likeFamily, .likeNames] : [.same]
        let same = byNumber() ?? byNamesAndBirthdays()
        while true {
            var start = Starts.classes(fields, kinds)
            if let same { start[0].levels = same }
            let learnt = learning.learn(start, fixed: same == nil || kinds.count == 1 ? [] : [0], known: chance)
            let kept = kinds.indices.filter { $0 == 0 || isItself(kinds[$0], learnt[$0].levels) }
            if kept.count == kinds.count { return learnt }
            kinds = kept.map { kinds[$0] }
        }
    }

    /// Whether a class of different people is still what it was meant to be. One that is not shares the pairs of one
    /// child, and makes them look doubtful.
    private func isItself(_ kind: Starts.Kind, _ levels: [[Double]]) -> Bool {
        func differs(_ field: Int?) -> Bool { field.map { levels[$0][8] + levels[$0][9] >= 0.6 } ?? true }
        switch kind {
        case .twin, .sibling, .likeFamily: return differs(fields.firstIndex(where: \.isGiven))
        case .likeGiven: return differs(fields.firstIndex(where: \.isFamily))
        case .likeNames: return fields.firstIndex(where: \.isBirth).map { levels[$0][1] <= 0.3 } ?? true
        case .same, .stranger: return true
        }
    }

    /// How records of one child agree, told from pairs that share a number of one person. The second class takes the
    /// numbers that were mixed up. That number’s own levels cannot be learnt where it is the same in all pairs, and are
    /// set by hand.
    private func byNumber() -> [[Double]]? {
        for anchor in fields.indices where fields[anchor].isIdentifier {
            let within = learning.only { $0[anchor] == 1 }
            guard within.total >= Self.leastAnchored else { continue }
            var same = within.learn(Starts.classes(fields, [.same, .twin]), frozen: [anchor])[0].levels
            same[anchor] = [0, 0.98, 0.008, 0.012]
            return same
        }
        return nil
    }

    /// The same where there is no such number: the names from pairs of one birthday, all else from pairs of the same
    /// names.
    private func byNamesAndBirthdays() -> [[Double]]? {
        let records = blocks.records
        guard let given = records.columns(.given).first, let family = records.columns(.family).first,
            records.columns(.birth).first != nil,
            let names = try? blocks.training(Rule(.whole(given.name), .whole(family.name))),
            let births = try? blocks.training(Rule(.birth)),
            names.total > 200, births.total > 200
        else { return nil }
        let byNames = names.learn(Starts.classes(fields, [.same, .stranger]))[0]
        let byBirth = births.learn(Starts.classes(fields, [.same, .twin, .stranger]))[0]
        return fields.indices.map {
            fields[$0].isGiven || fields[$0].isFamily ? byBirth.levels[$0] : byNames.levels[$0]
        }
    }
}
