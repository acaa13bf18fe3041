/** Memory of another process. */
import { readFileSync } from 'node:fs';

/** `VmRSS` (now) or `VmHWM` (at its highest) in MB; undefined where the system does not tell (it is Linux that does). */
export function memoryMb(pid: number | undefined, line: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const found = new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? undefined : Number(found[1]) / 1024;
  } catch {
    return undefined;
  }
}
