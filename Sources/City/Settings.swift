import Kernel

/// The invented schools, nurseries, practices and teams of the city, and who goes to which.
struct Settings {
    private let city: City
    private let today: SchoolDay
    private let primaries, secondaries, specials, nurseries, practices: Int

    init(_ city: City, _ today: SchoolDay) {
        (self.city, self.today) = (city, today)
        let size = city.size
        primaries = max(6, min(300, size / 470))
        secondaries = max(3, min(100, size / 1_700))
        specials = max(2, min(80, size / 5_200))
        nurseries = max(6, min(200, size / 450))
        practices = max(6, min(240, size / 700))
    }

    /// All names that a setting of a city of any size can have.
    static var names: [String] {
        let kinds = [
            "Primary School", "Academy", "School", "Nursery", "Sixth Form College", "College",
        ]
        return (0..<Words.count).flatMap { place in kinds.map { named(Words.place(place), $0) } }
    }

    static func named(_ place: String, _ kind: String) -> String { "\(place) \(kind) (invented)" }

    /// Writes what only this source knows: setting, year, practice, service, status.
    func write(
        _ child: Child, _ source: Source, _ record: Record, _ provision: SENLevel, into draft: inout Draft,
        _ lasting: inout Draw
    ) {
        let age = Int(today.number - child.bornNumber) * 100 / 36_525
        switch source {
        case .schoolCensus:
            let group = today.group(child)
            let (name, urn) = school(child, group, provision)
            draft[.setting] = Array(name.utf8)
            draft[.urn] = Numbers.padded(urn, 6)
            draft[.yearGroup] = Array(group.code.utf8)
        case .earlyYears:
            draft[.setting] = Array(nursery(child).utf8)
            draft[.hours] = Array((age < 3 || child.luck % 100 < 45 ? "15" : "30").utf8)
        case .careers:
            writeActivity(child, age, provision, into: &draft, &lasting)
        case .youthOffending:
            let group = today.group(child)
            draft[.setting] = Array((today.isOnRoll(child) ? school(child, group, provision).name : "Not known").utf8)
            draft[.status] = pick(["Prevention", "Prevention", "Out-of-court work", "Referral order"], &lasting)
        case .primaryCare:
            let place = Words.place(Int(child.luck >> 8) % practices + 200)
            let isVisitor = record.since - child.bornNumber < 5 * 365
            draft[.practice] = Array("\(place) \(isVisitor ? "health visiting team" : "Surgery") (invented)".utf8)
        case .communityTrust: draft[.service] = Array(service(child).utf8)
        case .cdc: draft[.service] = Array("Little Oaks child development centre (invented)".utf8)
        case .camhs:
            draft[.service] = pick(
                ["north", "east", "south", "central"].map { "Steady Minds, \($0) team (invented)" }, &lasting)
        case .socialCare:
            let luck = lasting.below(100)
            draft[.status] = Array(
                (luck < 68 ? "Child in need" : luck < 80 ? "Child protection plan" : "Looked after").utf8)
        }
    }

    /// The school of the child, with a reference number above those that exist.
    ///
    /// Schools lie in the ward of the last home; two in five children with a plan go to a special school.
    private func school(_ child: Child, _ group: YearGroup, _ provision: SENLevel) -> (name: String, urn: Int) {
        let family = city.families[Int(child.family)]
        let near = city.places.ward(of: family.homes.2) * 1_000 / max(1, city.data.wards.count)
        let choice = Int(child.luck % 3)
        let isPrimary: Bool
        if case .year(let number) = group { isPrimary = number < 7 } else { isPrimary = true }
        if provision == .plan, child.luck >> 3 % 100 < 40 {
            let number = (near * specials / 1_000 + choice) % specials
            return (Settings.named(Words.place(number + 400), "School"), 995_001 + number)
        }
        if isPrimary {
            // Brothers and sisters go to one school.
            let number = (near * primaries / 1_000 + Int(child.family % 4)) % primaries
            return (Settings.named(Words.place(number), "Primary School"), 991_001 + number)
        }
        let number = (near * secondaries / 1_000 + choice) % secondaries
        return (Settings.named(Words.place(number + 300), "Academy"), 993_001 + number)
    }

    private func nursery(_ child: Child) -> String {
        let family = city.families[Int(child.family)]
        let ward = city.places.ward(of: family.homes.2)
        if child.luck % 100 < 14 { return "Childminder in \(city.data.wards[ward].name) (invented)" }
        let near = ward * nurseries / max(1, city.data.wards.count)
        return Settings.named(Words.place((near + Int(child.family % 3)) % nurseries + 100), "Nursery")
    }

    private func writeActivity(
        _ child: Child, _ age: Int, _ provision: SENLevel, into draft: inout Draft, _ lasting: inout Draw
    ) {
        let luck = lasting.below(100)
        let college = Settings.named(Words.place(480 + Int(child.luck % 8)), "College")
        var (activity, setting) = ("not known", "")
        if today.isOnRoll(child) {
            let group = today.group(child)
            (activity, setting) = ("school", school(child, group, provision).name)
        } else if age < 19 {
            let (work, training) = (62, 74)
            (activity, setting) =
                luck < work
                ? ("college", college)
                : luck < training
                    ? ("training", college)
                    : luck < 82 ? ("work", employer(child)) : luck < 92 ? ("none", "None") : ("not known", "Not known")
        } else {
            (activity, setting) =
                luck < 25
                ? ("college", college)
                : luck < 55
                    ? ("work", employer(child))
                    : luck < 75 ? ("none", "None") : ("not known", "Not known")
        }
        draft[.activity] = Array(activity.utf8)
        draft[.setting] = Array((setting.isEmpty ? "Not known" : setting).utf8)
    }

    private func employer(_ child: Child) -> String {
        let kinds = ["Garden Centre", "Bakery", "Motors", "Care Homes", "Joinery", "Café"]
        let place = Words.place(Int(child.luck >> 6) % Words.count)
        return "\(place) \(kinds[Int(child.luck) % kinds.count]) (invented)"
    }

    private func service(_ child: Child) -> String {
        switch Child.need(child.need1) {
        case .pd, .msi: "Physiotherapy"
        case .pmld, .sld: "Community nursing"
        case .asd, .spld, .ds: child.luck % 2 == 0 ? "Occupational therapy" : "Speech and language therapy"
        case .hi: "Children’s hearing service"
        case .vi: "Children’s eye service"
        default: "Speech and language therapy"
        }
    }

    private func pick(_ texts: [String], _ draw: inout Draw) -> [UInt8] { Array(texts[draw.below(texts.count)].utf8) }
}
