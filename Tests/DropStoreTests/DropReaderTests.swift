import DropStore
import Testing

@Suite struct DropReaderTests {
  @Test func `says that there is no such file`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: StoreError.self) { _ = try DropReader(path: folder.file("none.db")) }
    #expect(error?.code == .notFound)
  }
}
