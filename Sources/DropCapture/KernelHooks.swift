internal import BTFReasons

/// What the running kernel's tracepoints tell of drops, by its BTF, never by the kernel's release.
struct KernelHooks {
  /// Whether `skb:kfree_skb` tells the reason (5.17, and kernels that took it over).
  let tellsReason: Bool
  /// Whether it tells the socket that was to receive the packet (6.11).
  let tellsReceivingSocket: Bool
  /// Whether `qdisc:qdisc_drop` tells why a queueing discipline dropped (7.1).
  private(set) var tellsQdiscReason: Bool
  /// Whether `devlink:devlink_trap_report` tells of drops by devices (5.11 in this form).
  private(set) var tellsTraps: Bool
  /// Whether programs can be run by a system call (5.14), and so asked where per-CPU variables are.
  private(set) var runsPrograms: Bool
  /// Whether programs can read the kernel's memory without a call, by `bpf_rdonly_cast()` (6.2).
  private(set) var castsPointers: Bool
  /// Whether they can read of a packet what does not lie in one piece, by `bpf_dynptr_from_skb()`.
  ///
  /// The function is there since 6.4, and for these programs since 6.11, which BTF does not tell: what else came with
  /// 6.11 is asked for besides, and the verifier has the last word.
  private(set) var readsNonlinear: Bool

  /// Asks a kernel's BTF.
  ///
  /// - Throws: ``CaptureError`` if the kernel has no `skb:kfree_skb`, or its BTF is damaged.
  init(_ btf: BTF) throws(CaptureError) {
    // TP_PROTO(struct sk_buff *skb, void *location[, enum skb_drop_reason reason[, struct sock *rx_sk]])
    let free: [BTF.TypeRecord?]
    do throws(BTFError) {
      free = try Self.parameters(of: "kfree_skb", btf)
      tellsReason = free.count > 2 && free[2]?.isEnum == true
      tellsReceivingSocket = free.count > 3 && free[3]?.kind == .pointer
      // TP_PROTO(struct Qdisc *, const struct netdev_queue *, struct net_device *, struct sk_buff *,
      //   enum qdisc_drop_reason)
      let qdisc = try Self.parameters(of: "qdisc_drop", btf)
      tellsQdiscReason = qdisc.count == 5 && qdisc[3]?.kind == .pointer && qdisc[4]?.isEnum == true
      // TP_PROTO(struct devlink *, struct sk_buff *, const struct devlink_trap_metadata *)
      let trap = try Self.parameters(of: "devlink_trap_report", btf)
      let takesPointers = trap.count == 3 && trap.allSatisfy { $0?.kind == .pointer }
      let tellsType = try btf.hasMember("trap_type", inStruct: "devlink_trap_metadata")
      tellsTraps = takesPointers && tellsType
      runsPrograms = try btf.hasEnumerator("BPF_PROG_TYPE_SYSCALL", inEnum: "bpf_prog_type")
      castsPointers = try !btf.types(named: "bpf_rdonly_cast", kind: .function).isEmpty
      let makesDynamicPointers = try !btf.types(named: "bpf_dynptr_from_skb", kind: .function).isEmpty
      readsNonlinear = makesDynamicPointers && castsPointers && tellsReceivingSocket
    } catch {
      throw CaptureError(.noBTF, "the kernel's description of its types is damaged: \(error)")
    }
    guard free.count >= 2 else {
      throw CaptureError(
        .noTracepoint,
        "this kernel has no tracepoint skb:kfree_skb, by which drops are seen: it was built without CONFIG_TRACEPOINTS"
      )
    }
  }

  /// The same without what a capture can do without: first what tells least; `nil` where nothing is left to do without.
  var plainer: KernelHooks? {
    var hooks = self
    guard !readsNonlinear else {
      hooks.readsNonlinear = false
      return hooks
    }
    guard tellsQdiscReason || tellsTraps || runsPrograms || castsPointers else { return nil }
    hooks.tellsQdiscReason = false
    hooks.tellsTraps = false
    hooks.runsPrograms = false
    hooks.castsPointers = false
    return hooks
  }

  /// The tracepoints that programs are attached to.
  var tracepoints: [String] {
    ["skb:kfree_skb"] + (tellsQdiscReason ? ["qdisc:qdisc_drop"] : [])
      + (tellsTraps ? ["devlink:devlink_trap_report"] : [])
  }

  /// The program for `skb:kfree_skb`.
  var freeProgram: String { castsPointers ? "drop_kfree_skb" : "drop_kfree_skb_by_calls" }
  /// The one that is not to be loaded.
  var otherFreeProgram: String { castsPointers ? "drop_kfree_skb_by_calls" : "drop_kfree_skb" }

  private static func parameters(of tracepoint: String, _ btf: BTF) throws(BTFError) -> [BTF.TypeRecord?] {
    var types: [BTF.TypeRecord?] = []
    for parameter in try btf.tracepointParameters(tracepoint) ?? [] {
      types.append(try btf.type(parameter.typeID))
    }
    return types
  }
}
