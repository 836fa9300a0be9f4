/// How charts look, in light and dark.
enum ChartStyle {
  /// How many colours series have; what is behind them is grey.
  static let seriesColors = 7
  static let flameColors = 6

  /// The colours, as custom properties of the root.
  static let colors = """
    :root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6470;--line:#d5dae0;--card:#f6f8fa;--gap:#e4e7eb;\
    --up:#b42318;--down:#1a7f37;--s0:#4269d0;--s1:#e8a30c;--s2:#e5533d;--s3:#49a894;--s4:#8a5cf0;--s5:#d6578f;--s6:#7a8f2a;\
    --s7:#8b929c;--f0:#f6c177;--f1:#f2a65a;--f2:#ee964b;--f3:#f4b886;--f4:#f7d08a;--f5:#f29e74}
    @media (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e6e9ee;--soft:#9aa4b1;--line:#323941;--card:#1c2127;\
    --gap:#2a3037;--up:#ff8a7a;--down:#6fd08c;--s0:#6f92f2;--s1:#f0b93a;--s2:#f27a66;--s3:#6cc5b0;--s4:#a98bf7;--s5:#ee86b4;\
    --s6:#a6bb55;--s7:#8b929c;--f0:#d9a253;--f1:#d08a42;--f2:#c77a35;--f3:#cf9560;--f4:#dab263;--f5:#cc8257}}
    """

  /// The rules of all charts.
  static let rules = """
    svg{display:block;font:11px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    svg text{fill:var(--soft)}
    .s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}\
    .s6{fill:var(--s6)}.s7{fill:var(--s7)}
    .gap{fill:var(--gap)}.grid{stroke:var(--line);stroke-width:1}
    .f0{fill:var(--f0)}.f1{fill:var(--f1)}.f2{fill:var(--f2)}.f3{fill:var(--f3)}.f4{fill:var(--f4)}.f5{fill:var(--f5)}
    .root{fill:var(--gap)}
    svg g.frame text{fill:#1b1f24}svg g.frame.all text{fill:var(--fg)}
    g.frame rect{stroke:var(--bg);stroke-width:.5}g.frame:hover rect{stroke:var(--fg);stroke-width:1}
    """

  /// The class of a series.
  static func series(_ index: Int, isRest: Bool) -> String {
    isRest ? "s7" : "s\(min(index, seriesColors - 1))"
  }
}
