/**
 * Conditions as jumps: `if`, loops, `&&`, `||`, `!` and `?:` never build a 0 or 1 only to test it.
 */
import type { Expression } from '../../../cfront/parse/ast.ts';
import { highWord, lowWord } from '../memory/layout.ts';
import type { OpName } from '../opcodes.ts';
import { heldValue, smallConstant } from './arithmetic.ts';
import { emit, type Label, newLabel, placeLabel } from './assembly.ts';
import { classOf, isFloating, isSignedType } from './classes.ts';
import { constantOf } from './constants.ts';
import type { FunctionContext } from './context.ts';
import { narrowIndex } from './pointer.ts';

/** Jumps to `label` when the truth of `e` is `sense`; falls through otherwise. */
export function branch(c: FunctionContext, e: Expression, label: Label, sense: boolean): void {
  const known = constantOf(c.link, e);
  if (known !== undefined) {
    if ((typeof known === 'bigint' ? known !== 0n : known !== 0) === sense) emit(c.code, 'JMP', label);
    return;
  }
  if (e.kind === 'unary' && e.operator === '!') {
    branch(c, e.operand, label, !sense);
    return;
  }
  if (e.kind === 'logical') {
    branchLogical(c, e, label, sense);
    return;
  }
  const mark = c.nextTemporary;
  c.code.node = e;
  if (e.kind === 'binary' && isComparison(e.operator) && !isFloating(classOf(e.left.type))) {
    branchComparison(c, e, label, sense);
  } else {
    const valueClass = classOf(e.type);
    const register = c.parts.value(c, e);
    const suffix = valueClass === 'int' ? '' : valueClass === 'long' ? '8' : 'F';
    emit(c.code, sense ? `JNZ${suffix}` : `JZ${suffix}`, register, label);
  }
  c.nextTemporary = mark;
}

function branchLogical(c: FunctionContext, e: Expression & { kind: 'logical' }, label: Label, sense: boolean): void {
  // `a || b` jumps on true as soon as either is true; `a && b` likewise on false.
  if ((e.operator === '||') === sense) {
    branch(c, e.left, label, sense);
    branch(c, e.right, label, sense);
    return;
  }
  const decided = newLabel(c.code);
  branch(c, e.left, decided, !sense);
  branch(c, e.right, label, sense);
  placeLabel(c.code, decided);
}

type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=';

function isComparison(operator: string): operator is Comparison {
  return (
    operator === '==' ||
    operator === '!=' ||
    operator === '<' ||
    operator === '>' ||
    operator === '<=' ||
    operator === '>='
  );
}

