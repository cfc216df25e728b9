/// One of the things that two records must have in common to be compared at all.
enum Atom: Sendable, Hashable {
    case number(String)
    case whole(String)
    case start(String, Int)
    case sound(String)
    case sector(String)
    case birth
    case birthUnordered
    case birthYear
    /// Given and family name, whichever way round.
    case bothNames

    var text: String {
        switch self {
        case .number(let name), .whole(let name): name
        case .start(let name, let count): "the first \(count) letters of \(name)"
        case .sound(let name): "the sound of \(name)"
        case .sector(let name): "the sector of \(name)"
        case .birth: "day of birth"
        case .birthUnordered: "day of birth, day and month in either order"
        case .birthYear: "year of birth"
        case .bothNames: "given and family name, whichever way round"
        }
    }
}

/// A rule of blocking: records that agree in all its atoms are compared.
struct Rule: Sendable, Hashable {
    let atoms: [Atom]

    init(_ atoms: Atom...) { self.atoms = atoms }

    init(atoms: [Atom]) { self.atoms = atoms }

    var text: String { atoms.map(\.text).joined(separator: " + ") }

    /// A rule as a configuration writes it: a column’s name; `name:3` for its first three letters, `name:sound`,
    /// `name:sector`; `birth`, `birth:either` for day and month in either order, `birth:year`; `names:either` for both
    /// names, whichever way round.
    ///
    /// - Throws: ``LinkageError/configuration(_:)`` for what is none of these.
    init(texts: [String], _ records: Records) throws {
        guard !texts.isEmpty else { throw LinkageError.configuration("a rule of blocking names nothing") }
        atoms = try texts.map { text in
            switch text {
            case "birth": return .birth
            case "birth:either": return .birthUnordered
            case "birth:year": return .birthYear
            case "names:either": return .bothNames
            default: break
            }
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard let column = records.columns.first(where: { $0.name == parts[0] }) else {
                throw LinkageError.configuration(
                    "a rule of blocking names the column “\(parts.first ?? "")”, which is not compared")
            }
            guard parts.count == 2 else { return column.values == nil ? .number(parts[0]) : .whole(parts[0]) }
            if parts[1] == "sound" { return .sound(parts[0]) }
            if parts[1] == "sector" { return .sector(parts[0]) }
            guard let count = Int(parts[1]), (1...20).contains(count) else {
                throw LinkageError.configuration(
                    "a rule of blocking says “\(text)”. After the colon stands a number of letters from 1 to 20, "
                        + "or sound, or sector"
                )
            }
            return .start(parts[0], count)
        }
    }

    /// The same with one further atom, and with two: for blocks that are too large.
    func finer(_ records: Records) -> [Rule] {
        let kinds: [ColumnKind] = [.birth, .given, .postcode, .family, .phone, .address]
        let more = kinds.flatMap { kind in records.columns.filter { $0.kind == kind } }.map { column -> Atom in
            column.kind == .birth ? .birth : column.kind == .phone ? .number(column.name) : .whole(column.name)
        }.filter { !atoms.contains($0) && !($0 == .birth && atoms.contains(.birthUnordered)) }
        return more.isEmpty ? [] : [Rule(atoms: atoms + more.prefix(1)), Rule(atoms: atoms + more.prefix(2))]
    }

    /// The rules that the columns of some records allow: close ones first, then wide ones that must earn their cost.
    static func all(_ records: Records) -> (close: [Rule], wide: [Rule]) {
        func names(_ kinds: ColumnKind...) -> [String] {
            records.columns.filter { kinds.contains($0.kind) }.map(\.name)
        }
        let (given, family) = (names(.given).first, names(.family).first)
        let hasBirth = !names(.birth).isEmpty
        var close = names(.nhs, .upn, .identifier).map { Rule(.number($0)) } + names(.email).map { Rule(.whole($0)) }
        var wide: [Rule] = []
        let homes = names(.postcode).map { Atom.whole($0) } + names(.phone).map { Atom.number($0) }
        let people = [family, given].compactMap { $0 }.map { Atom.whole($0) }
        let places = names(.place).map { Atom.whole($0) }
        let addresses = names(.address).map { Atom.whole($0) }
        if hasBirth {
            close += (people + homes + addresses).map { Rule(.birthUnordered, $0) }
            wide += places.map { Rule(.birth, $0) }
        }
        for home in homes + addresses { close += given.map { [Rule(home, .whole($0))] } ?? [] }
        if let given, let family {
            let both = [Atom.whole(given), .whole(family)]
            close.append(Rule(atoms: both + [.birthYear]))
            if hasBirth { close.append(Rule(.birth, .start(given, 2), .start(family, 2))) }
            close += names(.postcode).map { Rule(atoms: both + [.sector($0)]) }
            wide += [Rule(atoms: both), Rule(.bothNames), Rule(.start(given, 3), .start(family, 4))]
            wide += [
                Rule(.start(given, 2), .start(family, 2), .birthYear), Rule(.sound(given), .sound(family), .birthYear),
            ]
        }
        wide += (homes + addresses).flatMap { home in family.map { [Rule(home, .whole($0))] } ?? [] }
        for post in names(.postcode) {
            wide += people.map { Rule(.sector(post), $0) }
            if hasBirth { wide.append(Rule(.sector(post), .birth)) }
            if let given, let family { wide.append(Rule(.sector(post), .start(given, 1), .start(family, 1))) }
        }
        for place in places { wide += addresses.map { Rule(place, $0) } + people.map { Rule(place, $0) } }
        wide += hasBirth ? [Rule(.birth)] : []
        wide += (addresses + homes + people).map { Rule($0) }
        return (
            hasBirth ? close : close.filter { !$0.atoms.contains(.birthYear) },
            hasBirth ? wide : wide.filter { !$0.atoms.contains(.birthYear) }
        )
    }
}

