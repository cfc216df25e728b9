/// Splits text into words as search sees them: lower case, without accents, apostrophes or punctuation.
public enum Words {
    /// The words of a text, in order, each cut at 40 characters. `Children’s B11 4EX` is `childrens`, `b11`, `4ex`.
    public static func of(_ text: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { words.append(String(decoding: word.prefix(40), as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 48...57, 97...122: word.append(UInt8(scalar.value))
            case 65...90: word.append(UInt8(scalar.value + 32))
            case 39, 0x2019, 0x2018, 0x300...0x36F: continue
            case 0...127: end()
            default:
                guard scalar.properties.isAlphabetic else {
                    end()
                    continue
                }
                append(scalar, to: &word)
            }
        }
        end()
        return words
    }

    /// A letter beyond ASCII: its base letter where it is an accented Latin one, otherwise itself in lower case.
    private static func append(_ scalar: Unicode.Scalar, to word: inout [UInt8]) {
        if let plain = plainLetters[scalar.value] {
            word += plain.utf8
        } else {
            word += scalar.properties.lowercaseMapping.utf8
        }
    }

    private static let plainLetters: [UInt32: String] = {
        let groups = [
            "a": "àáâãäåāăą", "c": "çćč", "d": "ďđ", "e": "èéêëēėęě", "g": "ğ", "i": "ìíîïīį", "l": "łľ", "n": "ñńň",
            "o": "òóôõöøō", "r": "řŕ", "s": "śšş", "t": "ťţ", "u": "ùúûüūůű", "y": "ýÿ", "z": "źżž", "ae": "æ",
            "oe": "œ",
            "ss": "ß",
        ]
        var letters: [UInt32: String] = [:]
        for (plain, accented) in groups {
            for scalar in accented.unicodeScalars {
                letters[scalar.value] = plain
                for upper in scalar.properties.uppercaseMapping.unicodeScalars where upper.value > 127 {
                    letters[upper.value] = plain
                }
            }
        }
        return letters
    }()
}
