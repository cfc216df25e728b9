/// One entry of an archive, as its list of entries and its own header agree that it is.
struct ZipEntry {
    /// The path, with `/` between its parts; a folder ends in one.
    let name: String
    /// The path in small letters, by which names are compared.
    let key: String
    /// True where the bytes lie in the archive as they are.
    let isStored: Bool
    /// Declared bytes once inflated.
    let inflated: Int
    /// Where its bytes lie, packed or not.
    let body: Range<Int>
    /// Where the entry lies, from its header to its last byte.
    let extent: Range<Int>

    var isFolder: Bool { name.hasSuffix("/") }
}

/// The entries of an archive in the order in which they lie, none of them inflated.
///
/// Every byte of the archive belongs to one entry or to the list of entries, and each entry says the same of itself
/// as the list says of it, so that no two programs can read different things out of it.
func zipEntries(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) -> [ZipEntry] {
    let directory = try ZipDirectory(bytes, limits)
    var entries: [ZipEntry] = []
    var names: Set<String> = []
    var total = 0
    var at = directory.range.lowerBound
    for _ in 0..<directory.count {
        let listing = try ZipListing(bytes, at: at)
        let entry = try listing.entry(in: bytes)
        guard names.insert(entry.key).inserted else { throw .archiveBroken(.duplicateName) }
        total = after(total, entry.inflated)
        guard total <= limits.inflatedBytes else {
            throw .archiveTooLarge(bytes: total, limit: limits.inflatedBytes)
        }
        try checkRatio(entry.inflated, entry.body.count, limits)
        entries.append(entry)
        at = listing.end
    }
    guard at == directory.range.upperBound else { throw .archiveBroken(.directoryBroken) }
    try checkRatio(total, directory.range.lowerBound, limits)
    entries.sort { $0.extent.lowerBound < $1.extent.lowerBound }
    try checkCover(entries, upTo: directory.range.lowerBound)
    return entries
}

/// Throws where so many bytes would come out of so few.
private func checkRatio(_ inflated: Int, _ packed: Int, _ limits: DocumentLimits) throws(DocumentFault) {
    guard inflated > limits.ratioFloor else { return }
    let (most, over) = packed.multipliedReportingOverflow(by: limits.ratio)
    guard over || inflated <= most else { throw .archiveRatio(limit: limits.ratio) }
}

/// Throws unless the entries, in the order in which they lie, follow one another from the first byte to `end`.
private func checkCover(_ entries: [ZipEntry], upTo end: Int) throws(DocumentFault) {
    var place = 0
    for entry in entries {
        if entry.extent.lowerBound < place { throw .archiveBroken(.overlap) }
        if entry.extent.lowerBound > place { throw .archiveBroken(.hiddenBytes) }
        place = entry.extent.upperBound
    }
    if place > end { throw .archiveBroken(.overlap) }
    if place < end { throw .archiveBroken(.hiddenBytes) }
}

/// Where the list of entries of an archive lies, and how many it has.
private struct ZipDirectory {
    let range: Range<Int>
    let count: Int

    init(_ bytes: [UInt8], _ limits: DocumentLimits) throws(DocumentFault) {
        let end = try ZipDirectory.end(of: bytes)
        guard let disk = bytes.little16(end + 4), let first = bytes.little16(end + 6),
            let here = bytes.little16(end + 8), let count = bytes.little16(end + 10),
            let size = bytes.little32(end + 12), let start = bytes.little32(end + 16)
        else { throw .archiveBroken(.noDirectory) }
        if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF || bytes.has("PK\u{6}\u{7}", at: end - 20) {
            throw .archiveBroken(.zip64)
        }
        guard disk == 0, first == 0, here == count else { throw .archiveBroken(.severalDisks) }
        guard count <= limits.archiveEntries else {
            throw .archiveTooManyEntries(count, limit: limits.archiveEntries)
        }
        guard count > 0, after(start, size) == end else { throw .archiveBroken(.directoryBroken) }
        range = start..<end
        self.count = count
    }

    /// Where the one record stands that ends an archive: its comment reaches to the last byte.
    private static func end(of bytes: [UInt8]) throws(DocumentFault) -> Int {
        var found: Int?
        var at = bytes.count - 22
        while at >= max(0, bytes.count - 22 - 0xFFFF) {
            if bytes[at] == 0x50, bytes.has("PK\u{5}\u{6}", at: at), let comment = bytes.little16(at + 20),
                after(at, 22, comment) == bytes.count
            {
                guard found == nil else { throw .archiveBroken(.noDirectory) }
                found = at
            }
            at -= 1
        }
        guard let found else { throw .archiveBroken(.noDirectory) }
        return found
    }
}

/// What the list of entries says of one entry.
private struct ZipListing {
    let flags, method, check, packed, inflated, header: Int
    let name: ArraySlice<UInt8>
    /// The place after it in the list.
    let end: Int

