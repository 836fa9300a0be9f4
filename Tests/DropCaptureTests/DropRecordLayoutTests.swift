import CDropRecord
import Testing

@Suite struct DropRecordLayoutTests {
  @Test func `The record is laid out as the BPF program's compiler lays it out`() {
    // The same numbers stand in BPF/drop_record.h, where the other compiler checks them.
    #expect(MemoryLayout<drop_knobs>.size == 8)
    #expect(MemoryLayout<drop_site>.size == 32)
    #expect(MemoryLayout<drop_count>.size == 32)
    #expect(MemoryLayout<drop_totals>.size == 40)
    #expect(MemoryLayout<drop_record>.offset(of: \.header) == 104)
    #expect(MemoryLayout<drop_record>.offset(of: \.frames) == 104 + Int(DROP_HEADER_BYTES))
    #expect(MemoryLayout<drop_record>.size == 104 + Int(DROP_HEADER_BYTES) + 8 * Int(DROP_STACK_FRAMES))
  }
}
