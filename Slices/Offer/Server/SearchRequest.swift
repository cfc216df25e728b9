import Kernel
import Offer
import Web

/// A search as it was asked, on a page, by a program or at the command line, checked value by value.
struct SearchRequest: Sendable {
    var words = ""
    var near: String?
    var ages: ClosedRange<Int>?
    var needs: [NeedType] = []
    var help: [HelpCode] = []
    var kinds: Set<Entry.Kind> = []
    var days: Set<Weekday> = []
    var isFree = false
    var access: Set<AccessFeature> = []
    var withinMiles: Int?
    var order = Order.best
    /// From 0.
    var page = 0
    var size = 20
    var isMap = false
    /// The values that could not be read: those fields are left out of the search.
    private(set) var errors: [FieldError] = []

    static let wordLimit = 200
    static let distances = [1, 2, 3, 5, 10]

    init() {}

    /// Reads what a browser sends. Every mistake is gathered; what is right is still searched for.
    init(_ query: Query, helpKinds: HelpKinds) {
        read(words: query["q"], near: query["near"])
        read(age: query["age"])
        needs = codes(query.all("need"), "need") { try NeedType(code: $0) }
        help = codes(query.all("help"), "help") { code in
            guard helpKinds[HelpCode(code)] != nil else {
                throw Malformed(wanted: "a kind of help", given: code, reason: "choose one from the list")
            }
            return HelpCode(code)
        }
        kinds = Set(codes(query.all("kind"), "kind") { try named($0, Entry.Kind.self, "a kind of entry") })
        days = Set(codes(query.all("day"), "day") { try named($0, Weekday.self, "a day of the week") })
        access = Set(codes(query.all("access"), "access") { try named($0, AccessFeature.self, "a feature of access") })
        isFree = query["free"] == "yes"
        withinMiles = query["within"].flatMap { number($0, "within", SearchRequest.distances, "miles from the list") }
        order =
            codes([query["order"]].compactMap { $0 }, "order") { try named($0, Order.self, "an order") }.first ?? .best
        if let text = query["page"] {
            if let page = Digits.number(text), (1...10_000).contains(page) {
                self.page = page - 1
            } else {
                refuse("page", "Page “\(text.prefix(20))” is not a page: pages are counted from 1")
            }
        }
        isMap = query["view"] == "map"
    }

    mutating func read(words: String?, near: String?) {
        let (words, near) = (words ?? "", near ?? "")
        if words.count > SearchRequest.wordLimit {
            refuse("q", "Write at most \(SearchRequest.wordLimit) characters; this is \(Digits.grouped(words.count))")
        } else {
            self.words = words
        }
        if near.count > 60 {
            refuse("near", "Write a postcode or a ward; this has \(Digits.grouped(near.count)) characters")
        } else if !near.isEmpty {
            self.near = near
        }
    }

    mutating func read(age text: String?) {
        guard let text else { return }
        guard let age = Digits.number(text), age <= 25 else {
            return refuse("age", "Enter an age in whole years from 0 to 25")
        }
        ages = age...age
    }

    private mutating func codes<Value>(
        _ texts: [String], _ field: String, _ read: (String) throws -> Value
    ) -> [Value] {
        var values: [Value] = []
        for text in texts.prefix(30) {
            do { values.append(try read(text)) } catch { refuse(field, "\(error)") }
        }
        return values
    }

    private mutating func number(_ text: String, _ field: String, _ allowed: [Int], _ what: String) -> Int? {
        if let number = Digits.number(text), allowed.contains(number) { return number }
        refuse(field, "Choose \(what): \(Listing.or(allowed.map(String.init)))")
        return nil
    }

    private mutating func refuse(_ field: String, _ message: String) { errors.append(FieldError(field, message)) }
}

private func named<Value: RawRepresentable & CaseIterable>(
    _ text: String, _ type: Value.Type, _ wanted: String
) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: text) else {
        let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw Malformed(wanted: wanted, given: text, reason: "choose one of \(allowed)")
    }
    return value
}
