/**
 * The last step of a function: the instruction list becomes final words at the end of the program's code.
 *
 * CHECKs that are proven disappear; a variable with one that is not gets a flag register, set wherever the variable is
 * written. Registers are scaled for the VM's 32-bit view, labels become word positions.
 */
import type { NodeBase } from '../../../cfront/parse/ast.ts';
import { INSTRUCTIONS, JUMP_OPERAND, Op, partsOf, WORDS } from '../opcodes.ts';
import { type Assembly, instructionCount, type Label } from './assembly.ts';
import { analyseAssignment, writtenRegister } from './assigned.ts';
import type { PendingTry, Register } from './context.ts';

/** The growing code of the program. */
export interface CodeBuffer {
  readonly words: number[];
  readonly nodes: (NodeBase | undefined)[];
  readonly statements: number[];
  readonly jumpTables: Int32Array[];
}

export interface FinishedFunction {
  readonly entry: number;
  readonly end: number;
  /** Flag register by variable register. */
  readonly flags: ReadonlyMap<Register, Register>;
  readonly assigned: ReadonlyMap<number, Uint32Array>;
  readonly positionOf: (label: Label) => number;
}

export function finishFunction(
  buffer: CodeBuffer,
  code: Assembly,
  o: {
    readonly tries: readonly PendingTry[];
    /** Registers of locals, which have no value at first. */
    readonly tracked: readonly Register[];
    readonly firstTemporary: Register;
  },
): FinishedFunction {
  const { unproven, atStatement } = analyseAssignment(code, o.tries, o.tracked);
  const flags = new Map<Register, Register>();
  for (const check of unproven) {
    const register = code.words[check * WORDS + 1] as number;
    if (!flags.has(register)) flags.set(register, o.firstTemporary + flags.size);
  }
  const entry = buffer.words.length;
  const firstTable = buffer.jumpTables.length;
  const shifted = (register: Register): Register => (register >= o.firstTemporary ? register + flags.size : register);
  const positions: number[] = [];
  const count = instructionCount(code);
  for (const flag of flags.values()) push(0, [Op.LDI, flag * 2, 0, 0, 0]);
  for (let i = 0; i < count; i++) {
    positions.push(buffer.words.length);
    writeInstruction(i);
  }
  positions.push(buffer.words.length);
  const positionOf = (label: Label): number => positions[code.labels[label] ?? count] ?? buffer.words.length;
  resolveJumps();
  fuse();
  for (const table of code.tables) buffer.jumpTables.push(Int32Array.from(table, positionOf));
  return { entry, end: buffer.words.length, flags, assigned: atStatement, positionOf };

  function writeInstruction(i: number): void {
    const at = i * WORDS;
    const op = code.words[at] as number;
    const first = code.words[at + 1] as number;
    if (op === Op.FORGET) {
      const flag = flags.get(first);
      if (flag !== undefined) push(i, [Op.LDI, flag * 2, 0, 0, 0]);
      return;
    }
    if (op === Op.CHECK) {
      const flag = flags.get(first);
      if (flag !== undefined && unproven.has(i)) push(i, [Op.CHECK, flag * 2, code.words[at + 2] as number, 0, 0]);
      return;
    }
    const shape = SHAPES[op] ?? '';
    const words = [op];
    for (let k = 0; k < WORDS - 1; k++) {
      const operand = code.words[at + 1 + k] as number;
      words.push(REGISTER_LETTERS.includes(shape[k] ?? '-') ? shifted(operand) * 2 : operand);
    }
    if (op === Op.SWITCH) words[4] = firstTable + (words[4] as number);
    push(i, words);
    const flag = flags.get(writtenRegister(code, i));
    if (flag !== undefined) push(i, [Op.LDI, flag * 2, 1, 0, 0]);
  }

  function push(i: number, words: readonly number[]): void {
    buffer.words.push(...words);
    buffer.nodes.push(code.nodes[i]);
    buffer.statements.push(code.statements[i] ?? -1);
  }

  /** Only opcodes change: each instruction that is fused to one before it can still be reached on its own. */
  function fuse(): void {
    const { words } = buffer;
    const single: (number | undefined)[] = [];
    for (let at = entry; at < words.length; at += WORDS) single.push(words[at]);
    for (const [i, op] of single.entries()) {
      const fused = FUSIONS[op ?? -1]?.find(({ parts }) => parts.every((part, k) => single[i + k] === part));
      if (fused !== undefined) words[entry + i * WORDS] = fused.op;
    }
  }

  function resolveJumps(): void {
    for (let at = entry; at < buffer.words.length; at += WORDS) {
      const target = JUMP_OPERAND[buffer.words[at] as number] ?? -1;
      if (target >= 0) buffer.words[at + 1 + target] = positionOf(buffer.words[at + 1 + target] as number);
    }
  }
}

/** By the first opcode: what is executed as one, the longest first. */
const FUSIONS = fusions();

interface Fusion {
  readonly op: number;
  readonly parts: readonly number[];
}

function fusions(): readonly (readonly Fusion[] | undefined)[] {
  const byFirst: (Fusion[] | undefined)[] = INSTRUCTIONS.map(() => undefined);
  for (const [op, [name]] of INSTRUCTIONS.entries()) {
    const parts = partsOf(name);
    const [first] = parts;
    if (first !== undefined && parts.length > 1) (byFirst[first] ??= []).push({ op, parts });
  }
  for (const all of byFirst) all?.sort((a, b) => b.parts.length - a.parts.length);
  return byFirst;
}

const REGISTER_LETTERS = ['w', 'r', 'm', 'b'];
const SHAPES: readonly string[] = INSTRUCTIONS.map(([, shape]) => shape);
