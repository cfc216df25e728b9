import Access
import AccessServer
import Casework
import Kernel
import PeopleServer
import Web

/// How people of a family want to be written to: what was said, and where it is said again.
enum WishPages {
    /// Somebody without an account, before there is a row.
    static let new = "new"

    struct Shown: Sendable {
        let person, name: String
        let family: [FamilyWish]
        let mayChange: Bool
        /// Whether the actor sees the whole family, and so may name somebody without an account.
        let seesAll: Bool
    }

    static func list(_ shown: Shown) -> Page {
        let parts = shown.family.map { member($0, shown) }
        let nobody: HTML? =
            shown.family.isEmpty
            ? "<p class=\"govuk-body\">There is nobody here whose wishes you may see.</p>" : nil
        let add: HTML? =
            shown.mayChange && shown.seesAll
            ? """
            <p class="govuk-body">\(anchor(Link("Somebody of the family who has no account",
                to: "/people/\(shown.person)/wishes?of=\(new)")))</p>
            """ : nil
        return Page(
            "How to write about \(shown.name)", back: Link(shown.name, to: "/people/\(shown.person)"), isListed: false,
            """
            <h1 class="govuk-heading-l">How to write and speak to the family of \(shown.name)</h1>
            <p class="govuk-body">It is said once, and holds for every letter, call and meeting of a case.</p>
            \(nobody)\(parts)
            \(add)
            """)
    }

    private static func member(_ member: FamilyWish, _ shown: Shown) -> HTML {
        let wish = member.wish
        let forms = wish.forms.sorted().map(\.words).joined(separator: ", ")
        let said = member.said.map { "\($0.at.dayInEngland.inWords), by \($0.who)" } ?? "Nobody has said anything yet"
        let away: HTML? =
            member.isKeptAway
            ? """
            <p class="govuk-body">\(tag("Told by people alone", .yellow)) A decision keeps them away: no letter of \
            this service goes to them.</p>
            """ : nil
        let change: HTML? =
            shown.mayChange
            ? """
            <p class="govuk-body">\(anchor(Link("Change how to write to \(member.isOwn ? "you" : member.name)",
                to: "/people/\(shown.person)/wishes?of=\(Query.encoded(member.id))")))</p>
            """ : nil
        return """
            <h2 class="govuk-heading-m">\(member.isOwn ? "You" : member.name)</h2>
            \(away)
            \(summaryList([
                SummaryRow("How", "\(wish.way.words)"),
                SummaryRow("In which form", "\(forms.isEmpty ? "plain print" : forms)"),
                SummaryRow("In which language", "\(wish.language.isEmpty ? "English" : wish.language)"),
                SummaryRow("At meetings", "\(wish.meeting ?? "nobody besides")"),
                SummaryRow("Anything else", "\(wish.note.isEmpty ? "Nothing" : wish.note)"),
                SummaryRow("Said", "\(said)"),
            ]))
            \(change)
            """
    }

