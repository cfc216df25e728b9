import Kernel

/// What a notice is made of, each by its place in the JSON of the interface.
public enum NoticeField: String, CaseIterable, Sendable {
    case reference
    case given = "child.given", family = "child.family", born = "child.born", sex = "child.sex"
    case nhsNumber = "child.nhs_number", address = "child.address", postcode = "child.postcode"
    case telephone = "child.telephone"
    case parentName = "parent.name", parentContact = "parent.contact"
    case givenBy = "given_by"
    case needs, opinion, report
    case told = "parent_told_on", offered = "offered_to_discuss"
    case voluntaryBody = "voluntary_body", noVoluntaryBody = "no_voluntary_body_likely_to_help"

    /// The most characters that it may have.
    public var limit: Int {
        switch self {
        case .reference: 80
        case .given, .family, .needs: 100
        case .address: 300
        case .parentName, .parentContact, .givenBy, .voluntaryBody: 200
        case .opinion: 4000
        case .report: 20_000
        default: 40
        }
    }

    /// Whether it may have several lines.
    var hasLines: Bool { [.address, .opinion, .report, .parentContact].contains(self) }
}

/// What is wrong with one field, for whoever sent it.
public struct NoticeFault: Hashable, Sendable {
    public let field: NoticeField
    public let message: String

    public init(_ field: NoticeField, _ message: String) { (self.field, self.message) = (field, message) }
}

/// A notice as it was written, field by field, before it is judged: days as 2026-01-12, yes or no as `yes` and `no`,
/// codes of need with spaces between.
public struct NoticeDraft: Sendable {
    private var values: [NoticeField: String]

    public init(_ values: [NoticeField: String] = [:]) { self.values = values.mapValues(\.trimmed) }

    /// What was written, without spaces around it; empty where nothing was.
    public subscript(field: NoticeField) -> String {
        get { values[field] ?? "" }
        set { values[field] = newValue.trimmed }
    }

    /// The draft from which this notice would be read.
    public init(_ notice: EarlyNotice) {
        let child = notice.child
        values = [
            .reference: notice.reference, .given: child.given, .family: child.family, .born: child.born.iso,
            .sex: child.sex?.rawValue ?? "", .nhsNumber: child.nhsNumber?.text ?? "", .address: child.address,
            .postcode: child.postcode?.text ?? "", .telephone: child.telephone, .parentName: notice.parentName,
            .parentContact: notice.parentContact, .givenBy: notice.givenBy,
            .needs: notice.needs.map(\.code).joined(separator: " "), .opinion: notice.opinion,
            .report: notice.report, .told: notice.told?.iso ?? "", .offered: notice.isOfferedToDiscuss ? "yes" : "",
        ]
        switch notice.voluntaryBody {
        case .named(let name): values[.voluntaryBody] = name
        case .noneLikelyToHelp: values[.noVoluntaryBody] = "yes"
        case nil: break
        }
    }

    /// The notice that this is, or all that is wrong with it.
    ///
    /// - Parameters:
    ///   - today: the day on which it is sent.
    ///   - attention: the day on which it was first received, where it puts an earlier one right; otherwise today.
    /// - Law: Children and Families Act 2014, section 23(1): it is about a child under compulsory school age.
    public func judged(on today: Day, attention: Day? = nil) -> (notice: EarlyNotice?, faults: [NoticeFault]) {
        var reader = NoticeReader(draft: self, today: today, day: attention ?? today)
        return (reader.notice(), reader.faults)
    }
}

private struct NoticeReader {
    let draft: NoticeDraft
    let today: Day
    /// The day of the notice, for which the child’s age is judged.
    let day: Day
    var faults: [NoticeFault] = []

    mutating func notice() -> EarlyNotice? {
        for field in NoticeField.allCases { checkText(field) }
        let given = required(.given, "Write the child’s given name")
        let family = required(.family, "Write the child’s family name")
        let born = readBorn()
        let sex = readSex()
        let number = read(.nhsNumber) { text throws(Malformed) in try NHSNumber(text) }
        let postcode = read(.postcode) { text throws(Malformed) in try Postcode(text) }
        checkReference(number)
        let givenBy = required(.givenBy, "Write who in your body gives this notice, with their post")
        let needs = readNeeds()
        if needs.isEmpty, draft[.needs].isEmpty, draft[.opinion].isEmpty {
            refuse(.needs, "Say which needs the child has or probably has: by a type, in words, or both")
        }
        let told = readTold(born)
        let isOffered = yes(.offered)
        let voluntary = readVoluntaryBody()
        guard faults.isEmpty, let given, let family, let born, let givenBy else { return nil }
        let child = NoticedChild(
            given: given, family: family, born: born, sex: sex, nhsNumber: number, address: draft[.address],
            postcode: postcode, telephone: draft[.telephone])
        return EarlyNotice(
            child: child, parentName: draft[.parentName], parentContact: draft[.parentContact], givenBy: givenBy,
            needs: needs, opinion: draft[.opinion], report: draft[.report], told: told, isOfferedToDiscuss: isOffered,
            voluntaryBody: voluntary, reference: draft[.reference])
    }

