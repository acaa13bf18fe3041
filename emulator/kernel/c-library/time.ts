/** time.h: the run's virtual time, which begins at the same moment in every run, and dates in UTC. */
import { type GuestAddress, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { readText, writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';
import { type CalendarTime, calendarTime, secondsOf, timeText } from './calendar.ts';
import { errorNumbers, setError } from './errors.ts';

/** Midnight of 1 January 2026, UTC: when a run begins. */
const firstSecond = 1_767_225_600n;
/** The last second that Microsoft's library makes a date of, in January of the year 3001. */
const lastSecond = 32_536_799_999n;
const tmSize = 36;

export const timeApis = {
  time: (kernel, { arguments: args }) => {
    const seconds = firstSecond + BigInt(Math.floor(kernel.timeNs / 1e9));
    if (args.pointer(0) !== 0n) kernel.memory.writeU64(args.pointer(0), seconds);
    return returns(seconds);
  },
  clock: (kernel) => returns(Math.floor(kernel.timeNs / 1e6) | 0),
  difftime: (_kernel, { arguments: args }) => returns(Number(args.int64(0) - args.int64(1))),
  gmtime: (kernel, { arguments: args }) => returns(broken(kernel, args.pointer(0))),
  /** The run's time zone is UTC, and there is no summer time. */
  localtime: (kernel, { arguments: args }) => returns(broken(kernel, args.pointer(0))),
  mktime: (kernel, { arguments: args }) => {
    const at = args.pointer(0);
    const seconds = BigInt(secondsOf(readTime(kernel, at)));
    if (seconds < 0n || seconds > lastSecond) return returns(-1n);
    writeTime(kernel, at, calendarTime(Number(seconds)));
    return returns(seconds);
  },
  strftime: (kernel, { arguments: args }) => {
    const [to, room, at] = [args.pointer(0), args.uint64(1), args.pointer(3)];
    const text = timeText(readText(kernel, args.pointer(2), { unit: 1 }), readTime(kernel, at));
    if (text === undefined || BigInt(text.length) >= room) {
      setError(kernel, text === undefined ? errorNumbers.invalid : errorNumbers.range);
      return returns(0n);
    }
    writeText(kernel, to, `${text}\0`, 1);
    return returns(BigInt(text.length));
  },
} satisfies KernelApis;

/** The date of the seconds at an address, in the one struct tm that the library keeps. */
function broken(kernel: Kernel, at: GuestAddress): GuestAddress {
  const seconds = BigInt.asIntN(64, kernel.memory.readU64(at));
  if (seconds < 0n || seconds > lastSecond) {
    setError(kernel, errorNumbers.invalid);
    return NULL_ADDRESS;
  }
  const { library } = kernel.parts;
  library.dateAt ??= kernel.memory.allocate({
    size: tmSize,
    kind: 'object',
    label: "the C library's struct tm",
  })?.start;
  if (library.dateAt === undefined) return NULL_ADDRESS;
  writeTime(kernel, library.dateAt, calendarTime(Number(seconds)));
  return library.dateAt;
}

function readTime({ memory }: Kernel, at: GuestAddress): CalendarTime {
  const member = (index: number): number => memory.readI32((at + BigInt(4 * index)) as GuestAddress);
  // mktime is not given the last two: they are read where they have a value, and mean something to strftime alone.
  const known = (index: number): number =>
    memory.isPoisoned((at + BigInt(4 * index)) as GuestAddress) ? 0 : member(index);
  return {
    second: member(0),
    minute: member(1),
    hour: member(2),
    day: member(3),
    month: member(4),
    year: member(5),
    weekDay: known(6),
    yearDay: known(7),
  };
}

function writeTime({ memory }: Kernel, at: GuestAddress, time: CalendarTime): void {
  const { second, minute, hour, day, month, year, weekDay, yearDay } = time;
  for (const [index, value] of [second, minute, hour, day, month, year, weekDay, yearDay, 0].entries()) {
    memory.writeU32((at + BigInt(4 * index)) as GuestAddress, value >>> 0);
  }
}
