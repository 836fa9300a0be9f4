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
    do throws(BTFError) {
      // TP_PROTO(struct sk_buff *skb, void *location[, enum skb_drop_reason reason[, struct sock *rx_sk]])
      guard let parameters = try btf.tracepointParameters("kfree_skb"), parameters.count >= 2 else {
        throw CaptureError(
          .noTracepoint,
          "this kernel has no tracepoint skb:kfree_skb, by which drops are seen; it needs CONFIG_NET and CONFIG_TRACEPOINTS")
      }
      hasReason = try parameters.count > 2 && btf.type(parameters[2].typeID)?.isEnum == true
      hasReceivingSocket = try parameters.count > 3 && btf.type(parameters[3].typeID)?.kind == .pointer
    } catch {
      throw CaptureError(.noBTF, "the kernel's description of its types is not readable: \(error)")
    }
  }
}
