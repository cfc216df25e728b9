import Access
import Kernel
import Storage
import Web

/// One thing that somebody without an account can be asked for, declared by the slice that it belongs to: what its form
/// shows and takes, and what becomes of the answer.
public struct TaskKind: Sendable {
    /// The code under which it is kept: `details-still-right`.
    public let code: String
    /// What is asked, as the title of its page. It names nobody.
    public let title: String
    /// The same after “you are asked to”, for the mail. It names nobody.
    public let asks: String
    /// Whether it is about a child: then a code is asked for besides the link.
    public let isAboutChild: Bool
    /// What of the person its form shows: decided for whoever asks, and for an account that has the same address.
    public let shows: [DataClass]
    /// The kind of event that notes the look.
    public let look: String
    /// What the form shows of the person; nil where there is nothing to show.
    public let facts: @Sendable (OpenTask, any Transaction) throws -> HTML?
    /// The fields of the form.
    public let fields: @Sendable (Form) -> HTML
    /// Notes in the form what is wrong with it.
    public let check: @Sendable (inout Form) -> Void
    /// Keeps the answer.
    public let keep: @Sendable (Form, OpenTask, any WriteTransaction) throws -> Void

    public init(
        code: String, title: String, asks: String, isAboutChild: Bool, shows: [DataClass], look: String,
        facts: @escaping @Sendable (OpenTask, any Transaction) throws -> HTML?,
        fields: @escaping @Sendable (Form) -> HTML, check: @escaping @Sendable (inout Form) -> Void,
        keep: @escaping @Sendable (Form, OpenTask, any WriteTransaction) throws -> Void
    ) {
        (self.code, self.title, self.asks, self.isAboutChild) = (code, title, asks, isAboutChild)
        (self.shows, self.look, self.facts) = (shows, look, facts)
        (self.fields, self.check, self.keep) = (fields, check, keep)
    }
}

/// A task whose link, code and standing were all found right: only this slice makes one, so nothing is shown without.
public struct OpenTask: Hashable, Sendable {
    public let id: String
    /// Whom it is about.
    public let person: String

    init(_ task: LinkTask) { (id, person) = (task.id, task.person) }
}
