import Kernel
import Offer
import Web

/// Entries and answers as JSON: the twins of the pages, for programs.
enum OfferJSON {
    /// The members of a result that no question changes, without the braces around them.
    static func summary(_ entry: Entry) -> [UInt8] {
        let whole = JSON.object([
            ("id", .text(entry.id.text)), ("name", .text(entry.name)), ("kind", .text(entry.kind.rawValue)),
            ("sector", .text(entry.sector.rawValue)), ("ages", ages(entry.ages)), ("needs", needs(entry.needs)),
            ("help", .texts(entry.help.sorted().map(\.text))), ("address", .text(entry.address.line)),
            ("postcode", .text(entry.address.postcode?.text)), ("latitude", coordinate(entry.address.point?.latitude)),
            ("longitude", coordinate(entry.address.point?.longitude)), ("status", .text(standing(of: entry))),
            ("invented", .bool(entry.isInvented)), ("url", .text(OfferLinks.entry(entry.id))),
        ])
        return Array(whole.bytes.dropFirst().dropLast())
    }

    /// One result of a search: what it is, whether it fits, how far it is, and why it is there.
    static func result(_ result: SearchAnswer.Result) -> JSON {
        var bytes: [UInt8] = [123]
        bytes.reserveCapacity(result.shown.json.count + 600)
        bytes += result.shown.json
        bytes += ",\"fits\":".utf8
        bytes += fits(result.judgement.fits)
        bytes += ",\"distance_metres\":".utf8
        bytes += (result.metres.map { String($0) } ?? "null").utf8
        bytes += ",\"points\":{".utf8
        var isFirst = true
        for criterion in Criterion.allCases {
            guard let verdict = result.judgement.verdict(on: criterion) else { continue }
            bytes += (isFirst ? "\"" : ",\"").utf8
            bytes += criterion.name.utf8
            bytes += "\":".utf8
            bytes += fits(verdict == .yes ? true : verdict == .no ? false : nil)
            isFirst = false
        }
        bytes += "},\"reasons\":[".utf8
        for (place, reason) in result.reasons.enumerated() {
            if place > 0 { bytes.append(44) }
            JSON.append(reason.text, to: &bytes)
        }
        bytes += "]}".utf8
        return .written(bytes)
    }

    private static func fits(_ fits: Bool?) -> String.UTF8View { (fits.map { $0 ? "true" : "false" } ?? "null").utf8 }

    static func answer(_ answer: SearchAnswer) -> JSON {
        .object([
            ("total", .int(answer.finding.total)), ("fitting", .int(answer.finding.fitting)),
            ("possible", .int(answer.finding.possible)), ("page", .int(answer.request.page + 1)),
            ("pages", .int(answer.pages)), ("page_size", .int(answer.request.size)),
            ("understood", understood(answer.question)), ("notices", .texts(answer.plan.notices)),
            ("errors", errors(answer.request)), ("results", .array(answer.results.map(result))),
            ("near_misses", .array(answer.nearMisses.map(result))),
            ("counts", counts(answer.finding.counts)),
        ])
    }

    static func errors(_ request: SearchRequest) -> JSON {
        .array(request.errors.map { .object([("field", .text($0.field)), ("message", .text($0.message))]) })
    }

    /// The whole of an entry, each fact with its source and date.
    static func entry(_ entry: Entry, _ index: OfferIndex) -> JSON {
        .object([
            ("id", .text(entry.id.text)), ("name", .text(entry.name)), ("kind", .text(entry.kind.rawValue)),
            ("sector", .text(entry.sector.rawValue)), ("invented", .bool(entry.isInvented)),
            ("status", .text(standing(of: entry))), ("summary", .text(entry.summary)),
            ("urn", .text(entry.urn?.description)), ("host", .text(entry.host?.text)),
            ("help", .texts(entry.help.sorted().map(\.text))), ("ages", ages(entry.ages)),
            ("needs", needs(entry.needs)),
            ("levels", .texts(entry.levels.sorted().map(\.code))), ("specialism", .text(entry.specialism?.rawValue)),
            ("area_served", area(entry.area)), ("eligibility", .text(entry.eligibility)),
            ("how_to_get_it", .text(entry.referral)), ("address", address(entry.address, index)),
            ("sessions", .array(entry.sessions.map(session))), ("cost", .text(entry.cost?.rawValue)),
            ("cost_in_words", .text(entry.costInWords)), ("phone", .text(entry.phone)), ("email", .text(entry.email)),
            ("website", .text(entry.website)),
            ("access", entry.access.map { .texts($0.map(\.rawValue).sorted()) } ?? .null),
            ("places", .int(entry.places)), ("has_room", .bool(entry.hasRoom)), ("pupils", .int(entry.census?.pupils)),
            ("pupils_with_plan", .int(entry.census?.withPlan)), ("pupils_on_support", .int(entry.census?.onSupport)),
            ("facts", facts(entry)),
        ])
    }

