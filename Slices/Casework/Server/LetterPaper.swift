import Casework
import Kernel
import Printing
import Web

/// A document as it is printed: a page of HTML that stands by itself, for `Printer`.
struct Paper: Sendable {
    /// How large the letters are.
    enum Look: Sendable { case usual, large }

    let title: String
    /// What stands at the foot of every page beside its number: never a name.
    let foot: String
    let look: Look
    let body: HTML
    /// PDF documents that are bound into it, where the body has comments for them.
    let bound: [[UInt8]]

    init(_ title: String, foot: String, look: Look = .usual, bound: [[UInt8]] = [], _ body: HTML) {
        (self.title, self.foot, self.look, self.bound, self.body) = (title, foot, look, bound, body)
    }

    /// The text in quotes of a stylesheet: our own numbers hold nothing but letters, figures and hyphens.
    private var footText: String { String(foot.filter { $0.isLetter || $0.isNumber || " -,.:".contains($0) }) }

    /// Where letters are large there is no room for two things beside each other.
    private var feet: HTML {
        let (font, page): (HTML, HTML) = (
            "font:\(small)/1.3 Inter,sans-serif", "\"Page \" counter(page) \" of \" counter(pages)"
        )
        return look == .large
            ? "@bottom-left{content:\"\(footText)\\A \"\(page);white-space:pre-line;\(font)}"
            : "@bottom-left{content:\"\(footText)\";\(font)}@bottom-right{content:\(page);\(font)}"
    }

    private var small: String { look == .large ? "18pt" : "12pt" }

    var html: HTML {
        let (size, head, margin) = look == .large ? ("18pt", "24pt", "30mm 30mm") : ("12pt", "18pt", "24mm 22mm")
        return """
            <!DOCTYPE html>
            <html lang="en-GB"><head><meta charset="utf-8"><title>\(title)</title>
            <style>
            @page{size:A4;margin:\(margin);\(feet)}
            @page bound{margin:12mm 12mm \(look == .large ? "30mm" : "24mm")}
            body{font:\(size)/1.5 Inter,sans-serif;color:#000;margin:0;text-align:left;hyphens:none}
            h1{font-size:\(head);line-height:1.25;margin:8mm 0 5mm}
            h2{font-size:1.15em;line-height:1.3;margin:7mm 0 2mm;break-after:avoid}
            h3{font-size:1em;margin:5mm 0 1mm;break-after:avoid}
            p{margin:0 0 3.5mm;orphans:3;widows:3}ul{margin:0 0 4mm;padding-left:6mm}li{margin:0 0 2mm}
            .head{border-bottom:1.5pt solid #0b4f5c;margin:0 0 8mm;padding:0 0 3mm}
            .head p{margin:0;font-size:\(small)}.head .name{font-size:1em;font-weight:700;color:#0b4f5c}
            .facts p{margin:0 0 1mm}.said{white-space:pre-line}.owed{border-left:3pt solid #0b4f5c;padding-left:4mm}
            .end{margin-top:8mm;break-inside:avoid}
            table{width:100%;border-collapse:collapse;margin:0 0 4mm}
            th,td{text-align:left;vertical-align:top;padding:1.5mm 3mm 1.5mm 0;border-bottom:.5pt solid #999}
            thead{display:table-header-group}tr{break-inside:avoid}a{color:#000}
            .number{text-align:right;padding-right:0;width:4em}.who{width:9em}
            td:first-child{white-space:nowrap;width:1%}
            .part{break-before:page}.part>h2{font-size:\(head);margin-top:0;bookmark-level:1}h3{bookmark-level:none}
            .bound{page:bound}.bound>h2{font-size:1.15em}.caption{margin:0}.caption~.caption{break-before:page}
            .number[data-place]::after{content:target-counter(attr(data-place url),page)}
            </style></head>
            <body>
            \(body)
            </body></html>
            """
    }

