/**
 * The C programs of the comparison, one per kind of work, and how often each engine repeats them: `N` in the source.
 *
 * Native compilers get 20 times the virtual machine's N, so that both run for a good while; JSCPP gets far less, and
 * none of what it cannot do (structures, 64-bit integers, a pointer that steps through an array). Times are compared
 * per unit of N.
 */
export interface BenchProgram {
  readonly name: string;
  readonly kind: string;
  /** Repetitions in the virtual machine. */
  readonly n: number;
  /** Repetitions in JSCPP; 0 where it cannot run the program. */
  readonly jscppN: number;
  /** What the goals count as loops, and as driver-shaped code. */
  readonly group: 'loop' | 'driver' | 'other';
}

export const NATIVE_FACTOR = 20;

export const PROGRAMS: readonly BenchProgram[] = [
  { name: 'loop', kind: 'arithmetic loop', n: 300, jscppN: 2, group: 'loop' },
  { name: 'sieve', kind: 'sieve', n: 150, jscppN: 1, group: 'loop' },
  { name: 'bytes', kind: 'byte copies', n: 400, jscppN: 0, group: 'loop' },
  { name: 'blocks', kind: '8-byte copies', n: 4000, jscppN: 0, group: 'loop' },
  { name: 'sort', kind: 'shell sort', n: 80, jscppN: 1, group: 'loop' },
  { name: 'matrix', kind: 'matrix of double', n: 400, jscppN: 2, group: 'loop' },
  { name: 'wide', kind: '64-bit arithmetic', n: 1000, jscppN: 0, group: 'loop' },
  { name: 'calls', kind: 'recursive calls', n: 500, jscppN: 6, group: 'other' },
  { name: 'chase', kind: 'pointer chasing', n: 1500, jscppN: 0, group: 'loop' },
  { name: 'queue', kind: 'request queues, state machine', n: 400, jscppN: 0, group: 'driver' },
  { name: 'parser', kind: 'buffer parsing', n: 1000, jscppN: 0, group: 'driver' },
];
