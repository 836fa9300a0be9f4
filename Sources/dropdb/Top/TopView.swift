import DropReport
import DropStore

/// What of the model the screen shows, as its keys have set it.
struct TopView {
  /// By what rows are sorted, the largest first, names in their order.
  enum Order: Int, CaseIterable {
    case rate, packets, name

    var title: String {
      switch self {
      case .rate: "rate"
      case .packets: "packets"
      case .name: "name"
      }
    }
  }

  /// What a key asks for beyond another look at the same.
  enum Effect {
    case none
    /// Another grouping or group is shown, of which something must be read.
    case read
    case quit
  }

  var grouping = TopGrouping.reason
  var order = Order.packets
  var isReversed = false
  var isUTC = false
  var isPaused = false
  var isHelping = false
  /// Text that names must contain, in any case.
  var filter = ""
  /// The text being typed.
  var typing: String?
  /// The selected group; `nil` for the first.
  var selected: [SQLValue]?
  /// The group that is looked at more closely.
  var detail: (grouping: TopGrouping, key: [SQLValue])?
  /// How many rows, or lines of the detail, are above the screen.
  var offset = 0

  /// The rows in order, of those that pass the filter.
  func rows(_ model: TopModel) -> [TopModel.Row] {
    let wanted = (typing ?? filter).lowercased()
    let rows = model.rows(grouping).filter { wanted.isEmpty || $0.label.lowercased().contains(wanted) }
    let sorted = rows.sorted { left, right in
      switch order {
      case .rate where left.rate != right.rate: return left.rate > right.rate
      case .rate, .packets:
        if left.packets != right.packets { return left.packets > right.packets }
      case .name: break
      }
      return left.label < right.label
    }
    return isReversed ? sorted.reversed() : sorted
  }

  /// Does what a key asks for.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - model: What the screen shows a part of.
  ///   - page: How many rows fit the screen.
  /// - Returns: What is to be done beyond drawing.
  mutating func press(_ key: Key, _ model: TopModel, page: Int) -> Effect {
    if typing != nil { return type(key) }
    if isHelping {
      isHelping = false
      return key == .character("q") ? .quit : .none
    }
    switch key {
    case .character("q"): return .quit
    case .character("?"), .character("h"): isHelping = true
    case .character("p"), .character(" "): isPaused.toggle()
    case .character("u"): isUTC = true
    case .character("l"): isUTC = false
    case .escape: return goBack()
    case _ where detail != nil: scroll(key, page)
    case .tab, .right: return show(grouping.number + 1)
    case .backTab, .left: return show(grouping.number - 1)
    case .character(let sign) where ("1"..."5").contains(sign):
      return show(Int(String(sign)).map { $0 - 1 } ?? 0)
    case .character("s"): order = Order(rawValue: (order.rawValue + 1) % Order.allCases.count) ?? .rate
    case .character("r"): isReversed.toggle()
    case .character("/"), .character("f"): typing = filter
    case .enter: return open(model)
    default: move(key, model, page)
    }
    return .none
  }

  private mutating func type(_ key: Key) -> Effect {
    switch key {
    case .character(let sign): typing?.unicodeScalars.append(sign)
    case .backspace: if typing?.isEmpty == false { typing?.removeLast() }
    case .enter:
      filter = typing ?? ""
      typing = nil
    case .escape: typing = nil
    default: break
    }
    offset = 0
    return .none
  }

  private mutating func goBack() -> Effect {
    if detail != nil {
      detail = nil
      offset = 0
      return .read
    }
    filter = ""
    return .none
  }

  private mutating func show(_ number: Int) -> Effect {
    let count = TopGrouping.allCases.count
    grouping = TopGrouping.allCases[(number + count) % count]
    selected = nil
    offset = 0
    return .read
  }

  private mutating func open(_ model: TopModel) -> Effect {
    let rows = rows(model)
    guard let key = rows.first(where: { $0.key == selected })?.key ?? rows.first?.key else { return .none }
    selected = key
    detail = (grouping, key)
    offset = 0
    return .read
  }

  private mutating func scroll(_ key: Key, _ page: Int) {
    switch key {
    case .up, .character("k"): offset -= 1
    case .down, .character("j"): offset += 1
    case .pageUp: offset -= page
    case .pageDown: offset += page
    case .home: offset = 0
    default: break
    }
    offset = max(0, offset)
  }

  private mutating func move(_ key: Key, _ model: TopModel, _ page: Int) {
    let rows = rows(model)
    guard !rows.isEmpty else { return }
    let index = rows.firstIndex { $0.key == selected } ?? 0
    let target: Int
    switch key {
    case .up, .character("k"): target = index - 1
    case .down, .character("j"): target = index + 1
    case .pageUp: target = index - page
    case .pageDown: target = index + page
    case .home: target = 0
    case .end: target = rows.count - 1
    default: return
    }
    selected = rows[max(0, min(rows.count - 1, target))].key
  }
}