    /// The PDF as an answer, or a page that says how to get the document otherwise.
    ///
    /// - Parameters:
    ///   - name: of the file: it names nobody.
    ///   - otherwise: where the same can be read, and printed by the browser.
    func reply(named name: String, otherwise link: Link) async -> Reply {
        do throws(PrintFault) {
            let pdf = try await Printer.current.pdf(html.bytes, binding: bound)
            return Reply(
                body: .bytes(pdf, type: "application/pdf"),
                headers: [("Content-Disposition", "attachment; filename=\"\(name)\"")])
        } catch { return PaperPages.reply(error, otherwise: link) }
    }
}

/// What is said where there is no PDF.
enum PaperPages {
    static func reply(_ fault: PrintFault, otherwise link: Link) -> Reply {
        Reply(status: 503, body: .page(unavailable(fault, otherwise: link)), headers: [("Retry-After", "30")])
    }

    static func unavailable(_ fault: PrintFault, otherwise link: Link) -> Page {
        let why =
            switch fault {
            case .notInstalled: "What makes PDF files is not installed on this server. Its operator runs bin/setup."
            case .busy: "Many documents are being made. Try again in half a minute."
            case .tooMuch: "It is more than can be made at once. Choose fewer documents."
            case .failed: "It could not be made. We have a fault there; trying again does not help."
            }
        return Page(
            "There is no PDF now", back: link, isListed: false,
            """
            <h1 class="govuk-heading-l">There is no PDF now</h1>
            <p class="govuk-body">\(why)</p>
            <p class="govuk-body">You can read it here and print it with your browser: \(anchor(link)). Or ask the \
            officer of the case for it on paper, in the form that you need.</p>
            """)
    }
}

extension LetterTemplate {
    /// Headings, paragraphs and lists, for paper.
    ///
    /// - Parameter level: of its headings.
    func printed(under level: Int = 2) -> HTML {
        var (made, items) = ([HTML](), [HTML]())
        func closeList() {
            if !items.isEmpty { made.append("<ul>\(items)</ul>") }
            items = []
        }
        for block in blocks {
            if case .item(let text) = block {
                items.append("<li class=\"said\">\(text)</li>")
                continue
            }
            closeList()
            switch block {
            case .heading(let text): made.append("<h\(level)>\(text)</h\(level)>")
            case .paragraph(let text): made.append("<p class=\"said\">\(text)</p>")
            case .item: continue
            }
        }
        closeList()
        return "\(made)"
    }
}

/// A letter for one recipient.
struct LetterPaper: Sendable {
    private let open: OpenLetter
    private let recipient: LetterRecipient?
    private let letterhead: [String]

    /// - Parameters:
    ///   - recipient: whom it is to; nil for the copy of the file.
    ///   - letterhead: the name of the team, then what else stands at the head.
    init(_ open: OpenLetter, for recipient: LetterRecipient?, letterhead: [String]) {
        (self.open, self.recipient, self.letterhead) = (open, recipient, letterhead)
    }

    var paper: Paper {
        let name = letterhead.first.map { "<p class=\"name\">\($0)</p>" as HTML }
        let lines = letterhead.dropFirst().map { "<p>\($0)</p>" as HTML }
        let (letter, written) = (open.letter, open.written)
        let to: HTML? = recipient.map { "<p>To: \($0.name)</p>" }
        return Paper(
            letter.title, foot: "Our number: \(written.file)", look: recipient?.isLargePrint == true ? .large : .usual,
            """
            <div class="head">\(name)\(lines)</div>
            <div class="facts">\(to)<p>Date: \(written.at.dayInEngland.inWords)</p>\
            <p>Our number: \(written.file)</p></div>
            <h1>\(letter.title)</h1>
            \((recipient?.firstWords(open.errands) ?? []).map { "<p class=\"owed\">\($0)</p>" as HTML })
            \(letter.printed())
            <p class="end">\(letterhead.first ?? "The council")</p>
            """)
    }

    /// It names nobody, and not what was decided: others may see the folder of downloads.
    var fileName: String { "letter-\(open.written.at.dayInEngland.iso).pdf" }
}
