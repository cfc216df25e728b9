import CPostgres
import Foundation
import Glibc

/// One connection to a PostgreSQL server through libpq. Used by one thread at a time, which it may block: never the
/// event loop’s or a task’s.
final class PostgresConnection: Connection {
    /// The server, or the way to it, was lost.
    struct Lost: Error {}

    private let handle: OpaquePointer
    private var prepared: [String: String] = [:]
    private let patience: Double

    /// Connects, and sees to the settings that every connection has.
    ///
    /// - Parameters:
    ///   - address: a connection string or URI, which may name several hosts.
    ///   - target: which of them will do: libpq’s `target_session_attrs`.
    ///   - patience: seconds until an answer must have come.
    /// - Throws: `Lost` where no server answers.
    init(_ address: String, target: String?, patience: Double) throws {
        self.patience = patience
        var settings = [("dbname", address), ("connect_timeout", "3"), ("application_name", "continuum")]
        settings += [("client_encoding", "UTF8"), ("tcp_user_timeout", "5000")]
        if let target { settings.append(("target_session_attrs", target)) }
        // libpq wants lists of C strings that end with null.
        var keys = settings.map { strdup($0.0) } + [nil]
        var values = settings.map { strdup($0.1) } + [nil]
        defer { for text in keys + values { free(text) } }
        let made = keys.withUnsafeMutableBufferPointer { keys in
            values.withUnsafeMutableBufferPointer { values in
                keys.withMemoryRebound(to: UnsafePointer<CChar>?.self) { keys in
                    values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { values in
                        PQconnectdbParams(keys.baseAddress, values.baseAddress, 1)
                    }
                }
            }
        }
        guard let made else { throw Lost() }
        handle = made
        guard PQstatus(handle) == CONNECTION_OK else { throw Lost() }
        try execute("SET statement_timeout = '60s'; SET lock_timeout = '5s'; SET TIME ZONE 'UTC'")
        // Notices would go to standard error; ours say what matters.
        try execute("SET client_min_messages = warning")
        try execute("SET idle_in_transaction_session_timeout = '60s'; SET standard_conforming_strings = on")
    }

    deinit { PQfinish(handle) }

    var isLost: Bool { PQstatus(handle) != CONNECTION_OK }

    var isInTransaction: Bool {
        let status = PQtransactionStatus(handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    func execute(_ text: String) throws {
        guard PQsendQuery(handle, text) == 1 else { throw fault() }
        try finish { _ in }
    }

    func run(_ sql: SQL) throws { try send(sql) { _ in } }

    func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        var rows: [Row] = []
        try send(sql) { result in
            let columns = Columns((0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) })
            let types = (0..<PQnfields(result)).map { PQftype(result, $0) }
            rows.reserveCapacity(Int(PQntuples(result)))
            for row in 0..<PQntuples(result) {
                rows.append(
                    Row(
                        columns,
                        try types.enumerated().map { column, type in
                            try PostgresConnection.value(result, row, Int32(column), type)
                        }))
            }
        }
        // After the answer is read to its end, so that the body may ask further questions.
        for row in rows { try body(row) }
    }

    func stream(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try run("DECLARE stream NO SCROLL CURSOR FOR \(sql)")
        var count = 0
        repeat {
            count = 0
            try each("FETCH 2000 FROM stream") { row in
                count += 1
                try body(row)
            }
        } while count > 0
        try run("CLOSE stream")
    }

    // MARK: - Sending

    private func send(_ sql: SQL, _ read: (OpaquePointer) throws -> Void) throws {
        let values = try sql.values()
        let name = try statement(sql, values)
        // Each as C text that lives until it has been sent.
        var texts = values.map { value -> UnsafeMutablePointer<CChar>? in
            switch value {
            case .null: nil
            case .integer(let number): strdup(String(number))
            case .real(let number): strdup(String(number))
            case .text(let text): strdup(text)
            }
        }
        defer { for text in texts { free(text) } }
        let sent = texts.withUnsafeMutableBufferPointer { texts in
            texts.withMemoryRebound(to: UnsafePointer<CChar>?.self) { texts in
                PQsendQueryPrepared(handle, name, Int32(texts.count), texts.baseAddress, nil, nil, 0)
            }
        }
        guard sent == 1 else { throw fault() }
        try finish(read)
    }

