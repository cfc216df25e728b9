/// Where this site stands, and by which ways besides a password somebody may come in: what whoever runs it decides.
public struct Doors: Sendable {
    /// The https address by which browsers reach the site, without a path; nil on a computer of one’s own, where it is
    /// reached as `localhost`.
    public var site: String?

    public init(site: String? = nil) { self.site = site }
}
