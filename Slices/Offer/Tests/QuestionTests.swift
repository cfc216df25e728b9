import Kernel
import Offer
import OfferServer
import Search
import Storage
import TestKit
import Testing

/// The shipped words with a small gazetteer.
struct Reader {
    let helpKinds: HelpKinds
    let reader: QuestionReader

    init() throws {
        let stemmer = Stemmer()
        let kinds = try HelpKinds(TestApp.share.bytes("offer/help.csv"))
        let lexicon = try Lexicon(
            TestApp.share.bytes("offer/lexicon.csv"), helpKinds: kinds, split: { Words.of($0) },
            stem: { stemmer.stem($0) })
        let postcodes = try ["B11 4EX", "B11 1AA", "B1 1AA", "B30 1SH", "B9 4AA"].map {
            PostcodePlace(
                postcode: try Postcode($0), point: try Point(latitude: 52.45, longitude: -1.86), ward: "E05000001",
                authority: nil)
        }
        let wards = try [("E05000001", "Sparkbrook & Balsall Heath East"), ("E05000002", "Balsall Heath West")].map {
            Gazetteer.Ward(code: $0.0, name: $0.1, point: try Point(latitude: 52.45, longitude: -1.87))
        }
        let known = Set(["swimming", "hamilton", "football", "trampoline"].map { stemmer.stem($0) })
        let spelling = Spelling(
            Dictionary(uniqueKeysWithValues: lexicon.words.union(["sparkbrook", "swimming"]).map { ($0, 1) }))
        helpKinds = kinds
        reader = QuestionReader(
            lexicon, Gazetteer(postcodes: PostcodeTable(postcodes), wards: wards, split: { Words.of($0) }),
            stem: { stemmer.stem($0) },
            isKnown: { known.contains(stemmer.stem($0)) }, correct: { spelling.correction(of: $0) })
    }

    func read(_ text: String) -> Reading { reader.read(text, words: Words.of(text)) }
}

@Suite struct `Reading what someone wrote` {
    let reader: Reader
    init() throws { reader = try Reader() }

    @Test func `finds the need, the place and the age in one phrase (OFF-1)`() throws {
        let reading = reader.read("autism B11 age 4")
        #expect(reading.question.needs == [.asd])
        #expect(reading.question.ages == 4...4)
        #expect(try reading.place == .partial(PartialPostcode("B11")))
        #expect(reading.question.otherWords.isEmpty)
    }

    @Test(arguments: [
        ("4 year old", 4...4), ("aged 14", 14...14), ("my son is 9", 9...9), ("18 months", 1...1), ("year 9", 13...14),
        ("yr6", 10...11), ("under 5", 0...4), ("over 16", 16...25), ("16+", 16...16), ("4yo", 4...4),
        ("toddlers", 1...3),
        ("ages 5 to 11", 5...11), ("ages 5-11", 5...11), ("teenager", 13...17), ("post-16", 16...25),
        ("autism 7", 7...7),
    ])
    func `reads an age however it is said`(text: String, ages: ClosedRange<Int>) {
        #expect(reader.read(text).question.ages == ages)
    }

    @Test(arguments: ["age 99", "-3", "age", "4000 years", "99999999999999999999", "year 0", "year 99"])
    func `reads no age where there is none`(text: String) {
        let ages = reader.read(text).question.ages
        #expect(ages == nil || ages == 3...3)
    }

    @Test func `reads places whole, in part and by name`() throws {
        #expect(try reader.read("swimming near B11 4EX").place == .postcode(Postcode("B11 4EX")))
        #expect(try reader.read("b114ex").place == .postcode(Postcode("B11 4EX")))
        #expect(try reader.read("B11 4").place == .partial(PartialPostcode("B11 4")))
        #expect(reader.read("football in sparkbrook").place == .named("Sparkbrook"))
        #expect(reader.read("balsall heath").place == .named("Balsall Heath"))
        #expect(reader.read("near me").place == .nearMe)
        #expect(reader.read("B99 football").place == nil)
    }

    @Test func `tells an age from the end of a postcode`() throws {
        let reading = reader.read("autism B11 4 years old")
        #expect(try reading.place == .partial(PartialPostcode("B11")))
        #expect(reading.question.ages == 4...4)
    }

    @Test(arguments: [
        ("ASD", NeedType.asd), ("asperger's", .asd), ("SLCN", .slcn), ("PMLD", .pmld), ("deaf", .hi), ("blind", .vi),
        ("Down's syndrome", .ds), ("dyslexic", .spld), ("cerebral palsy", .pd), ("BESD", .besd), ("SEMH", .semh),
    ])
    func `knows the field’s words and its abbreviations`(text: String, need: NeedType) {
        #expect(reader.read(text).question.needs == [need])
    }

