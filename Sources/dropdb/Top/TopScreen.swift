import DropReport

/// Draws what is known as it is to be seen: the head, the rows or a group's detail, and what keys do.
struct TopScreen {
  /// The least that is drawn for, whatever the terminal says.
  private static let smallest = (columns: 10, lines: 2)

  let columns: Int
  let lines: Int
  let isUnicode: Bool

  init(columns: Int, lines: Int, isUnicode: Bool) {
    self.columns = max(Self.smallest.columns, columns)
    self.lines = max(Self.smallest.lines, lines)
    self.isUnicode = isUnicode
  }

  /// How many rows fit below the head.
  var page: Int { max(1, lines - headCount - footCount) }

  private var mark: String { isUnicode ? "…" : "~" }
  /// On a low screen rows are worth more than what stands around them.
  private var headCount: Int { lines >= 10 ? 5 : lines >= 6 ? 2 : 1 }
  private var footCount: Int { lines >= 6 ? 1 : 0 }
  /// Whether the last line says what keys do.
  var hasFoot: Bool { footCount > 0 }

  /// Draws; selection and scrolling are brought to where there is something.
  func frame(_ model: TopModel, _ view: inout TopView) -> Frame {
    var all = head(model, view)
    let body: [FrameLine]
    if view.isHelping {
      body = Array(TopHelp.lines.map { FrameLine($0) }.prefix(page))
    } else if let detail = view.detail {
      let content = TopDetail(screen: self).lines(model, detail.grouping, detail.key)
      view.offset = max(0, min(view.offset, content.count - page))
      body = Array(content.dropFirst(view.offset).prefix(page))
    } else {
      body = rows(model, &view)
    }
    all += body
    let foot = foot(model, view)
    while all.count < lines - footCount { all.append(FrameLine()) }
    if footCount > 0 {
      all.append(foot)
    } else if view.typing != nil {
      all[lines - 1] = foot
    }
    return Frame(lines: all.prefix(lines).map { $0.cut(to: columns, mark: mark) })
  }

  // MARK: Head and foot

  private func head(_ model: TopModel, _ view: TopView) -> [FrameLine] {
    switch headCount {
    case 1: return [short(model, view, withTab: true)]
    case 2: return [short(model, view, withTab: false), tabs(model, view)]
    default:
      return [
        title(model, view), captures(model, view), totals(model), tabs(model, view), names(model, view),
      ]
    }
  }

  private func short(_ model: TopModel, _ view: TopView, withTab: Bool) -> FrameLine {
    var line = FrameLine()
    if let trouble = model.trouble { line.append(SafeText.visible(trouble) + " ", .red) }
    if view.isPaused { line.append("paused ", .reversed) }
    line.append(TopText.rate(model.rates?.counted) + "/s", .bold)
    if withTab { line.append(" " + view.grouping.title, .cyan) }
    if let lost = model.rates?.lost, lost > 0 { line.append(" lost " + TopText.rate(lost) + "/s", .red) }
    return line
  }

  private func title(_ model: TopModel, _ view: TopView) -> FrameLine {
    var line = FrameLine("dropdb top", .bold)
    line.append("  " + TopText.time(model.now, isUTC: view.isUTC))
    let window = model.every.multipliedReportingOverflow(by: Int64(model.slotCount)).partialValue
    line.append("  last \(TopText.duration(window)), every \(TopText.duration(model.every))", .dim)
    if view.isPaused {
      line.append("  ")
      line.append("paused", .reversed)
    }
    line.append("  " + SafeText.visible(model.path))
    return line
  }

  private func captures(_ model: TopModel, _ view: TopView) -> FrameLine {
    if let trouble = model.trouble { return FrameLine(SafeText.visible(trouble), .red) }
    guard let capture = model.captures.first else {
      let last = model.newest.map { "; the last drop was at " + TopText.time($0, isUTC: view.isUTC) } ?? ""
      return FrameLine("no capture runs here" + last, .red)
    }
    let host = capture.host.map { " on " + SafeText.visible($0) } ?? ""
    let more = model.captures.count > 1 ? " and \(model.captures.count - 1) more" : ""
    return FrameLine(
      "capture \(capture.pid)\(host) since \(TopText.time(capture.start, isUTC: view.isUTC))\(more)")
  }

  private func totals(_ model: TopModel) -> FrameLine {
    var line = FrameLine()
    line.append("counted \(TopText.rate(model.rates?.counted))/s", .bold)
    line.append("  recorded \(TopText.rate(model.rates?.recorded))/s")
    let isLosing = (model.rates?.lost ?? 0) > 0
    line.append("  lost \(TopText.rate(model.rates?.lost))/s", isLosing ? .red : [])
    let totals = model.totals
    line.append(
      "  (in all \(TopText.count(totals.counted)), \(TopText.count(totals.recorded)), "
        + "\(TopText.count(totals.lost)))", .dim)
    return line
  }

