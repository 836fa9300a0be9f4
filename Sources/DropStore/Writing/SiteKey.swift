internal import DropEvents

/// The words of a site, and of how it was reached: to remember their rows by.
enum SiteKey {
  /// All fields of a site, and which of them are known; the last word is for what else there is.
  @inline(__always)
  static func words(_ site: DropSite) -> InlineArray<7, UInt64> {
    var known: UInt64 = site.origin == .software ? 0 : 1
    if site.reason != nil { known |= 1 << 1 }
    if site.location != nil { known |= 1 << 2 }
    if site.ifindex != nil { known |= 1 << 3 }
    if site.interface != nil { known |= 1 << 4 }
    if site.netns != nil { known |= 1 << 5 }
    if site.etherType != nil { known |= 1 << 6 }
    if site.trap != nil { known |= 1 << 7 }
    return [
      site.location ?? 0, site.trap ?? 0, site.interface?.low ?? 0, site.interface?.high ?? 0,
      UInt64(site.reason ?? 0) | UInt64(site.ifindex ?? 0) << 32,
      UInt64(site.netns ?? 0) | UInt64(site.etherType ?? 0) << 32 | known << 48, 0,
    ]
  }

  /// The same of an event, with its stack and context.
  @inline(__always)
  static func words(_ event: DropEvent) -> InlineArray<7, UInt64> {
    var words = words(event.site)
    var known: UInt64 = event.stack == nil ? 0 : 1
    // One more, so that unknown is 0.
    if let context = event.context { known |= UInt64(context.rawValue + 1) << 1 }
    words[6] = UInt64(event.stack?.rawValue ?? 0) | known << 32
    return words
  }
}
