/// A kind of file that is taken as evidence, told by its bytes and never by its name alone.
///
/// Web pages, drawings in SVG, XML, e-mails, programs, plain archives, Office files with macros and the Office
/// files of before 2007 are not here, so they are never taken.
public enum DocumentType: String, CaseIterable, Sendable {
    case pdf, png, jpeg, gif, heic, docx, xlsx, pptx, odt, ods, rtf, text, csv

    /// The media type to store and to send, without a character set; text and tables are always UTF-8.
    public var mime: String {
        switch self {
        case .pdf: "application/pdf"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .gif: "image/gif"
        case .heic: "image/heic"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .odt: "application/vnd.oasis.opendocument.text"
        case .ods: "application/vnd.oasis.opendocument.spreadsheet"
        case .rtf: "application/rtf"
        case .text: "text/plain"
        case .csv: "text/csv"
        }
    }

    /// The endings that a file name may have, in small letters and without the point; the first is the usual one.
    public var extensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg", "jfif"]
        case .heic: ["heic", "heif"]
        case .text: ["txt", "text"]
        default: [rawValue]
        }
    }

    /// True where the program that opens the file may run or fetch what is in it: sent as a download, never
    /// shown inside a page.
    ///
    /// A PDF is not counted: inspection refuses the active ones it can see, and a browser shows the rest behind
    /// its own walls. A table counts, because a spreadsheet runs the formulas in its cells.
    public var isActive: Bool {
        switch self {
        case .docx, .xlsx, .pptx, .odt, .ods, .rtf, .csv: true
        case .pdf, .png, .jpeg, .gif, .heic, .text: false
        }
    }

    /// What a person calls such a file, with its article.
    public var name: String {
        switch self {
        case .pdf: "a PDF"
        case .png: "a PNG picture"
        case .jpeg: "a JPEG picture"
        case .gif: "a GIF picture"
        case .heic: "a HEIC picture"
        case .docx: "a Word document"
        case .xlsx: "an Excel workbook"
        case .pptx: "a PowerPoint presentation"
        case .odt: "an OpenDocument text"
        case .ods: "an OpenDocument spreadsheet"
        case .rtf: "a rich text document"
        case .text: "a plain text file"
        case .csv: "a CSV table"
        }
    }

    /// The type that files with this ending say they are, or nil where no such file is taken.
    public init?(extension ending: String) {
        let ending = ending.lowercased()
        guard let type = DocumentType.allCases.first(where: { $0.extensions.contains(ending) }) else { return nil }
        self = type
    }

    /// True where the bytes cannot tell this type from plain text, so that the name decides.
    var isPlain: Bool { self == .text || self == .csv }
}

/// How large and how deep an uploaded file may be.
public struct DocumentLimits: Hashable, Sendable {
    /// The bytes of the file as it was sent: 25 MiB.
    public var bytes = 25 << 20
    /// The entries of an archive; Word, Excel, PowerPoint and OpenDocument files are archives.
    public var archiveEntries = 2000
    /// The bytes that all entries of an archive declare to have when inflated: 200 MiB.
    public var inflatedBytes = 200 << 20
    /// How many times larger than its packed bytes an entry may declare to be, and the whole archive too.
    public var ratio = 200
    /// Inflated bytes below which no ratio is asked, since a small file of repeated markup packs very well: 1 MiB.
    public var ratioFloor = 1 << 20
    /// The pixels of an image, width times height, and of each picture in an animation.
    public var pixels = 50_000_000
    /// The archives and embedded objects that may lie inside an archive. None; they would not be inspected
    /// themselves. A chart drawn in Word or PowerPoint carries its figures as a workbook, so it counts as one.
    public var nesting = 0

    public init() {}
}
