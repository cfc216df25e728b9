import AccessServer
import CaseworkServer
import Foundation
import Kernel
import LinksServer
import NoticesServer
import OfferServer
import Operations
import PeopleServer
import SingleViewServer
import TimetablesServer
import Web

/// What the program is made of.
public enum Application {
    /// The capabilities, in the order in which the later may use the earlier.
    public static let slices = slices(Doors())

    /// The same, with what whoever runs the site decided on the ways in.
    public static func slices(_ doors: Doors) -> [Slice] {
        let others = [
            accessSlice(doors), links(for: [detailsStillRight] + adviceTasks), offer,
            peopleSlice(panels: [keyWorkerPanel, casePanel, wishesPanel, recordPanels]),
            notices(received: [NoticeRecords.listener]), singleView, timetables,
            caseworkSlice(beside: [keyWorkerPanel], known: [recordPanels]),
            WorkPages.slice,
            MailboxPage.slice,
        ]
        return others + [reviewSlice(hanging: others.flatMap(\.hanging))]
    }

    /// The system's clock, which only the application reads.
    public static let clock = WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) }
}
