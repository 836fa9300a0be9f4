import BTFReasons
import Foundation
import Testing

private let hasKernelBTF = FileManager.default.isReadableFile(atPath: "/sys/kernel/btf/vmlinux")

@Suite(.enabled(if: hasKernelBTF, "This kernel shows no BTF")) struct ReasonsCommandTests {
  static func json(_ arguments: String...) throws -> [[String: Any]] {
    let result = try DropDBProcess.run(
      DropDBProcess.path, ["reasons", "--format", "json"] + arguments, environment: [:])
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
  }

  @Test("JSON has all reasons of the library, marks told by sentinel")
  func all() throws {
    let expected = try DropReasons.runningKernel().reasons
    let rows = try Self.json()
    #expect(rows.compactMap { $0["value"] as? UInt32 } == expected.map(\.value))
    #expect(rows.compactMap { $0["symbol"] as? String } == expected.map(\.symbol))
    #expect(rows.compactMap { $0["sentinel"] as? Bool } == expected.map(\.isSentinel))
    #expect(Set(rows[0].keys) == ["value", "subsystem", "name", "symbol", "sentinel"])
  }

  @Test("A table lists no marks")
  func table() throws {
    let result = try DropDBProcess.run("reasons", "--format", "tsv")
    let expected = try DropReasons.runningKernel().reasons.count { !$0.isSentinel }
    #expect(result.text.split(separator: "\n").count == expected + 1)
    #expect(result.text.hasPrefix("value\tsubsystem\tname\tsymbol\n"))
  }

  @Test(
    "A reason is found by number and by name",
    arguments: ["NO_SOCKET", "no_socket", "SKB_DROP_REASON_NO_SOCKET", "skb_drop_reason_no_socket"])
  func lookup(name: String) throws {
    let reason = try #require(try DropReasons.runningKernel()[name: "NO_SOCKET"])
    #expect(try Self.json(name).first?["value"] as? UInt32 == reason.value)
    #expect(try Self.json(String(reason.value)).first?["name"] as? String == "NO_SOCKET")
    #expect(try Self.json("0x" + String(reason.value, radix: 16)).first?["name"] as? String == "NO_SOCKET")
  }

  @Test("What is unknown is regretted with near names, and the rest is still found")
  func unknown() throws {
    let result = try DropDBProcess.run("reasons", "NO_SOKCET", "TCP_CSUM", "4000000000", "99999999999")
    #expect(result.status == 1)
    #expect(result.text.contains("TCP_CSUM"))
    #expect(result.error.contains("'NO_SOKCET'; near names are NO_SOCKET"))
    #expect(result.error.contains("number 4000000000") && result.error.contains("number 99999999999"))
    let json = try DropDBProcess.run("reasons", "\u{1b}[2J", "--format", "json")
    #expect(json.status == 1 && json.text == "[]\n" && !json.error.contains("\u{1b}"))
  }

  @Test("A file can stand for the running kernel, and one that is no BTF is a failure")
  func files() throws {
    let result = try DropDBProcess.run("reasons", "NO_SOCKET", "--btf", "/sys/kernel/btf/vmlinux")
    #expect(result.status == 0 && result.text.contains("SKB_DROP_REASON_NO_SOCKET"))
    let broken = try DropDBProcess.run("reasons", "--btf", "/proc/self/exe")
    #expect(broken.status == 1 && broken.output.isEmpty && broken.error.contains("/proc/self/exe"))
  }

  @Test("Files may be compressed kernels, and the command says what is wrong with one that is cut off")
  func compressed() throws {
    let script = """
      set -e
      folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT
      gzip -c /sys/kernel/btf/vmlinux > "$folder/kernel"
      head -c 100000 "$folder/kernel" > "$folder/cut"
      "$DROPDB" reasons NO_SOCKET --btf "$folder/kernel" --format tsv
      "$DROPDB" reasons NO_SOCKET --format tsv --btf /dev/stdin < "$folder/kernel"
      "$DROPDB" reasons --btf "$folder/cut" || echo "$?"
      """
    let result = try DropDBProcess.shell(script)
    let expected = try #require(try DropReasons.runningKernel()[name: "NO_SOCKET"])
    let line = "\(expected.value)\tcore\tNO_SOCKET\tSKB_DROP_REASON_NO_SOCKET"
    let header = "value\tsubsystem\tname\tsymbol"
    #expect(result.text == [header, line, header, line, "1", ""].joined(separator: "\n"))
    #expect(result.error.contains("cut: byte 100000: the gzip stream ends before its end"))
  }

  @Test("The help of reasons has both ways to use it")
  func help() throws {
    let help = try DropDBProcess.run("reasons", "--help").text
    #expect(help.contains("--btf <file>") && help.contains("reasons diff <old> [<new>]"))
    #expect(try DropDBProcess.run("reasons", "diff", "--help").text.contains("Examples:"))
  }
}
