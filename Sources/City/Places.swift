import Kernel

/// Homes at postcodes that do not exist, streets and settings that are invented.
///
/// A postcode of the city is a real outward code of the ward (`B11`), a figure under which no postcode of that outward
/// code exists, neither in Birmingham nor outside (`share/demo/city-postcodes.csv`, made from the postcodes shipped),
/// and two letters in the form of the Royal Mail: `B11 0AD`. Each belongs to one ward, in whatever size of city.
struct Places: Sendable {
    private let data: CityData
    private let ofWard: [Wheel<Int>]
    /// By outward code of a ward: where its units begin among those of the outward code, and how many are in use.
    private let starts: [Int]
    private let units: [Int]
    private let room: [Int]

    /// The letters that may end a postcode.
    private static let letters = Array("ABDEFGHJLNPQRSTUWXYZ".utf8)
    /// One child in so many lives where he could have his postcode.
    private static let pupilsInOne = 9

    init(_ data: CityData, pupils: Int) {
        self.data = data
        ofWard = data.wards.indices.map { ward in
            Wheel(data.outwards.enumerated().filter { $1.ward == ward }.map { ($0, $1.weight) })
        }
        var totals: [[UInt8]: Int] = [:]
        for outward in data.outwards { totals[outward.code, default: 0] += outward.weight }
        var taken: [[UInt8]: Int] = [:]
        var (starts, units, room): ([Int], [Int], [Int]) = ([], [], [])
        for outward in data.outwards {
            let all = outward.unused.count * Places.letters.count * Places.letters.count
            let share = max(1, all * outward.weight / max(1, totals[outward.code] ?? 1))
            let start = min(taken[outward.code] ?? 0, all - 1)
            let held = max(1, min(share, all - start))
            taken[outward.code] = start + held
            starts.append(start)
            room.append(held)
            units.append(max(1, min(held, 3 + pupils / (data.outwards.count * Places.pupilsInOne))))
        }
        (self.starts, self.units, self.room) = (starts, units, room)
    }

    func home(in ward: Int, _ draw: inout Draw) -> Home {
        let outward = ofWard[ward].pick(&draw) ?? 0
        return Home(
            outward: UInt16(outward), unit: UInt16(draw.below(units[outward])),
            house: UInt32(truncatingIfNeeded: draw.next()))
    }

    func ward(of home: Home) -> Int { data.outwards[Int(home.outward)].ward }

    /// The postcode as it is written: `B11 0AD`.
    func postcode(_ home: Home) -> [UInt8] { postcode(Int(home.outward), unit: Int(home.unit)) }

    private func postcode(_ outward: Int, unit: Int) -> [UInt8] {
        let place = data.outwards[outward]
        let letters = Places.letters
        // Spread over what this ward has of the outward code, so that neighbours do not look alike.
        let spread = unit * max(1, room[outward] / max(1, units[outward])) % max(1, room[outward])
        let at = starts[outward] + spread
        let sector = place.unused[at / (letters.count * letters.count) % place.unused.count]
        return place.code + [
            32, sector, letters[at / letters.count % letters.count], letters[at % letters.count],
        ]
    }

    /// Every postcode in use, with the place of its ward in the shipped table.
    var all: [(postcode: [UInt8], ward: Int)] {
        data.outwards.indices.flatMap { outward in
            (0..<units[outward]).map { (postcode(outward, unit: $0), data.outwards[outward].ward) }
        }
    }

    /// House and street, as the home would write it.
    func street(_ home: Home) -> [UInt8] {
        let code = Int(home.outward) * 4_096 + Int(home.unit)
        var draw = Draw(77, code / 2)
        let name = Words.place(draw.below(Words.count)) + " " + Words.streets[draw.below(Words.streets.count)]
        let house = 1 + Int(home.house % 97)
        let flat = Int(home.house >> 10) % 100 < 12 ? "Flat \(1 + Int(home.house >> 18) % 24), " : ""
        return Array("\(flat)\(house) \(name)".utf8)
    }
}

/// Words of which invented places are made: no street or school of Birmingham is called by them.
enum Words {
    private static let beginnings = [
        "Alder", "Amber", "Birch", "Bramble", "Cather", "Clover", "Copper", "Dapple", "Elder", "Fallow", "Fern",
        "Gorse", "Hazel", "Hollow", "Juniper", "Kestrel", "Lark", "Linden", "Marl", "Meadow", "Otter", "Pebble", "Plum",
        "Quill", "Rowan", "Saffron", "Sedge", "Sorrel", "Swift", "Teasel", "Thistle", "Wren",
    ]
    private static let endings = [
        "acre", "bourne", "brow", "combe", "cote", "dene", "fold", "garth", "lea", "mead", "mere", "mount", "stead",
        "thwaite", "wick", "wold",
    ]
    static let streets = [
        "Road", "Road", "Road", "Street", "Street", "Avenue", "Close", "Close", "Lane", "Drive", "Way", "Grove", "Walk",
    ]
    static var count: Int { beginnings.count * endings.count }

    static func place(_ number: Int) -> String {
        let at = abs(number % count)
        return beginnings[at % beginnings.count] + endings[at / beginnings.count]
    }
}
