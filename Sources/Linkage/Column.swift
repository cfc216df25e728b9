/// What a column tells of a child, and so how two of its values are compared.
public enum ColumnKind: String, Sendable, Equatable, Codable, CaseIterable {
    case given, family, middle, fullName = "full-name", birth, sex, nhs, upn, identifier, phone, email, postcode
    case address, house, place, category, ignored

    /// Numbers and dates are packed into 64 bits; all else is kept as the number of a distinct value.
    var isPacked: Bool {
        switch self {
        case .birth, .nhs, .upn, .identifier, .phone: true
        default: false
        }
    }
}

/// How a column was understood, and why: a line of the summary.
public struct ColumnUse: Sendable, Equatable {
    public let name: String
    public var kind: ColumnKind
    public var why: String
}

/// Understands columns by their names, and where a name says nothing, by what stands in them.
enum Columns {
    /// By name alone; nothing where the name says nothing.
    static func byName(_ name: String) -> ColumnUse? {
        let words = words(name)
        func has(_ some: String...) -> Bool { some.contains { words.contains($0) } }
        func use(_ kind: ColumnKind, _ what: String) -> ColumnUse {
            ColumnUse(name: name, kind: kind, why: "its name says \(what)")
        }
        if has("cluster", "truth", "entity", "label", "duplicate", "match", "golden") {
            return ColumnUse(
                name: name, kind: .ignored, why: "its name says that it is an answer, not a fact about a child")
        }
        let birth = has("dob", "birth", "born", "birthdate", "birthday", "dateofbirth")
        if birth, has("place", "town", "city", "country", "county") { return use(.place, "a place") }
        if birth, !has("weight", "order") { return use(.birth, "the day of birth") }
        if has("nhs", "nhsno", "nhsnumber") { return use(.nhs, "an NHS number") }
        if has("upn") { return use(.upn, "a unique pupil number") }
        if has(
            "ssn", "soc", "socsec", "passport", "licence", "license", "medicare", "nino", "uln", "national", "insurance"
        ) {
            return use(.identifier, "a number of one person")
        }
        let first = has("given", "first", "forename", "forenames", "firstname", "fname", "christian", "givenname")
        let last = has("family", "surname", "last", "lastname", "lname", "sname", "familyname")
        if first && last { return use(.fullName, "a whole name") }
        if first { return use(.given, "a given name") }
        if last { return use(.family, "a family name") }
        if has("middle", "second") && has("name", "names") || has("middlename") { return use(.middle, "a middle name") }
        if has("sex", "gender") { return use(.sex, "sex") }
        if has("phone", "telephone", "tel", "mobile", "phonenumber", "landline") {
            return use(.phone, "a telephone number")
        }
        if has("email", "mail") { return use(.email, "a mail address") }
        if has("post") && has("code") || has("postcode", "zip", "zipcode", "postal", "postalcode", "pcode") {
            return use(.postcode, "a postcode")
        }
        if has("house", "street", "building") && has("number", "no", "num") { return use(.house, "a house number") }
        if has("address", "street", "addr", "addressline", "road") {
            let later = words.contains { Int($0).map { $0 > 1 } ?? false }
            return later ? use(.place, "a further line of an address") : use(.address, "an address")
        }
        if has(
            "suburb", "town", "city", "village", "locality", "county", "state", "country", "district", "ward", "region")
        {
            return use(.place, "a place")
        }
        if has("name", "fullname") && words.count <= 2 { return use(.fullName, "a whole name") }
        if has("source", "agency", "system", "file", "dataset", "provider") {
            return ColumnUse(
                name: name, kind: .ignored, why: "its name says where the record comes from, not who it is about")
        }
        if has(
            "note", "notes", "comment", "comments", "description", "remarks", "created", "updated", "recorded",
            "extract", "row")
        {
            return ColumnUse(name: name, kind: .ignored, why: "its name says that it tells nothing of who a child is")
        }
        return nil
    }

