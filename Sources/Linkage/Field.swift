import Foundation

/// One thing by which two records are compared, with the levels of agreement that it can have. Level 0 is always
/// “missing”.
struct Field: Sendable {
    enum Shape: Sendable {
        case identifier(slot: Int, hasCheck: Bool)
        case phone(slot: Int)
        case given(slot: Int, familySlot: Int)
        case name(slot: Int)
        case birth(slot: Int)
        case sex(slot: Int)
        case home(address: Int, postcode: Int)
        case mail(slot: Int)
        case word(slot: Int)
    }

    let name: String
    let shape: Shape
    let levels: [String]
    /// Of each value the band of how frequent it is, from 0 for the rarest.
    private(set) var bands: Buffer<UInt8>
    let values: Values?
    let second: Values?
    let sectors: Buffer<UInt32>?

    var count: Int { levels.count }

    /// The level of a given name that is the other’s family name, and the other way round.
    static let exchanged = 10

    var isGiven: Bool { if case .given = shape { true } else { false } }
    var isFamily: Bool { if case .name = shape { values?.kind == .family } else { false } }
    var isBirth: Bool { if case .birth = shape { true } else { false } }
    var isIdentifier: Bool { if case .identifier = shape { true } else { false } }

    static let bandNames = ["rare", "less common", "common", "very common"]

    init(
        _ name: String, _ shape: Shape, _ levels: [String], values: Values? = nil, second: Values? = nil,
        sectors: Buffer<UInt32>? = nil, bands: Int = 0
    ) {
        self.name = name
        self.shape = shape
        self.levels = ["missing"] + levels
        self.values = values
        self.second = second
        self.sectors = sectors
        self.bands = values.map { Self.bands($0, bands) } ?? Buffer(repeating: 0, count: 1)
    }

    /// A value that more than one in 128 has is very common; than one in 724, common; than one in 4,096, less common.
    private static func bands(_ values: Values, _ count: Int) -> Buffer<UInt8> {
        let bands = Buffer<UInt8>(repeating: 0, count: values.count)
        guard count > 0 else { return bands }
        for code in 0..<values.count {
            let bits = -log2(max(values.share(UInt32(code)), 1e-12))
            let band: UInt8 = bits < 7 ? 3 : bits < 9.5 ? 2 : bits < 12 ? 1 : 0
            bands[code] = count == 4 ? band : band / 2
        }
        return bands
    }

    /// The values that are not rare, by their hashes, and how common each is.
    var common: [UInt64: UInt8] {
        guard let values else { return [:] }
        var common: [UInt64: UInt8] = [:]
        for code in 1..<max(values.count, 1) where bands[code] > 0 { common[values.hashed(UInt32(code))] = bands[code] }
        return common
    }

    /// Takes how common values are from what was learnt, in place of counting them; a value not known is rare.
    mutating func freeze(_ common: [UInt64: UInt8]) throws {
        guard let values else { return }
        bands = Buffer(repeating: 0, count: values.count)
        let highest: UInt8 = levels.contains(nameBand) ? 3 : isWord ? 1 : 0
        guard common.values.allSatisfy({ $0 <= highest }) else {
            throw LinkageError.model("“\(name)” has a value that is more common than its levels tell apart")
        }
        for code in 1..<max(values.count, 1) { bands[code] = common[values.hashed(UInt32(code))] ?? 0 }
    }

    private var nameBand: String { "the same, \(Self.bandNames[3])" }

    /// As many of the fields as can be told in one number of 64 bits: names, numbers and homes before words.
    static func fitting(_ fields: [Field]) -> [Field] {
        var (kept, room): ([Field], Double) = ([], 62)
        for field in fields.sorted(by: { !$0.isWord && $1.isWord }) {
            let bits = log2(Double(field.count))
            guard bits <= room else { continue }
            kept.append(field)
            room -= bits
        }
        return kept
    }

    private var isWord: Bool { if case .word = shape { true } else { false } }

    /// The fields that the columns of some records allow.
    static func fields(_ records: Records) -> [Field] {
        var fields: [Field] = []
        for column in records.columns {
            switch column.kind {
            case .nhs, .upn, .identifier:
                fields.append(
                    Field(
                        column.name, .identifier(slot: column.slot, hasCheck: column.kind == .nhs),
                        ["the same", "one slip apart", "different"]))
            case .phone:
                fields.append(
                    Field(column.name, .phone(slot: column.slot), ["the same", "one slip apart", "different"]))
            case .given:
                let family = records.columns(.family).first
                let more = family == nil ? [] : ["given and family name exchanged"]
                fields.append(
                    Field(
                        column.name, .given(slot: column.slot, familySlot: family?.slot ?? -1), nameLevels + more,
                        values: column.values,
                        second: family?.values, bands: 4))
            case .family, .middle:
                fields.append(Field(column.name, .name(slot: column.slot), nameLevels, values: column.values, bands: 4))
            case .birth:
                fields.append(
                    Field(
                        column.name, .birth(slot: column.slot),
                        [
                            "the same", "day and month exchanged", "two of year, month and day the same",
                            "the same year", "different",
                        ]))
            case .sex: fields.append(Field(column.name, .sex(slot: column.slot), ["the same", "different"]))
            case .address, .postcode: break
            case .email:
                fields.append(
                    Field(
                        column.name, .mail(slot: column.slot), ["the same", "alike", "different"], values: column.values
                    ))
            case .place, .category, .house:
                fields.append(
                    Field(
                        column.name, .word(slot: column.slot),
                        ["the same, \(bandNames[0])", "the same, common", "alike", "different"],
                        values: column.values, bands: 2))
            case .fullName, .ignored: break
            }
        }
        let (address, postcode) = (records.columns(.address).first, records.columns(.postcode).first)
        if address != nil || postcode != nil {
            fields.append(
                Field(
                    [address?.name, postcode?.name].compactMap { $0 }.joined(separator: " and "),
                    .home(address: address?.slot ?? -1, postcode: postcode?.slot ?? -1),
                    [
                        "the same address", "the same postcode, the address alike", "the same postcode",
                        "the same address line, another postcode",
                        "the same postcode sector", "different",
                    ], values: address?.values, second: postcode?.values, sectors: postcode?.values?.sectors()))
        }
        return fields
    }

    private static let nameLevels =
        bandNames.map { "the same, \($0)" } + [
            "a short form, another spelling or a part of it", "very alike", "alike", "somewhat alike", "different",
        ]
}
