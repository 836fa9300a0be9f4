/// Stacks by count: as text for flame-graph tools, or as a finished picture in SVG.
///
/// The picture stands on its head: the outermost function is on top, so that it begins where one begins to read.
public struct FlameGraph: Sendable {
  private static let width = 1200.0
  private static let row = 18.0
  /// A character of the font, and what is too narrow to be seen.
  private static let character = 6.7
  private static let narrowest = 0.4
  private static let deepest = 128

  private let stacks: [StackCount]

  /// A graph of stacks.
  public init(_ stacks: [StackCount]) {
    self.stacks = stacks
  }

  // MARK: - Folded

  /// One line a stack, as flame-graph tools take it: functions from the outermost to the innermost with `;` between them, a space
  /// and the count.
  public var folded: String {
    var sums: [String: Int64] = [:]
    var order: [String] = []
    for stack in stacks {
      let line = Self.functions(stack).map(Self.safe).joined(separator: ";")
      if sums[line] == nil { order.append(line) }
      sums[line, default: 0] &+= stack.packets
    }
    return order.map { "\($0.isEmpty ? "unknown" : $0) \(sums[$0, default: 0])\n" }.joined()
  }

  /// A name without what separates names and counts.
  private static func safe(_ name: String) -> String {
    var result = ""
    for scalar in SafeText.visible(name).unicodeScalars {
      result.unicodeScalars.append(scalar == ";" ? ":" : scalar == " " ? "_" : scalar)
    }
    return result
  }

  /// The functions of a stack, the outermost first, without offsets.
  private static func functions(_ stack: StackCount) -> [String] {
    stack.frames.prefix(deepest).reversed().map { Report.function($0) }
  }

  // MARK: - Picture

  /// A function, called by that above it.
  private struct Node {
    let name: String
    var packets: Int64 = 0
    var children: [Int] = []
  }

  /// A whole document, with its colours in it.
  public var document: String {
    let style = "<style>\(ChartStyle.colors)\n\(ChartStyle.rules)\nsvg{background:var(--bg)}</style>"
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg(head: style)
  }

  /// The picture for a page that has ``ChartStyle``; none without stacks.
  var svg: String { stacks.isEmpty ? "" : svg(head: "") }

  private func svg(head: String) -> String {
    let nodes = tree()
    var drawn: [(node: Int, depth: Int, start: Double, width: Double)] = []
    var waiting: [(node: Int, depth: Int, start: Double)] = [(0, 0, 0)]
    let scale = Self.width / Double(max(1, nodes[0].packets))
    while let (node, depth, start) = waiting.popLast() {
      let width = Double(nodes[node].packets) * scale
      guard width >= Self.narrowest || depth == 0 else { continue }
      drawn.append((node, depth, start, max(width, Self.narrowest)))
      var next = start
      for child in nodes[node].children.sorted(by: { nodes[$0].name < nodes[$1].name }) {
        waiting.append((child, depth + 1, next))
        next += Double(nodes[child].packets) * scale
      }
    }
    let n = SVGNumber.text
    let height = Self.row * Double((drawn.map(\.depth).max() ?? 0) + 1)
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(Self.width)) \(n(height))" role="img" \
      aria-label="Flame graph of the stacks of recorded drops, the outermost function on top">\(head)\n
      """
    for (node, depth, start, width) in drawn {
      let name = nodes[node].name
      let share = Double(nodes[node].packets) / Double(max(1, nodes[0].packets))
      let kind = depth == 0 ? "root" : "f\(Self.color(name))"
      let y = Double(depth) * Self.row
      let room = Int((width - 6) / Self.character)
      let shown = room >= 3 ? DisplayWidth.cut(SafeText.visible(name), to: room, mark: "…") : ""
      let text =
        shown.isEmpty
        ? "" : "<text x=\"\(n(start + 3))\" y=\"\(n(y + 12.5))\">\(MarkupText.escaped(shown))</text>"
      svg += """
        <g class="\(depth == 0 ? "frame all" : "frame")"><title>\(MarkupText.escaped(name)): \(nodes[node].packets) \
        (\(MarkupText.escaped(Report.percentage(share))))</title><rect class="\(kind)" x="\(n(start))" y="\(n(y))" width="\(n(width))" \
        height="\(n(Self.row - 1))"/>\(text)</g>\n
        """
    }
    return svg + "</svg>\n"
  }

  private func tree() -> [Node] {
    var nodes = [Node(name: "all")]
    var places: [Step: Int] = [:]
    for stack in stacks {
      nodes[0].packets &+= stack.packets
      var parent = 0
      for name in Self.functions(stack) {
        let step = Step(parent: parent, name: name)
        let node = places[step] ?? nodes.count
        if node == nodes.count {
          places[step] = node
          nodes.append(Node(name: name))
          nodes[parent].children.append(node)
        }
        nodes[node].packets &+= stack.packets
        parent = node
      }
    }
    return nodes
  }

  private struct Step: Hashable {
    let parent: Int
    let name: String
  }

  /// The same function has the same colour in every graph (FNV-1a).
  private static func color(_ name: String) -> Int {
    let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int(hash % UInt32(ChartStyle.flameColors))
  }
}
