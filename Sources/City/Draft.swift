/// What one source has written down of one child: the values that stand in its row.
struct Draft {
    private var values = [[UInt8]](repeating: [], count: Column.allCases.count)

    subscript(column: Column) -> [UInt8] {
        get { values[column.rawValue] }
        set { values[column.rawValue] = newValue }
    }
}

/// One record that a source holds on the day of an extract.
struct Record {
    /// The child’s place among all, and 1 where it is the second record of a child held twice.
    let child: Int
    let slot: Int
    let since: Int32
    /// The source’s own number for it.
    let id: Int
}
