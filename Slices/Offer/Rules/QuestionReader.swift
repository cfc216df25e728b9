import Kernel

/// What was understood of someone's words.
public struct Reading: Sendable {
    public var question = Question()
    public var place: PlaceWords?
    /// Words taken for others: `austism` for `autism`.
    public var corrections: [(from: String, to: String)] = []
    /// The words of a place or a need, which may also be part of the name of an entry.
    public var nameWords: [String] = []
    /// The words that named a kind of help, which an entry may also hold itself: `football` for sport.
    public var kindWords: [String] = []
    /// Whether the words are those of somebody who may be in danger.
    public var isUrgent = false

    public init() {}
}

/// Reads the words of a search: the place, the age, the needs, the kind of help, and what is left.
public struct QuestionReader: Sendable {
    private let lexicon: Lexicon
    private let gazetteer: Gazetteer
    private let stem: @Sendable (String) -> String
    private let isKnown: @Sendable (String) -> Bool
    private let correct: @Sendable (String) -> String?

    /// - Parameters:
    ///   - stem: brings a word to its stem.
    ///   - isKnown: whether the index holds this word, or some word that begins with it.
    ///   - correct: the known word that was probably meant.
    public init(
        _ lexicon: Lexicon, _ gazetteer: Gazetteer, stem: @escaping @Sendable (String) -> String,
        isKnown: @escaping @Sendable (String) -> Bool, correct: @escaping @Sendable (String) -> String?
    ) {
        (self.lexicon, self.gazetteer) = (lexicon, gazetteer)
        (self.stem, self.isKnown, self.correct) = (stem, isKnown, correct)
    }

    /// The most words of a search that are read; what follows is left out.
    public static let wordLimit = 40

    public func read(_ text: String, words: [String]) -> Reading {
        var reading = Reading()
        reading.question.words = text
        var slots = words.prefix(QuestionReader.wordLimit).map { Slot(word: $0) }
        readPostcodes(&slots, &reading)
        readAges(&slots, &reading)
        correctSpelling(&slots, &reading)
        readNames(&slots, &reading)
        readPhrases(&slots, &reading)
        readLoneNumber(&slots, &reading)
        for slot in slots where !slot.isRead && !lexicon.isNothing(slot.word) {
            reading.question.otherWords.append(slot.word)
        }
        return reading
    }

    private struct Slot {
        var word: String
        var isRead = false
        /// Figures alone.
        var number: Int? { Digits.number(word) }
    }

    // MARK: - Places

    private func readPostcodes(_ slots: inout [Slot], _ reading: inout Reading) {
        for index in slots.indices where !slots[index].isRead && reading.place == nil {
            let word = slots[index].word
            guard QuestionReader.mayBeginPostcode(word) else { continue }
            let next = index + 1 < slots.count ? slots[index + 1].word : ""
            if word.count <= 4, let whole = try? Postcode(word + " " + next), gazetteer.knows(outward: whole.outward) {
                reading.place = .postcode(whole)
                slots[index].isRead = true
                slots[index + 1].isRead = true
            } else if let whole = try? Postcode(word), gazetteer.knows(outward: whole.outward) {
                reading.place = .postcode(whole)
                slots[index].isRead = true
            } else if let whole = (try? Postcode(word + " " + next)) ?? (try? Postcode(word)) {
                // Outside what is held: said so, rather than looked for as a word.
                reading.place = .postcode(whole)
                slots[index].isRead = true
                if (try? Postcode(word)) == nil { slots[index + 1].isRead = true }
            } else if let partial = try? PartialPostcode(word), gazetteer.knows(partial) {
                let sector = next.count == 1 ? try? PartialPostcode(word + " " + next) : nil
                let isSector =
                    partial.sector == nil && sector.map(gazetteer.knows) == true && !isAgeMark(slots, index + 2)
                reading.place = .partial(isSector ? sector ?? partial : partial)
                slots[index].isRead = true
                if isSector { slots[index + 1].isRead = true }
            }
        }
    }

