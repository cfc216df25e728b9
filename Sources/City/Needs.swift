import Kernel

/// Gives children their special educational needs, so that the whole city comes to the strategy’s figures.
struct Needs {
    private let data: CityData
    private let scale: Double
    private var pupils = 0
    private var withNeeds = 0

    /// 35,417 of 141,215 pupils: the figures of Birmingham’s strategy.
    static let share = 35_417.0 / 141_215.0
    /// Of boys and of girls, next to both: boys are given support, and plans still more, oftener.
    private static let ofBoys = (support: 1.25, plan: 1.42)
    private static let ofGirls = (support: 0.74, plan: 0.56)

    init(_ data: CityData) {
        self.data = data
        var (all, needing) = (0.0, 0.0)
        for age in data.ages {
            let onRoll = Double(age.children * age.onRoll)
            all += onRoll
            needing += onRoll * Double(age.support + age.plan) / 1_000
        }
        scale = needing > 0 ? Needs.share * all / needing : 0
    }

    /// Draws the child’s level of support and types of need, and on what days they began.
    ///
    /// The chance is that of the table for the age, the sex and the year of birth (each year’s children have a little
    /// more than those of the year before), and leans towards the share wanted where the city has strayed from it.
    mutating func give(
        _ child: inout Child, age: Int, isPupil: Bool, _ year: AcademicYear, _ draw: inout Draw
    ) {
        let row = data.age(age)
        let growth = 1 + 0.012 * Double(max(-15, min(15, child.born.year - 2_016)))
        let sex = child.isGirl ? Needs.ofGirls : Needs.ofBoys
        let lean = 1 + max(-0.5, min(0.5, (Needs.share * Double(pupils) - Double(withNeeds)) / 25))
        let plan = Double(row.plan) / 1_000 * scale * sex.plan * growth * lean
        let support = Double(row.support) / 1_000 * scale * sex.support * lean
        let luck = Double(draw.below(1_000_000)) / 1_000_000
        let hasPlan = luck < plan
        let hasSupport = !hasPlan && luck < plan + support
        if isPupil {
            pupils += 1
            if hasPlan || hasSupport { withNeeds += 1 }
        }
        let first = year.first.number
        let born = child.born.number
        if hasPlan || hasSupport {
            // Support is seldom given before two, and begins some time between then and now.
            let since = max(0, first - born - 500)
            let begun = born + 500 + since * draw.below(1_000) / 1_000
            child.supportFrom = Int32(min(first - 1, max(born + 60, begun)))
            if hasPlan {
                let after = first - Int(child.supportFrom)
                child.planFrom = Int32(Int(child.supportFrom) + after * draw.below(1_000) / 1_300)
            } else if draw.chance(700) {
                child.planFrom = Int32(first + 20 + draw.below(710))
            } else if draw.chance(900) {
                child.supportTo = Int32(first + 20 + draw.below(710))
            }
            giveTypes(&child, age: age, hasPlan: hasPlan, &draw)
        } else if draw.chance(age >= 1 && age <= 12 ? 280 : 40) {
            child.supportFrom = Int32(first + 20 + draw.below(710))
            giveTypes(&child, age: age, hasPlan: false, &draw)
        }
    }

    private func giveTypes(_ child: inout Child, age: Int, hasPlan: Bool, _ draw: inout Draw) {
        let table = hasPlan ? data.planNeeds : data.supportNeeds
        let wheel = table[max(0, min(table.count - 1, age))]
        child.need1 = wheel.pick(&draw) ?? 0
        guard draw.chance(hasPlan ? 4_200 : 1_600), let other = wheel.pick(&draw) else { return }
        let unknown = Child.place(of: .nsa)
        if other != child.need1, other != unknown, child.need1 != unknown { child.need2 = other }
    }
}
