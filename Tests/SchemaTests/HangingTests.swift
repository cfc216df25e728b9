import App
import Foundation
import Kernel
import Storage
import TestKit
import Testing
import Web

@Suite struct `What hangs on a person` {
    /// Columns that are called like a person’s and are none, each with its reason.
    private static let exempt = [
        "journal.subject": "the journal is history and cannot be changed",
        "journal_before_chain.subject": "the journal of before is history too",
        "job.subject": "what a piece of work is about, for as long as it waits",
        "provider_link.subject": "who an account is at an identity provider",
        "person.id": "the person themselves", "access_subject.id": "the person themselves",
    ]

    private var declared: [Hanging] { Application.slices.flatMap(\.hanging) }

    @Test func `is declared for every column that names a person, so that it follows where two are joined`()
        async throws
    {
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + Application.slices.flatMap(\.migrations))
        let names: Set<String> = ["person", "subject", "child", "pupil", "patient", "young_person"]
        let known = Set(declared.map(\.place)).union(Self.exempt.keys)
        var found = Set<String>()
        for table in try await database.tables() {
            for column in table.columns where names.contains(column) || column.hasSuffix("_person") {
                let place = "\(table.name).\(column)"
                found.insert(place)
                #expect(
                    known.contains(place), "declare \(place) in the hanging of its slice, or exempt it with a reason")
            }
        }
        #expect(found.count > 20)
        for place in declared.map(\.place) where !place.hasSuffix(".other") && !place.hasSuffix(".kept") {
            #expect(found.contains(place), "\(place) is declared and not there")
        }
    }

    @Test func `is declared for every column that refers to the table of persons`() throws {
        let schema = try String(contentsOfFile: TestApp.root + "/Tests/SchemaTests/schema.sql", encoding: .utf8)
        let known = Set(declared.map(\.place))
        var table = ""
        for line in schema.split(separator: "\n") {
            if line.hasPrefix("CREATE TABLE ") { table = String(line.split(separator: " ")[2]) }
            guard line.contains("REFERENCES person (") || line.contains("REFERENCES access_subject") else { continue }
            let column = line.split(separator: " ").first.map(String.init) ?? ""
            #expect(known.contains("\(table).\(column)"), "\(table).\(column)")
        }
    }

    @Test func `has the key that its table has, and is declared once`() async throws {
        let database = try await Engine.sqlite.database(.stopped(on: "2026-11-24"))
        try await database.migrate(StorageSchema.migrations + Application.slices.flatMap(\.migrations))
        let shapes = Dictionary(
            try await database.tables().map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(Set(declared.map(\.place)).count == declared.count)
        for hanging in declared {
            if case .stays(let why) = hanging.rule {
                #expect(!why.isEmpty, "\(hanging.place)")
            } else {
                let key = shapes[hanging.table]?.key.filter { $0 != hanging.column } ?? []
                #expect(hanging.key == key, "\(hanging.place)")
            }
        }
    }
}