    private static func ages(_ ages: AgeRange?) -> JSON {
        ages.map { .object([("from", .int($0.low)), ("to", .int($0.high))]) } ?? .null
    }

    /// The codes; null where not known, and `["any"]` for any need.
    private static func needs(_ needs: NeedsServed) -> JSON {
        switch needs {
        case .unknown: .null
        case .every: .texts(["any"])
        case .listed(let listed): .texts(listed.sorted().map(\.code))
        case .listedIn2012(let listed): .object([("listed_in_2012", .texts(listed.sorted().map(\.code)))])
        }
    }

    private static func area(_ area: AreaServed) -> JSON {
        switch area {
        case .unknown: .null
        case .cityWide: "city"
        case .wards(let codes): .texts(codes.sorted())
        }
    }

    private static func address(_ address: Address, _ index: OfferIndex) -> JSON {
        .object([
            ("street", .text(address.street)), ("town", .text(address.town)),
            ("postcode", .text(address.postcode?.text)), ("latitude", coordinate(address.point?.latitude)),
            ("longitude", coordinate(address.point?.longitude)), ("ward", .text(address.ward)),
            ("ward_name", .text(address.ward.flatMap { index.wardNames[$0] })),
        ])
    }

    private static func session(_ session: Session) -> JSON {
        .object([("day", .text(session.day.rawValue)), ("from", .text(session.from)), ("to", .text(session.to))])
    }

    private static func facts(_ entry: Entry) -> JSON {
        .object(
            Field.allCases.compactMap { field in
                entry.facts[field].map { fact in
                    (field.rawValue, .object([("source", .text(fact.source)), ("as_of", .text(fact.asOf.iso))]))
                }
            })
    }

    static func standing(of entry: Entry) -> String {
        switch entry.standing {
        case .listed where entry.confirmed != nil, .listedIn2012 where entry.confirmed != nil: "confirmed"
        case .listed: "open"
        case .listedIn2012: "listed in 2012, not confirmed since"
        case .proposedToOpen: "proposed to open"
        case .proposedToClose: "open, but proposed to close"
        case .closed: "closed"
        }
    }

    private static func coordinate(_ degrees: Double?) -> JSON { degrees.map { .double($0) } ?? .null }

    private static func understood(_ question: Question) -> JSON {
        .object([
            ("age_from", .int(question.ages?.lowerBound)), ("age_to", .int(question.ages?.upperBound)),
            ("needs", .texts(question.needs.map(\.code))), ("place", .text(question.place?.name)),
            ("place_is_approximate", .bool(question.place?.isApproximate)),
            ("days", .texts(Weekday.allCases.filter(question.days.contains).map(\.rawValue))),
            ("free", .bool(question.mustBeFree)), ("access", .texts(question.access.map(\.rawValue).sorted())),
            ("help", .array(question.help.map { .texts($0.sorted().map(\.text)) })),
            ("other_words", .texts(question.otherWords)),
        ])
    }

    private static func counts(_ counts: Finding.Counts) -> JSON {
        func object(_ pairs: [(String, Int)]) -> JSON {
            .object(pairs.sorted { $0.0 < $1.0 }.map { ($0.0, .int($0.1)) })
        }
        return .object([
            ("needs", object(counts.needs.map { ($0.key.code, $0.value) })),
            ("help", object(counts.help.map { ($0.key.text, $0.value) })),
            ("kinds", object(counts.kinds.map { ($0.key.rawValue, $0.value) })),
            ("days", object(counts.days.map { ($0.key.rawValue, $0.value) })),
            ("access", object(counts.access.map { ($0.key.rawValue, $0.value) })), ("free", .int(counts.free)),
        ])
    }
}

/// The addresses of this slice.
enum OfferLinks {
    static let search = "/search"
    static let shortlist = "/shortlist"
    static let compare = "/compare"

    static func entry(_ id: ID<Entry>) -> String { "/entries/\(id.text)" }
    static func json(_ id: ID<Entry>) -> String { entry(id) + ".json" }
    static func report(about path: String) -> String { "/reports/new?about=" + Query.encoded(path) }
}
