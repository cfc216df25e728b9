import Kernel
import SingleView
import Web

enum FindPages {
    struct Answer {
        let children: [(FoundChild, [Agreement])]
        let model: String
    }

    static func form(_ form: Form, _ answer: Answer?, _ words: FactWords) -> Page {
        func input(_ name: String, _ label: String, _ hint: String? = nil, width: String = "") -> HTML {
            textInput(
                name, label: label, value: form[name], hint: hint, error: form.error(of: name), width: width,
                autocomplete: "off")
        }
        return Page(
            "Is a child known already?", back: Link("Review", to: "/review"), isListed: false,
            """
            \(errorSummary(form.errors))
            <h1 class="govuk-heading-l">Is a child known already?</h1>
            \(answer.map { found($0, words) })
            <p class="govuk-body">What you write is compared with every record of the city, and kept nowhere. Who is \
            shown is told that you looked.</p>
            \(form.posting(
                to: "/review/find", repeatable: true,
                """
                \(input("given", "Given name"))
                \(input("family", "Family name"))
                \(input("born", "Date of birth", "As 17/04/2023", width: "govuk-input--width-10"))
                \(input("postcode", "Postcode", width: "govuk-input--width-10"))
                \(input("address", "House and street"))
                \(input("nhs_number", "NHS number", width: "govuk-input--width-10"))
                \(input("upn", "Unique pupil number", width: "govuk-input--width-20"))
                \(button("Look"))
                """))
            """)
    }

    private static func found(_ answer: Answer, _ words: FactWords) -> HTML {
        guard !answer.children.isEmpty else {
            return notice(
                "Nobody is found",
                """
                <p class="govuk-body">No child whom you may be shown has a record like this. Look again with another \
                spelling, or the other parent’s family name.</p>
                """)
        }
        let items = answer.children.map { child, agreements -> HTML in
            """
            <li class="app-result"><h3>\(child.name), born \(child.born.inWords)</h3>
            <p>Of 1,000 records that compare like this one with theirs, \(SureInWords.words(child.chance)) are of the \
            same child. Compared with: \(words.source(child.source)).</p>
            \(sentences(agreements, words).map { "<p>\($0)</p>" as HTML })
            <p>\(anchor(Link("The records of this child", to: "/review/children/\(child.person)")))</p>
            </li>
            """
        }
        let count = answer.children.count == 1 ? "One child" : "\(answer.children.count) children"
        return """
            <h2 class="govuk-heading-m">\(count)</h2>
            <ul class="app-results">\(items)</ul>
            <p class="app-source">By the model \(answer.model); what is the same and what is not: rule \
            \(Agreement.id).</p>
            """
    }

    private static func sentences(_ agreements: [Agreement], _ words: FactWords) -> [String] {
        func list(_ pick: (Agreement) -> String?) -> String? {
            let some = agreements.compactMap(pick)
            return some.isEmpty ? nil : some.joined(separator: "; ")
        }
        func name(_ one: Agreement) -> String {
            one.fact == "nhs-number" ? "NHS number" : FactWords.name(of: one.fact).lowercased()
        }
        // Where somebody lives is told to nobody who does not know it: that it differs, not what it is.
        func isPlace(_ one: Agreement) -> Bool { ["address", "postcode", "phone"].contains(one.fact) }
        let same = list { $0.verdict == .same ? name($0) : nil }
        let nearly = list { one in
            guard case .nearly(let how) = one.verdict else { return nil }
            return isPlace(one)
                ? "\(name(one)), \(how.words)" : "\(name(one)): “\(words.value(one.fact, one.other))”, \(how.words)"
        }
        let different = list {
            guard $0.verdict == .different else { return nil }
            return isPlace($0) ? name($0) : "\(name($0)): “\(words.value($0.fact, $0.other))”"
        }
        return [
            same.map { "The same: \($0)." }, nearly.map { "Nearly the same: \($0)." },
            different.map { "Different: \($0)." },
        ].compactMap { $0 }
    }
}
