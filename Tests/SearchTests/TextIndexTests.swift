import Search
import Testing

@Suite struct `The words of a text` {
    @Test(
        arguments: [
            ("Children’s B11 4EX", ["childrens", "b11", "4ex"]), ("Café-Zoë's  ÉCOLE", ["cafe", "zoes", "ecole"]),
            ("", []), ("🙂 <b>", ["b"]), ("Łódź straße", ["lodz", "strasse"]), ("a\u{0301}b", ["ab"]),
            ("العربية 中文", ["العربية", "中文"]),
        ] as [(String, [String])])
    func `are split, folded and lowered`(text: String, words: [String]) {
        #expect(Words.of(text) == words)
    }

    @Test func `are cut where they are endless`() {
        #expect(Words.of(String(repeating: "x", count: 10_000)).first?.count == 40)
    }
}

@Suite struct `The stemmer` {
    @Test func `brings forms to one stem, from many tasks at once`() async {
        let stemmer = Stemmer()
        #expect(stemmer.stem("therapies") == stemmer.stem("therapy"))
        #expect(stemmer.stem("swimming") == stemmer.stem("swim"))
        #expect(stemmer.stem("") == "")
        let same = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { (0..<200).allSatisfy { _ in stemmer.stem("schools") == "school" } } }
            return await group.allSatisfy { $0 }
        }
        #expect(same)
    }
}

@Suite struct `A word misspelt` {
    let spelling = Spelling([
        "autism": 50, "speech": 40, "therapy": 40, "swimming": 5, "school": 90, "form": 9, "farm": 1,
    ])

    @Test(arguments: [
        ("austism", "autism"), ("autsim", "autism"), ("speach", "speech"), ("swiming", "swimming"),
        ("theropy", "therapy"),
        ("scool", "school"), ("fourm", "form"),
    ])
    func `finds the word that was meant`(written: String, meant: String) {
        #expect(spelling.correction(of: written) == meant)
    }

    @Test(arguments: ["xyzzy", "abc", "b11", "", "1234", String(repeating: "speech", count: 20)])
    func `leaves alone what is near nothing`(written: String) {
        #expect(spelling.correction(of: written) == nil)
    }

    @Test func `mends every single mistake in a long word`() {
        let word = Array("swimming")
        for place in word.indices {
            var dropped = word
            dropped.remove(at: place)
            #expect(spelling.correction(of: String(dropped)) == "swimming")
            var doubled = word
            doubled.insert("x", at: place)
            #expect(spelling.correction(of: String(doubled)) == "swimming")
        }
    }
}

@Suite struct `The index of words` {
    let stemmer = Stemmer()
    let index: TextIndex

    init() {
        var builder = TextIndex.Builder(stemmer: stemmer)
        builder.add([("Hamilton School", 6), ("for autistic children", 2)])
        builder.add([("Swimming club", 6), ("swimming for all children", 2)])
        builder.add([("Coffee morning", 6), ("parents of autistic children swim too", 2)])
        index = builder.build()
    }

    private func clause(_ word: String, _ role: TextIndex.Role = .required) -> TextIndex.Clause {
        TextIndex.Clause([(stemmer.stem(word), 1)], role)
    }

    @Test func `finds by stem and scores the name above the text`() {
        let found = index.matches([clause("swims")]).sorted { $0.score > $1.score }
        #expect(found.map(\.document) == [1, 2])
        #expect(found[0].isNamed && !found[1].isNamed)
    }

    @Test func `says how much of what was asked is held, rarer words counting for more`() {
        let found = index.matches([clause("autistic"), clause("hamilton")])
        let byDocument = Dictionary(uniqueKeysWithValues: found.map { ($0.document, $0.coverage) })
        #expect(byDocument[0] == 1)
        #expect((byDocument[2] ?? 1) < 0.5)
    }

    @Test func `only required words count for coverage`() {
        let found = index.matches([clause("swimming"), clause("children", .boost), clause("coffee", .kind)])
        #expect(found.first { $0.document == 1 }?.coverage == 1)
        #expect(found.first { $0.document == 0 }?.coverage == 0)
        #expect(found.filter(\.holdsKinds).map(\.document) == [2])
    }

    @Test func `knows the stems that begin alike`() {
        #expect(index.stems(beginning: "sw", limit: 5) == ["swim"])
        #expect(index.stems(beginning: "zzz", limit: 5).isEmpty)
        #expect(index.holds("hamilton") && !index.holds("nowhere"))
    }

    @Test func `answers nothing to nothing`() {
        #expect(index.matches([]).isEmpty)
        #expect(index.matches([clause("nowhere")]).isEmpty)
        #expect(TextIndex.Builder(stemmer: stemmer).build().matches([clause("school")]).isEmpty)
    }
}
