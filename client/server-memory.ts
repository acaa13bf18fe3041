/**
 * Options of Node for the language server, which lives as long as the editor and makes much short-lived garbage at each
 * keystroke: V8 would let its young generation grow to many times of what is alive.
 */
export const memoryOptions: readonly string[] = ['--max-semi-space-size=4', '--max-old-space-size=1024'];
