/**
 * Options of Node for the language server's process: those that V8 takes only before it makes its heap, so that the server
 * cannot set them itself (`host/server-flags.ts` has the others). It lives as long as the editor, makes much short-lived
 * garbage at each keystroke, and somebody waits for its first diagnostics, which come of code that is still interpreted.
 */
const always: readonly string[] = [
  // V8 would let its young generation grow to many times of what is alive.
  '--max-semi-space-size=4',
  '--max-old-space-size=1024',
  // Threads that collect and compile: each of the usual four keeps memory of its own, and fewer make nothing slower.
  '--v8-pool-size=2',
];

/** An eighth of the time to the first diagnostics on two processors, for three megabytes. */
const quickStart: readonly string[] = [
  // Functions that have run a few times are compiled by another thread.
  '--concurrent-sparkplug',
  // V8 guesses how much will stay alive from what the first milliseconds leave, and marks it all in the middle of the start.
  '--initial-old-space-size=40',
];

/** Node does not start with an option that its V8 does not know: of later ones nobody can say yet. */
const quickStartUpTo = 14;

/**
 * What the process finds in its environment, beside the editor's own. On Linux each thread that compiles or collects gets
 * memory of C's library from a store of its own, and keeps what it once had: with one store for all, a server that has
 * answered for hours takes five megabytes less, and nothing is slower. Elsewhere nobody reads it.
 */
export const serverEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' };

/** `v8Version` is that of the process to be started, such as "12.4.254.21". */
export function serverOptions(v8Version: string): readonly string[] {
  const isKnown = Number.parseInt(v8Version, 10) <= quickStartUpTo;
  return isKnown ? [...always, ...quickStart] : always;
}
