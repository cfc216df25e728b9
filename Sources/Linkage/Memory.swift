import Dispatch
import Foundation

/// Plain memory that grows: what the hot loops of linkage write to.
///
/// An `Array` would check, count references and copy. This one belongs to whoever holds it, and is written by one
/// thread at a time.
final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count: Int
    private var capacity: Int

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 1)
        base = Self.memory(self.capacity)
        count = 0
    }

    /// Memory of `count` elements, each of the same value.
    init(repeating value: Element, count: Int) {
        capacity = max(count, 1)
        base = Self.memory(capacity)
        base.initialize(repeating: value, count: count)
        self.count = count
    }

    deinit { free(base) }

    subscript(index: Int) -> Element {
        get { base[index] }
        set { base[index] = newValue }
    }

    func append(_ element: Element) {
        if count == capacity { grow(to: capacity * 2) }
        base[count] = element
        count += 1
    }

    func append(_ elements: UnsafePointer<Element>, count more: Int) {
        if count + more > capacity { grow(to: max(capacity * 2, count + more)) }
        (base + count).update(from: elements, count: more)
        count += more
    }

    /// Room for `more` elements without growing meanwhile; the caller writes at ``end`` and then says how many with
    /// ``wrote(_:)``.
    func reserve(_ more: Int) {
        if count + more > capacity { grow(to: max(capacity * 2, count + more)) }
    }

    var end: UnsafeMutablePointer<Element> { base + count }

    func wrote(_ more: Int) { count += more }

    func removeLast(to length: Int) { count = length }

    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Memory that begins where a line of the processor’s cache does, so that a record’s line is one fetch; much of it
    /// in large pages, so that finding a record anywhere in it needs no walk through tables.
    private static func memory(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        let bytes = capacity * MemoryLayout<Element>.stride
        let isLarge = bytes >= 1 << 22
        var place: UnsafeMutableRawPointer?
        let page = 1 << 21
        let whole = isLarge ? (bytes + page - 1) / page * page : bytes
        let code = posix_memalign(&place, isLarge ? page : 64, whole)
        guard code == 0, let place else { preconditionFailure("there is no memory for \(bytes) bytes") }
        if isLarge { madvise(place, bytes, 14) }  // MADV_HUGEPAGE
        return place.bindMemory(to: Element.self, capacity: capacity)
    }

    private func grow(to wanted: Int) {
        let bigger = Self.memory(wanted)
        bigger.update(from: base, count: count)
        free(base)
        base = bigger
        capacity = wanted
    }
}

/// Does `work` for each number below `count`, on as many processors as there are.
func inParallel(_ count: Int, _ work: @Sendable (Int) -> Void) {
    guard count > 1 else {
        if count == 1 { work(0) }
        return
    }
    DispatchQueue.concurrentPerform(iterations: count, execute: work)
}

/// One value for each task of ``inParallel(_:_:)``, in the order of the tasks, whoever did them.
func mapped<Value>(_ count: Int, _ work: @Sendable (Int) -> Value) -> [Value] {
    let results = UnsafeMutablePointer<Value?>.allocate(capacity: max(count, 1))
    results.initialize(repeating: nil, count: count)
    defer {
        results.deinitialize(count: count)
        results.deallocate()
    }
    let places = Places(base: results)
    inParallel(count) { places.base[$0] = work($0) }
    return (0..<count).map { results[$0]! }
}

/// Where the tasks leave their values: each writes to its own place alone.
private struct Places<Value>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Value?>
}

/// Spreads the bits of a number, so that a table may use any of them. (The finisher of SplitMix64, Steele and others
/// 2014.)
@inline(__always) func spread(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}

/// A number of 64 bits for some bytes: two values with one number among ten million are a matter of one in 370,000.
@inline(__always) func hash(_ bytes: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var state = UInt64(truncatingIfNeeded: length) &* 0xA076_1D64_78BD_642F ^ 0xE703_7ED1_A0B4_28DB
    var at = 0
    while at + 8 <= length {
        state = fold(state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), 0x8EBC_6AF0_9C88_C6E3)
        at += 8
    }
    if at < length {
        var tail: UInt64 = 0
        if length >= 8 {
            tail = raw.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
        } else {
            for index in at..<length { tail = tail << 8 | UInt64(bytes[index]) }
        }
        state = fold(state ^ tail, 0x5899_65CC_7537_4CC3)
    }
    let mixed = spread(state)
    return mixed == 0 ? 1 : mixed
}

@inline(__always) private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
}
