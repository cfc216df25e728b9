import Kernel

/// The conventions by which periods are counted: all that is not data.
struct Counting {
    let calendar: WorkingDays
    let settings: Settings

    /// The last safe day of one limb, before it moves for the Tribunal.
    ///
    /// - Law: Lester v Garland (1808): “within … after” does not count the day of the event.
    /// - Law: Zoan v Rouamba [2000] 1 WLR 1509: “beginning with” a day counts that day.
    func last(_ quantity: Int, _ unit: Unit, _ count: Count, _ roll: Roll, from day: Day) throws(CannotSay) -> Day {
        switch (unit, count) {
        case (.day, _): try shifted(day, by: quantity, count)
        case (.week, _): try shifted(day, by: quantity * 7, count)
        case (.month, _): try months(quantity, count, from: day)
        case (.workingDay, .after): try working(quantity, after: day, roll)
        case (.workingDay, .beginningWith):
            try working(max(0, quantity - 1), after: held { () throws(Malformed) in try calendar.onOrAfter(day) }, roll)
        case (.workingDay, .atLeastBefore):
            try held { () throws(Malformed) in
                try calendar.adding(0 - quantity - (settings.areClearDays ? 1 : 0), to: day)
            }
        }
    }

    private func shifted(_ day: Day, by days: Int, _ count: Count) throws(CannotSay) -> Day {
        let span =
            switch count {
            case .after: days
            case .beginningWith: days - 1
            case .atLeastBefore: 0 - days - (settings.areClearDays ? 1 : 0)
            }
        guard let last = Day(number: day.number + span) else { throw .beyondCalendar }
        return last
    }

    /// Where “beginning with” meets a month without the corresponding date, the period ends on that month’s last day.
    private func months(_ quantity: Int, _ count: Count, from day: Day) throws(CannotSay) -> Day {
        guard let (end, isCorresponding) = day.adding(months: count == .atLeastBefore ? 0 - quantity : quantity) else {
            throw .beyondCalendar
        }
        return switch count {
        case .after: end
        case .beginningWith: isCorresponding ? end.previous : end
        case .atLeastBefore: settings.areClearDays ? end.previous : end
        }
    }

    /// The Tribunal’s own working days leave out August and 25 December to 1 January.
    private func working(_ quantity: Int, after day: Day, _ roll: Roll) throws(CannotSay) -> Day {
        guard roll == .tribunal else {
            return try held { () throws(Malformed) in try calendar.adding(quantity, to: day) }
        }
        var (left, at) = (quantity, day)
        while left > 0 {
            at = try next(at)
            if try isOpen(at) { left -= 1 }
        }
        return at
    }

    /// The last day before, or by, a date in the year of the event.
    func date(_ month: Int, _ number: Int, isBefore: Bool, yearOf day: Day) throws(CannotSay) -> Day {
        guard let date = try? Day(day.year, month, number) else { throw .beyondCalendar }
        return isBefore && settings.isDayBefore ? date.previous : date
    }

    /// Where a limit for the Tribunal ends that would end on this day, and whether that is doubtful (open point L3).
    ///
    /// - Law: HESC Tribunal Procedure Rules 2008 (SI 2008/2699), rule 12: past August, the new year and days of rest.
    func rolled(_ raw: Day) throws(CannotSay) -> (day: Day, isDoubtful: Bool) {
        var at = raw
        while try !isWorking(at) { at = try next(at) }
        let isDoubtful = isClosed(at) && !isClosed(raw)
        if isDoubtful, !settings.isFirstOpenDay { return (at, true) }
        while try !isOpen(at) { at = try next(at) }
        return (at, isDoubtful)
    }

    private func isOpen(_ day: Day) throws(CannotSay) -> Bool { try isWorking(day) && !isClosed(day) }

    private func isClosed(_ day: Day) -> Bool {
        let (_, month, number) = day.civil
        return month == 8 || (month == 12 && number >= 25) || (month == 1 && number == 1)
    }

    func isWorking(_ day: Day) throws(CannotSay) -> Bool {
        try held { () throws(Malformed) in try calendar.isWorking(day) }
    }

    private func next(_ day: Day) throws(CannotSay) -> Day {
        guard let next = Day(number: day.number + 1) else { throw .beyondCalendar }
        return next
    }

    private func held<Value>(_ look: () throws(Malformed) -> Value) throws(CannotSay) -> Value {
        do { return try look() } catch { throw .notHeld(error) }
    }
}
