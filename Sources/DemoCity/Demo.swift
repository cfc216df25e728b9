import Kernel
import Notices
import NoticesServer
import Offer
import OfferServer
import Storage

/// The demonstration city: Birmingham’s real schools, postcodes and wards, and invented services around them.
public struct Demo: Sendable {
    let database: any Database
    let share: Share
    let today: Day
    let progress: @Sendable (String, Int, Int) -> Void

    public init(
        _ database: any Database, share: Share, today: Day, progress: @escaping @Sendable (String, Int, Int) -> Void
    ) {
        (self.database, self.share, self.today, self.progress) = (database, share, today, progress)
    }

    /// The day that the invented entries say they were last checked by: the same in every copy.
    private static let inventedDay = Day(number: 20_697) ?? Day.range.lowerBound  // 1 September 2026

    /// Fills the database with the demonstration, or brings it up to what this version ships. It can be repeated.
    ///
    /// - Throws: a fault of a shipped file or of the database.
    public func prepare() async throws {
        try await prepareOffer()
        let cast = try Cast(share)
        try await database.write(for: .operation) { tx in
            try cast.prepare(in: tx)
            try Settings.set(Settings.demonstration, to: "Birmingham", in: tx)
            // Invented bodies, at a domain that cannot exist; the manager of the casework team leads.
            try Bodies.keep(
                "Midland Community Trust (invented)", .trust, contact: "cdc@community-trust.invalid", in: tx)
            try Bodies.keep(
                "Midland Integrated Care Board (invented)", .integratedCareBoard, contact: "notices@icb.invalid",
                in: tx)
            try NoticeLead.name(login: "grace@continuum.invalid", in: tx)
        }
    }

    /// The part of it that is the Local Offer: entries, places and where reports go.
    ///
    /// - Throws: a fault of a shipped file or of the database.
    public func prepareOffer() async throws {
        let importer = Importer(database, share: share, today: today, progress: progress)
        for name in ["postcodes/birmingham_postcodes.csv", "postcodes/b_area_outside_birmingham_postcodes.csv"] {
            try check(await importer.postcodes(share.bytes(name)), name)
        }
        try check(await importer.areas(share.bytes("boundaries/birmingham_wards_2018.geojson")), "wards")
        try check(await importer.wardGroups(share.bytes("demo/ward-groups.csv")), "ward groups")
        try check(
            await importer.schoolStatus(share.bytes("schools/birmingham_all_establishments_2024_status.csv")),
            "statuses")
        try check(await importer.schoolLinks(share.bytes("schools/birmingham_establishment_links_2025.csv")), "links")
        try check(await importer.schools(share.bytes("schools/birmingham_schools_2025.csv")), "schools")
        try check(await importer.listedIn2012(share.bytes("offer/strategy-2012.csv")), "the 2012 list")
        let wards = try await Places.wards(database).sorted { $0.code < $1.code }
        let invented = try InventedServices.entries(
            share.bytes("demo/services.csv"), wards: wards, asOf: Demo.inventedDay)
        try check(await importer.entries(invented, from: "demo"), "invented services")
        try await database.write(for: .operation) { tx in
            // A domain that cannot exist (RFC 2606): nothing sent there can reach anybody.
            try Settings.set("offer.reports-to", to: "local-offer@continuum.invalid", in: tx)
        }
    }

    /// What ships is whole: a refused row is a fault of this version.
    private func check(_ report: ImportReport, _ name: String) throws {
        if let first = report.refusals.first {
            throw Malformed(wanted: "the shipped data of \(name)", given: "line \(first.line)", reason: first.reason)
        }
    }
}
