/// Writes metrics in Prometheus' text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
public struct MetricText: Sendable {
  /// What a metric is.
  public enum Kind: String, Sendable {
    /// What only grows, and begins anew with the process.
    case counter
    /// What goes up and down.
    case gauge
    /// How many values were at most so great.
    case histogram
  }

  /// The content type to serve it as.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// What has been written.
  public private(set) var text = ""

  /// Nothing yet.
  public init() {}

  /// Begins a metric; its samples follow.
  ///
  /// - Parameters:
  ///   - name: Its name, which is one of ours.
  ///   - kind: What it is.
  ///   - help: What it says, in one line.
  public mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  /// Writes a sample.
  ///
  /// - Parameters:
  ///   - name: The metric's name, for a histogram with its suffix.
  ///   - labels: Names, which are ours, and values, which may hold anything. An empty value is the same as no label.
  ///   - value: A number as text.
  public mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
    text += name
    if !labels.isEmpty {
      text += "{"
      text += labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
      text += "}"
    }
    text += " \(value)\n"
  }

  /// A metric with one sample; none if the value is unknown.
  public mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: String?) {
    guard let value else { return }
    begin(name, kind, help)
    sample(name, [], value)
  }

  /// Nanoseconds as seconds, exactly.
  public static func seconds(_ nanoseconds: Int64) -> String {
    let (whole, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    let digits = String(rest)
    let fraction = String(repeating: "0", count: 9 - digits.utf8.count) + digits
    return (nanoseconds < 0 ? "-" : "") + "\(whole).\(fraction)"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
