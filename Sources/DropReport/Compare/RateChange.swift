#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Whether drops came at another rate in one range of time than in another, and how sure that is.
///
/// Drops come in bursts, so counts differ by far more than those of independent events (a Poisson process) would. The test is a
/// G-test of two rates whose statistic is divided by the dispersion φ, the variance of the baseline's counts over
/// their mean (quasi-Poisson; McCullagh and Nelder, "Generalized Linear Models", 1989, 6.2): with *y* packets in a captured time *E*
/// now and *b* packets in *B* before,
///
///     G = 2 (y ln(y / ŷ) + b ln(b / b̂)) / φ        ŷ = (y + b) E / (E + B),  b̂ = (y + b) B / (E + B)
///
/// and ``z`` is √G with the sign of the change, about a standard normal number where nothing has changed. How φ is found,
/// ``BaselineBuckets`` tells. That of the present does not count: a steady baseline and one burst now is a change.
struct RateChange: Sendable, Equatable {
  enum Kind: String, Sendable {
    /// None of it in the baseline.
    case new
    /// None of it now.
    case gone
    case more
    case fewer
    /// Nothing that could not be chance.
    case same
  }

  /// Packets now.
  let now: Int64
  /// Packets in the baseline.
  let before: Int64
  /// Captured time in seconds.
  let nowSeconds: Double
  let beforeSeconds: Double
  /// Variance over mean, at least 1.
  let dispersion: Double
  /// The signed root of G; positive for more.
  let z: Double

  init(now: Int64, before: Int64, nowSeconds: Double, beforeSeconds: Double, dispersion: Double) {
    self.now = now
    self.before = before
    self.nowSeconds = nowSeconds
    self.beforeSeconds = beforeSeconds
    self.dispersion = max(1, dispersion)
    let seconds = nowSeconds + beforeSeconds
    guard nowSeconds > 0, beforeSeconds > 0 else {
      z = 0
      return
    }
    let (y, b) = (Double(now), Double(before))
    let expectedNow = (y + b) * nowSeconds / seconds
    let expectedBefore = (y + b) * beforeSeconds / seconds
    let root = (2 * (Self.term(y, expectedNow) + Self.term(b, expectedBefore)) / self.dispersion)
      .clamped(from: 0).squareRoot()
    z = y >= expectedNow ? root : -root
  }

  private static func term(_ count: Double, _ expected: Double) -> Double {
    count > 0 && expected > 0 ? count * log(count / expected) : 0
  }

  /// How many packets there would be now at the baseline's rate.
  var expected: Double { beforeSeconds > 0 ? Double(before) * nowSeconds / beforeSeconds : 0 }

  /// The rate now over that of the baseline; `nil` where there was none.
  var factor: Double? {
    before > 0 && nowSeconds > 0 ? Double(now) / nowSeconds * beforeSeconds / Double(before) : nil
  }

  /// The factor that is exceeded all but surely (19 of 20 times), on the side of no change: at least 1 for more, at most 1
  /// for fewer; `nil` where there was or is none.
  ///
  /// Few packets have an uncertain rate: 2 before and 100 now are not "50 times".
  var cautiousFactor: Double? {
    guard let factor, now > 0 else { return nil }
    let margin = exp(1.96 * uncertainty)
    return z >= 0 ? max(1, factor / margin) : min(1, factor * margin)
  }

  /// Whether the factor is known well enough to be told.
  var isFactorKnown: Bool { uncertainty <= 0.35 }

  /// The standard error of the factor's logarithm.
  private var uncertainty: Double {
    now > 0 && before > 0 ? (dispersion / Double(now) + dispersion / Double(before)).squareRoot() : .infinity
  }

  /// What has changed, if so many rates are compared at once.
  ///
  /// Among many, some look changed by chance: what is reported may be expected once in a hundred comparisons, however many
  /// rates each has (Bonferroni's correction), and a single one has to be as sure as if it were one of ten.
  func kind(among rates: Int) -> Kind {
    guard erfc(abs(z) / 2.0.squareRoot()) * Double(max(10, rates)) < 0.01 else { return .same }
    if z > 0 { return before == 0 ? .new : .more }
    return now == 0 ? .gone : .fewer
  }
}

extension Double {
  /// The number itself, or a limit if it is below; rounding may make a sum that cannot be negative just that.
  fileprivate func clamped(from least: Double) -> Double { self > least ? self : least }
}
