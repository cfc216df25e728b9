/// The distinct values of a column of words, written in one way, and what is known of each beforehand.
final class Values: @unchecked Sendable {
    let kind: ColumnKind
    private let arena = Buffer<UInt8>(capacity: 1 << 12)
    private let starts = Buffer<Int>()
    /// How many rows have the value.
    private(set) var rows: Buffer<UInt32>
    /// A number for each value that is the same in every file, 0 for the missing one.
    let wholes = Buffer<UInt32>()
    /// The words of a name as hashes, four at most; and the lines of ``Names`` on which its first word stands.
    private var words = Buffer<SIMD4<UInt32>>()
    private var groups = Buffer<SIMD4<UInt16>>()
    private(set) var held = 0
    private let hasWords: Bool
    /// The values by their hashes, where further ones may come; see ``admit()``.
    private var index: Distinct?
    private let part: (@Sendable (Cell, Buffer<UInt8>) -> Void)?
    private let room = Buffer<UInt8>()

    /// Writes each of the raw values in one way; `codes` are made those of the written ones.
    ///
    /// - Parameter part: takes of a whole name the part that is meant.
    init(
        _ kind: ColumnKind, _ raw: Distinct, _ codes: Buffer<UInt32>,
        part: (@Sendable (Cell, Buffer<UInt8>) -> Void)? = nil
    ) {
        self.kind = kind
        self.part = part
        hasWords = kind == .given || kind == .family || kind == .middle
        let distinct = Distinct()
        let translated = Buffer<UInt32>(repeating: 0, count: raw.count)
        starts.append(0)
        starts.append(0)
        wholes.append(0)
        let pieces = max(1, min(32, raw.count / 4_000))
        let written = mapped(pieces) { piece in
            Written(kind, raw, raw.count * piece / pieces..<raw.count * (piece + 1) / pieces, part)
        }
        // Numbered in the order of the raw values, whoever wrote them.
        for piece in written {
            for (place, index) in piece.range.enumerated() where piece.hashes[place] != 0 {
                let before = distinct.count
                let (start, end) = (place == 0 ? 0 : piece.ends[place - 1], piece.ends[place])
                let cell = Cell(piece.letters.base + start, end - start)
                translated[index] = distinct.code(cell, piece.hashes[place])
                if distinct.count > before {
                    arena.append(piece.letters.base + start, count: end - start)
                    starts.append(arena.count)
                    wholes.append(Self.number(piece.hashes[place]))
                }
            }
        }
        rows = Buffer(repeating: 0, count: distinct.count)
        for index in 0..<codes.count {
            let code = translated[Int(codes[index])]
            codes[index] = code
            rows.base[Int(code)] += 1
        }
        held = codes.count - Int(rows[0])
        if hasWords { lookAtWords() }
    }

    /// Some of the raw values, written in one way: their letters, where each ends, and its hash, 0 for what is missing.
    private final class Written: @unchecked Sendable {
        let range: Range<Int>
        let letters = Buffer<UInt8>(capacity: 1 << 12)
        let ends = Buffer<Int>()
        let hashes = Buffer<UInt64>()

        init(_ kind: ColumnKind, _ raw: Distinct, _ range: Range<Int>, _ part: ((Cell, Buffer<UInt8>) -> Void)?) {
            self.range = range
            for index in range {
                let (cell, start) = (raw.values[index], letters.count)
                if index > 0 { Values.write(kind, cell, letters, part) }
                let length = letters.count - start
                ends.append(letters.count)
                hashes.append(length == 0 ? 0 : hash(letters.base + start, length))
            }
        }
    }

    var count: Int { rows.count }

    /// Writes a raw value in the one way; nothing where it stands for a missing one.
    private static func write(
        _ kind: ColumnKind, _ cell: Cell, _ into: Buffer<UInt8>, _ part: ((Cell, Buffer<UInt8>) -> Void)?
    ) {
        if cell.length <= 16 && Missing.isMissing(cell) { return }
        if let part { part(cell, into) } else { Text.write(kind, cell, into) }
    }

