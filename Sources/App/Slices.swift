import AccessServer
import Foundation
import Kernel
import LinksServer
import OfferServer
import Operations
import PeopleServer
import SingleViewServer
import Web

/// What the program is made of.
public enum Application {
    /// The capabilities, in the order in which the later may use the earlier.
    public static let slices = slices(Doors())

    /// The same, with what whoever runs the site decided on the ways in.
    public static func slices(_ doors: Doors) -> [Slice] {
        [
            accessSlice(doors), links(for: [detailsStillRight]), offer,
            peopleSlice(panels: [keyWorkerPanel, recordPanels]), singleView, WorkPages.slice, MailboxPage.slice,
        ]
    }

    /// The system's clock, which only the application reads.
    public static let clock = WallClock { Instant(milliseconds: Int(Date.now.timeIntervalSince1970 * 1000)) }
}
