internal import BTFReasons

/// What the running kernel's tracepoint `skb:kfree_skb` tells, by its BTF, never by the kernel's release.
struct FreeTracepoint {
  /// Whether it tells the reason (5.17, and kernels that took it over).
  let hasReason: Bool
  /// Whether it tells the socket that was to receive the packet (6.11).
  let hasReceivingSocket: Bool

  /// Asks a kernel's BTF.
  ///
  /// - Throws: ``CaptureError`` if the kernel has no such tracepoint, or its BTF is damaged.
  init(_ btf: BTF) throws(CaptureError) {
    // TP_PROTO(struct sk_buff *skb, void *location[, enum skb_drop_reason reason[, struct sock *rx_sk]])
    var types: [BTF.TypeRecord?] = []
    do throws(BTFError) {
      for parameter in try btf.tracepointParameters("kfree_skb") ?? [] {
        types.append(try btf.type(parameter.typeID))
      }
    } catch {
      throw CaptureError(.noBTF, "the kernel's description of its types is damaged: \(error)")
    }
    guard types.count >= 2 else {
      throw CaptureError(
        .noTracepoint,
        "this kernel has no tracepoint skb:kfree_skb, by which drops are seen: it was built without CONFIG_TRACEPOINTS"
      )
    }
    hasReason = types.count > 2 && types[2]?.isEnum == true
    hasReceivingSocket = types.count > 3 && types[3]?.kind == .pointer
  }
}
