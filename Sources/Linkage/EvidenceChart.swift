import Foundation

extension Explanation {
    /// A picture of the evidence, as SVG: a bar for each line, to the right for one child, to the left against.
    public var chart: String {
        let (step, middle, top) = (34, 470, 64)
        let scale = 240 / max(lines.map { abs($0.bits) }.max() ?? 1, 1)
        let height = top + lines.count * step + 16
        let bars = lines.enumerated().map { bar($0.element, top + $0.offset * step, middle, scale) }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 \(height)" role="img"
              font-family="sans-serif" font-size="12">
            <title>\(escaped("Evidence that \(one) and \(other) are of one child, in bits"))</title>
            <rect width="760" height="\(height)" fill="#fff"/>
            <text x="8" y="20" font-size="15" font-weight="bold">\(escaped("\(one) and \(other)"))</text>
            <text x="8" y="40">\(fixed(total, 1, signed: true)) bits in all: a chance of \(fixed(chance, 4)).</text>
            <text x="8" y="55">Right speaks for one child, left against; one bit doubles the odds.</text>
            <line x1="\(middle)" x2="\(middle)" y1="\(top - 4)" y2="\(height - 8)" stroke="#666"/>
            \(bars.joined(separator: "\n"))
            </svg>

            """
    }

    /// - Throws: ``LinkageError/unwritable(_:_:)``.
    public func writeChart(_ path: String) throws {
        try OutputFile(path, header: chart).finish()
    }

    private func bar(_ line: Line, _ top: Int, _ middle: Int, _ scale: Double) -> String {
        let length = abs(line.bits) * scale
        let isAgainst = line.bits < 0
        let left = isAgainst ? Double(middle) - length : Double(middle)
        let (place, anchor) = isAgainst ? (middle + 6, "start") : (middle - 6, "end")
        return """
            <text x="8" y="\(top + 10)" font-weight="bold">\(escaped(line.what))</text>
            <text x="8" y="\(top + 25)">\(escaped(line.words))</text>
            <rect x="\(fixed(left, 1))" y="\(top)" width="\(fixed(max(length, 1), 1))" height="22"
              fill="\(isAgainst ? "#b04a00" : "#1d5fa8")"/>
            <text x="\(place)" y="\(top + 15)" text-anchor="\(anchor)">\(fixed(line.bits, 1, signed: true))</text>
            """
    }

    private func fixed(_ value: Double, _ places: Int, signed: Bool = false) -> String {
        String(format: "%\(signed ? "+" : "").\(places)f", value)
    }

    private func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }
}
