#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// A date and a time of day on the Gregorian calendar, in UTC or in the local zone.
struct CalendarTime: Equatable {
  var year: Int64
  var month: Int64
  var day: Int64
  var hour: Int64 = 0
  var minute: Int64 = 0
  var second: Int64 = 0
  /// Seconds east of Greenwich.
  var offset: Int64 = 0
}

extension CalendarTime {
  /// The time in UTC at so many seconds since the epoch.
  init(utc seconds: Int64) {
    let (days, rest) = seconds.flooredDivision(by: 86_400)
    // The algorithm counts years from March, so that the leap day comes last: see Howard Hinnant,
    // "chrono-Compatible Low-Level Date Algorithms".
    let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    hour = rest / 3600
    minute = rest / 60 % 60
    second = rest % 60
  }

  /// The time in the local zone (`TZ`, `/etc/localtime`) at so many seconds since the epoch; UTC if the C library cannot tell.
  init(local seconds: Int64) {
    tzset()
    var moment = time_t(seconds)
    var fields = unsafe tm()
    guard unsafe localtime_r(&moment, &fields) != nil else {
      self.init(utc: seconds)
      return
    }
    unsafe self.init(
      year: Int64(fields.tm_year) + 1900, month: Int64(fields.tm_mon) + 1, day: Int64(fields.tm_mday),
      hour: Int64(fields.tm_hour), minute: Int64(fields.tm_min), second: Int64(fields.tm_sec),
      offset: Int64(fields.tm_gmtoff))
  }

  /// Whether there is such a date and such a time of day (a leap second counts).
  var isValid: Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let daysOfMonth: Int64 = month == 2 ? (isLeapYear ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    return day <= daysOfMonth && (0...23).contains(hour) && (0...59).contains(minute)
      && (0...60).contains(second)
  }

  /// The day of the week, 0 for Sunday.
  var weekday: Int64 {
    let day = CalendarTime(year: year, month: month, day: day)
    // The epoch was a Thursday.
    return (day.secondsSinceEpoch.flooredDivision(by: 86_400).quotient + 4).flooredDivision(by: 7).remainder
  }

  /// Seconds since the epoch, with ``offset`` taken into account.
  ///
  /// The year must have at most four digits.
  var secondsSinceEpoch: Int64 {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = yearFromMarch.flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  /// Seconds since the epoch if this is a time in the local zone.
  ///
  /// A time that a clock change skips is moved by that change.
  var localSecondsSinceEpoch: Int64? {
    tzset()
    var fields = unsafe tm()
    unsafe fields.tm_year = Int32(truncatingIfNeeded: year - 1900)
    unsafe fields.tm_mon = Int32(truncatingIfNeeded: month - 1)
    unsafe fields.tm_mday = Int32(truncatingIfNeeded: day)
    unsafe fields.tm_hour = Int32(truncatingIfNeeded: hour)
    unsafe fields.tm_min = Int32(truncatingIfNeeded: minute)
    unsafe fields.tm_sec = Int32(truncatingIfNeeded: second)
    unsafe fields.tm_isdst = -1
    // −1 is also a moment, but one before every capture.
    let seconds = unsafe mktime(&fields)
    return seconds == -1 ? nil : Int64(seconds)
  }
}

extension Int64 {
  /// The quotient rounded down, and the remainder, which is never negative for a positive divisor.
  func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