    /// The words of a column’s name: “NHSNumber”, “nhs_number” and “nhs number” have the same.
    static func words(_ name: String) -> [String] {
        var words = [""]
        var before: Character = " "
        for sign in name {
            if !sign.isLetter && !sign.isNumber {
                words.append("")
            } else {
                if sign.isUppercase && before.isLowercase || sign.isNumber != before.isNumber && before != " " {
                    words.append("")
                }
                words[words.count - 1].append(contentsOf: sign.lowercased())
            }
            before = sign.isLetter || sign.isNumber ? sign : " "
        }
        return words.filter { !$0.isEmpty }
    }

    /// By some of the values, where the name says nothing.
    static func byContent(_ name: String, _ sample: [Cell]) -> ColumnUse {
        func use(_ kind: ColumnKind, _ why: String) -> ColumnUse { ColumnUse(name: name, kind: kind, why: why) }
        let held = sample.filter { !Missing.isMissing($0) }
        guard !held.isEmpty else { return use(.ignored, "nothing stands in it") }
        func most(_ share: Double = 0.9, test: (Cell) -> Bool) -> Bool {
            Double(held.count(where: test)) >= share * Double(held.count)
        }
        let distinct = Set(held.map { hash($0.start, $0.length) }).count
        guard distinct > 1 || held.count < 2 else { return use(.ignored, "the same stands in every row") }
        if most(test: { Packed.digits($0).map { $0.count == 10 && Packed.isNHS($0.value) } ?? false }) {
            return use(.nhs, "its values are NHS numbers by their check digit")
        }
        if most(test: Packed.looksLikeUPN) { return use(.upn, "its values have the form of unique pupil numbers") }
        if most(test: { Text.looksLikePostcode($0) }) { return use(.postcode, "its values have the form of postcodes") }
        if most(test: { $0.bytes.contains(64) }) { return use(.email, "its values have the form of mail addresses") }
        if most(test: { Dates.looksLikeDate($0) }) { return use(.birth, "its values are dates") }
        if distinct <= 8, most(test: { ["M", "F", "MALE", "FEMALE", "U"].contains($0.text.uppercased()) }) {
            return use(.sex, "its values are those of sex")
        }
        let numbers = held.compactMap { Int($0.text) }
        if numbers.count == held.count, zip(numbers, numbers.dropFirst()).allSatisfy({ $1 == $0 + 1 }),
            numbers.count > 2
        {
            return use(.ignored, "it numbers the rows")
        }
        if most(test: { Packed.digits($0).map { $0.count == 11 && $0.value / 1_000_000_000 < 10 } ?? false }) {
            return use(.phone, "its values have the form of telephone numbers")
        }
        let letters = held.reduce(0) { $0 + $1.length }
        if letters > 48 * held.count { return use(.ignored, "it is free text") }
        if held.count > 50, distinct * 100 >= held.count * 98 {
            return use(.identifier, "nearly every row has a value of its own")
        }
        return use(.category, "its values are few, or words")
    }
}

/// What people write where they know nothing.
enum Missing {
    private static let words: Set<String> = [
        "", "N/A", "NA", "NULL", "NONE", "NIL", "UNKNOWN", "NOT KNOWN", "NK", "N/K", "-", "--", ".", "?", "NOT STATED",
        "NOT APPLICABLE", "UNSPECIFIED", "MISSING", "TBC", "NAN",
    ]

    /// Two and more of the letter X and nothing else.
    static func isCrossedOut(_ letters: some Collection<UInt8>) -> Bool {
        letters.count > 1 && letters.allSatisfy { $0 == 88 }
    }

    static func isMissing(_ cell: Cell) -> Bool {
        guard cell.length > 0 else { return true }
        guard cell.length <= 16 else { return false }
        let text = cell.text.uppercased()
        return words.contains(text) || text.allSatisfy { $0 == " " || $0 == "\t" } || isCrossedOut(text.utf8)
    }
}
