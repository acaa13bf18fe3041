/**
 * The instruction list of one function while it is being written.
 *
 * Jump operands are label numbers; registers are plain numbers. `finish.ts` turns the list into final words.
 */
import type { NodeBase } from '../../../cfront/parse/ast.ts';
import { Op, type OpName, WORDS } from '../opcodes.ts';

export type Label = number;

export interface Assembly {
  /** `WORDS` numbers per instruction. */
  readonly words: number[];
  /** By instruction: the node it was made for, and its statement. */
  readonly nodes: (NodeBase | undefined)[];
  readonly statements: number[];
  /** By label: index of the instruction it stands before; -1 while unplaced. */
  readonly labels: number[];
  /** Jump tables: a label per value. */
  readonly tables: Label[][];
  /** What `emit` attaches to instructions. */
  node: NodeBase | undefined;
  statement: number;
}

export function createAssembly(): Assembly {
  return { words: [], nodes: [], statements: [], labels: [], tables: [], node: undefined, statement: -1 };
}

export function emit(code: Assembly, op: OpName, a = 0, b = 0, c = 0, d = 0): void {
  code.words.push(Op[op], a, b, c, d);
  code.nodes.push(code.node);
  code.statements.push(code.statement);
}

export function newLabel(code: Assembly): Label {
  code.labels.push(-1);
  return code.labels.length - 1;
}

/** The label stands before the next instruction. */
export function placeLabel(code: Assembly, label: Label): void {
  code.labels[label] = instructionCount(code);
}

export function instructionCount(code: Assembly): number {
  return code.words.length / WORDS;
}
