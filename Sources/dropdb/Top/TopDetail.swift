import DropReport
import DropStore

/// Draws what is known of one group.
struct TopDetail {
  let screen: TopScreen

  func lines(_ model: TopModel, _ grouping: TopGrouping, _ key: [SQLValue]) -> [FrameLine] {
    var lines: [FrameLine] = [FrameLine("\(grouping.title): \(grouping.label(key))", .bold)]
    if let row = model.rows(grouping).first(where: { $0.key == key }) {
      let basis = model.isCounted(grouping) ? "drops" : "recorded drops"
      lines.append(
        FrameLine(
          "\(TopText.rate(row.rate))/s, \(TopText.count(row.packets)) \(basis) of late, "
            + "\(TopText.share(row.share)) of all"))
      lines.append(
        FrameLine(
          Sparkline.text(
            row.series, width: min(screen.columns, row.series.count), isUnicode: screen.isUnicode), .cyan))
    } else {
      lines.append(FrameLine("no such drop of late", .dim))
    }
    guard let detail = model.detail else { return lines }
    guard detail.packets > 0 else { return lines + [FrameLine("none of them is recorded", .dim)] }
    for part in detail.parts {
      lines += [FrameLine(), FrameLine("\(part.grouping.title)s (of \(basis(detail)))", .bold)]
      for entry in part.entries {
        lines.append(
          FrameLine(TopText.right(TopText.count(entry.packets), 8) + "  " + entry.label))
      }
    }
    return lines + stack(detail)
  }

  private func basis(_ detail: TopModel.Detail) -> String {
    "\(detail.hasOlder ? "the newest " : "")\(TopText.count(detail.packets)) recorded drops"
  }

  private func stack(_ detail: TopModel.Detail) -> [FrameLine] {
    guard let stack = detail.stack else {
      return [FrameLine(), FrameLine("none of them has a stack", .dim)]
    }
    let title = "Stack \(stack.id), of \(TopText.count(stack.packets)) of \(TopText.count(detail.packets))"
    return [FrameLine(), FrameLine(title, .bold)] + stack.frames.map { FrameLine("  " + $0) }
  }
}
