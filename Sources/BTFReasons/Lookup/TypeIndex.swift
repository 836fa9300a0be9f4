import Synchronization

/// Where each type's record stands: made once, when the first type is looked up by its id.
final class TypeIndex: Sendable {
  /// By position in the file; 4 bytes a type, since no section is longer than 32 bits can tell.
  let offsets: [UInt32]

  init(offsets: [UInt32]) {
    self.offsets = offsets
  }
}

extension BTF {
  /// Where each own type's record stands; all records fit in the file.
  func typeIndex() throws(BTFError) -> TypeIndex {
    if let made = index.load() { return made }
    let offsets = try source.withBytes { (bytes) throws(BTFError) in
      var offsets: [UInt32] = []
      // 25 bytes a type is what kernels have; never more than a third of the file's own size.
      offsets.reserveCapacity(header.types.count / 24)
      var walk = walk()
      while let (offset, _) = try walk.next(in: bytes) {
        offsets.append(UInt32(truncatingIfNeeded: offset))
      }
      return offsets
    }
    return index.storeIfNil(TypeIndex(offsets: offsets))
  }

  /// The id of the first own type: 1, or the one after the base's last.
  ///
  /// - Returns: `nil` where the base is not at hand, so that ids cannot be told.
  func firstTypeID() throws(BTFError) -> UInt32? {
    guard isSplit else { return 1 }
    guard let base, let first = try base.firstTypeID() else { return nil }
    return first &+ UInt32(truncatingIfNeeded: try base.typeIndex().offsets.count)
  }
}
