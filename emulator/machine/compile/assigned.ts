/**
 * Definite assignment: which variables in registers surely have a value at which instruction.
 *
 * In: a function's instructions with a CHECK before every read of a local that lives in a register. Out: the CHECKs
 * that cannot be proven (the others cost nothing), and the variables that surely have a value at each statement. It is
 * the usual forward analysis over basic blocks, to the fixed point; a set only ever shrinks, so it ends.
 */
import { INSTRUCTIONS, Op, WORDS } from '../opcodes.ts';
import { type Assembly, instructionCount } from './assembly.ts';
import type { PendingTry, Register } from './context.ts';

export interface Assignment {
  /** Indices of CHECK instructions that must stay. */
  readonly unproven: ReadonlySet<number>;
  /** By statement: bits of the registers in `tracked`. */
  readonly atStatement: ReadonlyMap<number, Uint32Array>;
}

export function analyseAssignment(
  code: Assembly,
  tries: readonly PendingTry[],
  tracked: readonly Register[],
): Assignment {
  const bitOf = new Map(tracked.map((register, bit) => [register, bit]));
  const width = Math.max(1, Math.ceil(tracked.length / 32));
  const blocks = basicBlocks(code, tries);
  const entry = blocks.starts.map(() => new Uint32Array(width).fill(0xffffffff));
  entry[0]?.fill(0);
  // A function's parameters are not tracked: they always have a value.
  const queue = blocks.starts.map((_, i) => i);
  const isQueued = blocks.starts.map(() => true);
  while (queue.length > 0) {
    const index = queue.pop() as number;
    isQueued[index] = false;
    const state = Uint32Array.from(entry[index] as Uint32Array);
    const handlers = blocks.handlersAt[index];
    if (handlers !== undefined) for (const target of handlers) propagate(target, state);
    const end = blocks.starts[index + 1] ?? instructionCount(code);
    for (let i = blocks.starts[index] as number; i < end; i++) transfer(code, i, state, bitOf);
    for (const target of blocks.successors[index] ?? []) propagate(target, state);
  }
  return collect();

  function propagate(target: number, state: Uint32Array): void {
    const known = entry[target];
    if (known === undefined) return;
    let hasChanged = false;
    for (let w = 0; w < width; w++) {
      const met = ((known[w] as number) & (state[w] as number)) >>> 0;
      if (met === known[w]) continue;
      known[w] = met;
      hasChanged = true;
    }
    if (hasChanged && isQueued[target] === false) {
      isQueued[target] = true;
      queue.push(target);
    }
  }

  function collect(): Assignment {
    const unproven = new Set<number>();
    const atStatement = new Map<number, Uint32Array>();
    for (const [index, start] of blocks.starts.entries()) {
      const state = Uint32Array.from(entry[index] as Uint32Array);
      const end = blocks.starts[index + 1] ?? instructionCount(code);
      for (let i = start; i < end; i++) {
        const op = code.words[i * WORDS] as number;
        const operand = code.words[i * WORDS + 1] as number;
        if (op === Op.STMT) atStatement.set(operand, Uint32Array.from(state));
        const bit = op === Op.CHECK ? bitOf.get(operand) : undefined;
        if (bit !== undefined && !hasBit(state, bit)) unproven.add(i);
        transfer(code, i, state, bitOf);
      }
    }
    return { unproven, atStatement };
  }
}

/** The register that an instruction writes, or -1. */
export function writtenRegister(code: Assembly, instruction: number): Register {
  const at = instruction * WORDS;
  const shape = SHAPES[code.words[at] as number] ?? '';
  return shape.startsWith('w') || shape.startsWith('m') ? (code.words[at + 1] as number) : -1;
}

function transfer(code: Assembly, i: number, state: Uint32Array, bitOf: ReadonlyMap<Register, number>): void {
  const isForgotten = code.words[i * WORDS] === Op.FORGET;
  const register = isForgotten ? (code.words[i * WORDS + 1] as number) : writtenRegister(code, i);
  const bit = register < 0 ? undefined : bitOf.get(register);
  if (bit === undefined) return;
  const word = bit >> 5;
  const mask = 1 << (bit & 31);
  state[word] = isForgotten ? (state[word] as number) & ~mask : (state[word] as number) | mask;
}

function hasBit(state: Uint32Array, bit: number): boolean {
  return (((state[bit >> 5] as number) >>> (bit & 31)) & 1) === 1;
}

const SHAPES: readonly string[] = INSTRUCTIONS.map(([, shape]) => shape);

interface Blocks {
  /** Index of the first instruction of each block. */
  readonly starts: readonly number[];
  readonly successors: readonly (readonly number[])[];
  /** Handlers that may be entered from a state as early as the start of the block. */
  readonly handlersAt: readonly (readonly number[] | undefined)[];
}

function basicBlocks(code: Assembly, tries: readonly PendingTry[]): Blocks {
  const count = instructionCount(code);
  const isStart = new Uint8Array(count + 1);
  isStart[0] = 1;
  for (const at of code.labels) if (at >= 0) isStart[at] = 1;
  for (let i = 0; i < count; i++) if (endsBlock(code.words[i * WORDS] as number)) isStart[i + 1] = 1;
  const starts: number[] = [];
  const blockAt = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    if (isStart[i] !== 1) continue;
    blockAt.set(i, starts.length);
    starts.push(i);
  }
  const blockOf = (label: number): number => blockAt.get(code.labels[label] ?? -1) ?? -1;
  const returns = new Map<Register, number[]>();
  for (let i = 0; i < count; i++) {
    if (code.words[i * WORDS] !== Op.GOSUB) continue;
    const register = code.words[i * WORDS + 1] as number;
    returns.set(register, [...(returns.get(register) ?? []), blockAt.get(i + 1) ?? -1]);
  }
  const successors = starts.map((_, index) => {
    const last = (starts[index + 1] ?? count) - 1;
    return successorsOf(code, last, blockAt.get(last + 1), blockOf, returns);
  });
  const handlersAt: (number[] | undefined)[] = starts.map(() => undefined);
  for (const item of tries) {
    const start = blockOf(item.start);
    const targets = [item.handler, ...(item.filter === undefined ? [] : [item.filter])].map(blockOf);
    if (start >= 0) handlersAt[start] = [...(handlersAt[start] ?? []), ...targets];
  }
  return { starts, successors, handlersAt };
}

function successorsOf(
  code: Assembly,
  last: number,
  next: number | undefined,
  blockOf: (label: number) => number,
  returns: ReadonlyMap<Register, readonly number[]>,
): readonly number[] {
  const at = last * WORDS;
  const op = code.words[at] as number;
  const falls = next === undefined ? [] : [next];
  if (op === Op.RET || op === Op.RETV || op === Op.RETNONE || op === Op.ENDFILTER) return [];
  if (op === Op.ENDSUB) return returns.get(code.words[at + 1] as number) ?? [];
  if (op === Op.SWITCH) return [...new Set((code.tables[code.words[at + 4] as number] ?? []).map(blockOf)), ...falls];
  const target = (SHAPES[op] ?? '').indexOf('j');
  if (target < 0) return falls;
  const jump = blockOf(code.words[at + 1 + target] as number);
  return op === Op.JMP || op === Op.GOSUB ? [jump] : [jump, ...falls];
}

function endsBlock(op: number): boolean {
  return (
    (SHAPES[op] ?? '').includes('j') ||
    op === Op.SWITCH ||
    op === Op.RET ||
    op === Op.RETV ||
    op === Op.RETNONE ||
    op === Op.ENDSUB ||
    op === Op.ENDFILTER
  );
}
