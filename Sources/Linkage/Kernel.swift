import Foundation

/// A field made ready for the hot loop: nothing but numbers and addresses, so that comparing counts no references. The
/// ``Field`` that it was made of keeps what the addresses lead to.
struct FieldKernel: BitwiseCopyable {
    private enum Shape: UInt8, BitwiseCopyable { case number, checkedNumber, given, name, birth, sex, home, mail, word }

    private let shape: Shape
    private let slot: Int
    private let secondSlot: Int
    private var bands: UnsafePointer<UInt8>
    private var texts: Texts
    private var secondTexts: Texts
    private var sectors: UnsafePointer<UInt32>?
    private let hasSecond: Bool
    private let isGivenName: Bool
    /// The last pair of values that was measured at each place of a small table, and what it was found to be.
    private let keys: UnsafeMutablePointer<UInt64>
    private let levels: UnsafeMutablePointer<UInt8>
    /// Values of this number and above are not remembered: their numbers may be used anew.
    private let limit: UInt32
    private static let places = 1 << 14

    /// The texts of a column, their words and their lines of ``Names``.
    struct Texts: BitwiseCopyable {
        let letters: UnsafePointer<UInt8>
        let starts: UnsafePointer<Int>
        let words: UnsafePointer<SIMD4<UInt32>>
        let groups: UnsafePointer<SIMD4<UInt16>>

        @inline(__always) func bytes(_ code: UInt32) -> UnsafeBufferPointer<UInt8> {
            let start = starts[Int(code)]
            return UnsafeBufferPointer(start: letters + start, count: starts[Int(code) + 1] - start)
        }
    }

    /// - Parameters:
    ///   - room: memory of its own for what it measures.
    ///   - isLive: whether further values may come and go.
    init(_ field: Field, _ room: Room, isLive: Bool) {
        limit = isLive ? UInt32(field.values?.count ?? 0) : .max
        switch field.shape {
        case .identifier(let slot, let hasCheck):
            (shape, self.slot, secondSlot) = (hasCheck ? .checkedNumber : .number, slot, -1)
        case .phone(let slot): (shape, self.slot, secondSlot) = (.number, slot, -1)
        case .given(let slot, let family): (shape, self.slot, secondSlot) = (.given, slot, family)
        case .name(let slot): (shape, self.slot, secondSlot) = (.name, slot, -1)
        case .birth(let slot): (shape, self.slot, secondSlot) = (.birth, slot, -1)
        case .sex(let slot): (shape, self.slot, secondSlot) = (.sex, slot, -1)
        case .home(let address, let postcode): (shape, self.slot, secondSlot) = (.home, address, postcode)
        case .mail(let slot): (shape, self.slot, secondSlot) = (.mail, slot, -1)
        case .word(let slot): (shape, self.slot, secondSlot) = (.word, slot, -1)
        }
        bands = UnsafePointer(field.bands.base)
        texts = field.values?.texts ?? Values.noTexts
        secondTexts = field.second?.texts ?? Values.noTexts
        hasSecond = field.second != nil
        isGivenName = field.isGiven
        sectors = field.sectors.map { UnsafePointer($0.base) }
        (keys, levels) = room.table(Self.places)
    }

    /// Takes up where the values of a field stand now.
    mutating func refresh(_ field: Field) {
        bands = UnsafePointer(field.bands.base)
        texts = field.values?.texts ?? Values.noTexts
        secondTexts = field.second?.texts ?? Values.noTexts
        sectors = field.sectors.map { UnsafePointer($0.base) }
    }

    /// Memory of one thread.
    final class Room {
        private var owned: [(Buffer<UInt64>, Buffer<UInt8>)] = []

        fileprivate func table(_ places: Int) -> (UnsafeMutablePointer<UInt64>, UnsafeMutablePointer<UInt8>) {
            owned.append((Buffer(repeating: 0, count: places), Buffer(repeating: 0, count: places)))
            return (owned.last!.0.base, owned.last!.1.base)
        }
    }