    /// The part of a key that a hash gives: never nought.
    @inline(__always) private static func number(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) | 1 }

    func length(_ code: UInt32) -> Int { starts[Int(code) + 1] - starts[Int(code)] }

    func bytes(_ code: UInt32) -> UnsafeBufferPointer<UInt8> {
        let start = starts[Int(code)]
        return UnsafeBufferPointer(start: arena.base + start, count: starts[Int(code) + 1] - start)
    }

    func text(_ code: UInt32) -> String { String(decoding: bytes(code), as: UTF8.self) }

    /// The share of the rows with a value that have this one.
    func share(_ code: UInt32) -> Double { Double(rows[Int(code)]) / Double(max(held, 1)) }

    private func lookAtWords() {
        words = Buffer(repeating: .zero, count: count)
        groups = Buffer(repeating: .zero, count: count)
        for code in 1..<max(count, 1) { lookAtWords(code) }
    }

    private func lookAtWords(_ code: Int) {
        var place = 0
        let text = bytes(UInt32(code))
        for word in text.split(separator: 32) {
            let key = Names.key(word)
            if place < 4 { words.base[code][place] = UInt32(truncatingIfNeeded: key) | 1 }
            if place == 0 { groups[code] = Names.groups[key] ?? .zero }
            place += 1
        }
    }

    /// What the comparison reads of it.
    var texts: FieldKernel.Texts {
        .init(
            letters: UnsafePointer(arena.base), starts: UnsafePointer(starts.base), words: UnsafePointer(words.base),
            groups: UnsafePointer(groups.base))
    }

    /// Of a column without texts: never read.
    static var noTexts: FieldKernel.Texts { none.texts }
    private static let none = Values(.ignored, Distinct(), Buffer())

    /// A number for the first `length` letters of each value, 0 for the missing one.
    func prefixes(_ length: Int) -> Buffer<UInt32> { derived { Self.prefix($0, length) } }

    private static func prefix(_ text: UnsafeBufferPointer<UInt8>, _ length: Int) -> UInt64 {
        hash(text.baseAddress!, min(length, text.count))
    }

    /// All but the last two signs of a postcode: its sector.
    func sectors() -> Buffer<UInt32> { derived(Self.sector) }

    private static func sector(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        text.count > 4 ? hash(text.baseAddress!, text.count - 2) : hash(text.baseAddress!, text.count)
    }

    /// A number for the sound of a name’s first word, after Soundex but by all its consonants.
    func sounds() -> Buffer<UInt32> { derived(Self.sound) }

    private static func sound(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var (state, last, seen): (UInt64, UInt8, Int) = (UInt64(text[0]), Sound.of(text[0]), 0)
        for letter in text.dropFirst() {
            if letter == 32 { break }
            let sound = Sound.of(letter)
            if sound != last, sound != 0, seen < 4 {
                state = state << 4 | UInt64(sound)
                seen += 1
            }
            last = sound
        }
        return spread(state)
    }

    private func derived(_ number: (UnsafeBufferPointer<UInt8>) -> UInt64) -> Buffer<UInt32> {
        let result = Buffer<UInt32>(repeating: 0, count: count)
        for code in 1..<max(count, 1) { result[code] = Self.number(number(bytes(UInt32(code)))) }
        return result
    }

    /// The same numbers for one value alone, 0 for the missing one.
    func prefix(_ code: UInt32, _ length: Int) -> UInt32 {
        code == 0 ? 0 : Self.number(Self.prefix(bytes(code), length))
    }
    func sector(_ code: UInt32) -> UInt32 { code == 0 ? 0 : Self.number(Self.sector(bytes(code))) }
    func sound(_ code: UInt32) -> UInt32 { code == 0 ? 0 : Self.number(Self.sound(bytes(code))) }
    func hashed(_ code: UInt32) -> UInt64 { hash(bytes(code).baseAddress!, length(code)) }
}

/// Values that come after the others: those of records that are put into an index.
extension Values {
    /// Makes the values ready for further ones.
    func admit() {
        let index = Distinct()
        for code in 1..<max(count, 1) { _ = index.code(.empty, hashed(UInt32(code))) }
        self.index = index
    }

    /// The number of a raw value, which may be new; 0 where it is missing.
    func code(_ cell: Cell) -> UInt32 {
        guard let index else { return 0 }
        room.removeLast(to: 0)
        Self.write(kind, cell, room, part)
        guard room.count > 0 else { return 0 }
        let (before, own) = (index.count, hash(room.base, room.count))
        let code = index.code(.empty, own)
        guard index.count > before else { return code }
        arena.append(room.base, count: room.count)
        starts.append(arena.count)
        wholes.append(Self.number(own))
        rows.append(0)
        if hasWords {
            words.append(.zero)
            groups.append(.zero)
            lookAtWords(Int(code))
        }
        return code
    }

    /// Forgets the values that came last, down to a count.
    func forget(to kept: Int) {
        guard let index else { return }
        while count > max(kept, 1) {
            let last = UInt32(count - 1)
            index.removeLast(hashed(last))
            arena.removeLast(to: starts[Int(last)])
            starts.removeLast(to: starts.count - 1)
            wholes.removeLast(to: wholes.count - 1)
            rows.removeLast(to: rows.count - 1)
            if hasWords {
                words.removeLast(to: words.count - 1)
                groups.removeLast(to: groups.count - 1)
            }
        }
    }
}

/// The six sounds of Soundex (Russell 1918), and 0 for vowels.
private enum Sound {
    static func of(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 66, 70, 80, 86: 1
        case 67, 71, 74, 75, 81, 83, 88, 90: 2
        case 68, 84: 3
        case 76: 4
        case 77, 78: 5
        case 82: 6
        default: 0
        }
    }
}
