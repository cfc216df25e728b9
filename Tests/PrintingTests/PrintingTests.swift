import Foundation
import Printing
import Testing

@Suite struct `Printing a page` {
    private func page(_ body: String) -> [UInt8] {
        Array("<!DOCTYPE html><html lang=\"en-GB\"><head><title>A title</title></head><body>\(body)</body>".utf8)
    }

    /// Tags, language and title are read in it by the tests from outside, which have what takes a PDF apart.
    @Test func `makes a PDF`() async throws {
        let pdf = try await Printer.ofSetup.pdf(page("<h1>A title</h1><p>Some words</p>"))
        #expect(pdf.starts(with: Array("%PDF-1.7".utf8)) && pdf.count > 2000)
    }

    @Test(arguments: [
        "<img src=\"file:///etc/hostname\" alt=\"x\">", "<img src=\"http://127.0.0.1:9/x.png\" alt=\"x\">",
        "<link rel=\"stylesheet\" href=\"https://example.invalid/x.css\">",
        "<style>@import url('data:text/css,')</style>",
    ])
    func `reads no file, no address, and nothing but the page`(reference: String) async throws {
        await #expect(throws: PrintFault.failed(65)) { try await Printer.ofSetup.pdf(page(reference)) }
    }

    @Test func `says that a page is none, and goes on with the next`() async throws {
        await #expect(throws: PrintFault.failed(65)) { try await Printer.ofSetup.pdf([]) }
        await #expect(throws: PrintFault.failed(65)) { try await Printer.ofSetup.pdf([0xFF, 0xFE, 0xC3]) }
        #expect(try await !Printer.ofSetup.pdf(page("<p>Again</p>")).isEmpty)
    }

    @Test(arguments: [[], Array("%PDF-1.7 and nothing of one %%EOF".utf8), Array("bind 3 4\n".utf8)] as [[UInt8]])
    func `leaves out a document that is none, and makes the rest`(bound: [UInt8]) async throws {
        let words =
            "<!--bound 1--><!--each--><p id=\"<!--place-->\">x</p><!--each end--><!--unbound--><p>y</p><!--end-->"
        let pdf = try await Printer.ofSetup.pdf(page("<h1>A title</h1>\(words)"), binding: [bound])
        #expect(pdf.starts(with: Array("%PDF-1.7".utf8)) && pdf.count > 2000)
    }

    @Test func `binds a document into a page`() async throws {
        let words = "<!--bound 1--><!--each--><p id=\"<!--place-->\">x</p><!--each end--><!--unbound--><!--end-->"
        let inner = try await Printer.ofSetup.pdf(page("<p>Inner words</p>"))
        let pdf = try await Printer.ofSetup.pdf(page("<h1>A title</h1>\(words)"), binding: [inner])
        #expect(pdf.starts(with: Array("%PDF-1.7".utf8)) && pdf.firstRange(of: Array("/Bound0".utf8)) != nil)
    }

    @Test func `ends by itself where a page would take for ever`() async throws {
        let long = String(repeating: "<p>many words here</p>", count: 40_000)
        await #expect(throws: PrintFault.tooMuch) {
            try await Printer(seconds: 2).pdf(page(long))
        }
    }

    @Test func `takes many at once, in turn`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<6 {
                group.addTask { try await !Printer.ofSetup.pdf(page("<p>\(number)</p>")).isEmpty }
            }
            for try await isMade in group { #expect(isMade) }
        }
    }
}
