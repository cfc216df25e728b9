import Console
import Foundation
import Glibc

/// Makes a tagged PDF of one page of HTML that stands by itself: style within it, nothing that it refers to.
public struct Printer: Sendable {
    /// The printer of this program. Another in tests that look at what is printed and not at how.
    @TaskLocal public static var current = Printer.ofSetup

    private let work: @Sendable ([UInt8]) async throws(PrintFault) -> [UInt8]

    public init(_ work: @escaping @Sendable ([UInt8]) async throws(PrintFault) -> [UInt8]) { self.work = work }

    /// The PDF of a page.
    ///
    /// - Parameter bound: PDF documents whose pages go where the page has comments for them, as
    ///   `bin/print-pages.py` says.
    /// - Throws: `PrintFault`.
    public func pdf(_ page: [UInt8], binding bound: [[UInt8]] = []) async throws(PrintFault) -> [UInt8] {
        try await work(bound.isEmpty ? page : Self.framed(page, bound))
    }

    /// A first line with the lengths, as no page begins; then all, one behind the other.
    private static func framed(_ page: [UInt8], _ bound: [[UInt8]]) -> [UInt8] {
        let lengths = ([page] + bound).map { String($0.count) }.joined(separator: " ")
        var framed = Array("bind \(lengths)\n".utf8)
        framed.reserveCapacity(framed.count + page.count + bound.reduce(0) { $0 + $1.count })
        framed += page
        for document in bound { framed += document }
        return framed
    }

    /// What `bin/setup` installed: WeasyPrint in a virtual environment, and the script that runs it, both beside the
    /// program. A process for each document, two at a time.
    public static let ofSetup = Printer(seconds: 60)

    /// - Parameter seconds: how long one document may take.
    public init(seconds: Int) {
        // Whoever writes to a process that ended is told by an error, not ended too.
        signal(SIGPIPE, SIG_IGN)
        let lane = PrintLane(most: 2, mostWaiting: 30)
        self.init { page throws(PrintFault) in
            guard let root = Self.root() else { throw .notInstalled }
            guard await lane.enter() else { throw .busy }
            let answer = await PrintProcess(root: root, seconds: seconds).answer(page)
            await lane.leave()
            switch answer {
            case .success(let pdf): return pdf
            case .failure(let fault): throw fault
            }
        }
    }

    private static func root() -> String? {
        ProgramFolder.candidates.first { folder in
            let process = PrintProcess(root: folder, seconds: 0)
            return FileManager.default.isExecutableFile(atPath: process.python)
                && FileManager.default.fileExists(atPath: process.script)
        }
    }
}

/// Why there is no PDF.
public enum PrintFault: Error, Hashable, Sendable {
    /// What prints is not installed, or cannot be loaded: `bin/setup` installs it.
    case notInstalled
    /// Too many wait already.
    case busy
    /// It took too long, or more memory than it may have.
    case tooMuch
    /// The page is none that can be printed.
    case failed(Int)
}

/// One run of the script. It gets the page and nothing else: no environment, no folder of the data, no secret.
struct PrintProcess: Sendable {
    let root: String
    /// After which it is ended, whatever it does.
    let seconds: Int

    var python: String { root + "/.venv/run/bin/python" }
    var script: String { root + "/bin/print-pages.py" }

    /// On threads of their own, since they wait.
    func answer(_ page: [UInt8]) async -> Result<[UInt8], PrintFault> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: answerNow(page)) }
        }
    }

    private func answerNow(_ page: [UInt8]) -> Result<[UInt8], PrintFault> {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=2", "\(seconds)", python, "-I", script]
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        process.currentDirectoryURL = URL(filePath: "/")
        (process.standardInput, process.standardOutput) = (input, output)
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return .failure(.notInstalled) }
        // It reads all before it writes. Where it ends before, its status says why.
        try? input.fileHandleForWriting.write(contentsOf: Data(page))
        try? input.fileHandleForWriting.close()
        let made = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        switch (process.terminationReason, Int(process.terminationStatus)) {
        case (.exit, 0) where made.starts(with: Data("%PDF-".utf8)): return .success(Array(made))
        case (.exit, 69): return .failure(.notInstalled)
        // By timeout, or by the kernel for its processor time.
        case (.exit, 124), (.exit, 137), (.exit, 152), (.uncaughtSignal, _): return .failure(.tooMuch)
        case (_, let status): return .failure(.failed(status))
        }
    }
}

/// So many at once; the others wait their turn.
public actor PrintLane {
    private let most, mostWaiting: Int
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init(most: Int, mostWaiting: Int) { (self.most, self.mostWaiting) = (most, mostWaiting) }

    /// - Returns: false where too many wait already; then there is nothing to leave.
    public func enter() async -> Bool {
        if running < most {
            running += 1
            return true
        }
        guard waiting.count < mostWaiting else { return false }
        await withCheckedContinuation { waiting.append($0) }
        return true
    }

    /// Hands the place to whoever waits longest.
    public func leave() {
        if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
    }
}
