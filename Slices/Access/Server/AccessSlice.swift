import Kernel
import Storage
import Web

/// Accounts, sessions and the policy, where nothing is decided yet on ways in besides a password.
public let access = accessSlice(Doors())

/// Accounts, sessions and the policy: who may do what, and who looked.
public func accessSlice(_ doors: Doors) -> Slice {
    Slice(
        "Access",
        migrations: [
            AccessSchema.migration, AccountSchema.migration, DecisionSchema.migration, AccessSchema.warnings,
            AccessSchema.capacity, AccessSchema.refusals, PasskeyStore.migration, ProviderSchema.migration,
            RecoverySchema.migration, JoinedPersons.migration, AccessSchema.died,
        ],
        actions: AccessActions.all,
        routes: SignInRoutes.all(doors) + PasskeyRoutes.all(doors) + ProviderRoutes.all(doors)
            + AccountRoutes.all(doors) + OwnKeysRoutes.all(doors) + RecoveryRoutes.all
            + [PolicyPages.route, AdministrationRoutes.home] + AccountsRoutes.all + DecisionRoutes.all,
        lives: [policyInForce, workingDays],
        jobs: [
            Job("forget old sessions", every: 3600) { run in
                try await run.database.write(for: .system) { tx in
                    tx.record(.housekeeping)
                    try SessionStore.forgetOver(at: run.now, in: tx)
                    try Refusals.forget(before: run.now.dayInEngland - .days(366), in: tx)
                    try ProviderStore.forgetOver(at: run.now, in: tx)
                }
            },
            RightsPassStore.job,
        ],
        navigation: [
            NavigationItem("Administration", "/administration", for: .roles(AccessActions.everybody))
        ], hanging: JoinedPersons.hanging)
}

/// The calendar of working days, as shipped with this version.
public let workingDays = Live<WorkingDays>("working days", follows: []) { _, share in
    try WorkingDays(files: [
        share.bytes("calendar/bank_holidays_england.csv"), share.bytes("calendar/england_bank_holidays_2010_2035.csv"),
    ])
}
