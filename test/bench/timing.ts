/** Times of work in this process, on a machine that others use too. */

/**
 * Milliseconds of each repetition: of wall time and processor time the smaller, since the one grows with other people's
 * work and the other with the engine's own compiler and collector threads.
 */
export function repeated(times: number, work: () => void): number[] {
  return Array.from({ length: times }, () => timed(work));
}

export function timed(work: () => void): number {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  work();
  const { user, system } = process.cpuUsage(cpu);
  return Math.min(performance.now() - wall, (user + system) / 1000);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
