import Console
import Documents
import Kernel
import Storage
import Web

extension DocumentFolder {
    /// This folder as pages use it.
    public var desk: DocumentDesk {
        DocumentDesk(
            keep: { file, scope in
                do { return try await add(Array(file.bytes), named: file.name, for: scope) } catch let fault
                    as DocumentFault
                { throw NotTaken(description: "\(fault)") } catch let fault as Antivirus.Fault {
                    throw NotTaken(description: "\(fault)")
                }
            },
            reply: { try reply($0) },
            bytes: { try bytes(of: $0) })
    }

    /// Why a file is not taken, in words for whoever sent it.
    private struct NotTaken: SaidPlainly {
        let description: String
    }
}