    /// A letter or two, then a figure: spares most words the trying.
    private static func mayBeginPostcode(_ word: String) -> Bool {
        let letters = word.utf8.prefix { $0 > 57 }.count
        return (1...2).contains(letters) && letters < word.utf8.count
    }

    /// Whether the word here says that the number before it is an age.
    private func isAgeMark(_ slots: [Slot], _ index: Int) -> Bool {
        index < slots.count && QuestionReader.yearWords.union(QuestionReader.monthWords).contains(slots[index].word)
    }

    private func readNames(_ slots: inout [Slot], _ reading: inout Reading) {
        guard reading.place == nil else { return }
        for length in stride(from: min(gazetteer.longestName, slots.count), to: 0, by: -1) {
            for start in 0...(slots.count - length) {
                let range = start..<(start + length)
                guard !slots[range].contains(where: \.isRead), let name = gazetteer.name(of: slots[range].map(\.word))
                else {
                    continue
                }
                reading.place = .named(name)
                reading.nameWords += slots[range].map(\.word)
                for index in range { slots[index].isRead = true }
                return
            }
        }
    }

    // MARK: - Ages

    private static let yearWords: Set<String> = ["year", "years", "yr", "yrs", "yo"]
    private static let monthWords: Set<String> = ["month", "months", "mth", "mths"]

    private func readAges(_ slots: inout [Slot], _ reading: inout Reading) {
        for index in slots.indices where !slots[index].isRead && reading.question.ages == nil {
            let before = index > 0 ? slots[index - 1].word : ""
            let after = index + 1 < slots.count ? slots[index + 1].word : ""
            if let ages = yearGroup(slots[index].word, after) {
                reading.question.ages = ages.ages
                mark(&slots, index..<(index + ages.words))
            } else if let (number, unit) = joined(slots[index].word), number <= (unit == "m" ? 300 : 25) {
                reading.question.ages = unit == "m" ? (number / 12)...(number / 12) : number...number
                mark(&slots, index..<index + 1)
            } else if let number = slots[index].number, number <= 300 {
                let next = index + 2 < slots.count ? slots[index + 2].word : ""
                guard let ages = age(number, before: before, after: after, next: next) else { continue }
                reading.question.ages = ages
                let from =
                    ["age", "aged", "ages", "under", "over", "turning", "is"].contains(before) ? index - 1 : index
                mark(&slots, from..<index + 1)
                markUnits(&slots, after: index)
            }
        }
    }

    /// The age that a number means by the words around it, or nil where they do not say that it is one.
    private func age(_ number: Int, before: String, after: String, next: String) -> ClosedRange<Int>? {
        if QuestionReader.monthWords.contains(after) { return (number / 12)...(number / 12) }
        guard number <= 25 else { return nil }
        if before == "under" || before == "below" { return 0...max(0, number - 1) }
        if before == "over" || before == "above" { return number...25 }
        if before == "age" || before == "aged" || before == "ages" {
            if let high = Digits.number(after == "to" ? next : after), high > number, high <= 25 {
                return number...high
            }
            return number...number
        }
        if QuestionReader.yearWords.contains(after) || before == "turning" || before == "is" { return number...number }
        return nil
    }

    /// `4yo`, `14yrs`, `18m`: a number and its unit in one word.
    private func joined(_ word: String) -> (Int, String)? {
        let digits = word.prefix(while: { $0.isNumber })
        guard !digits.isEmpty, let number = Digits.number(digits) else { return nil }
        switch word.dropFirst(digits.count) {
        case "yo", "yr", "yrs", "y", "year", "years", "yearold": return (number, "y")
        case "m", "mths", "months": return (number, "m")
        default: return nil
        }
    }

