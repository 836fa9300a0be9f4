import BTFReasons
import Testing

/// Asks everything of bytes that may be anything.
///
/// Whatever they are, each answer is a value or a `BTFError`; that nothing
/// else can be thrown is checked by the compiler, that nothing traps by getting here.
///
/// Where the bytes can be read, what was found without an index must be what a walk over all types finds.
func exercise(_ bytes: [UInt8], base: BTF? = nil) {
  guard let btf = attempt({ () throws(BTFError) in try BTF(bytes: bytes, base: base, file: "fixture") })
  else { return }
  _ = btf.identity
  _ = attempt { () throws(BTFError) in try btf.checkKernelRules() }
  _ = attempt { () throws(BTFError) in try btf.tracepointParameters("kfree_skb") }
  _ = attempt { () throws(BTFError) in try btf.hasMember("dev", inStruct: "sk_buff") }
  if let reasons = attempt({ () throws(BTFError) in try DropReasons(kernel: base ?? btf, modules: [btf]) }) {
    for reason in reasons.reasons {
      #expect(reasons[reason.value]?.value == reason.value)
      #expect(reasons.name(of: reason.value).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    }
  }
  guard let count = attempt({ () throws(BTFError) in try btf.typeCount() }) else {
    _ = attempt { () throws(BTFError) in try btf.enums(named: "skb_drop_reason") }
    return
  }
  for id in 0...UInt32(count) + 1 {
    guard let type = attempt({ () throws(BTFError) in try btf.type(id) }) ?? nil else { continue }
    _ = attempt { () throws(BTFError) in try type.members() }
    _ = attempt { () throws(BTFError) in try type.parameters() }
    _ = attempt { () throws(BTFError) in try type.enumerators() }
    _ = attempt { () throws(BTFError) in try type.byteSize() }
    _ = attempt { () throws(BTFError) in try type.resolved() }
    guard type.isEnum, type.count > 0, let name = attempt({ () throws(BTFError) in try type.name() }) ?? nil,
      !name.unicodeScalars.contains("\u{fffd}")
    else { continue }
    let byScan = attempt { () throws(BTFError) in try btf.enums(named: name) }
    let byWalk = attempt { () throws(BTFError) in
      try btf.types(named: name).filter { $0.isEnum && $0.count > 0 }
    }
    #expect(byScan?.map(\.offset) == byWalk?.map(\.offset))
    #expect(byScan?.contains(type) == true)
  }
}

private func attempt<Value>(_ body: () throws(BTFError) -> Value) -> Value? {
  do throws(BTFError) {
    return try body()
  } catch {
    #expect(!error.sentence.isEmpty)
    return nil
  }
}
