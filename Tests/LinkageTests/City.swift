@testable import Linkage

/// A small city of invented children with agencies that spell them each in its own way: enough to learn from, made anew
/// for each seed.
struct City {
    struct Child {
        var given: String
        var family: String
        var day: String
        var sex: String
        var address: String
        var postcode: String
        var nhs: String
        var upn: String
        var household: Int
        var birth: Int
    }

    let children: [Child]
    private(set) var rows: [(id: String, source: String, child: Int, cells: [String])] = []

    static let header = "id,source,nhs_number,upn,given_name,family_name,dob,sex,address_line,postcode,child"
    private static let given = [
        "Amara", "Oliver", "Zainab", "Jakub", "Grace", "Muhammad", "Isla", "Kwame", "Leo", "Maya", "Harriet", "Yusuf",
        "Noah", "Aisha",
        "Freya", "Tomasz", "Priya", "Daniel", "Ruby", "Samuel", "Ellie", "Ibrahim", "Chloe", "Ravi", "Eva", "Mason",
        "Hana", "Kian",
    ]
    private static let parts = [
        "Wal", "Har", "Ash", "Bren", "Col", "Dun", "Ed", "Far", "Gar", "Hol", "Kirk", "Lang", "Mar", "Nor",
    ]
    private static let ends = [
        "ton", "ley", "field", "wood", "man", "ford", "by", "well", "son", "den", "ham", "stone", "worth", "ing",
    ]

    init(households: Int, seed: UInt64) {
        var dice = Dice(seed: seed)
        var made: [Child] = []
        for household in 0..<households {
            var taken: Set<String> = []
            func remember(_ name: String) -> String {
                taken.insert(name)
                return name
            }
            let family = dice.pick(Self.parts) + dice.pick(Self.ends)
            let street = dice.pick(Self.parts) + dice.pick(Self.ends)
            let address = "\(1 + dice.below(90)) \(street) Road"
            let postcode = "QX\(1 + dice.below(40)) \(1 + dice.below(9))\(dice.pick(["AA", "BD", "EF", "JL", "NP"]))"
            for birth in 0..<1 + dice.below(3) {
                let (year, month, day) = (2006 + dice.below(18), 1 + dice.below(12), 1 + dice.below(28))
                let twins = dice.chance(0.06) ? 2 : 1
                for _ in 0..<twins {
                    let given = Self.given.filter { !taken.contains($0) }
                    made.append(
                        Child(
                            given: remember(dice.pick(given)), family: family, day: "\(year)-\(two(month))-\(two(day))",
                            sex: dice.chance(0.5) ? "F" : "M",
                            address: address, postcode: postcode, nhs: Self.nhs(&dice),
                            upn: "A\(100_000_000 + dice.below(900_000_000))\(100 + dice.below(900))",
                            household: household, birth: household * 10 + birth))
                }
            }
        }
        children = made
        write(&dice)
    }

    private mutating func write(_ dice: inout Dice) {
        for (number, child) in children.enumerated() {
            for source in ["gp", "school", "trust", "early_years"] where dice.chance(source == "trust" ? 0.4 : 0.85) {
                var cells = [
                    source == "gp" || source == "trust" && dice.chance(0.9) ? child.nhs : "",
                    source == "school" ? child.upn : "",
                    child.given, child.family, child.day, dice.chance(0.98) ? child.sex : "", child.address,
                    child.postcode,
                ]
                for place in [2, 3] where dice.chance(0.03) { cells[place] = slip(cells[place], &dice) }
                if dice.chance(0.02) { cells[4] = "\(child.day.prefix(4))-01-01" }
                if dice.chance(0.12) {
                    (cells[6], cells[7]) = (
                        "\(1 + dice.below(90)) \(dice.pick(Self.parts)) Street", "QX\(1 + dice.below(40)) 1ZZ"
                    )
                }
                if source == "trust" { (cells[2], cells[3]) = (cells[2].uppercased(), cells[3].uppercased()) }
                rows.append(("R\(rows.count + 1)", source, number, cells))
            }
        }
    }

    private func slip(_ word: String, _ dice: inout Dice) -> String {
        var letters = Array(word)
        letters.swapAt(1, 2)
        if dice.chance(0.5) { letters.remove(at: letters.count - 2) }
        return String(letters)
    }

    private static func nhs(_ dice: inout Dice) -> String {
        while true {
            let nine = 900_000_000 + dice.below(99_999_999)
            for check in 0..<10 where Packed.isNHS(UInt64(nine * 10 + check)) { return String(nine * 10 + check) }
        }
    }

    /// The rows as a file, in any order.
    func text(_ order: [Int]? = nil) -> String {
        ([Self.header]
            + (order ?? Array(rows.indices)).map { at in
                ([rows[at].id, rows[at].source] + rows[at].cells + ["C\(rows[at].child)"]).joined(separator: ",")
            }).joined(separator: "\n") + "\n"
    }
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