    /// - Parameter member: nil for somebody without an account whom nobody has named yet.
    static func form(_ member: FamilyWish?, _ shown: Shown, _ fields: WishFields, _ form: Form) -> Page {
        let who = member.map { $0.isOwn ? "you" : $0.name } ?? "somebody without an account"
        let address = "/people/\(shown.person)/wishes"
        let title = "How to write and speak to \(who)"
        return Page(
            form.errors.isEmpty ? title : "Error: \(title)", back: Link("The family", to: address), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">\(title)</h1>
            \(form.posting(to: address, version: member == nil ? nil : form.version ?? member?.version ?? 0,
                """
                <input type="hidden" name="recipient" value="\(member?.id ?? new)">
                \(member == nil ? named(form, fields) : nil)
                \(questions(form, fields))
                \(member?.isNamed == true ? ending(fields) : nil)
                \(button("Save"))
                """))
            """)
    }

    private static func named(_ form: Form, _ fields: WishFields) -> HTML {
        """
        \(inset("""
            <p class="govuk-body">Name only somebody to whom every letter of a case may go: never anybody whom a \
            decision keeps away.</p>
            """))
        \(textInput("name", label: "Their name", value: fields.name, error: form.error(of: "name"),
            autocomplete: "off"))
        \(radios("kin", legend: "Who are they?", choices: [
            Choice("parent", "A parent, or somebody who cares for the child: until the rights pass"),
            Choice("self", "The young person: from when the rights are theirs"),
        ], chosen: fields.kin, error: form.error(of: "kin")))
        """
    }

    private static func questions(_ form: Form, _ fields: WishFields) -> HTML {
        """
        \(radios("way", legend: "How do you want to hear from us?",
            choices: ContactWish.Way.allCases.map { Choice($0.rawValue, $0.words) }, chosen: fields.way,
            hint: "On paper or by telephone, no mail is sent: somebody carries it", error: form.error(of: "way")))
        \(checkboxes("forms", legend: "Letters also as",
            choices: ContactWish.Form.allCases.map { Choice($0.rawValue, $0.words) }, chosen: fields.forms,
            hint: "Large print is there at once. Easy Read and BSL are made by people, which takes some days"))
        \(textInput("language", label: "Letters in another language than English", value: fields.language,
            hint: "For example Urdu. A person translates; the letter in English comes at once, because dates count "
                + "from it", error: form.error(of: "language"), width: "govuk-input--width-20", autocomplete: "off"))
        \(textInput("interpreter", label: "An interpreter at every meeting, speaking", value: fields.interpreter,
            error: form.error(of: "interpreter"), width: "govuk-input--width-20", autocomplete: "off"))
        \(checkboxes("signs", legend: "Sign language", choices: [
            Choice("yes", "A BSL interpreter at every meeting")
        ], chosen: [fields.signs]))
        \(textArea("note", label: "Anything else that helps", value: fields.note,
            hint: "For example: call after four", error: form.error(of: "note"), rows: 3))
        """
    }

    private static func ending(_ fields: WishFields) -> HTML {
        checkboxes(
            "ends", legend: "Does it end?", choices: [Choice("yes", "They get no letters any more")],
            chosen: [fields.ends])
    }

    // MARK: - On the pages of a case

    /// What those of the family want, with where it is changed.
    static func onCase(_ record: CaseRecord) -> HTML? {
        guard record.mayWorry, !record.family.isEmpty || record.classes.contains(.thirdParty) else { return nil }
        let items = sentences(record).map { "<li>\($0)</li>" as HTML }
        let list: HTML? = items.isEmpty ? nil : "<ul class=\"govuk-list govuk-list--bullet\">\(items)</ul>"
        return """
            <h2 class="govuk-heading-m">How to write and speak to the family</h2>
            \(list)
            <p class="govuk-body">\(anchor(Link("Say or change it: large print, languages, BSL, post, telephone",
                to: "/people/\(record.person)/wishes")))</p>
            """
    }

    private static func sentences(_ record: CaseRecord) -> [String] {
        record.family.compactMap { member in
            member.wish.wants.map { "\(member.isOwn ? "You asked for" : "\(member.name) wants") \($0)" }
        }
    }

    /// Before an officer writes or meets: what the family wants, and who has to be there.
    static func reminder(_ step: CaseStep, _ record: CaseRecord) -> HTML? {
        let meetings =
            step == .consultation
            ? record.family.compactMap { member in member.wish.meeting.map { "\(member.name): \($0)" } } : []
        let asked: HTML? =
            meetings.isEmpty
            ? nil : warning("At every meeting there has to be, for \(meetings.joined(separator: "; for ")).")
        let items = sentences(record).map { "<li>\($0)</li>" as HTML }
        let wishes: HTML? =
            items.isEmpty ? nil : inset("<ul class=\"govuk-list govuk-list--bullet\">\(items)</ul>")
        return asked == nil && wishes == nil ? nil : "\(asked)\(wishes)"
    }
}

/// The way from a person’s page to how their family wants to be written to.
public let wishesPanel = PersonPanel { visit, policy in
    let scope = visit.scope
    return { tx, id in
        let store = CaseStore(tx: tx, scope: scope, policy: policy)
        guard try store.may(.see, .ownWords, of: id.text), try store.may(.see, .identity, of: id.text) else {
            return nil
        }
        guard try store.may(.see, .thirdParty, of: id.text) || !store.family(of: id.text).isEmpty else { return nil }
        return PersonPanel.Shown(
            """
            <p class="govuk-body">\(anchor(Link("How to write and speak to the family",
                to: "/people/\(id.text)/wishes")))</p>
            """, classes: [])
    }
}

/// The fields of the form, as they were written or as they are kept.
struct WishFields: Sendable {
    var name = "", kin = "", way = "", language = "", interpreter = "", signs = "", note = "", ends = ""
    var forms: Set<String> = []

    init(_ form: Form) {
        (name, kin, way, language) = (form["name"], form["kin"], form["way"], form["language"])
        (interpreter, signs, note, ends) = (form["interpreter"], form["signs"], form["note"], form["ends"])
        forms = Set(form.fields.all("forms"))
    }

    init(_ wish: ContactWish) {
        (way, language, interpreter, note) = (wish.way.rawValue, wish.language, wish.interpreter, wish.note)
        signs = wish.isSignedAtMeetings ? "yes" : ""
        forms = Set(wish.forms.map(\.rawValue))
    }

    /// Nil where something is wrong, which the form then says.
    func read(_ form: inout Form) -> ContactWish? {
        let way = ContactWish.Way(rawValue: way)
        if way == nil { form.refuse("way", "Choose how you want to hear from us") }
        for (field, text) in [("language", language), ("interpreter", interpreter)] {
            do { _ = try ContactWish.language(text) } catch { form.refuse(field, "\(error)") }
        }
        if note.count > ContactWish.longestNote {
            form.refuse("note", "Write at most \(ContactWish.longestNote) characters")
        }
        guard form.errors.isEmpty, let way else { return nil }
        return try? ContactWish(
            way: way, forms: Set(forms.compactMap { ContactWish.Form(rawValue: $0) }), language: language,
            interpreter: interpreter, isSignedAtMeetings: signs == "yes", note: note)
    }
}
