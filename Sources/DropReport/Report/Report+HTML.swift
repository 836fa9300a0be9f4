extension Report {
  /// The report as one page in HTML: with its style and its pictures in it, without a script, and without anything to fetch.
  var html: String {
    let document = document(isUnicode: true)
    var body = "<h1>\(MarkupText.escaped(document.title))</h1>\n"
    body += Self.list(document.facts, kind: "facts")
    for section in document.changes { body += Self.html(section) }
    if !document.leading.isEmpty {
      body += "<h2>\(MarkupText.escaped(Self.leadingTitle))</h2>\n<div class=\"cards\">\n"
      for item in document.leading {
        body += "<section class=\"card\"><h3>\(MarkupText.escaped(item.title))</h3>\n"
        body += Self.list(item.lines, kind: "lines") + "</section>\n"
      }
      body += "</div>\n"
    }
    for section in document.places { body += Self.html(section) }
    body += chart(document)
    if !stacks.isEmpty {
      let basis = hasOlderFlows ? "of the newest \(eventsWithStack)" : "of \(eventsWithStack)"
      body += """
        <figure><figcaption>Stacks (\(basis) recorded events with a stack; the outermost function on top)</figcaption>\
        <div class="scroll wide">\n\(FlameGraph(stacks).svg)</div></figure>\n
        """
    }
    body += "<div class=\"tables\">\n"
    // The first, where something was dropped, is the timeline, which stands below its chart.
    for section in document.sections.dropFirst(totals.packets > 0 ? 1 : 0) { body += Self.html(section) }
    body += "</div>\n"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(MarkupText.escaped(document.title))</title>
      <style>
      \(ChartStyle.colors)
      \(ChartStyle.rules)
      \(Self.pageRules)
      </style>
      </head>
      <body>
      <main>
      \(body)<footer>Counted is exact. Recorded events may be fewer than all drops.</footer>
      </main>
      </body>
      </html>

      """
  }

  /// The chart over time, and its numbers for who wants them.
  private func chart(_ document: Document) -> String {
    guard let timeline = document.sections.first, totals.packets > 0 else { return "" }
    let chart = StackedChart(reasons: reasonsOverTime, label: shortTime)
    return """
      <figure><figcaption>Drops over time, by reason (counted, exact)</figcaption><div class="scroll">\n\(chart.svg)</div>\
      \(chart.legend)<details><summary>The numbers</summary>\(Self.html(timeline))</details></figure>\n
      """
  }

  private static func list(_ pairs: [(name: String, text: String)], kind: String) -> String {
    let rows = pairs.map { pair in
      let isCode = ["Stack", "Look"].contains(pair.name)
      let text = MarkupText.escaped(pair.text)
      return "<dt>\(MarkupText.escaped(pair.name))</dt><dd>\(isCode ? "<code>\(text)</code>" : text)</dd>\n"
    }
    return "<dl class=\"\(kind)\">\n" + rows.joined() + "</dl>\n"
  }

  private static func html(_ section: Document.Section) -> String {
    let isSentence = section.columns.map { ["means", "what it means", "reasons"].contains($0) }
    // Bars of characters are for terminals.
    var columns = section.columns.indices.filter { section.columns[$0] != "chart" }
    // On a narrow screen the right side is out of sight, so what has changed stands beside how; what it means may be below.
    if columns.count > 4, section.columns.first == "change" {
      let sentences = columns[4...].filter { isSentence[$0] }
      columns = [0] + columns[4...].filter { !isSentence[$0] } + Array(columns[1..<4]) + sentences
    }
    let share = section.columns.firstIndex(of: "share")
    // Sentences need the room of both columns of tables.
    let kind = isSentence.contains(true) ? " class=\"full\"" : ""
    var output = "<section\(kind)><h2>\(MarkupText.escaped(section.title))</h2>\n"
    output += "<div class=\"scroll\"><table>\n<thead><tr>"
    let isNumber = columns.map { column in section.rows.first?[column].isNumber == true || column == share }
    for (index, column) in columns.enumerated() {
      output +=
        "<th\(isNumber[index] ? " class=\"n\"" : "")>\(MarkupText.escaped(section.columns[column]))</th>"
    }
    output += "</tr></thead>\n<tbody>\n"
    for row in section.rows {
      output += "<tr>"
      for (index, column) in columns.enumerated() {
        let text = row[column] == .null ? "–" : MarkupText.escaped(row[column].plainText)
        if column == share {
          // `45.1%`; what is above or below all but nothing has a sign before it.
          let digits = row[column].plainText.filter { $0.isASCII && ($0.isNumber || $0 == ".") }
          output +=
            "<td class=\"n\"><span class=\"bar\" style=\"width:\(digits)%\"></span>\(text)</td>"
        } else {
          let kind =
            isNumber[index]
            ? " class=\"n\""
            : isSentence[column] ? " class=\"w\"" : column == 0 ? changeClass(row[column]) : ""
          output += "<td\(kind)>\(text)</td>"
        }
      }
      output += "</tr>\n"
    }
    output += "</tbody></table></div>\n"
    if let note = section.note { output += "<p class=\"note\">\(MarkupText.escaped(note))</p>\n" }
    return output + "</section>\n"
  }

  private static func changeClass(_ cell: Cell) -> String {
    let text = cell.plainText
    if text == "gone" || text == "fewer" || text.contains("÷") { return " class=\"down\"" }
    return text == "new" || text == "more" || text.contains("×") ? " class=\"up\"" : ""
  }

  private static let pageRules = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",\
    sans-serif}
    main{max-width:1200px;margin:0 auto;padding:20px 16px 40px}
    h1{font-size:1.35rem;margin:0 0 12px;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:24px 0 8px}
    h3{font-size:.98rem;margin:0 0 6px;overflow-wrap:anywhere}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:3px 14px;margin:0}
    dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
    code{font:.87em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:12px}
    .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
    .tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:0 28px}
    .tables>section{min-width:0}.tables>.full{grid-column:1/-1}.scroll{overflow-x:auto}.scroll svg{width:100%;min-width:560px}
    .wide svg{min-width:900px}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    th{text-align:left;color:var(--soft);font-weight:500}
    th,td{padding:4px 20px 4px 0;border-bottom:1px solid var(--line);white-space:nowrap;position:relative}
    .n{text-align:right}.up{color:var(--up);font-weight:600}.down{color:var(--down);font-weight:600}
    @media(min-width:800px){td.w{white-space:normal;min-width:17em}}
    .bar{position:absolute;left:0;bottom:0;height:2px;background:var(--s0);max-width:100%}
    figure{margin:24px 0 0}figcaption{font-size:1.05rem;font-weight:600;margin-bottom:8px}
    .legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;margin:8px 0;font-size:.9rem}
    .legend li{display:flex;align-items:center;gap:6px;overflow-wrap:anywhere;min-width:0}
    .note,footer,summary{color:var(--soft);font-size:.88rem}footer{margin-top:28px}
    """
}
