import Web

/// What must happen by when: the legal timetable from any event and day, for anyone.
public let timetables = Slice(
    "Timetables", migrations: [], routes: TimetableRoutes.all, lives: [lawInForce, timetableDesk],
    navigation: [NavigationItem("What must happen by when", TimetableRoutes.page)])
