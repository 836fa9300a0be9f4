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

  @Test func `A full table forgets, and its numbers come again only after 65536 others`() {
    var table = StackTable()
    var seen: Set<StackID> = []
    for address in 0..<65_536 as Range<UInt64> {
      seen.insert(table.insert([address].span, context: .task).id)
    }
    #expect(seen.count == 65_536)
    for address in 65_536..<70_000 as Range<UInt64> {
      #expect(seen.contains(table.insert([address].span, context: .task).id))
    }
    #expect(table.entry(of: ([69_999] as [UInt64]).span) != nil)
    #expect(table.entry(of: ([0] as [UInt64]).span) == nil)
  }
}
