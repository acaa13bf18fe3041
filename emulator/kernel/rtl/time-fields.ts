/** Dates out of system times (units of 100 ns since 1 January 1601) and back. */
import { type GuestAddress, returns, returnsVoid } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';

const ticksPerDay = 864_000_000_000n;
const ticksPerMillisecond = 10_000n;
/** Days from 1 March of the year 0 to 1 January 1601, in the calendar of today. */
const daysToEpoch = 584_694;

export const timeFieldApis = {
  RtlTimeToTimeFields: (kernel, { arguments: args }) => {
    const time = kernel.memory.readU64(args.pointer(0));
    const days = Number(time / ticksPerDay);
    const ms = Number((time % ticksPerDay) / ticksPerMillisecond);
    const { year, month, day } = dateOf(days);
    const view = kernel.view('TIME_FIELDS', args.pointer(1));
    view.set('Year', year);
    view.set('Month', month);
    view.set('Day', day);
    view.set('Hour', Math.floor(ms / 3_600_000));
    view.set('Minute', Math.floor(ms / 60_000) % 60);
    view.set('Second', Math.floor(ms / 1000) % 60);
    view.set('Milliseconds', ms % 1000);
    // 1 January 1601 was a Monday.
    view.set('Weekday', (days + 1) % 7);
    return returnsVoid;
  },
  RtlTimeFieldsToTime: (kernel, { arguments: args }) => {
    const time = timeOf(kernel, args.pointer(0));
    if (time === undefined) return returns(0);
    kernel.memory.writeU64(args.pointer(1), time);
    return returns(1);
  },
  /** The clock runs in UTC. */
  ExSystemTimeToLocalTime: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(1), kernel.memory.readU64(args.pointer(0)));
    return returnsVoid;
  },
  ExLocalTimeToSystemTime: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(1), kernel.memory.readU64(args.pointer(0)));
    return returnsVoid;
  },
} satisfies KernelApis;

/** Years begin in March, so that the leap day is a year's last. */
function dateOf(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = days + daysToEpoch;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * m + 2) / 5) + 1,
  };
}

function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - daysToEpoch;
}

/** Undefined for a date that does not exist. */
function timeOf(kernel: Kernel, fields: GuestAddress): bigint | undefined {
  const view = kernel.view('TIME_FIELDS', fields);
  const [year, month, day] = [view.getNumber('Year'), view.getNumber('Month'), view.getNumber('Day')];
  const [hour, minute, second] = [view.getNumber('Hour'), view.getNumber('Minute'), view.getNumber('Second')];
  const ms = view.getNumber('Milliseconds');
  const isTime =
    hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && ms >= 0 && ms < 1000;
  if (year < 1601 || month < 1 || month > 12 || day < 1 || !isTime) return undefined;
  const days = daysOf(year, month, day);
  const back = dateOf(days);
  if (back.day !== day || back.month !== month) return undefined;
  return BigInt(days) * ticksPerDay + BigInt(((hour * 60 + minute) * 60 + second) * 1000 + ms) * ticksPerMillisecond;
}