    private mutating func refuse(_ field: NoticeField, _ message: String) {
        if !faults.contains(where: { $0.field == field }) { faults.append(NoticeFault(field, message)) }
    }

    /// Nothing but text of a length that can be kept and shown.
    private mutating func checkText(_ field: NoticeField) {
        let text = draft[field]
        if text.count > field.limit {
            refuse(
                field, "Write at most \(Digits.grouped(field.limit)) characters; this is \(Digits.grouped(text.count))")
        }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value >= 32 && scalar.value != 127 || (field.hasLines && [9, 10, 13].contains(scalar.value))
        }
        if !isPlain { refuse(field, "There is a character in this that is not text. Write it anew") }
    }

    /// It stands in mails, so it is of codes and names nobody.
    private mutating func checkReference(_ number: NHSNumber?) {
        let reference = draft[.reference].lowercased()
        let isCode = reference.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || [45, 46, 47, 95].contains(byte)
        }
        if !isCode { return refuse(.reference, "Use letters, figures and - . / _ alone, without spaces") }
        var names = [draft[.given], draft[.family]].map { $0.lowercased() }.filter { $0.count > 2 }
        if let number { names.append(number.text) }
        if names.contains(where: { reference.contains($0) }) {
            refuse(.reference, "Leave the child’s name and NHS number out of the reference: it stands in mails")
        }
    }

    private mutating func required(_ field: NoticeField, _ message: String) -> String? {
        if draft[field].isEmpty { refuse(field, message) }
        return draft[field].isEmpty ? nil : draft[field]
    }

    /// A value of its own type, or nil where none was written or it is wrong.
    private mutating func read<Value>(
        _ field: NoticeField, _ make: (String) throws(Malformed) -> Value
    ) -> Value? {
        if draft[field].isEmpty { return nil }
        do { return try make(draft[field]) } catch {
            refuse(field, "\(error)")
            return nil
        }
    }

    private mutating func readDay(_ field: NoticeField) -> Day? {
        read(field) { text throws(Malformed) in try Day(iso: text) }
    }

    private mutating func readBorn() -> Day? {
        guard required(.born, "Write the child’s date of birth") != nil, let born = readDay(.born) else { return nil }
        guard born <= day else {
            refuse(.born, "The child is not born yet on \(day.inWords). Give notice once they are")
            return nil
        }
        guard let begins = CompulsorySchoolAge.begins(born: born), day < begins else {
            let since = CompulsorySchoolAge.begins(born: born).map { " since \($0.inWords)" } ?? ""
            refuse(
                .born,
                """
                A child born on \(born.inWords) has been of compulsory school age\(since) (Education Act 1996, \
                section 8). Early notice is of younger children (Children and Families Act 2014, section 23). Anybody \
                may still bring this child to the council’s attention (section 24), and a parent or school may ask for \
                an assessment (section 36): write to the council’s SEND team
                """)
            return nil
        }
        return born
    }

    private mutating func readSex() -> WrittenSex? {
        guard !draft[.sex].isEmpty else { return nil }
        if let sex = WrittenSex(rawValue: draft[.sex]) { return sex }
        refuse(.sex, "Use \(WrittenSex.allCases.map(\.rawValue).joined(separator: ", "))")
        return nil
    }

    private mutating func readNeeds() -> [NeedType] {
        var found = Set<NeedType>()
        for code in draft[.needs].split(whereSeparator: { $0 == " " || $0 == "," }) {
            guard let need = try? NeedType(code: code), need.isInSEN2 else {
                refuse(.needs, "“\(code.prefix(20))” is not a type of need. Use \(Self.codes)")
                continue
            }
            found.insert(need)
        }
        return NeedType.sen2.filter(found.contains)
    }

    private static let codes = NeedType.sen2.map(\.code).joined(separator: ", ")

    private mutating func readTold(_ born: Day?) -> Day? {
        guard let told = readDay(.told) else { return nil }
        if told > today {
            refuse(
                .told,
                """
                This day is after \(today.inWords), on which you send this. The parent is told first (section 23(2)); \
                leave it empty where they have not been told yet
                """)
        } else if let born, told < born {
            refuse(.told, "This day is before the child was born")
        }
        return told
    }

    private mutating func yes(_ field: NoticeField) -> Bool {
        switch draft[field] {
        case "yes": return true
        case "", "no": return false
        default:
            refuse(field, "Say yes or no")
            return false
        }
    }

    private mutating func readVoluntaryBody() -> VoluntaryBody? {
        let (name, isNone) = (draft[.voluntaryBody], yes(.noVoluntaryBody))
        if isNone, !name.isEmpty {
            refuse(.voluntaryBody, "Name a voluntary body, or say that none is likely to help: not both")
            return nil
        }
        return isNone ? .noneLikelyToHelp : name.isEmpty ? nil : .named(name)
    }
}
