/// One thing to choose in a list.
public struct Choice: Sendable {
    public let value: String
    public let label: String
    /// How many entries say so, shown beside it.
    public let count: Int?
    public init(_ value: String, _ label: String, count: Int? = nil) {
        (self.value, self.label, self.count) = (value, label, count)
    }
}

/// The parts that every field has, joined by their ids: hint, error, and the attribute that names them.
private struct FieldParts {
    let hint: HTML?
    let error: HTML?
    let describedBy: HTML?
    let groupClass: String

    init(_ name: String, hint hintText: String?, error errorText: String?) {
        hint = hintText.map { "<div id=\"\(name)-hint\" class=\"govuk-hint\">\($0)</div>" }
        error = errorText.map {
            """
            <p id="\(name)-error" class="govuk-error-message">\
            <span class="govuk-visually-hidden">Error:</span> \($0)</p>
            """
        }
        let ids = (hintText == nil ? [] : ["\(name)-hint"]) + (errorText == nil ? [] : ["\(name)-error"])
        describedBy = ids.isEmpty ? nil : " aria-describedby=\"\(ids.joined(separator: " "))\""
        groupClass = errorText == nil ? "govuk-form-group" : "govuk-form-group govuk-form-group--error"
    }
}

/// One line of text.
public func textInput(
    _ name: String, label: String, value: String, hint: String? = nil, error: String? = nil, width: String = "",
    autocomplete: String? = nil, mode: String? = nil
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: error)
    let errorClass = error == nil ? "" : " govuk-input--error"
    let autocomplete: HTML? = autocomplete.map { " autocomplete=\"\($0)\"" }
    let mode: HTML? = mode.map { " inputmode=\"\($0)\"" }
    return """
        <div class="\(parts.groupClass)">
        <label class="govuk-label" for="\(name)">\(label)</label>\(parts.hint)\(parts.error)
        <input class="govuk-input\(errorClass) \(width)" id="\(name)" name="\(name)" type="text" \
        value="\(value)"\(parts.describedBy)\(autocomplete)\(mode)>
        </div>
        """
}

/// One file from the visitor’s computer, in a form of `posting(files: true)`.
///
/// - Parameter accept: the kinds of file that the browser offers first, such as `.csv,text/csv`: a help to whoever
///   chooses, and no check.
/// - Parameter several: whether more than one can be chosen.
public func fileInput(
    _ name: String, label: String, hint: String? = nil, error: String? = nil, accept: String? = nil,
    several: Bool = false
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: error)
    let errorClass = error == nil ? "" : " govuk-file-upload--error"
    let accept: HTML? = accept.map { " accept=\"\($0)\"" }
    return """
        <div class="\(parts.groupClass)">
        <label class="govuk-label" for="\(name)">\(label)</label>\(parts.hint)\(parts.error)
        <input class="govuk-file-upload\(errorClass)" id="\(name)" name="\(name)" \
        type="file"\(accept)\(several ? " multiple" : nil)\(parts.describedBy)>
        </div>
        """
}

/// Several lines of text.
public func textArea(
    _ name: String, label: String, value: String, hint: String? = nil, error: String? = nil, rows: Int = 5
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: error)
    let errorClass = error == nil ? "" : " govuk-textarea--error"
    return """
        <div class="\(parts.groupClass)">
        <label class="govuk-label" for="\(name)">\(label)</label>\(parts.hint)\(parts.error)
        <textarea class="govuk-textarea\(errorClass)" id="\(name)" name="\(name)" rows="\(rows)"\(parts.describedBy)>\
        \(value)</textarea>
        </div>
        """
}

/// One of a list, folded away.
public func select(
    _ name: String, label: String, choices: [Choice], chosen: String?, hint: String? = nil, error: String? = nil
) -> HTML {
    select(
        name, label: label, groups: [(heading: "", choices: choices)], chosen: chosen, hint: hint, error: error)
}

/// One of a long list, folded away, under headings; a group without one stands by itself.
public func select(
    _ name: String, label: String, groups: [(heading: String, choices: [Choice])], chosen: String?,
    hint: String? = nil, error: String? = nil
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: error)
    let errorClass = error == nil ? "" : " govuk-select--error"
    return """
        <div class="\(parts.groupClass)">
        <label class="govuk-label" for="\(name)">\(label)</label>\(parts.hint)\(parts.error)
        <select class="govuk-select\(errorClass)" id="\(name)" name="\(name)"\(parts.describedBy)>\
        \(groups.map { group in
            let options = group.choices.map { choice in
                let selected: HTML? = choice.value == (chosen ?? "") ? " selected" : nil
                let count: HTML? = choice.count.map { " (\($0))" }
                return "<option value=\"\(choice.value)\"\(selected)>\(choice.label)\(count)</option>" as HTML
            }
            return group.heading.isEmpty
                ? "\(options)" as HTML : "<optgroup label=\"\(group.heading)\">\(options)</optgroup>" as HTML
        })</select>
        </div>
        """
}

