import SingleView
import Testing

@Suite struct `The quality of links` {
    /// As Newcombe (1998) has them in table I, method 3.
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
    ])
    func `has Wilson’s intervals as published`(hits: Int, count: Int, low: Double, high: Double) {
        let share = Proportion(hits, of: count)
        #expect(abs(share.low - low) < 0.00006 && abs(share.high - high) < 0.00006, "\(share)")
        #expect(share.value == Double(hits) / Double(count) && share.reviewed == count)
    }

    @Test func `says nothing where nobody looked, and no number breaks it`() {
        #expect(QualityRule.precision([]) == nil && QualityRule.recall([]) == nil)
        #expect(QualityRule.precision([Layer(isLinked: true, pairs: 9, reviewed: 0, same: 0)]) == nil)
        #expect(QualityRule.precision([Layer(isLinked: true, pairs: 0, reviewed: 0, same: 0)]) == nil)
        let whole = QualityRule.precision([Layer(isLinked: true, pairs: 4, reviewed: 4, same: 3)])
        #expect(whole == Proportion(value: 0.75, low: 0.75, high: 0.75, reviewed: 4))
        // Pairs that are not linked and that nobody looked at may hide what was missed.
        let unseen = [
            Layer(isLinked: true, pairs: 9, reviewed: 3, same: 3),
            Layer(isLinked: false, pairs: 9, reviewed: 0, same: 0),
        ]
        #expect(QualityRule.recall(unseen) == nil)
    }

    @Test func `counts each layer by its pairs`() throws {
        let layers = [
            Layer(isLinked: true, pairs: 900, reviewed: 10, same: 10),
            Layer(isLinked: true, pairs: 100, reviewed: 10, same: 5),
            Layer(isLinked: false, pairs: 1000, reviewed: 20, same: 1),
        ]
        let precision = try #require(QualityRule.precision(layers))
        #expect(abs(precision.value - 0.95) < 1e-9 && precision.low < 0.95 && precision.high > 0.95)
        let recall = try #require(QualityRule.recall(layers))
        #expect(abs(recall.value - 950.0 / 1000) < 1e-9)
    }

    /// A thousand cities of known precision and recall: the interval holds them about 95 times in 100.
    @Test func `finds a precision and a recall that are known`() {
        var dice = Dice(7)
        let truth: [(isLinked: Bool, pairs: Int, share: Double)] = [
            (true, 8000, 0.99), (true, 1500, 0.9), (true, 300, 0.6), (false, 2000, 0.2), (false, 6000, 0.02),
        ]
        let linked = truth.filter(\.isLinked).reduce(0.0) { $0 + Double($1.pairs) }
        let found = truth.filter(\.isLinked).reduce(0.0) { $0 + Double($1.pairs) * $1.share }
        let missed = truth.filter { !$0.isLinked }.reduce(0.0) { $0 + Double($1.pairs) * $1.share }
        var (precisions, recalls, sum) = (0, 0, 0.0)
        for _ in 0..<1000 {
            let layers = truth.map { layer in
                let same = (0..<60).count { _ in dice.unit() < layer.share }
                return Layer(isLinked: layer.isLinked, pairs: layer.pairs, reviewed: 60, same: same)
            }
            if let share = QualityRule.precision(layers) {
                sum += share.value
                precisions += (share.low...share.high).contains(found / linked) ? 1 : 0
            }
            if let share = QualityRule.recall(layers) {
                recalls += (share.low...share.high).contains(found / (found + missed)) ? 1 : 0
            }
        }
        #expect(abs(sum / 1000 - found / linked) < 0.002)
        #expect(precisions >= 930, "\(precisions)")
        #expect(recalls >= 920, "\(recalls)")
    }

    @Test func `tells of no group of few, and warns where one is linked worse`() throws {
        #expect(QualityRule.group(Array(repeating: (true, 1.0), count: 9)) == nil)
        let bad = try #require(
            QualityRule.group(Array(repeating: (true, 1.0), count: 20) + Array(repeating: (false, 1.0), count: 20)))
        let all = Proportion(98, of: 100)
        #expect(QualityRule.isWorse(bad, than: all) && !QualityRule.isWorse(all, than: all))
    }

    @Test func `draws the same sample again, of every layer, within its bounds`() {
        func drawn(_ order: [Int]) -> [Sampling.Pair] {
            var sampling = Sampling()
            for number in order {
                sampling.add(
                    number, number + 10_000, chance: number % 2 == 0 ? 0.3 : 0.9999, isLinked: number % 2 == 1,
                    sources: number % 3 == 0 ? ("camhs", "cdc") : ("school-census", "cdc"))
            }
            return sampling.pairs
        }
        let (there, back) = (drawn(Array(1...5000)), drawn((1...5000).reversed()))
        #expect(there == back && there.count == 4 * Sampling.most)
        #expect(Set(there.map(\.key)).count == 4 && there.contains { $0.key.sources == "cdc school-census" })
    }

    @Test func `puts the most doubtful first, and two children on one page before two pages of one`() {
        #expect(Worth.of(0.5, isPart: false) > Worth.of(0.9, isPart: false))
        #expect(Worth.of(0.5, isPart: true) > Worth.of(0.5, isPart: false))
    }
}

