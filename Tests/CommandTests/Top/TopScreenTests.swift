import DropStore
import Testing

@testable import dropdb

/// Frames are looked at without a terminal.
@Suite struct TopScreenTests {
  private static let second: Int64 = 1_000_000_000
  private static let now: Int64 = 1_795_140_605 * second

  /// A model with drops of three reasons, and of a flow and an interface with hostile and wide names.
  private static var model: TopModel {
    let slot = now / second - 1
    var model = TopModel(
      path: "drops.db", every: second, slotCount: 60, now: now,
      counted: RateHistory(count: 60, last: slot))
    model.captures = [TopModel.Capture(pid: 4711, host: "web1", start: now - 605 * second)]
    model.totals = TopModel.Totals(counted: 1_234_567, recorded: 1_200_000, lost: 3)
    model.rates = (1234, 1200, 0.5)
    let socket: [SQLValue] = [
      .text("NO_SOCKET"), .text("core"), .text("udp_rcv+0x91"), .text("eth0"), .text("web"),
    ]
    let buffer: [SQLValue] = [
      .text("SOCKET_RCVBUFF"), .text("core"), .text("sock_queue_rcv_skb+0x1"), .text("\u{1b}[2J漢字"), .null,
    ]
    let switched: [SQLValue] = [.text("LAST_ACTION"), .text("openvswitch"), .null, .null, .null]
    for age in 0..<60 { model.counted.add(Int64(60 - age), to: socket, in: slot - Int64(age)) }
    model.counted.add(1000, to: buffer, in: slot - 30)
    model.counted.add(20, to: switched, in: slot)
    var flows = RateHistory(count: 60, last: slot)
    flows.add(
      5, to: [.text("UDP"), .text("fd00::1"), .integer(53), .text("fd00::2"), .integer(4000)], in: slot)
    model.recorded[.flow] = flows
    return model
  }

  private static func frame(
    _ columns: Int, _ lines: Int, _ view: TopView = utc, _ model: TopModel = model, isUnicode: Bool = true
  ) -> Frame {
    var view = view
    return TopScreen(columns: columns, lines: lines, isUnicode: isUnicode).frame(model, &view)
  }

  private static var utc: TopView {
    var view = TopView()
    view.isUTC = true
    return view
  }

