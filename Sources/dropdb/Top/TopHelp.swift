/// What the keys of the screen do.
enum TopHelp {
  static let lines = [
    "Tab, arrows, 1 to 5   by reason, location, flow, interface, service",
    "Up, Down, PgUp, PgDn  choose a row",
    "Enter                 its flows, locations and its most frequent stack",
    "Esc                   back; clears the filter",
    "s, r                  sort by rate, packets or name; the other way round",
    "/                     show only names with the text that follows",
    "p                     stay as it is, or go on",
    "u, l                  times in UTC, in local time",
    "q, Ctrl-C             quit",
    "",
    "Drops by reason, location and interface are all counted. Flows and",
    "services are known of recorded drops only. What was counted before",
    "this began is known by the minute and spread over it.",
  ]
}