/// Writes the key of a record under a rule: equal where all atoms are, 0 where one is missing.
final class Keys: @unchecked Sendable {
    private enum Shape: UInt8, BitwiseCopyable { case number, word, derived, unordered, year, both, apart }

    /// Nothing but numbers and addresses, so that writing keys counts no references; ``Keys/owned`` keeps what they
    /// lead to.
    private struct Source: BitwiseCopyable {
        var shape: Shape
        var slot: Int
        var second = 0
        var numbers: UnsafePointer<UInt32>?
        var others: UnsafePointer<UInt32>?
    }

    private let sources: UnsafeMutablePointer<Source>
    private let count: Int
    private let step: Int
    private var owned: [Buffer<UInt32>] = []

    /// - Parameter step: 0 for a rule itself, 1 and 2 for the finer ones that large blocks are split by.
    /// - Throws: ``LinkageError/configuration(_:)`` where an atom names a column that is not there.
    init(_ rule: Rule, _ records: Records, step: Int = 0) throws {
        var owned: [Buffer<UInt32>] = []
        var made = try rule.atoms.map { try Self.source($0, records, &owned) }
        if let slot = records.compartmentSlot { made.insert(Source(shape: .apart, slot: slot), at: 0) }
        self.owned = owned
        self.step = step
        count = made.count
        sources = .allocate(capacity: max(count, 1))
        for (number, source) in made.enumerated() { (sources + number).initialize(to: source) }
    }

    deinit { sources.deallocate() }

    private static func source(_ atom: Atom, _ records: Records, _ owned: inout [Buffer<UInt32>]) throws -> Source {
        func column(_ name: String) throws -> Records.Column {
            guard let column = records.columns.first(where: { $0.name == name }) else {
                throw LinkageError.configuration("a rule of blocking names the column “\(name)”, which is not compared")
            }
            return column
        }
        func derived(_ name: String, _ number: (Values) -> Buffer<UInt32>) throws -> Source {
            let column = try column(name)
            guard let values = column.values else {
                throw LinkageError.configuration("a rule of blocking takes letters of “\(name)”, which is a number")
            }
            owned.append(number(values))
            return Source(shape: .derived, slot: column.slot, numbers: UnsafePointer(owned.last!.base))
        }
        switch atom {
        case .number(let name), .whole(let name):
            let column = try column(name)
            if column.values != nil { return try derived(name) { $0.wholes } }
            return Source(shape: column.kind == .birth ? .word : .number, slot: column.slot)
        case .start(let name, let length): return try derived(name) { $0.prefixes(length) }
        case .sound(let name): return try derived(name) { $0.sounds() }
        case .sector(let name): return try derived(name) { $0.sectors() }
        case .birth, .birthUnordered, .birthYear:
            guard let birth = records.columns(.birth).first else {
                throw LinkageError.configuration("a rule of blocking asks for the day of birth, which no column holds")
            }
            return Source(shape: atom == .birth ? .word : atom == .birthYear ? .year : .unordered, slot: birth.slot)
        case .bothNames:
            guard let given = records.columns(.given).first, let family = records.columns(.family).first,
                let one = given.values,
                let other = family.values
            else { throw LinkageError.configuration("a rule of blocking asks for both names, which no columns hold") }
            owned += [one.prefixes(64), other.prefixes(64)]
            return Source(
                shape: .both, slot: given.slot, second: family.slot,
                numbers: UnsafePointer(owned[owned.count - 2].base),
                others: UnsafePointer(owned[owned.count - 1].base))
        }
    }

