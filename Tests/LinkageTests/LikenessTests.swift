import Testing

@testable import Linkage

/// Measures that Winkler’s and the Census Bureau’s papers print (rounded there to three places), and what must hold for
/// any words.
@Suite struct `How alike two words are` {
    @Test(arguments: [
        ("MARTHA", "MARHTA", 0.961), ("DWAYNE", "DUANE", 0.840), ("DIXON", "DICKSONX", 0.813),
        ("JONES", "JOHNSON", 0.832), ("SHACKLEFORD", "SHACKELFORD", 0.982), ("NICHLESON", "NICHULSON", 0.956),
        ("MASSEY", "MASSIE", 0.933), ("ABROMS", "ABRAMS", 0.922), ("JERALDINE", "GERALDINE", 0.926),
        ("MICHELLE", "MICHAEL", 0.921), ("JULIES", "JULIUS", 0.933), ("TANYA", "TONYA", 0.880),
        ("SEAN", "SUSAN", 0.805), ("JON", "JAN", 0.0),
    ])
    func `is as published`(one: String, other: String, published: Double) {
        // The papers print nought for pairs below their cut; 0.8 is what the measure gives for Jon and Jan.
        let expected = published == 0 ? 0.8 : published
        #expect(abs(Likeness.jaroWinkler(one, other) - expected) < 0.0006, "\(Likeness.jaroWinkler(one, other))")
    }

    @Test func `is one for the same, nought for nothing in common, and the same both ways`() {
        var random = Dice(seed: 11)
        for _ in 0..<20_000 {
            let (one, other) = (random.word(), random.word())
            let measure = Likeness.jaroWinkler(one, other)
            #expect(measure >= 0 && measure <= 1)
            #expect(measure == Likeness.jaroWinkler(other, one), "\(one) \(other)")
            #expect(Likeness.jaroWinkler(one, one) == 1)
        }
        #expect(Likeness.jaroWinkler("ABC", "XYZ") == 0)
        #expect(Likeness.jaroWinkler("", "") == 1 && Likeness.jaroWinkler("", "A") == 0)
    }

    @Test func `takes words of any length`() {
        let long = String(repeating: "A", count: 500)
        #expect(Likeness.jaroWinkler(long, long) == 1)
        #expect(Likeness.jaroWinkler(long, "A") > 0)
    }
}

/// Numbers and words that are the same for a seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 1
        return spread(state &* 0x2545_F491_4F6C_DD1D)
    }

    mutating func below(_ count: Int) -> Int { Int(next() >> 1) % count }

    mutating func chance(_ share: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < share }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

    mutating func word() -> String {
        String((0..<1 + below(9)).map { _ in "ABCDE".randomElementBy(below(5)) })
    }
}

extension String {
    fileprivate func randomElementBy(_ number: Int) -> Character { self[index(startIndex, offsetBy: number)] }
}
