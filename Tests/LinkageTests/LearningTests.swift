import Testing

@testable import Linkage

@Suite struct `Learning without being told` {
    /// Pairs drawn from classes whose levels are known: what is learnt must be what they were drawn from.
    @Test(arguments: [31, 32] as [UInt64])
    func `finds the levels that pairs were drawn from`(seed: UInt64) throws {
        let truth = [
            (share: 0.3, levels: [[0, 0.9, 0.1], [0, 0.7, 0.3], [0, 0.95, 0.05], [0, 0.8, 0.2]]),
            (share: 0.7, levels: [[0, 0.05, 0.95], [0, 0.2, 0.8], [0, 0.5, 0.5], [0, 0.02, 0.98]]),
        ]
        var dice = Dice(seed: seed)
        let fields = (0..<4).map { Field("field \($0)", .sex(slot: $0), ["the same", "different"]) }
        let comparer = Comparer(fields)
        let patterns = Patterns()
        for _ in 0..<60_000 {
            let own = dice.chance(truth[0].share) ? truth[0] : truth[1]
            var pattern: UInt64 = 0
            for (number, levels) in own.levels.enumerated() {
                // One value in ten is missing, and must not count for either.
                let level: UInt64 = dice.chance(0.1) ? 0 : dice.chance(levels[1]) ? 1 : 2
                pattern += level * comparer.radix[number]
            }
            _ = patterns.note(pattern)
        }
        let learnt = Learning(comparer, patterns).learn(Starts.classes(fields, [.same, .stranger]), rounds: 400)
        #expect(abs(learnt[0].prior - truth[0].share) < 0.02, "\(learnt[0].prior)")
        for (number, known) in truth.enumerated() {
            for field in 0..<4 {
                let found = learnt[number].levels[field][1]
                #expect(abs(found - known.levels[field][1]) < 0.03, "\(number) \(field): \(found)")
            }
        }
    }

    @Test func `learns the same bits every time`() throws {
        let city = City(households: 300, seed: 41)
        func version() throws -> String {
            let options = LinkOptions(reading: Reading(id: "id", source: "source", truth: "child"))
            return try Linker([FileBytes(name: "city", text: city.text())], options).model.version
        }
        #expect(try version() == version())
    }
}

@Suite struct `Joining into clusters` {
    private func joined(_ count: Int, _ links: [(Int, Int, Float)]) -> [UInt32] {
        let pairs = Buffer<Pair>()
        for (number, link) in links.enumerated() {
            pairs.append(Pair(one: UInt32(link.0), other: UInt32(link.1), pattern: UInt32(number)))
        }
        let result = Clustering(count, [pairs], odds: links.map(\.2), threshold: -2)
        return Array(result.cluster.elements)
    }

    @Test func `joins what agrees`() { #expect(joined(4, [(0, 1, 9), (1, 2, 9), (0, 2, 9)]) == [0, 0, 0, 3]) }

    @Test func `does not chain strangers over one doubtful link`() {
        // 0, 1 and 2 are one child, 3, 4 and 5 another; 2 and 3 look somewhat alike, and no other two do.
        let inner: [(Int, Int, Float)] = [(0, 1, 9), (1, 2, 9), (0, 2, 9), (3, 4, 9), (4, 5, 9), (3, 5, 9)]
        #expect(joined(6, inner + [(2, 3, 3)]) == [0, 0, 0, 3, 3, 3])
        #expect(joined(6, inner + [(2, 3, 8), (1, 4, -9), (0, 3, -9)]) == [0, 0, 0, 3, 3, 3])
    }

    @Test func `lets the rest speak where one pair was found different by mistake`() {
        #expect(joined(4, [(0, 1, 8), (0, 2, 8), (1, 2, 8), (0, 3, 8), (1, 3, 8), (2, 3, -3)]) == [0, 0, 0, 0])
    }

    @Test func `weighs a doubtful pair again by what the others say`() {
        let pairs = Buffer<Pair>()
        let links: [(Int, Int, Float)] = [
            (0, 1, 8), (1, 2, 8), (0, 2, 0.2), (3, 4, 8), (4, 5, -8), (3, 5, 0.2), (5, 6, 8),
        ]
        for (number, link) in links.enumerated() {
            pairs.append(Pair(one: UInt32(link.0), other: UInt32(link.1), pattern: UInt32(number)))
        }
        let result = Clustering(7, [pairs], odds: links.map(\.2), threshold: -2)
        #expect(result.context[2] == 8 && result.context[5] == -8)
    }
}
