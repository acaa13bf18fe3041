/**
 * Seconds since 1970 to a calendar date and back, in the proleptic Gregorian calendar and UTC, and dates as text.
 *
 * Days are counted from 1 March of year 0, so that the leap day is a year's last: month and day then follow from the day
 * of the year by one division. Nothing here knows the time: the same seconds give the same date everywhere.
 */

/** The members of C's struct tm, in its order. */
export interface CalendarTime {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  /** From 1. */
  readonly day: number;
  /** From 0. */
  readonly month: number;
  /** Since 1900. */
  readonly year: number;
  /** From Sunday, 0. */
  readonly weekDay: number;
  /** From 0. */
  readonly yearDay: number;
}

const secondsPerDay = 86_400;
const daysPerEra = 146_097;
/** Days from 1 March of year 0 to 1 January 1970. */
const epochDays = 719_468;

export function calendarTime(seconds: number): CalendarTime {
  const days = Math.floor(seconds / secondsPerDay);
  const rest = seconds - days * secondsPerDay;
  const shifted = days + epochDays;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = (shiftedMonth + 2) % 12;
  const year = yearOfEra + era * 400 + (month < 2 ? 1 : 0);
  return {
    second: rest % 60,
    minute: Math.floor(rest / 60) % 60,
    hour: Math.floor(rest / 3600),
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    month,
    year: year - 1900,
    weekDay: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysBefore(year, 0),
  };
}

/** Seconds of a date whose members may lie outside their ranges, as mktime takes them; week and year day say nothing. */
export function secondsOf(time: Omit<CalendarTime, 'weekDay' | 'yearDay'>): number {
  const days = daysBefore(time.year + 1900 + Math.floor(time.month / 12), ((time.month % 12) + 12) % 12) + time.day - 1;
  return days * secondsPerDay + time.hour * 3600 + time.minute * 60 + time.second;
}

/** Days from 1970 to the first of a month. */
function daysBefore(year: number, month: number): number {
  const shiftedYear = month < 2 ? year - 1 : year;
  const shiftedMonth = (month + 10) % 12;
  const leapDays = Math.floor(shiftedYear / 4) - Math.floor(shiftedYear / 100) + Math.floor(shiftedYear / 400);
  return 365 * shiftedYear + leapDays + Math.floor((153 * shiftedMonth + 2) / 5) - epochDays;
}

const weekDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** What strftime makes of a format in the C locale; `%#` leaves leading zeros out. Undefined where a letter is unknown. */
export function timeText(format: string, time: CalendarTime): string | undefined {
  let isKnown = true;
  const text = format.replace(/%(#?)(.|$)/gs, (_all, flag: string, letter: string) => {
    const part = partText(letter, time);
    isKnown &&= part !== undefined;
    return flag === '#' ? (part ?? '').replace(/^0+(?=\d)/, '') : (part ?? '');
  });
  return isKnown ? text : undefined;
}

function partText(letter: string, time: CalendarTime): string | undefined {
  const { second, minute, hour, day, month, year, weekDay, yearDay } = time;
  const fullYear = year + 1900;
  switch (letter) {
    case 'a':
      return weekDays[weekDay]?.slice(0, 3) ?? '?';
    case 'A':
      return weekDays[weekDay] ?? '?';
    case 'b':
    case 'h':
      return months[month]?.slice(0, 3) ?? '?';
    case 'B':
      return months[month] ?? '?';
    case 'c':
      return timeText('%a %b %e %H:%M:%S %Y', time);
    case 'C':
      return two(Math.floor(fullYear / 100));
    case 'd':
      return two(day);
    case 'D':
    case 'x':
      return timeText('%m/%d/%y', time);
    case 'e':
      return String(day).padStart(2, ' ');
    case 'F':
      return timeText('%Y-%m-%d', time);
    case 'g':
      return two(isoWeek(time).year % 100);
    case 'G':
      return String(isoWeek(time).year);
    case 'H':
      return two(hour);
    case 'I':
      return two(hour % 12 === 0 ? 12 : hour % 12);
    case 'j':
      return String(yearDay + 1).padStart(3, '0');
    case 'm':
      return two(month + 1);
    case 'M':
      return two(minute);
    case 'n':
      return '\n';
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'r':
      return timeText('%I:%M:%S %p', time);
    case 'R':
      return timeText('%H:%M', time);
    case 'S':
      return two(second);
    case 't':
      return '\t';
    case 'T':
    case 'X':
      return timeText('%H:%M:%S', time);
    case 'u':
      return String(weekDay === 0 ? 7 : weekDay);
    case 'U':
      return two(Math.floor((yearDay + 7 - weekDay) / 7));
    case 'V':
      return two(isoWeek(time).week);
    case 'w':
      return String(weekDay);
    case 'W':
      return two(Math.floor((yearDay + 7 - ((weekDay + 6) % 7)) / 7));
    case 'y':
      return two(((fullYear % 100) + 100) % 100);
    case 'Y':
      return String(fullYear);
    case 'z':
      return '+0000';
    case 'Z':
      return 'UTC';
    case '%':
      return '%';
    default:
      return undefined;
  }
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** ISO 8601: weeks begin on Monday, and a year's first has its first Thursday. */
function isoWeek({ year, yearDay, weekDay }: CalendarTime): { readonly year: number; readonly week: number } {
  const full = year + 1900;
  const week = Math.floor((yearDay - ((weekDay + 6) % 7) + 10) / 7);
  if (week < 1) return { year: full - 1, week: weeksIn(full - 1) };
  return week > weeksIn(full) ? { year: full + 1, week: 1 } : { year: full, week };
}

/** A year has 53 weeks when it begins or ends on a Thursday. */
function weeksIn(year: number): 52 | 53 {
  const weekDayOf = (days: number): number => (((days + 4) % 7) + 7) % 7;
  return weekDayOf(daysBefore(year, 0)) === 4 || weekDayOf(daysBefore(year + 1, 0) - 1) === 4 ? 53 : 52;
}
