import Cryptography

/// Where this site stands, and by which ways besides a password somebody may come in: what whoever runs it decides.
public struct Doors: Sendable {
    /// The https address by which browsers reach the site, without a path; nil on a computer of one’s own, where it is
    /// reached as `localhost`.
    public var site: String?
    /// By whom those who work for a council may sign in; nil where there is none.
    public var provider: IdentityProvider?
    /// What seals the secrets of authenticator apps in the database; nil where they lie as they are, as in tests.
    public var sealer: Sealer?

    public init(site: String? = nil, provider: IdentityProvider? = nil, sealer: Sealer? = nil) {
        (self.site, self.provider, self.sealer) = (site, provider, sealer)
    }
}