  @Test("The screen of 80 columns")
  func snapshot() {
    #expect(
      Self.frame(80, 12).text == """
        dropdb top  2026-11-20T02:10:05Z  last 1min, every 1s  drops.db
        capture 4711 on web1 since 2026-11-20T02:00:00Z
        counted 1234/s  recorded 1200/s  lost 0.5/s  (in all 1.2M, 1.2M, 3)
         1 Reason   2 Location   3 Flow   4 Interface   5 Service   all drops
              /s packets↓ share                          reason
              60     1830 64.2%  ▁▁▁▂▂▃▃▃▄▄▄▅▅▆▆▆▇▇▇███  NO_SOCKET
               0     1000 35.1%            █             SOCKET_RCVBUFF
              20       20  0.7%                       █  LAST_ACTION (openvswitch)



        ? help  Enter detail  Tab next  s sort  / filter  p pause  q quit

        """)
  }

  @Test("A low and narrow screen shows the rates and the most frequent")
  func small() {
    #expect(
      Self.frame(20, 5).text == """
        1234/s Reason lost …
           60  NO_SOCKET
            0  SOCKET_RCVBU…
           20  LAST_ACTION …


        """)
  }

  @Test(
    "No line is wider than the screen, and there are as many as it has",
    arguments: [(20, 5), (1, 1), (33, 6), (40, 9), (59, 10), (80, 24), (200, 60)])
  func bounds(columns: Int, lines: Int) {
    for grouping in TopGrouping.allCases {
      for isHelping in [false, true] {
        for detail in [false, true] {
          var view = Self.utc
          view.grouping = grouping
          view.isHelping = isHelping
          view.typing = isHelping ? nil : ""
          if detail, let row = view.rows(Self.model).first { view.detail = (grouping, row.key) }
          for isUnicode in [true, false] {
            let frame = Self.frame(columns, lines, view, isUnicode: isUnicode)
            #expect(frame.lines.count == max(2, lines))
            #expect(frame.lines.allSatisfy { $0.width <= max(10, columns) })
            #expect(!frame.text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
          }
        }
      }
    }
  }

  @Test("Hostile names act on nothing, and wide ones keep to their columns")
  func hostile() {
    var view = Self.utc
    view.grouping = .interface
    let text = Self.frame(80, 12, view).text
    #expect(text.contains("\\x1b[2J漢字") && !text.contains("\u{1b}"))
    #expect(text.contains("eth0  netns web"))
    view.filter = "漢"
    let selected = Self.frame(30, 12, view).lines[5]
    #expect(selected.width == 30)
  }

  @Test("Flows are told to be of recorded drops")
  func flows() {
    var view = Self.utc
    view.grouping = .flow
    let text = Self.frame(100, 12, view).text
    #expect(text.contains("recorded drops only") && text.contains("UDP [fd00::1]:53 > [fd00::2]:4000"))
  }

  @Test("Keys sort, filter, choose, open and go back")
  func keys() throws {
    var view = Self.utc
    let model = Self.model
    func press(_ keys: Key...) -> TopView.Effect {
      var effect = TopView.Effect.none
      for key in keys { effect = view.press(key, model, page: 10) }
      return effect
    }
    func names() -> [String] { view.rows(model).map(\.label) }
    #expect(names() == ["NO_SOCKET", "SOCKET_RCVBUFF", "LAST_ACTION (openvswitch)"])
    #expect(press(.character("s")) == .none)
    #expect(names() == ["LAST_ACTION (openvswitch)", "NO_SOCKET", "SOCKET_RCVBUFF"])
    #expect(press(.character("r")) == .none)
    #expect(names().first == "SOCKET_RCVBUFF")
    #expect(press(.character("r"), .character("s")) == .none)
    #expect(names() == ["NO_SOCKET", "LAST_ACTION (openvswitch)", "SOCKET_RCVBUFF"])
    #expect(press(.character("/"), .character("q"), .backspace, .character("s"), .character("o")) == .none)
    #expect(names() == ["NO_SOCKET", "SOCKET_RCVBUFF"])
    #expect(press(.enter, .down, .enter) == .read)
    #expect(view.detail?.key == [.text("SOCKET_RCVBUFF"), .text("core")])
    #expect(press(.escape) == .read)
    #expect(view.detail == nil && view.filter == "so")
    #expect(press(.escape) == .none)
    #expect(names().count == 3)
    #expect(press(.tab) == .read && view.grouping == .location)
    #expect(press(.backTab, .backTab) == .read && view.grouping == .service)
    #expect(press(.character("3")) == .read && view.grouping == .flow)
    #expect(press(.character("?"), .character("x")) == .none && !view.isHelping)
    #expect(press(.character("l")) == .none && !view.isUTC)
    #expect(press(.character("p")) == .none && view.isPaused)
    #expect(press(.character("q")) == .quit)
  }

  @Test("The selection stays with its group when others overtake it, and stays on the screen")
  func selection() {
    var model = Self.model
    for number in 0..<100 {
      model.counted.add(
        Int64(10_000 - number), to: [.text("R\(number)"), .text("core"), .null, .null, .null],
        in: model.counted.last)
    }
    var view = Self.utc
    view.selected = [.text("NO_SOCKET"), .text("core")]
    let frame = TopScreen(columns: 80, lines: 24, isUnicode: true).frame(model, &view)
    let selected = frame.lines.filter { $0.parts.contains { $0.style == .reversed } && $0.width == 80 }
    #expect(selected.count == 1 && selected.first?.text.contains("NO_SOCKET") == true)
  }

  @Test("A detail has rankings and the stack, and scrolls")
  func detail() {
    var model = Self.model
    var detail = TopModel.Detail()
    detail.packets = 40
    detail.parts = [TopModel.Detail.Part(grouping: .location, entries: [("udp_rcv+0x91", 40)])]
    detail.stack = (7, 30, (0..<30).map { "frame\($0)" })
    model.detail = detail
    var view = Self.utc
    view.detail = (.reason, [.text("NO_SOCKET"), .text("core")])
    let text = Self.frame(80, 24, view, model).text
    #expect(text.contains("Reason: NO_SOCKET") && text.contains("      40  udp_rcv+0x91"))
    #expect(text.contains("Stack 7, of 30 of 40") && !text.contains("frame29"))
    view.offset = 1000
    #expect(Self.frame(80, 24, view, model).text.contains("frame29"))
  }

  @Test("Only lines that change are painted")
  func painter() {
    var painter = FramePainter(isColored: false)
    var view = Self.utc
    let screen = TopScreen(columns: 80, lines: 12, isUnicode: true)
    var model = Self.model
    #expect(painter.paint(screen.frame(model, &view)).contains("\u{1b}[2J"))
    #expect(painter.paint(screen.frame(model, &view)).isEmpty)
    model.rates = (7, 7, 0)
    let update = painter.paint(screen.frame(model, &view))
    #expect(
      update.contains("\u{1b}[3;1H") && !update.contains("\u{1b}[2;1H") && !update.contains("NO_SOCKET"))
    painter.forget()
    #expect(painter.paint(screen.frame(model, &view)).contains("NO_SOCKET"))
  }

  @Test(
    "Keys are found in what terminals send",
    arguments: [
      ("q", [Key.character("q")]), ("\u{1b}[A\u{1b}OB", [.up, .down]), ("\u{1b}[5~", [.pageUp]),
      ("é漢", [.character("é"), .character("漢")]), ("\r\t\u{7f}", [.enter, .tab, .backspace]),
      ("\u{1b}[Z", [.backTab]), ("\u{1b}[1;5Cx", [.character("x")]), ("\u{1b}x", [.escape, .character("x")]),
      ("\u{0}\u{3}", []),
    ])
  func decoder(text: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.take(text.utf8) == keys)
    #expect(!decoder.isWaiting)
    // Byte by byte it is the same.
    #expect(text.utf8.flatMap { decoder.take([$0]) } == keys)
  }

  @Test("A lone escape is a key when nothing follows, and any bytes are safe")
  func escape() {
    var decoder = KeyDecoder()
    #expect(decoder.take([0x1b]).isEmpty && decoder.isWaiting)
    #expect(decoder.finish() == [.escape])
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        var decoder = KeyDecoder()
        _ = decoder.take([first, second, first, second])
        _ = decoder.finish()
        #expect(!decoder.isWaiting)
      }
    }
  }

  @Test("Charts show the highest and everything above nothing")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 1000], width: 3, isUnicode: true) == " ▁█")
    #expect(Sparkline.text([0, 1, 1000], width: 5, isUnicode: false) == "   .@")
    #expect(Sparkline.text([1, 1, 0, 0], width: 2, isUnicode: true) == "█ ")
    #expect(Sparkline.text([.max, .max], width: 1, isUnicode: true) == "█")
    #expect(Sparkline.text([], width: 3, isUnicode: true).isEmpty)
  }

  @Test("A history forgets what is too old, and never adds beyond the largest number")
  func history() {
    var history = RateHistory(count: 3, last: 10)
    history.add(5, to: [.text("a")], in: 8)
    history.add(.max, to: [.text("a")], in: 10)
    history.add(7, to: [.text("a")], in: 10)
    history.add(1, to: [.text("b")], in: 7)
    #expect(history.series { $0 } == [[.text("a")]: [5, 0, .max]])
    history.advance(to: 11)
    #expect(history.series { $0 } == [[.text("a")]: [0, .max, 0]])
    history.replace(10, with: [([.text("c")], 2)])
    #expect(history.series { $0 } == [[.text("c")]: [0, 2, 0]])
    history.advance(to: 100)
    #expect(history.series { $0 }.isEmpty)
    history.advance(to: 50)
    #expect(history.last == 50)
  }
}
