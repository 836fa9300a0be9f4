/// Packets over time, by reason, as stacked columns in SVG.
struct StackedChart {
  private static let width = 860.0
  private static let height = 260.0
  private static let left = 52.0
  private static let right = 12.0
  private static let top = 10.0
  private static let bottom = 28.0

  let reasons: ReasonsOverTime
  /// How a moment is labelled.
  let label: (Int64) -> String

  /// The picture; none without buckets.
  var svg: String {
    let buckets = reasons.buckets
    guard let first = buckets.first, let last = buckets.last, last.end > first.start else { return "" }
    let sums = buckets.indices.map { bucket in
      reasons.series.reduce(Int64(0)) { $0 &+ $1.packets[bucket] }
    }
    // Columns may differ in width: the last is cut where the range ends.
    let most = Self.ceiling(sums.max() ?? 0)
    let span = Double(last.end - first.start)
    let plotWidth = Self.width - Self.left - Self.right
    let plotHeight = Self.height - Self.top - Self.bottom
    func x(_ moment: Int64) -> Double { Self.left + Double(moment - first.start) / span * plotWidth }
    func y(_ packets: Double) -> Double { Self.top + plotHeight * (1 - packets / Double(most)) }
    let n = SVGNumber.text
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(Self.width)) \(n(Self.height))" role="img" \
      aria-label="Packets dropped over time, by reason">\n
      """
    for tick in 0...4 {
      let value = most / 4 * Int64(tick)
      let place = n(y(Double(value)))
      svg += """
        <line class="grid" x1="\(n(Self.left))" x2="\(n(Self.width - Self.right))" y1="\(place)" y2="\(place)"/>\
        <text x="\(n(Self.left - 6))" y="\(n(y(Double(value)) + 4))" text-anchor="end">\(SVGNumber.short(value))</text>\n
        """
    }
    for (index, bucket) in buckets.enumerated() {
      let (begin, end) = (x(bucket.start), x(bucket.end))
      let width = max(0.5, end - begin - (end - begin > 4 ? 1 : 0))
      if reasons.covered[index] < 1 {
        let hidden = 1 - reasons.covered[index]
        svg += """
          <rect class="gap" x="\(n(begin))" y="\(n(Self.top + plotHeight * (1 - hidden)))" width="\(n(end - begin))" \
          height="\(n(plotHeight * hidden))"><title>\(MarkupText.escaped(label(bucket.start))): \
          \(reasons.covered[index] > 0 ? "partly captured" : "no capture")</title></rect>\n
          """
      }
      var below = 0.0
      for (number, series) in reasons.series.enumerated() where series.packets[index] > 0 {
        let packets = Double(series.packets[index])
        let (upper, lower) = (y(below + packets), y(below))
        below += packets
        svg += """
          <rect class="\(ChartStyle.series(number, isRest: series.name == nil))" x="\(n(begin))" y="\(n(upper))" \
          width="\(n(width))" height="\(n(max(0.5, lower - upper)))"><title>\(MarkupText.escaped(label(bucket.start))) \
          \(MarkupText.escaped(series.name ?? "others")): \(series.packets[index])</title></rect>\n
          """
      }
    }
    let moments = Self.ticks(buckets)
    for (number, moment) in moments.enumerated() {
      let anchor = number == 0 ? "start" : number == moments.count - 1 ? "end" : "middle"
      svg += """
        <text x="\(n(x(moment)))" y="\(n(Self.height - 8))" text-anchor="\(anchor)">\(MarkupText.escaped(label(moment)))</text>\n
        """
    }
    return svg + "</svg>\n"
  }

  /// What the colours stand for, as a list in HTML.
  var legend: String {
    let items = reasons.series.enumerated().map { index, series in
      """
      <li><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" \
      class="\(ChartStyle.series(index, isRest: series.name == nil))"/></svg>\(MarkupText.escaped(series.name ?? "others"))</li>
      """
    }
    let gap =
      reasons.covered.contains { $0 < 1 }
      ? """
      <li><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect width="10" height="10" rx="2" \
      class="gap"/></svg>no capture</li>
      """ : ""
    return "<ul class=\"legend\">" + items.joined() + gap + "</ul>\n"
  }

  /// The moments that are labelled: where columns begin, so that no two have the same label, and the end.
  static func ticks(_ buckets: [Interval]) -> [Int64] {
    guard let first = buckets.first, let last = buckets.last else { return [] }
    let most = 5
    let step = (buckets.count + most - 1) / most
    var ticks = stride(from: 0, to: buckets.count, by: step).map { buckets[$0].start }
    // The end needs room for its label.
    let room = Double(last.end - first.start) / Double(2 * most)
    if ticks.count > 1, let close = ticks.last, Double(last.end - close) < room { ticks.removeLast() }
    return ticks + [last.end]
  }

  /// The next number that four equal steps reach with round numbers.
  private static func ceiling(_ most: Int64) -> Int64 {
    var unit: Int64 = 1
    while true {
      for factor in [4, 8, 20, 40] as [Int64] {
        let (value, overflow) = factor.multipliedReportingOverflow(by: unit)
        if overflow { return .max }
        if value >= most { return value }
      }
      let (next, overflow) = unit.multipliedReportingOverflow(by: 10)
      if overflow { return .max }
      unit = next
    }
  }
}
