/// Where learning starts: what anybody would guess of records of one child, of twins, of siblings and of strangers of
/// like name. Learning moves from there to what the records show.
enum Starts {
    enum Kind: String, CaseIterable {
        case same = "the same child", twin, sibling, stranger
        case likeGiven = "strangers of one given name and birthday"
        case likeFamily = "strangers of one family name and birthday"
        case likeNames = "strangers of the same names"

        var isStranger: Bool { self != .same && self != .twin && self != .sibling }
    }

    static func classes(_ fields: [Field], _ kinds: [Kind]) -> [Model.Class] {
        kinds.map { kind in
            Model.Class(
                name: kind.rawValue, prior: kind == .same ? 0.4 : 0.6 / Double(kinds.count - 1),
                levels: fields.map { levels($0, kind) })
        }
    }

    private static func levels(_ field: Field, _ kind: Kind) -> [Double] {
        let rest: [Double]
        switch field.shape {
        case .identifier:
            rest =
                kind == .same ? [0.97, 0.015, 0.015] : kind.isStranger ? [0.001, 0.001, 0.998] : [0.02, 0.01, 0.97]
        case .phone: rest = kind.isStranger ? [0.02, 0.01, 0.97] : [0.65, 0.02, 0.33]
        case .given:
            let own: [Double] =
                switch kind {
                case .same: spread(field, 0.86) + [0.05, 0.03, 0.02, 0.02, 0.02]
                case .stranger: spread(field, 0.45) + [0.05, 0.05, 0.05, 0.1, 0.3]
                case .likeGiven, .likeNames: chance(field, 0.9) + [0.04, 0.01, 0.01, 0.02, 0.02]
                default: spread(field, 0.02) + [0.01, 0.01, 0.02, 0.06, 0.88]
                }
            rest = field.count == 11 ? own + [kind == .same ? 0.004 : 0.0005] : own
        case .name:
            rest =
                kind == .stranger
                ? spread(field, 0.45) + [0.05, 0.05, 0.05, 0.1, 0.3]
                : kind == .likeGiven
                    ? spread(field, 0.02) + [0.01, 0.01, 0.01, 0.1, 0.85]
                    : kind == .likeFamily || kind == .likeNames
                        ? chance(field, 0.9) + [0.04, 0.01, 0.01, 0.02, 0.02]
                        : spread(field, 0.85) + [0.04, 0.03, 0.02, 0.02, 0.04]
        case .birth:
            rest =
                switch kind {
                case .same: [0.96, 0.008, 0.015, 0.005, 0.012]
                case .twin: [0.94, 0.01, 0.02, 0.01, 0.02]
                case .sibling: [0.01, 0.005, 0.05, 0.035, 0.9]
                case .stranger: [0.3, 0.02, 0.08, 0.2, 0.4]
                case .likeGiven, .likeFamily: [0.9, 0.05, 0.01, 0.02, 0.02]
                case .likeNames: [0.003, 0.002, 0.08, 0.815, 0.1]
                }
        case .sex:
            rest =
                kind == .same
                ? [0.99, 0.01]
                : kind == .stranger || kind == .likeGiven || kind == .likeNames ? [0.9, 0.1] : [0.6, 0.4]
        case .home:
            rest = kind.isStranger ? [0.01, 0.01, 0.08, 0.01, 0.1, 0.79] : [0.6, 0.04, 0.02, 0.02, 0.04, 0.28]
        case .mail: rest = kind.isStranger ? [0.01, 0.01, 0.98] : [0.6, 0.05, 0.35]
        case .word:
            rest = kind.isStranger ? [0.1, 0.3, 0.1, 0.5] : [0.35, 0.4, 0.1, 0.15]
        }
        return [0] + rest.prefix(field.count - 1)
    }

    /// The level “the same” over its bands, by how many have a name of each: as rows for one child, by chance for
    /// others.
    private static func spread(_ field: Field, _ whole: Double) -> [Double] {
        var shares = [Double](repeating: 1e-4, count: 4)
        guard let values = field.values else { return shares.map { _ in whole / 4 } }
        for code in 1..<max(values.count, 1) { shares[Int(field.bands[code])] += values.share(UInt32(code)) }
        let all = shares.reduce(0, +)
        return shares.map { whole * $0 / all }
    }

    /// The same for two people who have one name by chance.
    private static func chance(_ field: Field, _ whole: Double) -> [Double] {
        var shares = [Double](repeating: 1e-9, count: 4)
        guard let values = field.values else { return shares.map { _ in whole / 4 } }
        for code in 1..<max(values.count, 1) {
            let share = values.share(UInt32(code))
            shares[Int(field.bands[code])] += share * share
        }
        let all = shares.reduce(0, +)
        return shares.map { max(whole * $0 / all, 1e-4) }
    }
}
