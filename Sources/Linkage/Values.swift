/// The distinct values of a column of words, written in one way, and what is known of each beforehand.
final class Values: @unchecked Sendable {
    let kind: ColumnKind
    private let arena = Buffer<UInt8>(capacity: 1 << 12)
    private let starts = Buffer<Int>()
    /// How many rows have the value.
    private(set) var rows: Buffer<UInt32>
    /// The words of a name as hashes, four at most; and the lines of ``Names`` on which its first word stands.
    private var words = Buffer<SIMD4<UInt32>>()
    private var groups = Buffer<SIMD4<UInt16>>()
    private(set) var held = 0

    /// Writes each of the raw values in one way; `codes` are made those of the written ones.
    ///
    /// - Parameter part: takes of a whole name the part that is meant.
    init(
        _ kind: ColumnKind, _ raw: Distinct, _ codes: Buffer<UInt32>,
        part: (@Sendable (Cell, Buffer<UInt8>) -> Void)? = nil
    ) {
        self.kind = kind
        let distinct = Distinct()
        let translated = Buffer<UInt32>(repeating: 0, count: raw.count)
        starts.append(0)
        starts.append(0)
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
        if kind == .given || kind == .family || kind == .middle { lookAtWords() }
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
                if index > 0, !(cell.length <= 16 && Missing.isMissing(cell)) {
                    if let part { part(cell, letters) } else { Text.write(kind, cell, letters) }
                }
                let length = letters.count - start
                ends.append(letters.count)
                hashes.append(length == 0 ? 0 : hash(letters.base + start, length))
            }
        }
    }

    var count: Int { rows.count }

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
        for code in 1..<max(count, 1) {
            var place = 0
            let text = bytes(UInt32(code))
            for word in text.split(separator: 32) {
                let key = Names.key(word)
                if place < 4 { words.base[code][place] = UInt32(truncatingIfNeeded: key) | 1 }
                if place == 0 { groups[code] = Names.groups[key] ?? .zero }
                place += 1
            }
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
    func prefixes(_ length: Int) -> Buffer<UInt32> {
        derived { text in
            hash(text.baseAddress!, min(length, text.count))
        }
    }

    /// All but the last two signs of a postcode: its sector.
    func sectors() -> Buffer<UInt32> {
        derived { text in text.count > 4 ? hash(text.baseAddress!, text.count - 2) : hash(text.baseAddress!, text.count)
        }
    }

    /// A number for the sound of a name’s first word, after Soundex but by all its consonants.
    func sounds() -> Buffer<UInt32> {
        derived { text in
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
    }

    private func derived(_ number: (UnsafeBufferPointer<UInt8>) -> UInt64) -> Buffer<UInt32> {
        let result = Buffer<UInt32>(repeating: 0, count: count)
        for code in 1..<max(count, 1) { result[code] = UInt32(truncatingIfNeeded: number(bytes(UInt32(code)))) | 1 }
        return result
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
