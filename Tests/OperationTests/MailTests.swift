import Kernel
import Operations
import Testing

@Suite struct `An address for mail` {
    @Test(arguments: ["a@example.org", "first.last+send@council.gov.uk"])
    func `is taken where it is one plain address`(text: String) { #expect(text.isMailAddress) }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@c.org", "a@b.org\nBcc: x@y.org", "a@b.org\r", "<a@b.org>",
        "a@b.org,c@d.org",
        "-oQ/tmp@b.org", "é@b.org", "a;b@c.org", "a@b.org(comment)",
    ])
    func `is refused where it could be another, or a header, or an option`(text: String) {
        #expect(!text.isMailAddress)
    }
}
