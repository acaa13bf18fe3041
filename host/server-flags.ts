/**
 * V8's flags of programs that make much garbage, set at their start.
 *
 * A server lives as long as the editor. It has little alive and makes much garbage at each keystroke:
 * left alone, V8 lets the heap grow to several times of what is alive before it collects.
 *
 * What is compiled when is left to V8: as its bytecode is kept from start to start, interpreting a function that is called
 * a few times costs less than compiling it, and the first hovers are a third faster so than with --always-sparkplug.
 *
 * Set before the program's code is compiled, because V8 takes compiled code only from a process with the same flags.
 */
import { setFlagsFromString } from 'node:v8';

/**
 * `wsk lint` makes a hundred times as much garbage as it has alive, most of it states of one function, and what is alive
 * are the trees of a whole driver: V8 would let three times these go by before it collects what has grown old. So a driver
 * takes half the memory, for a twentieth more time.
 */
export function setLintFlags(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

export function setServerFlags(): void {
  // What is compiled is kept at the end of the session for the next start, but what ran only at the start would be thrown
  // away by then: the next start was a third slower, for no memory that could be measured.
  setFlagsFromString('--no-flush-bytecode');
  // For the threads that start later, whose own wish a flag of the process overrides: more makes no page of the docs
  // faster, and the process some megabytes larger. The heap of this thread is made already, and keeps its size.
  setFlagsFromString('--max-semi-space-size=1');
}

/**
 * The space of young objects stays as large as it is by now, some megabytes: it would grow to 32, most of them for nothing.
 * Clients give Node an option for that; this is for those who start the server without it.
 */
export function keepYoungSpace(): void {
  setFlagUntilExit('--semi-space-growth-factor=1', '--semi-space-growth-factor=2');
}

/**
 * From here on the heap is collected when it has grown by a fifth. Called when the first text has been read and looked
 * at: what is made until then stays, and looking through it again and again would only delay the first answers.
 */
export function keepHeapSmall(): void {
  setFlagUntilExit('--heap-growing-percent=20', '--heap-growing-percent=0');
}

/** V8 refuses compiled code that was kept under other flags than the start's, so these are there again at the end. */
export function setFlagUntilExit(flag: string, startFlag: string): void {
  setFlagsFromString(flag);
  process.prependOnceListener('exit', () => setFlagsFromString(startFlag));
}
