import Kernel
import Storage

/// Where documents go that people hand in: looked into, and kept under their hash.
public struct DocumentDesk: Sendable {
    /// Keeps one. It throws a `SaidPlainly` where the file is refused.
    public let keep: @Sendable (UploadedFile, Scope) async throws -> DocumentRow
    /// The answer that hands one to a browser.
    public let reply: @Sendable (DocumentRow) throws -> Reply
    /// The bytes of one, by its hash. It throws where they are missing or no longer what they were.
    public let bytes: @Sendable (String) throws -> [UInt8]

    public init(
        keep: @escaping @Sendable (UploadedFile, Scope) async throws -> DocumentRow,
        reply: @escaping @Sendable (DocumentRow) throws -> Reply,
        bytes: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        (self.keep, self.reply, self.bytes) = (keep, reply, bytes)
    }
}

extension Visit {
    /// Keeps the files of a field, each looked into first; notes in the form what is wrong with one. Files that were
    /// kept for a form that is then refused belong to nothing, and do no harm.
    ///
    /// - Parameter most: how many the form takes.
    public func keep(_ form: inout Form, field: String, most: Int) async throws -> [DocumentRow] {
        let files = form.files.filter { $0.field == field }
        guard files.count <= most else {
            form.refuse(field, "Choose at most \(most) files; these are \(files.count)")
            return []
        }
        guard !files.isEmpty else { return [] }
        guard let desk = documents else {
            form.refuse(field, "Files cannot be kept here. Write it in the form, or send it by post")
            return []
        }
        var kept: [DocumentRow] = []
        for file in files {
            do { kept.append(try await desk.keep(file, scope)) } catch let fault as any SaidPlainly {
                form.refuse(field, "“\(file.name)” was not taken. \(fault.description)")
            }
        }
        return form.error(of: field) == nil ? kept : []
    }
}
