/// One request by HTTP/1.1 or 1.0, and its answer (RFC 9110, RFC 9112).
///
/// Only what a scraper asks is answered: `GET` or `HEAD` of one path. A connection ends with its answer.
struct HTTPExchange {
  /// No scraper's request is longer.
  static let limit = 8192
  /// Where the metrics are.
  static let path = "/metrics"

  /// What the answer is.
  enum Answer: Equatable {
    case metrics(hasBody: Bool)
    case page(hasBody: Bool)
    case error(status: String)
  }

  /// What to answer.
  ///
  /// - Parameter request: What has come so far; it may be anything.
  /// - Returns: The answer; `nil` as long as the request is not complete.
  static func answer(to request: [UInt8]) -> Answer? {
    guard let head = head(of: request) else {
      return request.count >= limit ? .error(status: "431 Request Header Fields Too Large") : nil
    }
    let line = head.prefix { $0 != 0x0d && $0 != 0x0a }
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, words[2].starts(with: Array("HTTP/1.".utf8)) else {
      return .error(status: "400 Bad Request")
    }
    let method = String(decoding: words[0], as: UTF8.self)
    guard method == "GET" || method == "HEAD" else { return .error(status: "405 Method Not Allowed") }
    // A proxy may ask with what is behind a question mark; nothing here depends on it.
    let target = words[1].prefix { $0 != UInt8(ascii: "?") }
    switch String(decoding: target, as: UTF8.self) {
    case path: return .metrics(hasBody: method == "GET")
    case "/": return .page(hasBody: method == "GET")
    default: return .error(status: "404 Not Found")
    }
  }

  /// The bytes of an answer.
  static func response(
    _ status: String, _ type: String, _ body: String, hasBody: Bool = true
  ) -> [UInt8] {
    let body = Array(body.utf8)
    var head = "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
    if status.hasPrefix("405") { head += "Allow: GET, HEAD\r\n" }
    head += "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    return Array(head.utf8) + (hasBody ? body : [])
  }

  /// What stands before the empty line.
  private static func head(of request: [UInt8]) -> ArraySlice<UInt8>? {
    guard request.count >= 4 else { return nil }
    for end in 3..<min(request.count, limit)
    where request[end] == 0x0a && request[end - 1] == 0x0d && request[end - 2] == 0x0a {
      return request[..<end]
    }
    return nil
  }
}