    /// `year 9`, `yr9`, `y9`, `reception`: the ages of a National Curriculum year, and how many words said it.
    private func yearGroup(_ word: String, _ after: String) -> (ages: ClosedRange<Int>, words: Int)? {
        if ["year", "yr", "y"].contains(word), let number = Digits.number(after), (1...14).contains(number) {
            return YearGroup.year(number).ages.map { ($0, 2) }
        }
        for beginning in ["year", "yr", "y"] where word.hasPrefix(beginning) && word.count <= beginning.count + 2 {
            if let number = Digits.number(word.dropFirst(beginning.count)), (1...14).contains(number) {
                return YearGroup.year(number).ages.map { ($0, 1) }
            }
        }
        return nil
    }

    /// A number that nothing else explains, small enough, is an age.
    private func readLoneNumber(_ slots: inout [Slot], _ reading: inout Reading) {
        guard reading.question.ages == nil else { return }
        guard let index = slots.indices.first(where: { !slots[$0].isRead && (1...25).contains(slots[$0].number ?? 0) }),
            let number = slots[index].number
        else { return }
        reading.question.ages = number...number
        slots[index].isRead = true
    }

    private func markUnits(_ slots: inout [Slot], after index: Int) {
        let units = QuestionReader.yearWords.union(QuestionReader.monthWords).union(["old", "olds", "to", "plus"])
        var at = index + 1
        while at < slots.count,
            units.contains(slots[at].word) || (slots[at - 1].word == "to" && slots[at].number != nil)
        {
            slots[at].isRead = true
            at += 1
        }
    }

    private func mark(_ slots: inout [Slot], _ range: Range<Int>) {
        for index in range where slots.indices.contains(index) { slots[index].isRead = true }
    }

    // MARK: - Words

    private func correctSpelling(_ slots: inout [Slot], _ reading: inout Reading) {
        for index in slots.indices where !slots[index].isRead && slots[index].number == nil {
            let word = slots[index].word
            if lexicon.words.contains(word) || gazetteer.words.contains(word) || isKnown(word) { continue }
            if lexicon.meanings(of: [stem(word)]) != nil || lexicon.completion(of: word) != nil { continue }
            guard let meant = correct(word) else { continue }
            reading.corrections.append((word, meant))
            slots[index].word = meant
        }
    }

    private func readPhrases(_ slots: inout [Slot], _ reading: inout Reading) {
        let stems = slots.map { stem($0.word) }
        for length in stride(from: min(lexicon.longest, slots.count), to: 0, by: -1) {
            for start in 0...(slots.count - length) {
                let range = start..<(start + length)
                guard !slots[range].contains(where: \.isRead) else { continue }
                var found = lexicon.meanings(of: stems[range])
                if found == nil, length == 1, let whole = lexicon.completion(of: slots[start].word) {
                    found = lexicon.meanings(of: [whole])
                }
                guard let found else { continue }
                for meaning in found { take(meaning, &reading) }
                keepWords(slots[range].map(\.word), found, &reading)
                for index in range { slots[index].isRead = true }
            }
        }
    }

    private func keepWords(_ words: [String], _ meanings: [Lexicon.Meaning], _ reading: inout Reading) {
        for meaning in meanings {
            switch meaning {
            case .help: return reading.kindWords += words.filter { !lexicon.isNothing($0) }
            case .need: return reading.nameWords += words
            default: continue
            }
        }
    }

    private func take(_ meaning: Lexicon.Meaning, _ reading: inout Reading) {
        switch meaning {
        case .need(let need): if !reading.question.needs.contains(need) { reading.question.needs.append(need) }
        case .help(let codes): if !reading.question.help.contains(codes) { reading.question.help.append(codes) }
        case .ages(let ages): if reading.question.ages == nil { reading.question.ages = ages }
        case .days(let days): reading.question.days.formUnion(days)
        case .free: reading.question.mustBeFree = true
        case .access(let feature): reading.question.access.insert(feature)
        case .level(let level): reading.question.level = level
        case .sector(let sector): reading.question.sectors.insert(sector)
        case .nearMe: if reading.place == nil { reading.place = .nearMe }
        case .urgent: reading.isUrgent = true
        case .nothing: break
        }
    }
}
