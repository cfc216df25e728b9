/// The two parts of a whole name: what stands last is the family’s, unless a comma puts it first.
public enum NamePart: String, Codable, Sendable {
    case given, family

    func write(_ cell: Cell, _ into: Buffer<UInt8>) {
        let bytes = cell.bytes
        if let comma = bytes.firstIndex(of: 44) {
            let part = self == .family ? Cell(cell.start, comma) : Cell(cell.start + comma + 1, cell.length - comma - 1)
            return Text.name(part, into)
        }
        let start = into.count
        Text.name(cell, into)
        let text = Array(UnsafeBufferPointer(start: into.base + start, count: into.count - start))
        guard let blank = text.lastIndex(of: 32) else {
            if self == .given { into.removeLast(to: start) }
            return
        }
        into.removeLast(to: start)
        for byte in self == .family ? text[(blank + 1)...] : text[..<blank] { into.append(byte) }
    }
}
