/** What the readers of a debugger's expression share: the tokens with a position, the first error, computed values. */
import { wrap } from '../../cfront/types/arithmetic.ts';
import { INT, LONG_LONG, UNSIGNED_INT } from '../../cfront/types/make.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { RunContext } from '../run/context.ts';
import type { FoundFrame } from './frames.ts';
import type { Operand } from './operand.ts';

export interface ExpressionReader {
  readonly context: RunContext;
  readonly found: FoundFrame | undefined;
  readonly tokens: readonly string[];
  position: number;
  error: string | undefined;
  /** What is read is asked for its place or type alone: a pointer on the way may lead nowhere. */
  isPlaceOnly: boolean;
  /** What is read is not computed, as the right side of `0 && …`: it may be anything that C could read. */
  isPassedOver: boolean;
}

const WORD =
  /[A-Za-z_$][\w$]*|0[xX][0-9A-Fa-f]+\w*|\d+\w*|L?'(?:\\.|[^'\\])+'|->|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^~!<>=?:.,()[\]{}`]|\S/g;

/** The words of an expression as C cuts it; what is none of them is a word of one character. */
export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

export function fail(reader: ExpressionReader, message: string): undefined {
  reader.error ??= message;
  return undefined;
}

export function peek(reader: ExpressionReader): string | undefined {
  return reader.tokens[reader.position];
}

export function accept(reader: ExpressionReader, token: string): boolean {
  if (peek(reader) !== token) return false;
  reader.position++;
  return true;
}

/** A value that is in no memory. */
export function computed(value: bigint, type: CType): Operand {
  return { type, home: { kind: 'register', value: wrap(value, type), isInitialised: true, owner: undefined } };
}

/** The type of a constant macro: int where it fits, as in C. */
export function constantOperand(value: bigint): Operand {
  if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return computed(value, INT);
  return computed(value, value <= 0xffff_ffffn && value > 0n ? UNSIGNED_INT : LONG_LONG);
}
