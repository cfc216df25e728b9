/// Why an uploaded file is not taken.
///
/// Its description is what the sender reads: what is wrong and what to do about it. No case holds the name or the
/// contents of the file, only the ending of its name where that is plain letters and digits.
public enum DocumentFault: Error, Hashable, Sendable {
    /// There are no bytes.
    case empty
    /// The file has more bytes than are taken.
    case tooLarge(bytes: Int, limit: Int)
    /// Neither the name nor the bytes are of a type that is taken. The ending is empty where there is none.
    case unknownType(ending: String)
    /// The name ends as one type and the bytes are another, or of none that is taken.
    case notWhatItSays(ending: String, found: DocumentType?)
    /// An Office file of before 2007: `.doc`, `.xls`, `.ppt` and their kin.
    case oldOffice
    /// The end of the file is missing.
    case cutShort(DocumentType)
    /// Text in an older character set, such as Windows-1252 or UTF-16.
    case textNotUTF8
    /// Text with bytes that are neither letters nor tabs nor ends of lines.
    case textHasControls
    /// The archive lists more entries than are taken.
    case archiveTooManyEntries(Int, limit: Int)
    /// The entries declare more inflated bytes than are taken.
    case archiveTooLarge(bytes: Int, limit: Int)
    /// An entry, or the whole archive, would inflate to more than the allowed multiple of its packed bytes.
    case archiveRatio(limit: Int)
    /// The archive is damaged or contradicts itself.
    case archiveBroken(ArchiveFlaw)
    /// An entry would be written outside its folder: it names a parent folder, a drive or the root, or is a link.
    case archivePath
    /// The file, or an entry of it, is locked with a password.
    case archiveEncrypted
    /// An archive or another document is packed inside.
    case nestedArchive
    /// The document carries macros, or is named as one that does.
    case macros
    /// An image, or one picture of an animation, is larger than is taken. Width and height in pixels.
    case imageTooManyPixels(width: Int, height: Int, limit: Int)
    /// The image is damaged.
    case imageBroken
    /// The document carries scripts, programs, attached files, or commands that start them.
    case activeContent(DocumentType)
}

/// What is wrong with an archive, for the log and for whoever is asked about it.
public enum ArchiveFlaw: String, CaseIterable, Hashable, Sendable {
    case noDirectory = "the list of entries is missing, or there are two"
    case directoryBroken = "the list of entries is damaged"
    case zip64 = "it is written for archives over 4 GiB"
    case severalDisks = "it is spread over several disks"
    case name = "an entry has no proper name"
    case duplicateName = "two entries have the same name"
    case method = "an entry is packed in an unusual way"
    case size = "the sizes of an entry cannot be"
    case headersDisagree = "an entry and the list of entries disagree"
    case overlap = "two entries share bytes"
    case hiddenBytes = "there are bytes that belong to no entry"
    case twoKinds = "it says to be two kinds of document"
}

extension DocumentFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "The file is empty. Check that it opens on your device and send it again."
        case .tooLarge(let bytes, let limit):
            "The file is \(Self.mebibytes(bytes)) and the most we can take is \(Self.mebibytes(limit)). "
                + "Make it smaller or split it, and send it again."
        case .unknownType(let ending):
            (ending.isEmpty ? "We cannot take this type of file. " : "We cannot take .\(ending) files. ") + Self.asPDF
        case .notWhatItSays(let ending, let found): Self.mismatch(ending, found)
        case .oldOffice: "The file is in the Office format of before 2007. " + Self.asPDF
        case .cutShort(let type):
            "The file looks like \(type.name) but its end is missing. Save it as a PDF and send the whole file again."
        case .textNotUTF8:
            "The text is in an older character set. In Notepad choose Save as and the encoding UTF-8, or in Excel "
                + "the type “CSV UTF-8”, and send it again."
        case .textHasControls:
            "The file has bytes that are not text. " + Self.asPDF
        default: pictureOrArchive
        }
    }

    private var pictureOrArchive: String {
        switch self {
        case .archiveTooManyEntries(let count, let limit):
            "The document is made of \(count) parts and the most we can take is \(limit). " + Self.asPDF
        case .archiveTooLarge(let bytes, let limit):
            "Opened, the document is \(Self.mebibytes(bytes)) and the most we can take is \(Self.mebibytes(limit)). "
                + "Make its pictures smaller or split it, save it as a PDF and send it again."
        case .archiveRatio: "The document is packed too tightly to open safely. " + Self.asPDF
        case .archiveBroken: "The document is damaged. Open it, save it as a PDF and send it again."
        case .archivePath: "The document is not put together in a safe way. " + Self.asPDF
        case .archiveEncrypted: "The document is locked with a password. Take the password off and send it again."
        case .nestedArchive: "The document has other files inside it. Send those on their own. " + Self.asPDF
        case .macros: "The document has macros in it, or is a type that can have. " + Self.asPDF
        case .imageTooManyPixels(let width, let height, let limit):
            "The picture is \(width) by \(height) pixels and the most we can take is \(limit / 1_000_000) million. "
                + "Make it smaller and send it again."
        case .imageBroken: "The picture is damaged. Take or save it again as a JPEG and send it again."
        case .activeContent(let type) where type == .pdf:
            "The PDF has scripts, forms or attached files in it. Print it to a new PDF and send that; "
                + "send attached files on their own."
        default: "The document has scripts, programs or objects in it. " + Self.asPDF
        }
    }

    private static let asPDF = "Save it as a PDF and send it again."

    private static func mismatch(_ ending: String, _ found: DocumentType?) -> String {
        guard let found else {
            return
                "The name ends in .\(ending) but the file is not \(DocumentType(extension: ending)?.name ?? "that"). "
                + asPDF
        }
        let usual = found.extensions.first ?? found.rawValue
        let name = ending.isEmpty ? "The name has no ending we know" : "The name ends in .\(ending)"
        return "\(name) but the file is \(found.name). Make the name end in .\(usual) and send it again."
    }

    /// `26214400` is `25 MB`: as devices show it, rounded up so that a file over the limit never shows the limit.
    private static func mebibytes(_ bytes: Int) -> String {
        let whole = bytes >> 20
        return "\(bytes & 0xFFFFF == 0 ? whole : whole + 1) MB"
    }
}
