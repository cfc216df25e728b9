import Access
import AccessServer
import ArgumentParser
import Console
import Kernel
import Storage

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Say who may see what, and why.", subcommands: [Explain.self])

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what an account may see and change of a person, and which rule decides.",
            discussion: """
                It is decided now, by the rules that the server follows; /who-can-see-what shows them all. That \
                somebody asked is noted in the journal.
                """)

        @Argument(help: ArgumentHelp("An account, by its id or the name it signs in with.", valueName: "who"))
        var who: String
        @Argument(help: ArgumentHelp("A person, by id.", valueName: "what")) var what: String
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let policy = try Policy(data.share.bytes("access/policy.csv"))
                let database = try await data.open()
                let now = Installation.current.clock.now()
                let (who, what) = (who, what)
                let facts = try await database.look(for: .operation) { tx in
                    let facts = try ExplanationStore.facts(of: who, about: what, at: now, in: tx)
                    return (facts, facts == nil ? [] : [Event("policy.explained", subject: what)])
                }
                guard let facts else {
                    throw Failure("There is no account “\(who)” that holds, or no person “\(what)”: give their ids.")
                }
                tell(policy, facts)
            }
        }

        private func tell(_ policy: Policy, _ facts: Facts) {
            let roles = facts.roles.sorted().map(\.words)
            let kinds = Set(facts.relationships.map(\.kind)).sorted().map(\.rawValue)
            Console.print("Roles held now: \(roles.isEmpty ? "none" : roles.joined(separator: ", "))")
            Console.print("Relationships now: \(kinds.isEmpty ? "none" : kinds.joined(separator: ", "))")
            for (verb, heading) in [(Verb.see, "See"), (.change, "Change")] {
                Console.print("\n\(heading):")
                for line in policy.explain(verb, facts) {
                    let rule = [line.rule, line.source].compactMap { $0 }.joined(separator: "; ")
                    Console.print(
                        "  \(line.isPermitted ? "yes" : "no ")  \(line.data.words): \(line.words)"
                            + (rule.isEmpty ? "" : " (\(rule))"))
                }
            }
        }
    }
}