    /// How two records agree in this field.
    @inline(__always)
    func level(_ one: UnsafePointer<UInt32>, _ other: UnsafePointer<UInt32>) -> Int {
        switch shape {
        case .number: number(packed(one, slot), packed(other, slot), false)
        case .checkedNumber: number(packed(one, slot), packed(other, slot), true)
        case .given: given(one, other)
        case .name: name(one[slot], other[slot])
        case .birth: birth(UInt64(one[slot]), UInt64(other[slot]))
        case .sex: one[slot] == 0 || other[slot] == 0 ? 0 : one[slot] == other[slot] ? 1 : 2
        case .home: home(one, other)
        case .mail: mail(one[slot], other[slot])
        case .word: word(one[slot], other[slot])
        }
    }

    @inline(__always)
    private func measured(_ one: UInt32, _ other: UInt32, _ measure: (UInt32, UInt32) -> Int) -> Int {
        let (low, high) = (min(one, other), max(one, other))
        let key = UInt64(low) << 32 | UInt64(high)
        let place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 40) & (Self.places - 1)
        if keys[place] == key { return Int(levels[place]) }
        let level = measure(low, high)
        guard high < limit else { return level }
        keys[place] = key
        levels[place] = UInt8(truncatingIfNeeded: level)
        return level
    }

    @inline(__always)
    private func number(_ one: UInt64, _ other: UInt64, _ hasCheck: Bool) -> Int {
        if one == 0 || other == 0 { return 0 }
        if one == other { return 1 }
        guard Packed.isOneSlip(one, other) else { return 3 }
        // Two numbers that both pass their check are two numbers, not one with a slip.
        return hasCheck && Packed.hasRightCheck(one) && Packed.hasRightCheck(other) ? 3 : 2
    }

    @inline(__always)
    private func birth(_ one: UInt64, _ other: UInt64) -> Int {
        if one == 0 || other == 0 { return 0 }
        if one == other { return 1 }
        if Dates.unordered(one) == Dates.unordered(other) { return 2 }
        let same =
            (one / 10_000 == other / 10_000 ? 1 : 0) + (one / 100 % 100 == other / 100 % 100 ? 1 : 0)
            + (one % 100 == other % 100 ? 1 : 0)
        return same == 2 ? 3 : one / 10_000 == other / 10_000 ? 4 : 5
    }

    @inline(__always)
    private func given(_ one: UnsafePointer<UInt32>, _ other: UnsafePointer<UInt32>) -> Int {
        let level = name(one[slot], other[slot])
        guard level >= 8, secondSlot >= 0, one[secondSlot] != 0, other[secondSlot] != 0 else { return level }
        let isExchanged =
            Self.same(texts.bytes(one[slot]), secondTexts.bytes(other[secondSlot]))
            && Self.same(texts.bytes(other[slot]), secondTexts.bytes(one[secondSlot]))
        return isExchanged ? Field.exchanged : level
    }

    private static func same(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        one.count == other.count && memcmp(one.baseAddress!, other.baseAddress!, one.count) == 0
    }

    @inline(__always)
    private func name(_ one: UInt32, _ other: UInt32) -> Int {
        if one == 0 || other == 0 { return 0 }
        if one == other { return 1 + Int(bands[Int(one)]) }
        return measured(one, other, nameLevel)
    }

    @inline(never)
    private func nameLevel(_ one: UInt32, _ other: UInt32) -> Int {
        let (left, right) = (texts.words[Int(one)], texts.words[Int(other)])
        if Self.isPart(left, of: right) || Self.isPart(right, of: left) { return 5 }
        if Self.sharesLine(texts.groups[Int(one)], texts.groups[Int(other)]) { return 5 }
        // “Muhammad” alone is the honoured name before the one in use, which is not known then.
        if isGivenName, isHonoured(one) != isHonoured(other) { return 0 }
        let measure = Likeness.jaroWinkler(texts.bytes(one), texts.bytes(other))
        return measure >= 0.92 ? 6 : measure >= 0.85 ? 7 : measure >= 0.7 ? 8 : 9
    }

    private func isHonoured(_ code: UInt32) -> Bool {
        texts.words[Int(code)][1] == 0 && any(texts.groups[Int(code)] .== SIMD4(repeating: 1))
    }

    private static func isPart(_ some: SIMD4<UInt32>, of all: SIMD4<UInt32>) -> Bool {
        for index in 0..<4 where some[index] != 0 {
            if !any(all .== SIMD4(repeating: some[index])) { return false }
        }
        return true
    }

    private static func sharesLine(_ one: SIMD4<UInt16>, _ other: SIMD4<UInt16>) -> Bool {
        for index in 0..<4 where one[index] != 0 {
            if any(other .== SIMD4(repeating: one[index])) { return true }
        }
        return false
    }

    @inline(__always)
    private func home(_ one: UnsafePointer<UInt32>, _ other: UnsafePointer<UInt32>) -> Int {
        let (line, otherLine) = slot < 0 ? (0, 0) : (one[slot], other[slot])
        let (post, otherPost) = secondSlot < 0 ? (0, 0) : (one[secondSlot], other[secondSlot])
        let (hasLines, hasPosts) = (line != 0 && otherLine != 0, post != 0 && otherPost != 0)
        if hasPosts && post == otherPost {
            if hasLines && line == otherLine { return 1 }
            return hasLines && measured(line, otherLine, likeAddress) == 1 ? 2 : 3
        }
        if hasLines && line == otherLine { return hasSecond ? 4 : 1 }
        if hasPosts, let sectors { return sectors[Int(post)] == sectors[Int(otherPost)] ? 5 : 6 }
        guard hasLines, !hasSecond else { return 0 }
        return measured(line, otherLine, likeAddress) == 1 ? 2 : 6
    }

    @inline(never)
    private func likeAddress(_ one: UInt32, _ other: UInt32) -> Int {
        Likeness.jaroWinkler(texts.bytes(one), texts.bytes(other)) > 0.9 ? 1 : 0
    }

    @inline(__always)
    private func mail(_ one: UInt32, _ other: UInt32) -> Int {
        if one == 0 || other == 0 { return 0 }
        if one == other { return 1 }
        return measured(one, other) { Likeness.jaroWinkler(texts.bytes($0), texts.bytes($1)) >= 0.95 ? 2 : 3 }
    }

    @inline(__always)
    private func word(_ one: UInt32, _ other: UInt32) -> Int {
        if one == 0 || other == 0 { return 0 }
        if one == other { return 1 + Int(bands[Int(one)]) }
        return measured(one, other) { Likeness.jaroWinkler(texts.bytes($0), texts.bytes($1)) >= 0.9 ? 3 : 4 }
    }
}

