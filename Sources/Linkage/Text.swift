import Foundation

/// Writes values in one way, so that what differs only in writing is equal: capitals, accents, marks, abbreviations.
enum Text {
    /// Capitals A to Z, figures and single blanks; an apostrophe joins, every other mark parts.
    static func plain(_ cell: Cell, _ into: Buffer<UInt8>) {
        let bytes = cell.bytes
        if bytes.contains(where: { $0 >= 0x80 }) {
            var folded = cell.text.folding(options: [.diacriticInsensitive, .widthInsensitive], locale: nil)
            if folded.utf8.contains(where: { $0 >= 0x80 }) {
                for (sign, letters) in special { folded = folded.replacingOccurrences(of: sign, with: letters) }
                folded =
                    folded.applyingTransform(.toLatin, reverse: false)?
                    .folding(options: .diacriticInsensitive, locale: nil) ?? folded
            }
            plain(Array(folded.utf8), into)
        } else {
            plain(bytes, into)
        }
    }

    private static let special = [
        "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "’": "'", "‘": "'",
    ]

    private static func plain(_ bytes: some Collection<UInt8>, _ into: Buffer<UInt8>) {
        let start = into.count
        var wantsBlank = false
        for byte in bytes {
            let letter = byte & 0xDF
            var sign: UInt8 = 0
            if letter &- 65 < 26 {
                sign = letter
            } else if byte &- 48 < 10 {
                sign = byte
            } else if byte == 39 || byte == 96 {
                continue
            } else if byte >= 0x80 {
                sign = byte  // A script that could not be written in Latin letters is compared as it stands.
            }
            if sign == 0 {
                wantsBlank = into.count > start
                continue
            }
            if wantsBlank { into.append(32) }
            wantsBlank = false
            into.append(sign)
        }
    }

    /// A name without titles; what stands for a name that nobody has given yet is missing: “Baby”, “Twin 2”, “Infant
    /// of”.
    static func name(_ cell: Cell, _ into: Buffer<UInt8>) {
        let start = into.count
        plain(cell, into)
        let text = UnsafeBufferPointer(start: into.base + start, count: into.count - start)
        let hasFigure = text.contains { $0 &- 48 < 10 }
        guard hasFigure || isSuspect(text) else { return }
        var words = String(decoding: text, as: UTF8.self).split(separator: " ").map(String.init)
        words.removeAll { $0.utf8.contains { $0 &- 48 < 10 } }
        let isPlaceholder = words.first.map { placeholders.contains($0) || Missing.isCrossedOut($0.utf8) } ?? true
        if words.count > 1, titles.contains(words[0]) { words.removeFirst() }
        into.removeLast(to: start)
        if isPlaceholder { return }
        for byte in words.joined(separator: " ").utf8 { into.append(byte) }
    }

    private static func isSuspect(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        switch text.first {
        case 66, 84, 73, 78, 85, 77, 68, 83, 88: true  // The first letters of the words below.
        default: false
        }
    }

    private static let placeholders: Set<String> = [
        "BABY", "TWIN", "TRIPLET", "INFANT", "NEWBORN", "UNKNOWN", "TEST", "NOT", "NONE", "NK", "NA", "UNNAMED",
        "TBC",
    ]
    private static let titles: Set<String> = ["MR", "MRS", "MISS", "MS", "MASTER", "DR", "SIR"]

    /// An address: its kind of street written out, and “Flat 3, 12” as “3/12”, both as “3 12”.
    static func address(_ cell: Cell, _ into: Buffer<UInt8>) {
        let room = Buffer<UInt8>(capacity: cell.length + 16)
        plain(cell, room)
        let start = into.count
        var at = 0
        while at < room.count {
            var end = at
            while end < room.count, room[end] != 32 { end += 1 }
            let isLast = end >= room.count
            word(UnsafeBufferPointer(start: room.base + at, count: end - at), isLast, start, into)
            at = end + 1
        }
        if into.count > start, into[into.count - 1] == 32 { into.removeLast(to: into.count - 1) }
        let text = UnsafeBufferPointer(start: into.base + start, count: into.count - start)
        guard text.count <= 20, !text.contains(where: { $0 &- 48 < 10 }) else { return }
        if placeless.contains(String(decoding: text, as: UTF8.self)) { into.removeLast(to: start) }
    }

