internal import DropEvents

extension DropBatch {
  /// Adds drops that came while their CPU was running the program for another: nothing else is known of them.
  ///
  /// - Parameters:
  ///   - packets: How many.
  ///   - second: The second in which they were found, since the epoch.
  mutating func addNested(_ packets: UInt64, second: Int64) {
    tallies.append(DropTally(site: DropSite(), minute: second / 60 * 60, packets: packets, bytes: 0))
    losses.append(DropLoss(cause: .nested, second: second, packets: packets))
  }
}