    /// The name of the prepared statement for this text and these kinds of value.
    private func statement(_ sql: SQL, _ values: [SQLValue]) throws -> String {
        var (text, number, kinds) = ("", 0, "")
        for part in sql.parts {
            switch part {
            case .text(let piece): text += piece
            case .value:
                number += 1
                text += "$\(number)"
            }
        }
        let types = values.map { value -> Oid in
            switch value {
            case .null: 0
            case .integer: 20
            case .real: 701
            case .text: 25
            }
        }
        for type in types { kinds += " \(type)" }
        if let known = prepared[text + kinds] { return known }
        // At most so many are kept; statements of ever other shapes go without a name.
        let name = prepared.count < 300 ? "s\(prepared.count)" : ""
        guard PQsendPrepare(handle, name, text, Int32(types.count), types) == 1 else { throw fault() }
        try finish { _ in }
        if !name.isEmpty { prepared[text + kinds] = name }
        return name
    }

    /// Reads every result to its end, waiting no longer than the connection’s patience for each.
    private func finish(_ read: (OpaquePointer) throws -> Void) throws {
        var failure: (any Error)?
        while true {
            try wait()
            guard let result = PQgetResult(handle) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK:
                do { try read(result) } catch { failure = failure ?? error }
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            default: failure = failure ?? fault(result)
            }
        }
        if let failure { throw failure }
    }

    private func wait() throws {
        let end = DispatchTime.now().uptimeNanoseconds + UInt64(patience * 1e9)
        while PQisBusy(handle) == 1 {
            let now = DispatchTime.now().uptimeNanoseconds
            var watched = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let left = Int32(clamping: (Int64(end) - Int64(clamping: now)) / 1_000_000)
            guard left > 0, poll(&watched, 1, left) > 0 else {
                // The rest of the answer would be taken for the next one’s: this connection is done with.
                shutdown(PQsocket(handle), Int32(SHUT_RDWR))
                _ = PQconsumeInput(handle)
                throw Lost()
            }
            guard PQconsumeInput(handle) == 1 else { throw Lost() }
        }
    }

    // MARK: - Reading

    private static func value(
        _ result: OpaquePointer, _ row: Int32, _ column: Int32, _ type: Oid
    ) throws -> SQLValue {
        guard PQgetisnull(result, row, column) == 0 else { return .null }
        let text = String(cString: PQgetvalue(result, row, column))
        switch type {
        case 20, 21, 23, 26: if let number = Int(text) { return .integer(number) }
        case 16: return .integer(text == "t" ? 1 : 0)
        case 700, 701: if let number = Double(text) { return .real(number) }
        // Sums of whole numbers come as numerics.
        case 1700:
            if let number = Int(text) { return .integer(number) }
            if let number = Double(text) { return .real(number) }
        default: return .text(text)
        }
        throw StorageFault.badValue(.text("a number"), wanted: "a number that fits")
    }

    // MARK: - Faults

    /// By code alone, for the server’s messages hold values.
    private func fault(_ result: OpaquePointer? = nil) -> any Error {
        if isLost { return Lost() }
        let code = PQresultErrorField(result, 67).map { String(cString: $0) } ?? ""
        switch code {
        case let code where code.hasPrefix("23"): return StorageFault.constraint("PostgreSQL \(code)")
        case "53100": return StorageFault.full
        // The server is stopping, starting, or no longer the one that may be written to.
        case let code where code.hasPrefix("57P") || code.hasPrefix("08") || code == "25006": return Lost()
        case "": return Lost()
        default: return StorageFault.engine("PostgreSQL \(code)")
        }
    }
}
