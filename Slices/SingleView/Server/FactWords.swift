import Kernel
import SingleView

/// Facts and their values in words.
struct FactWords: Sendable {
    let book: FeedBook

    /// What a fact is called, as a row of a table has it.
    static func name(of fact: String) -> String {
        names[fact] ?? fact.split(separator: "-").joined(separator: " ").capitalisedFirst
    }

    private static let names = [
        "given": "Given name", "family": "Family name", "middle": "Middle names", "born": "Date of birth", "sex": "Sex",
        "nhs-number": "NHS number", "upn": "Unique pupil number", "ethnicity": "Ethnicity",
        "language": "First language", "address": "Address", "postcode": "Postcode", "phone": "Telephone",
        "setting": "Nursery, school or college", "year-group": "School year", "sen-provision": "SEN provision",
        "need": "Type of need", "since": "Since", "lead": "Lead", "service": "Service", "status": "What it does",
        "hours": "Funded hours a week", "activity": "What they do now",
    ]

    /// A value as it is shown; as it is kept, where it has no other words.
    func value(_ fact: String, _ value: String) -> String {
        switch fact {
        case "born", "since": (try? Day(iso: value))?.inWords ?? value
        case "sex": value == "F" ? "Female" : value == "M" ? "Male" : value
        case "need": (try? NeedType(code: value))?.name ?? value
        case "sen-provision": (try? SENLevel(code: value))?.name ?? value
        case "year-group": (try? YearGroup(code: value)).map { "\($0)" } ?? value
        case "ethnicity": book.ethnicities[value] ?? value
        case "nhs-number" where value.utf8.count == 10:
            "\(value.prefix(3)) \(value.dropFirst(3).prefix(3)) \(value.suffix(4))"
        default: value
        }
    }

    /// What a source is called; the council’s own record among them.
    func source(_ code: String) -> String {
        code == LinkStore.council ? "The council’s own record" : book.source(code)?.name ?? code
    }

    /// The same where only the agency is to be told.
    func agency(_ code: String) -> String {
        code == LinkStore.council ? "The council" : book.source(code)?.agency ?? code
    }
}
