import ArgumentParser
import Console
import Kernel
import Offer
import Storage
import Web

/// `continuum search "WORDS"`: the search of the site, at the command line.
public struct SearchCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search the Local Offer as a family would.",
        discussion: """
            The words may themselves hold a place and an age: continuum search "autism B11 age 4". What fits comes \
            first, \
            then what might; with each, why. Distances are in a straight line.

            With --json an array alone goes to standard output: name, distance_metres (null without a place), fits \
            (true, \
            false, or null where the source does not say) and reasons, and more. What the search took for granted \
            goes to \
            standard error. Exit status 2: a place was asked for that is not known, so distances are missing.
            """)

    @Argument(help: "The words.") var words: [String]
    @Option(help: ArgumentHelp("A postcode, its first half, or a ward.", valueName: "place")) var near: String?
    @Option(parsing: .unconditional, help: "An age in whole years, 0 to 25.") var age: Int?
    @Option(help: ArgumentHelp("A type of need, by its code: ASD, SLCN, …", valueName: "code")) var need: [String] = []
    @Option(parsing: .unconditional, help: "At most this many results, 1 to 1000.") var limit = 20
    @Flag(help: "Print JSON, alone, on standard output.") var json = false
    @OptionGroup var data: DataOptions

    public init() {}

    public func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000; this is \(limit).") }
        if let age, !(0...25).contains(age) { throw ValidationError("--age is 0 to 25 whole years; this is \(age).") }
        for code in need { do { _ = try NeedType(code: code) } catch { throw ValidationError("--need: \(error)") } }
    }

    public func run() async throws {
        try await Console.run {
            let request = try request()
            let database = try await data.open()
            let index = try await OfferIndex(database, try data.share)
            let answer = try await database.read { tx in try index.answer(request, in: tx) }
            for notice in answer.plan.notices { Console.tell(notice) }
            let shown = Array((answer.results + answer.nearMisses).prefix(limit))
            if json {
                Console.print(JSON.array(shown.map(OfferJSON.result)).pretty)
            } else {
                print(shown, answer)
            }
            if answer.plan.placeIsUnknown { throw Console.partly }
        }
    }

    private func request() throws -> SearchRequest {
        var request = SearchRequest()
        request.read(words: words.joined(separator: " "), near: near)
        if let wrong = request.errors.first { throw Failure(wrong.message) }
        request.read(age: age.map(String.init))
        request.needs = try need.map { try NeedType(code: $0) }
        request.size = limit
        return request
    }

    private func print(_ results: [SearchAnswer.Result], _ answer: SearchAnswer) {
        if results.isEmpty { return Console.print("Nothing was found. Try fewer words, or another place.") }
        for result in results {
            let fits = result.judgement.fits.map { $0 ? "fits" : "near miss" } ?? "may fit"
            let far = result.metres.map { Distance.inWords(metres: $0) } ?? "-"
            Console.print(
                "\(fits)\t\(far)\t\(result.entry.name)\t\(result.reasons.map(\.text).joined(separator: "; "))")
        }
        let isAsked = answer.question.isSuitabilityAsked
        Console.tell(
            isAsked
                ? "\(answer.finding.fitting) fit, \(answer.finding.possible) may fit."
                : "\(answer.finding.total) found.")
    }
}
