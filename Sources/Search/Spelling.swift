/// Finds the word that was probably meant by one that nobody wrote.
///
/// Distance is counted in single mistakes: a letter left out, put in, changed, or two neighbours swapped. Words of
/// three letters or fewer, and anything with a figure in it, are never corrected.
public struct Spelling: Sendable {
    private let words: [[UInt8]]
    private let masks: [UInt32]
    private let weights: [Int]

    /// - Parameter words: each known word with how often it stands in the texts; the commoner wins a tie.
    public init(_ words: [String: Int]) {
        let usable = words.filter { $0.key.utf8.count > 3 && !$0.key.utf8.contains { $0 < 65 } }.sorted {
            $0.key < $1.key
        }
        self.words = usable.map { Array($0.key.utf8) }
        masks = self.words.map(Spelling.mask)
        weights = usable.map(\.value)
    }

    /// The nearest known word, or nil where none is near enough: one mistake in four or five letters, two in more.
    public func correction(of word: String) -> String? {
        let asked = Array(word.utf8)
        guard asked.count > 3, asked.count <= 40, !asked.contains(where: { $0 < 65 }) else { return nil }
        let allowed = asked.count < 6 ? 1 : 2
        let mask = Spelling.mask(asked)
        var best: (index: Int, mistakes: Int, score: Int)?
        for index in words.indices {
            let known = words[index]
            guard abs(known.count - asked.count) <= allowed, (masks[index] ^ mask).nonzeroBitCount <= allowed * 2 else {
                continue
            }
            guard let mistakes = Spelling.mistakes(asked, known, upTo: allowed) else { continue }
            // People rarely get the first letter wrong, and a commoner word is likelier.
            let score = mistakes * 1_000_000 + (known[0] == asked[0] ? 0 : 600_000) - min(weights[index], 500_000)
            if best.map({ score < $0.score }) ?? true { best = (index, mistakes, score) }
        }
        return best.map { String(decoding: words[$0.index], as: UTF8.self) }
    }

    /// Which letters a word has, one bit each.
    private static func mask(_ word: [UInt8]) -> UInt32 {
        word.reduce(0) { $0 | (1 << UInt32(($1 &- 97) & 31)) }
    }

    /// The single mistakes between two words (optimal string alignment), or nil where there are more than `limit`.
    private static func mistakes(_ a: [UInt8], _ b: [UInt8], upTo limit: Int) -> Int? {
        var twoAgo = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [Int](repeating: 0, count: b.count + 1)
            row[0] = i
            var least = i
            for j in 1...b.count {
                let change = a[i - 1] == b[j - 1] ? 0 : 1
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, twoAgo[j - 2] + 1) }
                row[j] = cost
                least = min(least, cost)
            }
            if least > limit { return nil }
            (twoAgo, last) = (last, row)
        }
        return last[b.count] <= limit ? last[b.count] : nil
    }
}
