import Foundation

/// A model as JSON: what ``Linker/writeModel(_:)`` writes, and what is read back.
extension Model: Codable {
    /// The form that is written. A file of another is refused: learn the model again.
    static let format = 2

    private enum Key: String, CodingKey {
        case format, version, fields, levelNames, classes, rules, columns, blocking, common, onlyBetween, largest
    }

    public func encode(to encoder: any Encoder) throws {
        var box = encoder.container(keyedBy: Key.self)
        try box.encode(Self.format, forKey: .format)
        try box.encode(version, forKey: .version)
        try box.encode(fields, forKey: .fields)
        try box.encode(levelNames, forKey: .levelNames)
        try box.encode(classes, forKey: .classes)
        try box.encode(rules, forKey: .rules)
        try box.encode(columns, forKey: .columns)
        try box.encode(blocking.map { $0.atoms.map(Step.init) }, forKey: .blocking)
        let shown = common.map { bands in
            Dictionary(uniqueKeysWithValues: bands.map { (String($0.key, radix: 16), $0.value) })
        }
        try box.encode(shown, forKey: .common)
        try box.encode(onlyBetween, forKey: .onlyBetween)
        try box.encode(largest, forKey: .largest)
    }

    /// - Throws: ``LinkageError/model(_:)`` for a file that was changed, is of another form, or says what cannot be.
    public init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: Key.self)
        let format = try box.decode(Int.self, forKey: .format)
        guard format == Self.format else {
            throw LinkageError.model("its format is \(format), and only \(Self.format) is understood; learn it again")
        }
        fields = try box.decode([String].self, forKey: .fields)
        levelNames = try box.decode([[String]].self, forKey: .levelNames)
        classes = try box.decode([Class].self, forKey: .classes)
        rules = try box.decode([String].self, forKey: .rules)
        columns = try box.decode([Column].self, forKey: .columns)
        blocking = try box.decode([[Step]].self, forKey: .blocking).map { Rule(atoms: try $0.map { try $0.atom }) }
        common = try box.decode([[String: UInt8]].self, forKey: .common).map { bands in
            try Dictionary(
                bands.map { text, band in
                    guard let hash = UInt64(text, radix: 16) else { throw LinkageError.model("“\(text)” is no hash") }
                    return (hash, band)
                }, uniquingKeysWith: { one, _ in one })
        }
        onlyBetween = try box.decode(Bool.self, forKey: .onlyBetween)
        largest = try box.decode(Int.self, forKey: .largest)
        try check()
        guard try box.decode(String.self, forKey: .version) == version else {
            throw LinkageError.model(
                "its version is not that of what stands in it, so it was changed after it was learnt")
        }
    }

    /// - Parameter bytes: JSON whose names stand once each.
    /// - Throws: ``LinkageError/model(_:)``, with what is wrong.
    public init(_ bytes: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(Model.self, from: Data(bytes))
        } catch let error as LinkageError {
            throw error
        } catch let DecodingError.keyNotFound(key, _) {
            throw LinkageError.model("it has no “\(key.stringValue)”")
        } catch let DecodingError.typeMismatch(_, context), let DecodingError.valueNotFound(_, context) {
            let place = context.codingPath.map(\.stringValue).joined(separator: ", ")
            throw LinkageError.model("at \(place) stands something of another kind")
        } catch {
            throw LinkageError.model("it is not the JSON of a model")
        }
    }

    /// What was learnt, as JSON with its names in order: the same bytes for the same model.
    public var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return Array(try encoder.encode(self)) + [10]
        }
    }

    /// Refuses what would make the comparison read beyond its tables.
    private func check() throws {
        func need(_ isSo: Bool, _ why: @autoclosure () -> String) throws {
            if !isSo { throw LinkageError.model(why()) }
        }
        try need(!columns.isEmpty && columns.count <= 64, "it compares no column, or more than 64")
        for (number, column) in columns.enumerated() {
            try need(column.kind != .ignored && column.kind != .fullName, "“\(column.name)” has no kind to compare by")
            try need(!column.from.isEmpty && column.from.count <= 4, "“\(column.name)” is read from no column")
            let next = number + 1 < columns.count ? columns[number + 1] : nil
            let isWhole = column.part == .given && next?.part == .family && next?.from == column.from
            let isSecond = column.part == .family && number > 0 && columns[number - 1].part == .given
            try need(column.part == nil || isWhole || isSecond, "“\(column.name)” is half of a whole name")
            try need(
                column.part == nil || column.kind == (column.part == .given ? .given : .family),
                "“\(column.name)” is half of a whole name")
        }
        try need(classes.count >= 2 && classes.count <= 32, "it has fewer classes than two, or more than 32")
        try need(!fields.isEmpty && fields.count == levelNames.count, "its fields and their levels differ in number")
        try need(common.count == fields.count, "it does not say of each field what is common")
        for one in classes {
            let fits =
                one.levels.count == fields.count && zip(one.levels, levelNames).allSatisfy { $0.count == $1.count }
            try need(fits, "the class “\(one.name)” has not the levels of the fields")
            let all = [one.prior] + one.levels.joined()
            try need(all.allSatisfy { $0.isFinite && $0 >= 0 }, "the class “\(one.name)” has a chance that is none")
            try need(one.prior > 0, "the class “\(one.name)” has no pairs")
        }
        try need(blocking.count == rules.count && !blocking.isEmpty, "its rules are told twice, and not alike")
        try need(blocking.count <= 256, "it has more than 256 rules")
        try need(common.allSatisfy { $0.values.allSatisfy { $0 < 4 } }, "a value is more than very common")
        try need((2...1_000_000).contains(largest), "groups are compared whole up to a number from 2 to a million")
    }

    var digest: UInt64 {
        var sum = Digest()
        sum.add(Self.format)
        sum.add(fields)
        for names in levelNames { sum.add(names) }
        for one in classes {
            sum.add([one.name])
            sum.add(one.prior)
            for level in one.levels.joined() { sum.add(level) }
        }
        for column in columns {
            sum.add([column.name, column.kind.rawValue, column.part?.rawValue ?? ""] + column.from)
            sum.add(column.monthFirst ? 1 : 0)
        }
        for rule in blocking {
            sum.add(rule.atoms.count)
            for atom in rule.atoms { sum.add([Step(atom).by, Step(atom).column ?? "", "\(Step(atom).letters ?? 0)"]) }
        }
        for bands in common {
            sum.add(bands.count)
            for (hash, band) in bands.sorted(by: { $0.key < $1.key }) { sum.add(hash &* 4 &+ UInt64(band)) }
        }
        sum.add(onlyBetween ? 1 : 0)
        sum.add(largest)
        return sum.state
    }
}

