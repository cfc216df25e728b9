import Storage
import Web

/// Accounts, sessions and the policy: who may do what, and who looked.
public let access = Slice(
    "Access",
    migrations: [AccessSchema.migration, AccountSchema.migration, AccessSchema.warnings, AccessSchema.capacity],
    routes: SignInRoutes.all + AccountRoutes.all + [PolicyPages.route], lives: [policyInForce],
    jobs: [
        Job("forget old sessions", every: 3600) { run in
            try await run.database.write(for: .system) { tx in
                tx.record(.housekeeping)
                try SessionStore.forgetOver(at: run.now, in: tx)
            }
        },
        RightsPassStore.job,
    ],
    navigation: [])