@Suite struct `What linking keeps to of what was decided` {
    private func cluster(_ members: [(Int, String?)]) -> [Assigning.Member] {
        members.map { Assigning.Member($0.0, $0.1) }
    }

    private func numbers(_ clusters: [[Assigning.Member]]) -> [[Int]] { clusters.map { $0.map(\.number).sorted() } }

    @Test func `two records said to be of two children are not linked to one`() {
        let free = Decided.clusters([cluster([(1, nil), (2, nil), (3, nil)])], same: [], different: [(1, 2)])
        #expect(numbers(free) == [[1, 3], [2]])
        let known = Decided.clusters([cluster([(1, "a"), (2, nil)])], same: [], different: [(1, 2)])
        #expect(numbers(known) == [[1], [2]])
        let third = Decided.clusters([cluster([(1, nil), (2, nil), (3, nil)])], same: [(2, 3)], different: [(1, 2)])
        #expect(numbers(third) == [[1], [2, 3]])
    }

    @Test func `two said to be one child are linked, and one person’s records stay together`() {
        let joined = Decided.clusters([cluster([(1, nil)]), cluster([(2, nil)])], same: [(1, 2)], different: [])
        #expect(numbers(joined) == [[1, 2]])
        let whole = Decided.clusters([cluster([(1, "a"), (2, "a"), (3, nil)])], same: [], different: [(1, 2)])
        #expect(numbers(whole) == [[1, 2, 3]])
    }

    @Test func `whoever leaves takes along what belongs to it`() {
        let going = Decided.leaving(
            2, from: 1, of: [1, 2, 3, 4, 5], same: [(2, 5)], best: [1: 2, 2: 1, 3: 2, 4: 1, 5: 1])
        #expect(going == [2, 3, 5])
    }
}

@Suite struct `Two records compared` {
    @Test(arguments: [
        ("Amina", "AMINA", Comparing.Mark.same), ("Amina", "Aminah", .alike), ("Md", "Muhammad", .different),
        ("2016-03-02", "2016-02-03", .alike), ("2016-03-02", "2016-03-12", .alike),
        ("2016-03-02", "2014-05-12", .different),
        ("9434765919", "9434765919", .same), ("9434765919", "9434765918", .alike), ("Anne Marie", "Anne", .alike),
        ("", "Amina", .one), ("Zoë", "Zoe", .alike),
    ])
    func `are marked in words`(one: String, other: String, mark: Comparing.Mark) {
        #expect(Comparing.mark(one, other) == mark)
        #expect(Comparing.mark(other, one) == mark)
    }

    @Test func `say nothing of what neither tells`() { #expect(Comparing.mark(nil, " ") == nil) }
}
