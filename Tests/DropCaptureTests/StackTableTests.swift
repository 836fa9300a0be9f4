import DropEvents
import Testing

@testable import DropCapture

@Suite struct StackTableTests {
  @Test func `A stack keeps its number, and another one gets another`() {
    var table = StackTable()
    let first: [UInt64] = [1, 2, 3]
    let second: [UInt64] = [1, 2, 3, 4]
    #expect(table.entry(of: first.span) == nil)
    let id = table.insert(first.span, context: .softirq).id
    let other = table.insert(second.span, context: .task).id
    #expect(id != other)
    #expect(table.entry(of: first.span)?.id == id)
    #expect(table.entry(of: first.span)?.context == .softirq)
    #expect(table.entry(of: second.span)?.id == other)
    #expect(table.entry(of: first.span.extracting(0..<2)) == nil)
  }

  @Test func `Numbers are not used again when the table is full`() {
    var table = StackTable()
    var seen: Set<StackID> = []
    for address in 0..<40_000 as Range<UInt64> {
      #expect(seen.insert(table.insert([address].span, context: .task).id).inserted)
    }
    #expect(table.entry(of: ([39_999] as [UInt64]).span) != nil)
    #expect(table.entry(of: ([0] as [UInt64]).span) == nil)
  }
}