/// Compares two records in every field: one number for the levels, the first field the least.
final class Kernel {
    private let fields: UnsafeMutablePointer<FieldKernel>
    private let radix: UnsafeMutablePointer<UInt64>
    private let count: Int
    private let given: Int
    private let family: Int
    private let room = FieldKernel.Room()
    private let owner: Comparer

    /// - Parameter isLive: whether further values may come and go.
    init(_ comparer: Comparer, isLive: Bool = false) {
        owner = comparer
        count = comparer.fields.count
        fields = .allocate(capacity: count)
        radix = .allocate(capacity: count)
        for (number, field) in comparer.fields.enumerated() {
            (fields + number).initialize(to: FieldKernel(field, room, isLive: isLive))
            radix[number] = comparer.radix[number]
        }
        given = comparer.fields.firstIndex(where: \.isGiven) ?? -1
        family = comparer.fields.firstIndex(where: \.isFamily) ?? -1
    }

    /// Takes up further values of the fields.
    func refresh() {
        for (number, field) in owner.fields.enumerated() { fields[number].refresh(field) }
    }

    deinit {
        fields.deallocate()
        radix.deallocate()
    }

    @inline(__always)
    func pattern(_ one: UnsafePointer<UInt32>, _ other: UnsafePointer<UInt32>) -> UInt64 {
        var pattern: UInt64 = 0
        var isExchanged = false
        for number in 0..<count {
            if isExchanged, number == family { continue }  // Said once, by the given name.
            let level = fields[number].level(one, other)
            if number == given, level == Field.exchanged { isExchanged = true }
            pattern &+= UInt64(level) &* radix[number]
        }
        return pattern
    }
}
