import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

/// Taking an extract in by upload, for whoever keeps the records.
enum TakingRoutes {
    /// What an upload may have: more comes by the folder or the command.
    static let megabytes = 64

    static let all: [Route] = [
        .get("/feeds/take-in", may: .office(SingleViewActions.takeIn)) { visit in
            .page(try TakingPages.form(visit, visit.form))
        },
        .post("/feeds/take-in", may: .office(SingleViewActions.takeIn), take)
            .taking(megabytes: megabytes),
    ]

    private static func take(_ visit: Visit) async throws -> Reply {
        var form = visit.form
        guard let file = form.file("file", orSay: "Choose the extract") else {
            return .unprocessable(try TakingPages.form(visit, form))
        }
        let source = form["source"].isEmpty ? nil : form["source"]
        let day = form["as_of"].isEmpty ? nil : try? Day(iso: form["as_of"].trimmed)
        if day == nil, !form["as_of"].isEmpty {
            form.refuse("as_of", "Write the day as 2026-10-01, or leave it empty where the file’s name says it")
            return .unprocessable(try TakingPages.form(visit, form))
        }
        var intake = Intake(visit.database, book: try visit.live(feedBook), today: visit.today)
        let options = Set(form.fields.all("options"))
        (intake.isStrict, intake.mayRemoveMany) = (options.contains("strict"), options.contains("removals"))
        do {
            let report = try await intake.take(
                Array(file.bytes), name: file.name, source: source, asOf: day, for: visit.scope)
            let said = report.wasHeld ? "before" : "taken"
            return .redirect("/feeds/\(report.source)?said=\(said)")
        } catch let refusal as StrictIntake {
            return .unprocessable(try TakingPages.form(visit, form, refusal.report))
        } catch let fault as any SaidPlainly {
            form.refuse("file", fault.description)
        } catch let fault as TableFault {
            form.refuse("file", fault.description)
        }
        return .unprocessable(try TakingPages.form(visit, form))
    }
}

enum TakingPages {
    /// The most refused rows that are shown where one row refuses the file.
    private static let most = 50

    static func form(_ visit: Visit, _ form: Form, _ refused: IntakeReport? = nil) throws -> Page {
        let sources = try visit.live(feedBook).sources.filter { $0.extract != .notices }
        let asked = form["source"].isEmpty ? visit.query["source"] ?? "" : form["source"]
        let choices = [Choice("", "As the file’s name says")] + sources.map { Choice($0.code, $0.name) }
        let options = Set(form.fields.all("options"))
        return Page(
            "Take in an extract", back: Link("Sources", to: "/feeds"), isListed: false,
            """
            \(errorSummary(form.errors))
            \(refused.map(refusedRows))
            <h1 class="govuk-heading-l">Take in an extract</h1>
            <p class="govuk-body">A file of comma-separated values that an agency sent, at most \
            \(TakingRoutes.megabytes) MB. What can be read goes in at once and as a whole; rows that cannot are \
            kept apart with the reason. The same file again changes nothing. Records are linked within a minute.</p>
            \(form.posting(
                to: "/feeds/take-in", files: true,
                """
                \(fileInput("file", label: "The extract", hint: "Called like school-census_2026-10-01.csv",
                    error: form.error(of: "file"), accept: ".csv,text/csv"))
                \(select("source", label: "Source", choices: choices, chosen: asked))
                \(textInput("as_of", label: "Day of which it tells", value: form["as_of"],
                    hint: "As 2026-10-01; empty where the file’s name says it", error: form.error(of: "as_of"),
                    width: "govuk-input--width-10"))
                \(checkboxes("options", legend: "If something is odd", choices: [
                    Choice("strict", "Change nothing where any row is refused"),
                    Choice("removals", "Let it remove more than one record in five"),
                ], chosen: options))
                \(button("Take in"))
                """))
            """)
    }

    private static func refusedRows(_ report: IntakeReport) -> HTML {
        let rows = report.refused.prefix(most).map { row -> [HTML] in
            let reasons = row.faults.map { $0.column.isEmpty ? $0.words : "\($0.column): \($0.words)" }
            return ["\(row.line)", "\(reasons.joined(separator: "; "))"]
        }
        let more = report.refused.count > most ? " The first \(most) are shown." : ""
        return inset(
            """
            <p class="govuk-body">Nothing was changed: \(report.refused.count) of \(report.rows) rows were refused, \
            and you asked for all or nothing.\(more)</p>
            \(table("Refused rows", head: ["Line", "Why"], rows: rows, isCaptionShown: false))
            """)
    }
}
