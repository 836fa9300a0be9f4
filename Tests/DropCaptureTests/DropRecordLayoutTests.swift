import CDropRecord
import Testing

@Suite struct DropRecordLayoutTests {
  @Test func `The record is laid out as the BPF program's compiler lays it out`() {
    // The same numbers stand in BPF/drop_record.h, where the other compiler checks them.
    #expect(MemoryLayout<drop_knobs>.size == 120)
    #expect(MemoryLayout<drop_site>.size == 32)
    #expect(MemoryLayout<drop_count>.size == 40)
    #expect(MemoryLayout<drop_totals>.size == 128)
    #expect(MemoryLayout<drop_loss>.size == 40)
    #expect(MemoryLayout<drop_record>.size == 120)
  }
}
