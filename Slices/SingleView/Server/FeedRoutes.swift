import Access
import AccessServer
import Kernel
import SingleView
import Storage
import Web

enum FeedRoutes {
    static let all: [Route] =
        TakingRoutes.all + [
            .get("/feeds", may: .office(SingleViewActions.seeSources), list),
            .get("/feeds/{source}", may: .office(SingleViewActions.seeSources), show),
            .get("/feeds/{source}/template.csv", may: .office(SingleViewActions.seeSources), template),
            .get("/feeds/{source}/refused", may: .office(SingleViewActions.seeRefused), refused),
        ]

    /// The most refused rows that a page shows.
    static let most = 200

    private static func list(_ visit: Visit) async throws -> Reply {
        let (book, scope) = (try visit.live(feedBook), visit.scope)
        let lines = try await visit.read { tx in
            let store = FeedStore(tx: tx, scope: scope)
            return try book.sources.map { source in
                FeedPages.Line(
                    source: source, newest: try store.newest(of: source.code), reach: try store.reach(of: source.code),
                    lastRecord: try store.lastRecord(of: source))
            }
        }
        return .page(FeedPages.list(lines, today: visit.today, mayTakeIn: mayTakeIn(visit)))
    }

    static func mayTakeIn(_ visit: Visit) -> Bool {
        !SingleViewActions.takeIn.roles.isDisjoint(with: visit.visitor.roles)
    }

    private static func show(_ visit: Visit) async throws -> Reply {
        let (book, scope) = (try visit.live(feedBook), visit.scope)
        guard let source = book.source(visit.parameter("source")) else { return .notFound }
        let (deliveries, line, faults) = try await visit.read { tx in
            let store = FeedStore(tx: tx, scope: scope)
            let deliveries = try store.deliveries(of: source.code, limit: 20)
            let faults = try deliveries.first.map { try store.faults(in: $0.id) } ?? []
            let line = FeedPages.Line(
                source: source, newest: deliveries.first, reach: try store.reach(of: source.code),
                lastRecord: try store.lastRecord(of: source))
            return (deliveries, line, faults)
        }
        return .page(
            FeedPages.source(
                line, deliveries, faults, book.columns(of: source.code), said: visit.query["said"], today: visit.today,
                mayTakeIn: mayTakeIn(visit)))
    }

    private static func template(_ visit: Visit) async throws -> Reply {
        let book = try visit.live(feedBook)
        guard let source = book.source(visit.parameter("source")) else { return .notFound }
        return .text(book.template(of: source.code), type: "text/csv; charset=utf-8")
    }

    /// The refused rows of the newest extract, as they came: they name children, so whoever looks is noted.
    private static func refused(_ visit: Visit) async throws -> Reply {
        let (book, scope) = (try visit.live(feedBook), visit.scope)
        guard let source = book.source(visit.parameter("source")) else { return .notFound }
        let found = try await visit.look { tx -> ((Delivery, [RefusedRow])?, [Event]) in
            let store = FeedStore(tx: tx, scope: scope)
            guard let newest = try store.newest(of: source.code) else { return (nil, []) }
            let rows = try store.refused(in: newest.id, limit: most)
            return (
                (newest, rows),
                rows.isEmpty
                    ? [] : [Event(SingleViewEvents.refusedSeen, subject: newest.id, detail: "rows=\(rows.count)")]
            )
        }
        return .page(FeedPages.refused(source, found?.0, found?.1 ?? []))
    }
}
