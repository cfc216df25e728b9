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
    /// Whether an officer asks for it from the page of a person; otherwise its slice asks, from a page of its own.
    public let isAskedFromRecord: Bool
    /// What its form is called in the page’s own words, where that depends on the task; nil for its title.
    public let heading: @Sendable (OpenTask, any Transaction) throws -> String?
    /// How many files may be sent with the answer.
    public let files: Int
    /// What the form shows of the person; nil where there is nothing to show.
    public let facts: @Sendable (OpenTask, any Transaction) throws -> HTML?
    /// The fields of the form.
    public let fields: @Sendable (Form) -> HTML
    /// Notes in the form what is wrong with it.
    public let check: @Sendable (inout Form) -> Void
    /// Notes that the right code was given: by then whoever was asked has what was sent.
    public let opened: @Sendable (OpenTask, any WriteTransaction) throws -> Void
    /// Keeps the answer. It throws `TaskRefused` where what was asked is wanted no more.
    public let keep: @Sendable (Form, OpenTask, any WriteTransaction) throws -> Void

    public init(
        code: String, title: String, asks: String, isAboutChild: Bool, shows: [DataClass], look: String,
        isAskedFromRecord: Bool = true, files: Int = 0,
        heading: @escaping @Sendable (OpenTask, any Transaction) throws -> String? = { _, _ in nil },
        opened: @escaping @Sendable (OpenTask, any WriteTransaction) throws -> Void = { _, _ in },
        facts: @escaping @Sendable (OpenTask, any Transaction) throws -> HTML?,
        fields: @escaping @Sendable (Form) -> HTML, check: @escaping @Sendable (inout Form) -> Void,
        keep: @escaping @Sendable (Form, OpenTask, any WriteTransaction) throws -> Void
    ) {
        (self.code, self.title, self.asks, self.isAboutChild) = (code, title, asks, isAboutChild)
        (self.isAskedFromRecord, self.files, self.heading) = (isAskedFromRecord, files, heading)
        (self.opened, self.shows, self.look, self.facts) = (opened, shows, look, facts)
        (self.fields, self.check, self.keep) = (fields, check, keep)
    }
}

/// Thrown by `TaskKind.keep` where the answer cannot be taken any more: nothing is kept, and whoever answers is told
/// so.
public struct TaskRefused: Error, Sendable {
    public init() {}
}

/// A task whose link, code and standing were all found right: only this slice makes one, so nothing is shown without.
public struct OpenTask: Sendable {
    public let id: String
    /// Whom it is about.
    public let person: String
    /// The request that came with the link; nil where there is none, as in a tool.
    public let visit: Visit?
    /// What was sent with the answer and is kept.
    public let documents: [DocumentRow]

    init(_ task: LinkTask, _ visit: Visit? = nil, _ documents: [DocumentRow] = []) {
        (id, person, self.visit, self.documents) = (task.id, task.person, visit, documents)
    }
}