const INVERSE = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const;
const MIRROR = { '==': '==', '!=': '!=', '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as const;

function branchComparison(c: FunctionContext, e: Expression & { kind: 'binary' }, label: Label, sense: boolean): void {
  if (!isComparison(e.operator)) return;
  const isWide = classOf(e.left.type) === 'long';
  const isSigned = isSignedType(e.left.type);
  let operator: Comparison = sense ? e.operator : INVERSE[e.operator];
  const constant = isWide ? undefined : smallConstant(c, e.right);
  if (constant !== undefined) {
    const left = c.parts.value(c, e.left);
    const op = immediateJump(operator, isSigned, constant);
    if (op !== undefined) {
      emit(c.code, op.op, left, op.value, label);
      return;
    }
    const right = c.parts.value(c, e.right);
    emitJump(c, operator, { isWide, isSigned, left, right, label });
    return;
  }
  const wide = isWide ? constantOf(c.link, e.right) : undefined;
  if (typeof wide === 'bigint') {
    compareWide(c, { operator, isSigned, left: e.left, value: BigInt.asIntN(64, wide), label });
    return;
  }
  let left = heldValue(c, e.left, e.right);
  let right = c.parts.value(c, e.right);
  if (operator === '>' || operator === '<=') {
    operator = MIRROR[operator];
    [left, right] = [right, left];
  }
  emitJump(c, operator, { isWide, isSigned, left, right, label });
}

/** A 64-bit value against a constant; with 32 bits where the value was widened from them. */
function compareWide(
  c: FunctionContext,
  o: {
    readonly operator: Comparison;
    readonly isSigned: boolean;
    readonly left: Expression;
    readonly value: bigint;
    readonly label: Label;
  },
): void {
  const narrow = narrowIndex(o.left);
  // Widened from signed and then compared unsigned, what is negative is greater than any constant: so with 32 bits.
  const isSigned = o.isSigned && isSignedType(narrow.type);
  const most = isSignedType(narrow.type) ? 0x7fffffffn : 0xffffffffn;
  if (narrow !== o.left && o.value >= 0n && o.value <= most) {
    const jump = immediateJump(o.operator, isSigned, lowWord(o.value));
    if (jump !== undefined) {
      emit(c.code, jump.op, c.parts.value(c, narrow), jump.value, o.label);
      return;
    }
  }
  const left = c.parts.value(c, o.left);
  if (o.value === 0n && (o.operator === '==' || o.operator === '!=')) {
    emit(c.code, o.operator === '==' ? 'JZ8' : 'JNZ8', left, o.label);
    return;
  }
  const isMirrored = o.operator === '>' || o.operator === '<=';
  const isGreatest = o.value === (o.isSigned ? (1n << 63n) - 1n : -1n);
  if (isMirrored && isGreatest) {
    // Nothing is greater than the greatest value, and everything is at most that.
    if (o.operator === '<=') emit(c.code, 'JMP', o.label);
    return;
  }
  // x > n is x >= n + 1.
  const value = isMirrored ? o.value + 1n : o.value;
  const operator = o.operator === '>' ? '>=' : o.operator === '<=' ? '<' : o.operator;
  const sign = o.isSigned ? '' : 'U';
  const op: OpName =
    operator === '==' ? 'JEQI8' : operator === '!=' ? 'JNEI8' : operator === '<' ? `J${sign}LTI8` : `J${sign}GEI8`;
  emit(c.code, op, left, lowWord(value), highWord(value), o.label);
}

function emitJump(
  c: FunctionContext,
  operator: Comparison,
  o: {
    readonly isWide: boolean;
    readonly isSigned: boolean;
    readonly left: number;
    readonly right: number;
    readonly label: Label;
  },
): void {
  const isMirrored = operator === '>' || operator === '<=';
  const plain = isMirrored ? MIRROR[operator] : operator;
  const wide = o.isWide ? '8' : '';
  const op: OpName =
    plain === '=='
      ? `JEQ${wide}`
      : plain === '!='
        ? `JNE${wide}`
        : plain === '<'
          ? o.isSigned
            ? `JLT${wide}`
            : `JULT${wide}`
          : o.isSigned
            ? `JGE${wide}`
            : `JUGE${wide}`;
  emit(c.code, op, isMirrored ? o.right : o.left, isMirrored ? o.left : o.right, o.label);
}

function immediateJump(
  operator: Comparison,
  isSigned: boolean,
  value: number,
): { readonly op: OpName; readonly value: number } | undefined {
  switch (operator) {
    case '==':
      return { op: 'JEQI', value };
    case '!=':
      return { op: 'JNEI', value };
    case '<':
      return { op: isSigned ? 'JLTI' : 'JULTI', value };
    case '>=':
      return { op: isSigned ? 'JGEI' : 'JUGEI', value };
    case '>':
      if (isSigned) return { op: 'JGTI', value };
      // Unsigned: x > n is x >= n + 1 unless n is the greatest value.
      return value === -1 ? undefined : { op: 'JUGEI', value: (value + 1) | 0 };
    case '<=':
      if (isSigned) return { op: 'JLEI', value };
      return value === -1 ? undefined : { op: 'JULTI', value: (value + 1) | 0 };
  }
}