    private static let placeless: Set<String> = [
        "NFA", "FIXED ABODE", "FIXED ADDRESS", "UNKNOWN", "NOT KNOWN", "ADDRESS UNKNOWN", "HOMELESS", "NONE",
        "CONFIDENTIAL", "WITHHELD",
    ]

    private static func word(_ word: UnsafeBufferPointer<UInt8>, _ isLast: Bool, _ start: Int, _ into: Buffer<UInt8>) {
        var key: UInt64 = 0
        if word.count <= 8 { for byte in word { key = key << 8 | UInt64(byte) } }
        if key != 0, into.count >= start {
            if unwritten.contains(key) { return }
            if into.count > start, let long = streets[key] {
                for byte in long.utf8 { into.append(byte) }
                into.append(32)
                return
            }
        }
        into.append(word.baseAddress!, count: word.count)
        into.append(32)
    }

    private static func key(_ word: String) -> UInt64 { word.utf8.reduce(0) { $0 << 8 | UInt64($1) } }

    private static let unwritten = Set(["FLAT", "APT", "UNIT", "NO", "ROOM"].map(key))
    private static let streets: [UInt64: String] = Dictionary(
        uniqueKeysWithValues: [
            "RD": "ROAD", "ST": "STREET", "STR": "STREET", "AVE": "AVENUE", "AV": "AVENUE", "CL": "CLOSE",
            "CLO": "CLOSE", "DR": "DRIVE",
            "DRV": "DRIVE", "LN": "LANE", "CT": "COURT", "CRT": "COURT", "CRES": "CRESCENT", "CR": "CRESCENT",
            "PL": "PLACE", "SQ": "SQUARE",
            "GDNS": "GARDENS", "GRN": "GREEN", "GR": "GROVE", "TER": "TERRACE", "TERR": "TERRACE", "PK": "PARK",
            "BLVD": "BOULEVARD",
            "HSE": "HOUSE", "WY": "WAY", "CCT": "CIRCUIT", "PDE": "PARADE", "HWY": "HIGHWAY",
        ].map { (key($0), $1) })

    /// A postcode without blanks; ZZ99, which stands for places that have none, is missing. (NHS Data Dictionary.)
    static func postcode(_ cell: Cell, _ into: Buffer<UInt8>) {
        let start = into.count
        for byte in cell.bytes {
            let letter = byte & 0xDF
            if letter &- 65 < 26 { into.append(letter) } else if byte &- 48 < 10 { into.append(byte) }
        }
        if into.count - start >= 4, into[start] == 90, into[start + 1] == 90, into[start + 2] == 57,
            into[start + 3] == 57
        {
            into.removeLast(to: start)
        }
        if Missing.isMissing(cell) { into.removeLast(to: start) }
    }

    static func looksLikePostcode(_ cell: Cell) -> Bool {
        let signs = cell.bytes.filter { $0 != 32 }.map { $0 & 0xDF &- 65 < 26 ? "A" : $0 &- 48 < 10 ? "9" : "?" }
            .joined()
        return ["A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"].contains(signs)
    }

    static func mail(_ cell: Cell, _ into: Buffer<UInt8>) {
        guard cell.bytes.contains(64) else { return }
        for byte in cell.bytes where byte != 32 { into.append(byte &- 65 < 26 ? byte | 32 : byte) }
    }

    static func sex(_ cell: Cell, _ into: Buffer<UInt8>) {
        guard let byte = cell.bytes.first(where: { $0 != 32 }) else { return }
        switch byte & 0xDF {
        case 77, 66: into.append(77)  // Male, man, boy.
        case 70, 87, 71: into.append(70)  // Female, woman, girl.
        default:
            if byte == 49 { into.append(77) } else if byte == 50 { into.append(70) }  // NHS person gender: 1 and 2.
        }
    }

    static func write(_ kind: ColumnKind, _ cell: Cell, _ into: Buffer<UInt8>) {
        switch kind {
        case .given, .family, .middle, .fullName: name(cell, into)
        case .address, .house: address(cell, into)
        case .postcode: postcode(cell, into)
        case .email: mail(cell, into)
        case .sex: sex(cell, into)
        default: plain(cell, into)
        }
    }
}