/// Any number of a list, each with a box.
public func checkboxes(
    _ name: String, legend: String, choices: [Choice], chosen: Set<String>, hint: String? = nil
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: nil)
    return """
        <div class="govuk-form-group">
        <fieldset class="govuk-fieldset"\(parts.describedBy)>
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">\(legend)</legend>\(parts.hint)
        <div class="govuk-checkboxes govuk-checkboxes--small">\(choices.enumerated().map { index, choice in
            let id = index == 0 ? name : "\(name)-\(index + 1)"
            let checked: HTML? = chosen.contains(choice.value) ? " checked" : nil
            let count: HTML? = choice.count.map { " <span class=\"app-count\">(\($0))</span>" }
            return """
                <div class="govuk-checkboxes__item">\
                <input class="govuk-checkboxes__input" id="\(id)" name="\(name)" type="checkbox" \
                value="\(choice.value)"\(checked)>\
                <label class="govuk-label govuk-checkboxes__label" for="\(id)">\(choice.label)\(count)</label></div>
                """ as HTML
        })</div>
        </fieldset>
        </div>
        """
}

/// One of a few, each with a button.
public func radios(
    _ name: String, legend: String, choices: [Choice], chosen: String?, hint: String? = nil, error: String? = nil
) -> HTML {
    let parts = FieldParts(name, hint: hint, error: error)
    return """
        <div class="\(parts.groupClass)">
        <fieldset class="govuk-fieldset"\(parts.describedBy)>
        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">\(legend)</legend>\(parts.hint)\(parts.error)
        <div class="govuk-radios">\(choices.enumerated().map { index, choice in
            let id = index == 0 ? name : "\(name)-\(index + 1)"
            let checked: HTML? = choice.value == chosen ? " checked" : nil
            return """
                <div class="govuk-radios__item">\
                <input class="govuk-radios__input" id="\(id)" name="\(name)" type="radio" \
                value="\(choice.value)"\(checked)>\
                <label class="govuk-label govuk-radios__label" for="\(id)">\(choice.label)</label></div>
                """ as HTML
        })</div>
        </fieldset>
        </div>
        """
}

/// What is wrong with a form, above it, each with a link to its field. Nothing where nothing is wrong.
public func errorSummary(_ errors: [FieldError]) -> HTML? {
    if errors.isEmpty { return nil }
    return """
        <div class="govuk-error-summary" data-focus>
        <div role="alert">
        <h2 class="govuk-error-summary__title">There is a problem</h2>
        <div class="govuk-error-summary__body"><ul class="govuk-list govuk-error-summary__list">\
        \(errors.map { "<li><a href=\"#\($0.field)\">\($0.message)</a></li>" as HTML })</ul></div>
        </div>
        </div>
        """
}

public enum ButtonLook: String, CaseIterable, Sendable {
    case primary = "govuk-button"
    case secondary = "govuk-button govuk-button--secondary"
    case quiet = "app-link-button"
}

/// Sends the form it is in.
///
/// - Parameter key: one letter that presses it: with the browser’s access keys, and alone where the page has the script
///   `keys`.
public func button(
    _ label: String, look: ButtonLook = .primary, name: String? = nil, value: String? = nil, key: String? = nil
) -> HTML {
    let name: HTML? = name.map { " name=\"\($0)\"" }
    let value: HTML? = value.map { " value=\"\($0)\"" }
    let keys: HTML? = key.map { " accesskey=\"\($0)\" data-key=\"\($0)\" aria-keyshortcuts=\"\($0)\"" }
    return "<button type=\"submit\" class=\"\(look.rawValue)\"\(name)\(value)\(keys)>\(label)</button>"
}

/// A link that looks like a button: the next step, changing nothing.
public func buttonLink(_ link: Link, look: ButtonLook = .primary) -> HTML {
    "<a href=\"\(link.address)\" role=\"button\" draggable=\"false\" class=\"\(look.rawValue)\">\(link.text)</a>"
}