    @inline(__always)
    func key(_ line: UnsafePointer<UInt32>) -> UInt32 {
        var state = Self.start
        for number in 0..<count {
            let source = sources[number]
            var part: UInt64
            switch source.shape {
            case .number: part = packed(line, source.slot)
            case .word: part = UInt64(line[source.slot])
            case .derived: part = UInt64(source.numbers![Int(line[source.slot])])
            case .unordered: part = Dates.unordered(UInt64(line[source.slot]))
            case .year: part = UInt64(line[source.slot] / 10_000)
            case .both:
                let (one, other) = (source.numbers![Int(line[source.slot])], source.others![Int(line[source.second])])
                part = Self.both(one, other)
            case .apart:
                state = Self.apart(state, line[source.slot])
                continue
            }
            if part == 0 { return 0 }
            state = Self.mixed(state, part)
        }
        return Self.finished(state, step)
    }

    private static let start: UInt64 = 0x51_7CC1_B727_220A

    /// Records of two compartments have no key in common.
    @inline(__always) private static func apart(_ state: UInt64, _ compartment: UInt32) -> UInt64 {
        state ^ UInt64(compartment) &* 0xD6E8_FEB8_6659_FD93
    }

    @inline(__always) private static func both(_ one: UInt32, _ other: UInt32) -> UInt64 {
        one == 0 || other == 0 ? 0 : UInt64(min(one, other)) << 32 | UInt64(max(one, other))
    }

    @inline(__always) private static func mixed(_ state: UInt64, _ part: UInt64) -> UInt64 {
        let product = (state ^ part) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 29
    }

    /// Keys of finer rules have a sixteenth of the numbers to themselves, so that none is ever that of a rule itself.
    @inline(__always) private static func finished(_ state: UInt64, _ step: Int) -> UInt32 {
        let raw = (state &* 0xBF58_476D_1CE4_E5B9) >> 32
        if step == 0 { return max(UInt32(truncatingIfNeeded: (raw &* 15) >> 4), 1) }
        return UInt32(truncatingIfNeeded: (step == 1 ? 0xF000_0000 : 0xF800_0000) | raw & 0x07FF_FFFF)
    }

    /// The key of one record by itself, from the texts of its values: the same as ``key(_:)`` gives, also where values
    /// came after this was made.
    static func key(_ line: UnsafePointer<UInt32>, by parts: [Part], step: Int = 0) -> UInt32 {
        var state = start
        for part in parts {
            if case .apart(let slot) = part {
                state = apart(state, line[slot])
                continue
            }
            let number = part.number(line)
            if number == 0 { return 0 }
            state = mixed(state, number)
        }
        return finished(state, step)
    }

    /// What one atom takes of a record, from its texts.
    enum Part {
        case apart(Int)
        case number(Int)
        case word(Int)
        case unordered(Int)
        case year(Int)
        case whole(Int, Values)
        case start(Int, Values, Int)
        case sound(Int, Values)
        case sector(Int, Values)
        case both(Int, Values, Int, Values)

        func number(_ line: UnsafePointer<UInt32>) -> UInt64 {
            switch self {
            case .apart: 0
            case .number(let slot): packed(line, slot)
            case .word(let slot): UInt64(line[slot])
            case .unordered(let slot): Dates.unordered(UInt64(line[slot]))
            case .year(let slot): UInt64(line[slot] / 10_000)
            case .whole(let slot, let values): UInt64(values.wholes[Int(line[slot])])
            case .start(let slot, let values, let length): UInt64(values.prefix(line[slot], length))
            case .sound(let slot, let values): UInt64(values.sound(line[slot]))
            case .sector(let slot, let values): UInt64(values.sector(line[slot]))
            case .both(let slot, let values, let second, let others):
                Keys.both(values.prefix(line[slot], 64), others.prefix(line[second], 64))
            }
        }
    }

    /// The parts that a rule takes of records of some columns.
    static func parts(_ rule: Rule, _ records: Records) -> [Part] {
        let apart: [Part] = records.compartmentSlot.map { [.apart($0)] } ?? []
        return apart
            + rule.atoms.compactMap { atom -> Part? in
                func column(_ name: String) -> Records.Column? { records.columns.first { $0.name == name } }
                func text(_ name: String, _ make: (Int, Values) -> Part) -> Part? {
                    column(name).flatMap { column in column.values.map { make(column.slot, $0) } }
                }
                switch atom {
                case .number(let name), .whole(let name):
                    return column(name).map { column in
                        column.values.map { .whole(column.slot, $0) }
                            ?? (column.kind == .birth ? .word(column.slot) : .number(column.slot))
                    }
                case .start(let name, let length): return text(name) { .start($0, $1, length) }
                case .sound(let name): return text(name) { .sound($0, $1) }
                case .sector(let name): return text(name) { .sector($0, $1) }
                case .birth: return records.columns(.birth).first.map { .word($0.slot) }
                case .birthUnordered: return records.columns(.birth).first.map { .unordered($0.slot) }
                case .birthYear: return records.columns(.birth).first.map { .year($0.slot) }
                case .bothNames:
                    guard let given = records.columns(.given).first, let family = records.columns(.family).first,
                        let one = given.values, let other = family.values
                    else { return nil }
                    return .both(given.slot, one, family.slot, other)
                }
            }
    }
}