/// An atom of a rule, as it is written.
private struct Step: Codable {
    var by: String
    var column: String?
    var letters: Int?

    init(_ atom: Atom) {
        switch atom {
        case .number(let name): (by, column, letters) = ("number", name, nil)
        case .whole(let name): (by, column, letters) = ("whole", name, nil)
        case .start(let name, let count): (by, column, letters) = ("start", name, count)
        case .sound(let name): (by, column, letters) = ("sound", name, nil)
        case .sector(let name): (by, column, letters) = ("sector", name, nil)
        case .birth: (by, column, letters) = ("birth", nil, nil)
        case .birthUnordered: (by, column, letters) = ("birth in either order", nil, nil)
        case .birthYear: (by, column, letters) = ("year of birth", nil, nil)
        case .bothNames: (by, column, letters) = ("names in either order", nil, nil)
        }
    }

    var atom: Atom {
        get throws {
            switch (by, column, letters) {
            case ("number", let name?, _): return .number(name)
            case ("whole", let name?, _): return .whole(name)
            case ("start", let name?, let count?) where (1...64).contains(count): return .start(name, count)
            case ("sound", let name?, _): return .sound(name)
            case ("sector", let name?, _): return .sector(name)
            case ("birth", _, _): return .birth
            case ("birth in either order", _, _): return .birthUnordered
            case ("year of birth", _, _): return .birthYear
            case ("names in either order", _, _): return .bothNames
            default: throw LinkageError.model("a rule goes by “\(by)”, which is not known or lacks its column")
            }
        }
    }
}

/// A hash of numbers and texts in their order.
private struct Digest {
    private(set) var state: UInt64 = 0x5EED

    mutating func add(_ number: UInt64) { state = spread(state ^ spread(number)) }
    mutating func add(_ number: Int) { add(UInt64(truncatingIfNeeded: number)) }
    mutating func add(_ number: Double) { add(number.bitPattern) }

    mutating func add(_ texts: [String]) {
        add(texts.count)
        for text in texts {
            add(text.utf8.count)
            for byte in text.utf8 { add(UInt64(byte)) }
        }
    }
}
