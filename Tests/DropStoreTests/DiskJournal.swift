import CPowerCut
import Foundation
import Testing

/// What the disk was asked for, in order, from which its state at any moment follows.
struct DiskJournal {
  struct Entry {
    enum Kind {
      case write(offset: Int, bytes: Data)
      case truncate(size: Int)
      case sync
      case remove
      case promise(Int64)
    }

    /// What follows the database's name: nothing, or `-wal`.
    var file: String
    var kind: Kind
  }

  private static let sector = 512

  private(set) var entries: [Entry] = []

  /// How often the log was taken into the database: a sync of the database itself.
  var checkpoints: Int {
    entries.count { entry in
      if case .sync = entry.kind { entry.file.isEmpty } else { false }
    }
  }

  /// Reads what CPowerCut wrote.
  init(_ journal: String, of database: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: journal))
    let head = MemoryLayout<CPowerCut_entry>.size
    var place = data.startIndex
    while place + head <= data.endIndex {
      func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number {
        data[place + offset..<place + offset + MemoryLayout<Number>.size].reversed().reduce(0) {
          $0 << 8 | Number(truncatingIfNeeded: $1)
        }
      }
      let kind = number(0, UInt32.self)
      let nameLength = Int(number(4, UInt32.self))
      let offset = number(8, Int64.self)
      let count = Int(number(16, Int64.self))
      place += head
      let bytes = data[place..<place + count]
      place += count
      let name = String(decoding: data[place..<place + nameLength], as: UTF8.self)
      place += nameLength
      guard name.isEmpty || name.hasPrefix(database) else { continue }
      let file = String(name.dropFirst(database.count))
      let entry: Entry.Kind =
        switch Int(kind) {
        case 1: .write(offset: Int(offset), bytes: Data(bytes))
        case 2: .truncate(size: Int(offset))
        case 3: .sync
        case 4: .remove
        default: .promise(offset)
        }
      entries.append(Entry(file: file, kind: entry))
    }
    try #require(place == data.endIndex && !entries.isEmpty)
  }

  /// Writes the files as a disk may have them that lost its power at a moment.
  ///
  /// - Parameters:
  ///   - moment: before which entry.
  ///   - path: where the database is to be.
  ///   - generator: chance.
  /// - Returns: how many drops had been acknowledged, and whether anything asked for is missing.
  /// - Throws: when the files cannot be written.
  func restore(
    at moment: Int, to path: String, using generator: inout SeededGenerator
  ) throws -> (promised: Int64, isDamaged: Bool) {
    var files: [String: Data] = [:]
    /// What was asked for since the last sync, by file.
    var unsynced: [String: [Entry.Kind]] = [:]
    var promised: Int64 = 0
    for entry in entries[..<moment] {
      switch entry.kind {
      case .promise(let number): if number > 0 { promised = number }
      case .sync:
        for kind in unsynced[entry.file] ?? [] { Self.apply(kind, to: &files[entry.file, default: Data()]) }
        unsynced[entry.file] = []
        if files[entry.file] == nil { files[entry.file] = Data() }
      case .remove:
        files[entry.file] = nil
        unsynced[entry.file] = nil
      default: unsynced[entry.file, default: []].append(entry.kind)
      }
    }
    var isDamaged = false
    // What the disk did with the rest: it took all, nothing, or some of it, in any order.
    let mood = Int.random(in: 0..<4, using: &generator)
    for (file, kinds) in unsynced.sorted(by: { $0.key < $1.key }) {
      var kept: [Entry.Kind] = []
      for kind in kinds {
        let fate = mood == 0 ? 0 : mood == 1 ? 1 : Int.random(in: 0..<3, using: &generator)
        if fate == 0 {
          kept.append(kind)
          continue
        }
        isDamaged = true
        guard fate == 2, case .write(let offset, let bytes) = kind else { continue }
        // Some sectors of it only.
        for start in stride(from: 0, to: bytes.count, by: Self.sector) where Bool.random(using: &generator) {
          kept.append(
            .write(offset: offset + start, bytes: bytes.dropFirst(start).prefix(Self.sector)))
        }
      }
      // Where two of them overlap, the later need not have come later.
      if mood == 3 { kept.shuffle(using: &generator) }
      for kind in kept { Self.apply(kind, to: &files[file, default: Data()]) }
    }
    for (file, data) in files { try data.write(to: URL(fileURLWithPath: path + file)) }
    return (promised, isDamaged)
  }

  private static func apply(_ kind: Entry.Kind, to data: inout Data) {
    switch kind {
    case .write(let offset, let bytes):
      if data.count < offset + bytes.count {
        data.append(Data(count: offset + bytes.count - data.count))
      }
      data.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    case .truncate(let size):
      if data.count > size {
        data.removeSubrange(size...)
      } else {
        data.append(Data(count: size - data.count))
      }
    default: break
    }
  }
}
