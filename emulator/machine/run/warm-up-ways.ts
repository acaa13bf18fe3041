/** The operands with which each instruction is executed, so that they lead into each of its branches. */
import { Op } from '../opcodes.ts';
import type { Row } from './warm-up.ts';

/** The ways to execute an instruction that lead everywhere in it. */
export function waysOf({ parts }: Row): readonly Way[] {
  const special = parts.flatMap((part) => WAYS[part] ?? []);
  return special.length > 0 ? special : COMMON;
}

/** The low and high words of a register. */
type Value = readonly [number, number];

const KERNEL_HIGH = -32768;
export const ALIGNED: Value = [64, KERNEL_HIGH];
const ODD: Value = [67, KERNEL_HIGH];
/** Where the shadow says that it is not ordinary memory, and four bytes before that. */
const SPECIAL: Value = [1024, KERNEL_HIGH];
const EDGE: Value = [1020, KERNEL_HIGH];
const OUTSIDE: Value = [1 << 20, KERNEL_HIGH];
export const ZERO: Value = [0, 0];
const SMALL: Value = [3, 0];
const SHIFT: Value = [40, 0];
const MINUS: Value = [-1, -1];
const LEAST: Value = [0, -0x80000000];
const LEAST_INT: Value = [-0x80000000, -1];
/** As a double: 2 and a bit; as an integer beyond what a double holds. */
/** What is added to these overflows. */
const LOW_ONES: Value = [-1, 0x7fffffff];
const LARGE: Value = [0x40000001, 0x40000000];
/** As a double: 2 to the 63rd. */
const HUGE: Value = [0, 0x43e00000];

/** A way to execute an instruction. */
export interface Way {
  /** The values of its registers. */
  readonly registers: readonly [Value, Value, Value];
  /** What stands where it has numbers; the last one is repeated. */
  readonly numbers: readonly number[];
  /** Statements that may be executed; as many as there are, if absent. */
  readonly left?: number;
  /** Which of its statements is marked; the one after it, if there are not so many. */
  readonly markAt?: number;
  readonly irql?: number;
  /** What the host says of the function that is called. */
  readonly isGuest?: boolean;
  readonly returns?: boolean;
  /** Where the running function returns to, and the top of its caller's stack. */
  readonly back?: number;
  readonly callerTop?: number;
  /** The result of the running function is used. */
  readonly isUsed?: boolean;
}

export const usual = (value: Value, ...numbers: number[]): Way => ({ registers: [value, value, value], numbers });
const mixed = (a: Value, b: Value, c: Value, ...numbers: number[]): Way => ({ registers: [a, b, c], numbers });

export const COMMON: readonly Way[] = [
  usual(ALIGNED, 8, 1),
  usual(ALIGNED, 64, 4),
  usual(ODD, 2, 2),
  usual(SPECIAL, 4, 8),
  usual(EDGE, 0),
  usual(OUTSIDE, 1),
  usual(ZERO, 0, 32),
  usual(SMALL, 3, 0),
  usual(SMALL, 2, 0),
  usual(MINUS, 40, 4096),
  usual(MINUS, 1 << 23),
  usual(LARGE, 33, 32),
  usual(HUGE, 1),
  usual(LEAST, 5),
  usual(LOW_ONES, 3),
  usual(LEAST, -4, 1),
  usual(LEAST_INT, 1 << 23),
  mixed(ALIGNED, SPECIAL, ZERO, 0),
  mixed(SPECIAL, ALIGNED, ZERO, 0),
  mixed(SMALL, LARGE, SMALL, 2, 4096),
  mixed(LARGE, SMALL, LARGE, 4096, 1),
  mixed(SMALL, MINUS, LARGE, 3, 1),
  mixed(MINUS, SMALL, MINUS, 4, 0),
  mixed(ZERO, LARGE, SHIFT, 1),
  mixed(ZERO, LEAST, SMALL, 1),
  mixed(ZERO, LEAST, LOW_ONES, 1),
  mixed(ZERO, LEAST_INT, SMALL, 1),
  mixed(ZERO, SMALL, LEAST, 1),
  mixed(ZERO, LEAST, MINUS, 1),
  mixed(ZERO, LEAST_INT, MINUS, 1),
  mixed(ZERO, SMALL, ZERO, 1),
  mixed(ZERO, SMALL, ZERO, -4, 1),
  mixed(ZERO, MINUS, SMALL, 8),
  { ...usual(SPECIAL, 0), irql: 2 },
];

const direct: readonly Way[] = [64, 67, 1024, 1020].map((number) => usual(LARGE, number));
/** By routine of the table below, with two arguments. */
const calls: readonly Way[] = [0, 1, 2, 3, 4].map((index) => usual(ZERO, index, 2, 0));
const natives: readonly Way[] = [
  usual(ZERO, 0),
  { ...usual(ZERO, 0), returns: true },
  { ...usual(ZERO, 0), returns: true, irql: 2 },
  { ...usual(ZERO, 0), returns: true, markAt: 1 },
];
const returns: readonly Way[] = [
  usual(LARGE),
  { ...usual(LARGE), callerTop: 3088 },
  { ...usual(LARGE), back: -1 },
  { ...usual(LARGE), isUsed: true },
];

const bits: readonly Way[] = [usual(LARGE, 3, 5), usual(MINUS, 0, 33)];

/** What may not be executed with just any operands. */
const WAYS: Readonly<Record<number, readonly Way[]>> = {
  [Op.LDL4]: direct,
  [Op.LDL8]: direct,
  [Op.STL4]: direct,
  [Op.STL8]: direct,
  [Op.LDG4]: direct,
  [Op.LDG8]: direct,
  [Op.STG4]: direct,
  [Op.STG8]: direct,
  [Op.DISTANCE]: [usual(ALIGNED, 8)],
  [Op.MULI8]: [usual(LOW_ONES, -1, 0x7fffffff), usual(SMALL, 3, 0), usual(LARGE, 0x7fffffff, 0x7fffffff)],
  [Op.BITSS8]: bits,
  [Op.BITSU8]: bits,
  [Op.PUTBITS8]: bits,
  // Each fault takes its time.
  [Op.TRAP]: [usual(ZERO, 0)],
  [Op.BOUND]: [usual(SMALL, 8), usual(SMALL, 2)],
  [Op.BOUND8]: [usual(SMALL, 8), usual(SMALL, 2), usual(MINUS, 2)],
  [Op.MARK]: [usual(ZERO, 2048, 8, 0)],
  [Op.BEGIN]: [usual(ZERO, 0, 8, 1)],
  [Op.SWITCH]: [usual(ZERO, 0, 2, 0), usual(SMALL, 0, 2, 0), usual(MINUS, 0, 2, 0)],
  [Op.CALL]: calls,
  [Op.CALLI]: [...calls.map((way) => ({ ...way, isGuest: true })), ...natives],
  [Op.CALLN]: natives,
  [Op.RET]: returns,
  [Op.RETV]: returns,
  [Op.RETNONE]: returns,
  [Op.ENDSUB]: [usual(ZERO), usual(MINUS)],
};
