import Cryptography
import Testing

@Suite struct `A sealed secret` {
    private let sealer = Sealer(key: Array(repeating: 7, count: 32))

    @Test func `opens for whom it was sealed, and looks other each time`() throws {
        let sealer = try #require(sealer)
        let (one, two) = (sealer.seal("JBSWY3DPEHPK3PXP", for: "nadia"), sealer.seal("JBSWY3DPEHPK3PXP", for: "nadia"))
        #expect(one != two && Sealer.isSealed(one) && !one.contains("JBSW"))
        #expect(sealer.open(one, for: "nadia") == "JBSWY3DPEHPK3PXP")
        #expect(sealer.open(sealer.seal("", for: "nadia"), for: "nadia") == "")
    }

    @Test func `does not open for another, nor under another key`() throws {
        let sealer = try #require(sealer)
        let sealed = sealer.seal("JBSWY3DPEHPK3PXP", for: "nadia")
        #expect(sealer.open(sealed, for: "imran") == nil)
        #expect(Sealer(key: Array(repeating: 8, count: 32))?.open(sealed, for: "nadia") == nil)
        #expect(Sealer(key: Array(repeating: 7, count: 31)) == nil)
    }

    @Test func `does not open where one figure of it was changed, cut off or added`() throws {
        let sealer = try #require(sealer)
        let sealed = Array(sealer.seal("JBSWY3DPEHPK3PXP", for: "nadia").utf8)
        for place in "sealed1:".utf8.count..<sealed.count {
            var changed = sealed
            changed[place] = changed[place] == 48 ? 49 : 48
            #expect(sealer.open(String(decoding: changed, as: UTF8.self), for: "nadia") == nil)
        }
        for text in ["sealed1:", "sealed1:00", "sealed1:xyz", "", "JBSWY3DPEHPK3PXP"] {
            #expect(sealer.open(text, for: "nadia") == nil, "\(text)")
        }
        let text = String(decoding: sealed, as: UTF8.self)
        #expect(sealer.open(String(text.dropLast(2)), for: "nadia") == nil)
        #expect(sealer.open(text + "00", for: "nadia") == nil)
    }

    @Test func `does not print its key`() throws {
        #expect("\(try #require(sealer))" == "Sealer")
    }
}
