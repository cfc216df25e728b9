import Cryptography

extension Doors {
    /// The secret of an authenticator app as it is kept for this account.
    func kept(_ secret: String, of account: String) -> String { sealer?.seal(secret, for: account) ?? secret }
}

extension Factor {
    /// The same with its secret readable; nil where it is sealed and does not open: moved here from another account,
    /// changed, or sealed under a key that is not here.
    func opened(by sealer: Sealer?, for account: String) -> Factor? {
        guard kind == .totp, Sealer.isSealed(secret) else { return self }
        guard let readable = sealer?.open(secret, for: account) else { return nil }
        return Factor(id: id, kind: kind, secret: readable, last: last, made: made, used: used)
    }

    /// The secret sealed, where it lies readable and there is a key; nil where it stays as it is.
    func sealed(by sealer: Sealer?, for account: String) -> String? {
        guard kind == .totp, !Sealer.isSealed(secret) else { return nil }
        return sealer?.seal(secret, for: account)
    }
}
