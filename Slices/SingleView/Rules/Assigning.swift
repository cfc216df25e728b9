/// What becomes of records that linking found to be of one child, beside what was decided before.
///
/// A record that was never linked goes to the person of its cluster. One that is linked already is never moved by the
/// program: where the cluster says otherwise, somebody is asked.
public struct Assigning: Sendable {
    /// A record of a cluster, and whose it is so far.
    public struct Member: Hashable, Sendable {
        public let number: Int
        public let person: String?

        public init(_ number: Int, _ person: String?) { (self.number, self.person) = (number, person) }
    }

    /// Records that go to a person; nil for one who is new.
    public private(set) var linked: [Int] = []
    public private(set) var person: String?
    /// Whether a person is to be made.
    public private(set) var isNew = false
    /// Pairs of records, the first of each of two persons, which the cluster says are one child.
    public private(set) var toJoin: [(one: Int, other: Int)] = []

    /// - Parameter cluster: records that are of one child, by what the model says.
    public init(_ cluster: [Member]) {
        let members = cluster.sorted { $0.number < $1.number }
        linked = members.filter { $0.person == nil }.map(\.number)
        var first: [(person: String, number: Int, count: Int)] = []
        for member in members {
            guard let person = member.person else { continue }
            if let place = first.firstIndex(where: { $0.person == person }) {
                first[place].count += 1
            } else {
                first.append((person, member.number, 1))
            }
        }
        // Most records first; then whoever was known first.
        let order = first.sorted { ($1.count, $0.number) < ($0.count, $1.number) }
        person = order.first?.person
        isNew = order.isEmpty && !linked.isEmpty
        if let home = order.first { toJoin = order.dropFirst().map { (home.number, $0.number) } }
    }
}
