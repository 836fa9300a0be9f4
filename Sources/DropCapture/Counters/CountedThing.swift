internal import DropEvents

/// Something that the kernel keeps counters of: an interface, a CPU, a queueing discipline, a namespace's protocols.
struct CountedThing: Hashable {
  /// Where the kernel tells its counters.
  var source: CounterSource
  /// What it is called; `nil` for all of a namespace or host.
  var scope: String?
  /// The inode number of its network namespace; `nil` for what counts for all of them.
  var netns: UInt32?
  /// What tells it from another of this name that was there before: an interface's index, a handle.
  var instance: UInt64 = 0
  /// The same for its namespace, whose inode number is used again (`SO_NETNS_COOKIE`); 0 where the kernel has none.
  var namespaceCookie: UInt64 = 0
}

/// What the counters of one thing stood at when it was looked at.
struct CounterReading: Equatable {
  /// Of what.
  var thing: CountedThing
  /// In the order of ``DropEvents/CounterSource``'s names; `nil` for those that the kernel does not have.
  var values: [UInt64?]
}
