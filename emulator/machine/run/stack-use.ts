/** What fills a stack, for the message of its overflow: what was called, and whose frames are the largest. */
import { sizeOf } from '../../../cfront/types/layout.ts';
import type { Routine } from '../program.ts';
import { frameStates } from './frames.ts';
import type { MachineState } from './state.ts';
import type { ThreadState } from './thread.ts';

const NAMED_MAX = 3;
/** Bytes from which a local is worth its name. */
const LARGE_LOCAL = 512;

/** "Parse, which needs 9,216 bytes (Line takes 8,192, Name 512)". */
export function stackNeed(routine: Routine): string {
  const locals = routine.variables
    .filter(({ place, symbol }) => place.kind === 'frame' && sizeOf(symbol.type) >= LARGE_LOCAL)
    .sort((a, b) => sizeOf(b.symbol.type) - sizeOf(a.symbol.type))
    .slice(0, NAMED_MAX)
    .map(({ symbol }, i) => `${symbol.name}${i === 0 ? ' takes' : ''} ${grouped(sizeOf(symbol.type))}`);
  const which = locals.length === 0 ? '' : ` (${locals.join(', ')})`;
  return `${routine.name}, which needs ${grouped(routine.charge + routine.registers * 8)} bytes${which}`;
}

/** ": 12 calls deep; Parse takes 9,216 bytes in 8 frames, DriverEntry 2,048 bytes"; nothing where nobody has called. */
export function stackUse(m: MachineState, thread: ThreadState): string {
  const uses = new Map<string, { bytes: number; frames: number }>();
  let depth = 0;
  let inner: number | undefined;
  for (const state of frameStates(m, thread)) {
    if (state.kind === 'native') continue;
    depth++;
    const { routine, at } = state;
    const use = uses.get(routine.name) ?? { bytes: 0, frames: 0 };
    // The registers of a call lie over the caller's last ones.
    const registers = inner === undefined || inner < at.fp ? routine.registers * 8 : (inner - at.fp) * 4;
    inner = at.fp;
    use.bytes += routine.charge + registers;
    use.frames++;
    uses.set(routine.name, use);
  }
  if (depth === 0) return '';
  const largest = [...uses].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, NAMED_MAX);
  const texts = largest.map(([name, { bytes, frames }], i) => {
    const verb = i === 0 ? ' takes' : '';
    return `${name}${verb} ${grouped(bytes)} bytes${frames === 1 ? '' : ` in ${frames} frames`}`;
  });
  return `: ${depth} ${depth === 1 ? 'call' : 'calls'} deep; ${texts.join(', ')}`;
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}
