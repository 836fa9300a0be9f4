internal import BTFReasons

/// What the running kernel's tracepoint `skb:kfree_skb` tells, by its BTF, never by the kernel's release.
struct FreeTracepoint {
  /// Whether it tells the reason (5.17, and kernels that took it over).
  let hasReason: Bool
  /// Whether it tells the socket that was to receive the packet (6.11).
  let hasReceivingSocket: Bool
}
extension FreeTracepoint { init() throws(CaptureError) { hasReason = true; hasReceivingSocket = true } }
