import Kernel

/// The names that children of the city can bear, by the tradition of their families, and how else they are written.
struct Names: Sendable {
    /// Given names by tradition, sex and span of five years; family names by tradition.
    private var givenOf: [String: [Wheel<UInt16>]] = [:]
    private var familyOf: [String: Wheel<UInt16>] = [:]
    /// Every name, by its number.
    private(set) var texts: [[UInt8]] = []
    private var numbers: [String: UInt16] = [:]
    /// By the number of a name: short forms, and other spellings.
    private(set) var short: [UInt16: [[UInt8]]] = [:]
    private(set) var spellings: [UInt16: [[UInt8]]] = [:]

    static let spans = ["w1996", "w2001", "w2006", "w2011", "w2016"]

    /// - Throws: `TableFault` or `Malformed` where a table is not as it should be.
    init(given: [UInt8], family: [UInt8], variants: [UInt8]) throws {
        var weights: [String: [[(UInt16, Int)]]] = [:]
        for row in try Table(given, required: ["tradition", "sex", "name"] + Names.spans).rows {
            let number = try self.number(of: row.get("name"))
            let sex = try row.get("sex") == "F" ? 0 : Names.spans.count
            for (span, column) in Names.spans.enumerated() {
                weights[
                    try row.get("tradition"), default: Array(repeating: [], count: 2 * Names.spans.count)
                ][sex + span].append((number, try CityData.number(row, column)))
            }
        }
        givenOf = weights.mapValues { $0.map { Wheel($0) } }
        var families: [String: [(UInt16, Int)]] = [:]
        for row in try Table(family, required: ["tradition", "name", "weight"]).rows {
            families[try row.get("tradition"), default: []]
                .append((try number(of: row.get("name")), try CityData.number(row, "weight")))
        }
        familyOf = families.mapValues { Wheel($0) }
        for row in try Table(variants, required: ["kind", "name", "others"]).rows {
            let others = try row.get("others").split(separator: " ").map { Array($0.utf8) }
            let number = try self.number(of: row.get("name"))
            if try row.get("kind") == "short" { short[number] = others } else { spellings[number] = others }
        }
    }

    /// - Throws: `Malformed` where there is no name of these traditions.
    func check(given: String, family: String) throws(Malformed) {
        guard givenOf[given] != nil, familyOf[family] != nil else {
            throw Malformed(wanted: "a tradition of names", given: given, reason: "there is no name of it")
        }
    }

    func given(_ tradition: String, isGirl: Bool, born year: Int, _ draw: inout Draw) -> UInt16 {
        let span = max(0, min(Names.spans.count - 1, (year - 1996) / 5))
        return givenOf[tradition]?[(isGirl ? 0 : Names.spans.count) + span].pick(&draw) ?? 0
    }

    func family(_ tradition: String, _ draw: inout Draw) -> UInt16 { familyOf[tradition]?.pick(&draw) ?? 0 }

    func text(_ number: UInt16) -> [UInt8] { texts[Int(number)] }

    /// The number of a name that the tables hold, or nil.
    func known(_ name: String) -> UInt16? { numbers[name] }

    private mutating func number(of name: String) throws(Malformed) -> UInt16 {
        if let number = numbers[name] { return number }
        let bytes = Array(name.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 < 128 && $0 != 34 && $0 != 44 && $0 > 32 }), texts.count < 65_000
        else {
            throw Malformed(wanted: "a name for the city", given: name, reason: "it is one word in plain letters")
        }
        let number = UInt16(texts.count)
        texts.append(bytes)
        numbers[name] = number
        return number
    }
}

extension Names {
    /// Family names that women bear and men do not, in families where each has a name of their own.
    private static let ofWomen: Set<String> = [
        "Begum", "Bibi", "Khatun", "Sultana", "Khanom", "Kaur", "Parveen", "Kauser", "Naz", "Batool", "Akhtar",
    ]

    func isOfWomen(_ name: UInt16) -> Bool { Names.ofWomen.contains(String(decoding: text(name), as: UTF8.self)) }

    /// The family name that a child of the family bears: a daughter may have a name of her own.
    func borne(_ name: UInt16, tradition: String, isGirl: Bool, _ draw: inout Draw) -> UInt16 {
        switch tradition {
        case "sikh":
            if name == known("Singh") { return (isGirl ? known("Kaur") : nil) ?? name }
            return isGirl && draw.chance(2_500) ? known("Kaur") ?? name : name
        case "pakistani", "bangladeshi":
            guard isGirl, draw.chance(1_800) else { return name }
            let own =
                tradition == "pakistani" ? ["Bibi", "Begum", "Akhtar", "Parveen"] : ["Begum", "Khatun", "Khanom"]
            return known(own[draw.below(own.count)]) ?? name
        default: return name
        }
    }
}
