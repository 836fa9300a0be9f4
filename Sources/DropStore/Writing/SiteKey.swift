internal import DropEvents

/// A site, packed: to remember its row by.
///
/// Hashed and compared by words rather than by optional fields, because each event needs one.
struct SiteKey: Hashable {
  private let location: UInt64
  private let trap: UInt64
  private let interfaceLow: UInt64
  private let interfaceHigh: UInt64
  /// Reason and interface index.
  private let numbers: UInt64
  /// Namespace, EtherType, and 16 bits that say which fields are known, and the origin.
  private let small: UInt64

  init(_ site: DropSite) {
    location = site.location ?? 0
    trap = site.trap ?? 0
    interfaceLow = site.interface?.low ?? 0
    interfaceHigh = site.interface?.high ?? 0
    numbers = UInt64(site.reason ?? 0) | UInt64(site.ifindex ?? 0) << 32
    var known: UInt64 = site.origin == .software ? 0 : 1
    if site.reason != nil { known |= 1 << 1 }
    if site.location != nil { known |= 1 << 2 }
    if site.ifindex != nil { known |= 1 << 3 }
    if site.interface != nil { known |= 1 << 4 }
    if site.netns != nil { known |= 1 << 5 }
    if site.etherType != nil { known |= 1 << 6 }
    if site.trap != nil { known |= 1 << 7 }
    small = UInt64(site.netns ?? 0) | UInt64(site.etherType ?? 0) << 32 | known << 48
  }

  /// Interface names are left out: few have the same index.
  func hash(into hasher: inout Hasher) {
    hasher.combine(location)
    hasher.combine(numbers)
    hasher.combine(small)
    if trap != 0 { hasher.combine(trap) }
  }
}

/// How a site was reached, packed: to remember its row by.
struct PathKey: Hashable {
  private let site: SiteKey
  /// Stack, and 32 bits that say whether it is known, and the context.
  private let stack: UInt64

  init(_ event: DropEvent) {
    site = SiteKey(event.site)
    var known: UInt64 = event.stack == nil ? 0 : 1
    // One more, so that unknown is 0.
    if let context = event.context { known |= UInt64(context.rawValue + 1) << 1 }
    stack = UInt64(event.stack?.rawValue ?? 0) | known << 32
  }

  func hash(into hasher: inout Hasher) {
    site.hash(into: &hasher)
    hasher.combine(stack)
  }
}
