import Printing

extension Printer {
    /// Prints nothing: the page itself is the file, so that a test reads what would be printed, and quickly.
    public static let echoing = Printer { page throws(PrintFault) in page }

    /// As on a server where what prints was not installed.
    public static let absent = Printer { _ throws(PrintFault) in throw .notInstalled }
}