    /// The listing at this place.
    ///
    /// - Throws: where it is locked, is a link, or is written in a way that no document needs.
    init(_ bytes: [UInt8], at place: Int) throws(DocumentFault) {
        guard bytes.has("PK\u{1}\u{2}", at: place), let flags = bytes.little16(place + 8),
            let method = bytes.little16(place + 10), let check = bytes.little32(place + 16),
            let packed = bytes.little32(place + 20), let inflated = bytes.little32(place + 24),
            let nameLength = bytes.little16(place + 28), let extraLength = bytes.little16(place + 30),
            let commentLength = bytes.little16(place + 32), let disk = bytes.little16(place + 34),
            let attributes = bytes.little32(place + 38), let header = bytes.little32(place + 42)
        else { throw .archiveBroken(.directoryBroken) }
        let nameEnd = after(place, 46, nameLength)
        end = after(nameEnd, extraLength, commentLength)
        guard end <= bytes.count, let name = bytes.slice(place + 46, nameEnd) else {
            throw .archiveBroken(.directoryBroken)
        }
        (self.flags, self.method, self.check) = (flags, method, check)
        (self.packed, self.inflated, self.header, self.name) = (packed, inflated, header, name)

        // Locked in one of three ways; the fourth mark is of the AES of WinZip.
        guard flags & 0x2041 == 0, method != 99 else { throw .archiveEncrypted }
        try checkExtras(bytes, nameEnd..<after(nameEnd, extraLength))
        if packed == 0xFFFF_FFFF || inflated == 0xFFFF_FFFF || header == 0xFFFF_FFFF { throw .archiveBroken(.zip64) }
        guard disk == 0 else { throw .archiveBroken(.severalDisks) }
        guard attributes >> 28 != 0xA else { throw .archivePath }
        guard method == 0 || method == 8 else { throw .archiveBroken(.method) }
        guard method == 8 ? packed > 0 || inflated == 0 : packed == inflated else { throw .archiveBroken(.size) }
    }

    /// The entry, once its own header has said the same.
    func entry(in bytes: [UInt8]) throws(DocumentFault) -> ZipEntry {
        let name = try checkedName(name)
        guard bytes.has("PK\u{3}\u{4}", at: header), let ownFlags = bytes.little16(header + 6),
            let ownMethod = bytes.little16(header + 8), let ownCheck = bytes.little32(header + 14),
            let ownPacked = bytes.little32(header + 18), let ownInflated = bytes.little32(header + 22),
            let nameLength = bytes.little16(header + 26), let extraLength = bytes.little16(header + 28)
        else { throw .archiveBroken(.headersDisagree) }
        let nameEnd = after(header, 30, nameLength)
        let start = after(nameEnd, extraLength)
        let stop = after(start, packed)
        guard stop <= bytes.count, bytes.slice(header + 30, nameEnd) == self.name, ownMethod == method,
            (ownFlags ^ flags) & 0x2849 == 0
        else { throw .archiveBroken(.headersDisagree) }
        try checkExtras(bytes, nameEnd..<start)

        // With flag 3 the sizes follow the bytes, and the header may leave them nought.
        let follows = flags & 8 != 0
        let agrees = ownCheck == check && ownPacked == packed && ownInflated == inflated
        let isBlank = ownCheck == 0 && ownPacked == 0 && ownInflated == 0
        guard agrees || (follows && isBlank) else { throw .archiveBroken(.headersDisagree) }
        let last = follows ? try endOfDescriptor(in: bytes, at: stop) : stop
        if name.hasSuffix("/"), inflated > 0 { throw .archiveBroken(.size) }
        return ZipEntry(
            name: name, key: name.lowercased(), isStored: method == 0, inflated: inflated, body: start..<stop,
            extent: header..<last)
    }

    /// The place after the sizes that follow an entry, with or without their mark, once they agree with the list.
    private func endOfDescriptor(in bytes: [UInt8], at place: Int) throws(DocumentFault) -> Int {
        for start in bytes.has("PK\u{7}\u{8}", at: place) ? [place + 4, place] : [place]
        where bytes.little32(start) == check && bytes.little32(after(start, 4)) == packed
            && bytes.little32(after(start, 8)) == inflated
        { return after(start, 12) }
        throw .archiveBroken(.headersDisagree)
    }
}

/// Throws where an extra field locks the entry or gives it a second name.
private func checkExtras(_ bytes: [UInt8], _ range: Range<Int>) throws(DocumentFault) {
    var at = range.lowerBound
    while at < range.upperBound, let kind = bytes.little16(at), let length = bytes.little16(after(at, 2)) {
        if kind == 0x9901 { throw .archiveEncrypted }
        if kind == 0x7075 { throw .archiveBroken(.name) }
        at = after(at, 4, length)
    }
}

/// The path of an entry, once it is text and stays within its folder.
private func checkedName(_ bytes: ArraySlice<UInt8>) throws(DocumentFault) -> String {
    guard !bytes.isEmpty, let name = String(validating: bytes, as: UTF8.self),
        !name.unicodeScalars.contains(where: { $0.value < 32 || (0x7F...0x9F).contains($0.value) })
    else { throw .archiveBroken(.name) }
    guard !bytes.contains(92), !bytes.contains(58), bytes.first != 47 else { throw .archivePath }
    var parts = bytes.split(separator: 47, omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    for part in parts {
        if part.elementsEqual([46, 46]) || part.elementsEqual([46]) { throw .archivePath }
        if part.isEmpty { throw .archiveBroken(.name) }
    }
    return name
}