    @Test(arguments: [
        ("SALT", "speech-therapy"), ("speech therapy", "speech-therapy"), ("EHCP", "ehc-assessment"),
        ("respite", "short-breaks"), ("CAMHS", "mental-health"), ("taxi to school", "school-travel"),
        ("PRU", "alternative-provision"), ("sendiass", "send-advice"),
    ])
    func `knows the kinds of help`(text: String, code: String) {
        #expect(reader.read(text).question.help.contains { $0.contains(HelpCode(code)) })
    }

    @Test func `reads days, cost and access`() {
        let question = reader.read("free Saturday swimming, changing places").question
        #expect(question.days == [.saturday])
        #expect(question.mustBeFree)
        #expect(question.access == [.changingPlace])
    }

    @Test func `mends spelling and says so`() {
        let reading = reader.read("austism sparkbrok")
        #expect(reading.question.needs == [.asd])
        #expect(reading.place == .named("Sparkbrook"))
        #expect(reading.corrections.map(\.from) == ["austism", "sparkbrok"])
    }

    @Test func `leaves other words, and drops the small ones`() {
        #expect(reader.read("hamilton for my daughter please").question.otherWords == ["hamilton"])
    }

    @Test func `never traps on anything written`() {
        var seed: UInt64 = 2012
        let pieces = [
            "age", "4", "B11", "4EX", "year", "under", "🙂", "'; DROP", "<b>", "to", "99999999999", "é", "months", "",
        ]
        for _ in 0..<3000 {
            let text = (0..<8).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return pieces[Int(seed >> 33) % pieces.count]
            }.joined(separator: " ")
            #expect(reader.read(text).question.words == text)
        }
        #expect(reader.read(String(repeating: "autism ", count: 5000)).question.needs == [.asd])
        #expect(reader.read("").question.isSuitabilityAsked == false)
    }
}

@Suite struct `The table of postcodes` {
    @Test func `gives back every postcode that was put in, with its ward and whether it is in the city`() throws {
        let reading = try PostcodeFile.read(TestApp.share.bytes("postcodes/birmingham_postcodes.csv"))
        let outside = try PostcodeFile.read(TestApp.share.bytes("postcodes/b_area_outside_birmingham_postcodes.csv"))
        let gazetteer = Gazetteer(
            postcodes: PostcodeTable(reading.items + outside.items), wards: [], split: { Words.of($0) })
        for place in reading.items {
            let found = try #require(gazetteer.place(place.postcode))
            #expect(found.ward == place.ward && found.isInCity == true && !found.isApproximate)
            #expect(found.point.metres(to: place.point) < 3)
        }
        for place in outside.items { #expect(gazetteer.place(place.postcode)?.isInCity == false) }
        #expect(try gazetteer.place(Postcode("ZZ1 1ZZ")) == nil)
        #expect(try gazetteer.place(PartialPostcode("B11"))?.isApproximate == true)
        #expect(try gazetteer.place(PartialPostcode("B1"))?.point != gazetteer.place(PartialPostcode("B11"))?.point)
    }
}

@Suite struct `The shipped words` {
    @Test func `are whole: every meaning is one, and every kind of help has its words`() throws {
        let reader = try Reader()
        let table = try Table(TestApp.share.bytes("offer/lexicon.csv"), required: ["phrase", "meaning", "value"])
        #expect(table.rows.count > 500)
        let named = Set(
            try table.rows.filter { try $0.get("meaning") == "help" }.flatMap {
                try $0.get("value").split(separator: "|").map(String.init)
            })
        for kind in reader.helpKinds.all { #expect(named.contains(kind.code.text), "no word for \(kind.code)") }
        for row in table.rows where row.fault != nil { Issue.record("lexicon line \(row.line): \(row.fault ?? "")") }
    }

    @Test func `refuse a meaning that is none, with its line`() throws {
        let kinds = try HelpKinds(TestApp.share.bytes("offer/help.csv"))
        for row in ["x,need,ADHD", "x,help,nonsense", "x,age,11-4", "x,day,someday", "x,colour,red", ",need,ASD"] {
            let refusal = #expect(throws: (any Error).self) {
                try Lexicon(
                    Array("phrase,meaning,value\n\(row)\n".utf8), helpKinds: kinds, split: { Words.of($0) },
                    stem: { $0 })
            }
            #expect(refusal != nil)
        }
    }
}