  private func tabs(_ model: TopModel, _ view: TopView) -> FrameLine {
    var line = FrameLine()
    for grouping in TopGrouping.allCases {
      if line.width > 0 { line.append(" ") }
      let text = " \(grouping.number + 1) \(grouping.title) "
      line.append(text, grouping == view.grouping ? .reversed : .dim)
    }
    // On a narrow screen the one that is shown must be seen.
    if line.width > columns {
      line = FrameLine(" \(view.grouping.number + 1) \(view.grouping.title) ", .reversed)
      line.append(" of \(TopGrouping.allCases.count)", .dim)
    }
    let isCounted = model.isCounted(view.grouping)
    if model.isChosen {
      line.append(isCounted ? "  all drops that were asked for" : "  those asked for, recorded only", .dim)
    } else {
      line.append(isCounted ? "  all drops" : "  recorded drops only", .dim)
    }
    if model.isCut { line.append(", the most frequent", .dim) }
    return line
  }

  private func names(_ model: TopModel, _ view: TopView) -> FrameLine {
    var line = FrameLine()
    let layout = RowLayout(columns: columns, slotCount: model.slotCount)
    let arrow = view.isReversed ? (isUnicode ? "↑" : "^") : (isUnicode ? "↓" : "v")
    let name = { (order: TopView.Order, text: String) in view.order == order ? text + arrow : text }
    line.append(TopText.right(name(.rate, "/s"), layout.rate), .bold)
    if layout.packets > 0 { line.append(TopText.right(name(.packets, "packets"), layout.packets), .bold) }
    if layout.share > 0 { line.append(TopText.right("share", layout.share), .bold) }
    if layout.chart > 0 { line.append("  " + TopText.left("", layout.chart), .bold) }
    line.append("  " + name(.name, view.grouping.title.lowercased()), .bold)
    return line
  }

  private func foot(_ model: TopModel, _ view: TopView) -> FrameLine {
    if let typing = view.typing {
      var line = FrameLine("filter: ", .bold)
      line.append(typing)
      line.append(" ", .reversed)
      return line
    }
    var line = FrameLine()
    if !view.filter.isEmpty { line.append("filter: \(view.filter)  Esc clears  ", .bold) }
    if view.isHelping {
      line.append("any key goes back", .dim)
    } else if view.detail != nil {
      line.append("Esc back  ", .dim)
      line.append("q quit", .dim)
    } else {
      line.append("? help  Enter detail  Tab next  s sort  / filter  p pause  q quit", .dim)
    }
    return line
  }

  // MARK: Rows

  private func rows(_ model: TopModel, _ view: inout TopView) -> [FrameLine] {
    let rows = view.rows(model)
    guard !rows.isEmpty else {
      let isFiltered = !(view.typing ?? view.filter).isEmpty
      return [FrameLine(isFiltered ? "nothing has such a name" : "no drop of late", .dim)]
    }
    let index = rows.firstIndex { $0.key == view.selected } ?? 0
    view.offset = max(0, min(view.offset, index, rows.count - page))
    if index >= view.offset + page { view.offset = index - page + 1 }
    let layout = RowLayout(columns: columns, slotCount: model.slotCount)
    return rows.dropFirst(view.offset).prefix(page).map { row in
      let line = line(row, layout)
      return row.key == rows[index].key
        ? line.cut(to: columns, mark: mark).filled(to: columns, .reversed) : line
    }
  }

  private func line(_ row: TopModel.Row, _ layout: RowLayout) -> FrameLine {
    var line = FrameLine(TopText.right(TopText.rate(row.rate), layout.rate), row.rate > 0 ? .bold : [])
    if layout.packets > 0 { line.append(TopText.right(TopText.count(row.packets), layout.packets)) }
    if layout.share > 0 { line.append(TopText.right(TopText.share(row.share), layout.share)) }
    if layout.chart > 0 {
      line.append("  " + Sparkline.text(row.series, width: layout.chart, isUnicode: isUnicode), .cyan)
    }
    line.append("  " + row.label)
    return line
  }

  /// The widths of what stands before a row's name; 0 for what has no room.
  private struct RowLayout {
    var rate: Int
    var packets = 0
    var share = 0
    var chart = 0

    init(columns: Int, slotCount: Int) {
      rate = columns >= 40 ? 8 : 5
      if columns >= 50 { packets = 9 }
      if columns >= 40 { share = 6 }
      if columns >= 60 { chart = max(1, min(slotCount, 60, (columns - 36) / 2)) }
    }
  }
}
