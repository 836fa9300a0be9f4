import BTFReasons
import Foundation
import Testing

/// What can happen to a file before its bytes are looked at.
@Suite(.serialized) struct ByteSourceTests {
  @Test(
    "A file that cannot be read gives an error that names it",
    arguments: [
      "/no/such/file", "/", "/proc/self/mem",
    ])
  func unreadable(_ path: String) {
    let error = #expect(throws: BTFError.self) { try BTF(contentsOf: path) }
    #expect(error?.code == .unreadable)
    #expect(error?.file == path)
    #expect(error?.description.hasPrefix("\(path): ") == true)
  }

  @Test("A file without end or content is given up", arguments: ["/dev/zero", "/dev/null"])
  func endless(_ path: String) {
    let error = #expect(throws: BTFError.self) { try BTF(contentsOf: path) }
    #expect(error?.code == .notBTF)
  }

  @Test("A file much longer than a page is read whole")
  func long() throws {
    var writer = BTFWriter()
    for index in 0..<100_000 { writer.enumeration("enum\(index)", ["A": index]) }
    try Fixture.withTemporaryFolder { folder in
      let file = folder.appending(path: "long.btf")
      try Data(writer.bytes()).write(to: file)
      let btf = try BTF(contentsOf: file.path)
      #expect(try btf.typeCount() == 100_000)
      #expect(try btf.enums(named: "enum99999").first?.position == 99_999)
    }
  }

  @Test("Descriptors are given back, after success and after failure")
  func descriptors() throws {
    // Other suites run beside this one: only what these calls open is counted.
    let opened = ["/sys/kernel/btf/", "/dev/zero", "kernel-little"]
    func count() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter { descriptor in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        return opened.contains { target?.contains($0) == true }
      }.count
    }
    _ = try? DropReasons.runningKernel()
    let before = try count()
    for _ in 0..<20 {
      _ = try Fixture.btf("kernel-little")
      _ = try? BTF(contentsOf: "/dev/zero")
      _ = try? BTF(contentsOf: "/")
      _ = try? DropReasons.runningKernel()
    }
    // Some of them hold one of these files now and then; twenty would be a leak.
    #expect(try count() < before + 20)
  }
}
