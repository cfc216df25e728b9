import ArgumentParser
import Console
import Kernel
import SingleView
import Storage
import Web

extension FeedCommand {
    struct HowGood: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "quality", abstract: "How good the links are, by the pairs that people looked at.",
            discussion: "The same figures as the page /review/quality, each with its interval of 95 %.")
        @OptionGroup var data: DataOptions

        func run() async throws {
            try await Console.run {
                let database = try await data.open()
                let share = try data.share
                let words = FactWords(book: try FeedBook(share))
                let groups = try EthnicGroups.read(share)
                let quality = try await database.read {
                    try QualityStore(tx: $0).quality(source: words.source, groups: groups)
                }
                guard let quality else { return Console.print("No sample was drawn yet: link records first.") }
                Console.print("model\t\(quality.model)\tsample of \(quality.made.dayInEngland.iso)")
                Console.print("what\tlooked at\tright links\tlinks found")
                for line in [quality.all] + quality.bySource + quality.byGroup {
                    let isTold =
                        line.precision != nil || line.recall != nil || line.reviewed >= QualityRule.least
                    Console.print(
                        [
                            line.name, isTold ? "\(line.reviewed)" : QualityPages.fewer,
                            QualityPages.words(line.precision), QualityPages.words(line.recall),
                        ].joined(separator: "\t"))
                    if QualityPages.isWorse(line.precision, quality.all.precision) {
                        Console.tell("\(line.name): links are wrong more often than among all pairs.")
                    }
                    if QualityPages.isWorse(line.recall, quality.all.recall) {
                        Console.tell("\(line.name): links are missed more often than among all pairs.")
                    }
                }
            }
        }
    }
}
