import Kernel
import Offer
import Search
import Storage
import Web

/// The offer in memory: the cards that are judged and ranked, the index of words, the places and the field's words.
///
/// It is made from the database when the server starts and again after each import; see
/// `docs/decisions/0006-search-in-memory.md`.
public struct OfferIndex: Sendable {
    public let catalogue: Catalogue
    let text: TextIndex
    let reader: QuestionReader
    let gazetteer: Gazetteer
    let stemmer: Stemmer
    let words: OfferWords
    /// The names of wards by their codes.
    let wardNames: [String: String]
    /// The entries shown lately.
    let shown: ShownEntries

    /// - Throws: a fault of the database, or of a shipped file.
    public init(_ database: any Database, _ share: Share) async throws {
        let words = try OfferWords(share)
        self = try await database.read { tx in try OfferIndex(tx, words) }
    }

    init(_ tx: any Transaction, _ words: OfferWords) throws {
        let places = PlaceStore(tx: tx, scope: .anyone)
        let stemmer = words.stemmer
        let wardNames = try places.wardNames()
        let gazetteer = Gazetteer(
            postcodes: PostcodeTable(try places.postcodes()), wards: try places.wards(), split: { Words.of($0) })
        var cards = Catalogue.Builder(words.helpKinds)
        var builder = TextIndex.Builder(stemmer: stemmer)
        try EntryStore(tx: tx, scope: .anyone).eachOpen { entry, fresh in
            guard cards.add(entry, fresh: fresh) else { return }
            builder.add(OfferIndex.fields(of: entry, words.helpKinds, wardNames))
        }
        let vocabulary = builder.vocabulary
        let text = builder.build()
        (self.text, self.stemmer, self.words, self.wardNames) = (text, stemmer, words, wardNames)
        self.gazetteer = gazetteer
        catalogue = cards.build()
        shown = ShownEntries(count: catalogue.count)
        reader = OfferIndex.reader(text, words, gazetteer, vocabulary)
    }

    private static func reader(
        _ text: TextIndex, _ words: OfferWords, _ gazetteer: Gazetteer, _ vocabulary: [String: Int]
    ) -> QuestionReader {
        var known = vocabulary
        // The field's words and the names of places are likelier to be meant than a word of one entry.
        for word in words.lexicon.words { known[word, default: 0] += 2000 }
        for word in gazetteer.words { known[word, default: 0] += 1000 }
        let spelling = Spelling(known)
        let stemmer = words.stemmer
        return QuestionReader(
            words.lexicon, gazetteer, stem: { stemmer.stem($0) },
            isKnown: { word in
                let stem = stemmer.stem(word)
                return text.holds(stem) || (word.utf8.count >= 3 && !text.stems(beginning: word, limit: 1).isEmpty)
            },
            correct: { spelling.correction(of: $0) })
    }

    /// The texts of an entry that words are looked for in, the name first, each with its weight.
    private static func fields(
        of entry: Entry, _ helpKinds: HelpKinds, _ wards: [String: String]
    ) -> [(text: String, weight: Float)] {
        var needs = ""
        switch entry.needs {
        case .listed(let listed), .listedIn2012(let listed):
            needs = listed.map { "\($0.code) \($0.name) \($0.plainName)" }.joined(separator: " ")
        case .every: needs = "any need"
        case .unknown: break
        }
        let help = entry.help.compactMap { helpKinds[$0]?.label }.joined(separator: " ")
        let ward = entry.address.ward.flatMap { wards[$0] } ?? ""
        let place = [entry.address.street, entry.address.town, ward].compactMap { $0 }.joined(separator: " ")
        return [
            (entry.name, 6), (help, 4), (needs, 3), (entry.summary ?? "", 2), (place, 1.5),
            (entry.eligibility ?? "", 1),
            ("\(entry.kind.label) \(entry.sector.label)", 1),
        ]
    }
}

/// The shipped words of the offer: kinds of help, the lexicon, the sources, the glossary.
struct OfferWords: Sendable {
    let helpKinds: HelpKinds
    let lexicon: Lexicon
    let sources: [Source]
    let glossary: [Term]
    let stemmer: Stemmer

    /// A row of `share/offer/sources.csv`.
    struct Source: Hashable, Sendable {
        let id, title, publisher: String
        let asOf: Day
        let licence, attribution, note: String
    }

    /// A row of `share/offer/glossary.csv`: a word of the field and what it means.
    struct Term: Hashable, Sendable {
        let word, meaning: String
        /// Other ways of writing it.
        let also: String?
    }

    init(_ share: Share) throws {
        let stemmer = Stemmer()
        let helpKinds = try HelpKinds(share.bytes("offer/help.csv"))
        lexicon = try Lexicon(
            share.bytes("offer/lexicon.csv"), helpKinds: helpKinds, split: { Words.of($0) }, stem: { stemmer.stem($0) })
        let columns = ["id", "title", "publisher", "as_of", "licence", "attribution", "note"]
        sources = try Table(share.bytes("offer/sources.csv"), required: columns).rows.map { row in
            Source(
                id: try row.get("id"), title: try row.get("title"), publisher: try row.get("publisher"),
                asOf: try Day(iso: try row.get("as_of")), licence: try row.get("licence"),
                attribution: try row.get("attribution"), note: try row.get("note"))
        }
        glossary = try Table(share.bytes("offer/glossary.csv"), required: ["word", "also", "meaning"]).rows.map { row in
            Term(word: try row.get("word"), meaning: try row.get("meaning"), also: row.optional("also"))
        }
        (self.helpKinds, self.stemmer) = (helpKinds, stemmer)
    }

    func source(_ id: String) -> Source? { sources.first { $0.id == id } }
}

/// The index as the server keeps it.
let offerIndex = Live("offer.index", follows: OfferEvents.indexed) { database, share in
    try await OfferIndex(database, share)
}

/// The kinds of event that this slice records.
enum OfferEvents {
    static let entriesChanged = "offer.entries-changed"
    static let placesChanged = "offer.places-changed"
    static let entryConfirmed = "offer.entry-confirmed"
    static let emptySearchesCounted = "offer.empty-searches-counted"
    static let reportReceived = "offer.report-received"

    /// After these the index is made anew.
    static let indexed: Set<String> = [entriesChanged, placesChanged, entryConfirmed]
}
