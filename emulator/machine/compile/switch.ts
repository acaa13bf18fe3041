/** `switch`: a jump table where the cases lie close together, else comparisons in order of writing. */
import type { CaseStatement, Statement } from '../../../cfront/parse/ast.ts';
import { highWord, lowWord } from '../memory/layout.ts';
import { emit, type Label, newLabel, placeLabel } from './assembly.ts';
import { classOf, isSignedType } from './classes.ts';
import { type FunctionContext, type Register, temporary } from './context.ts';

/** A table has at most this many entries per case. */
const TABLE_SPREAD = 4;
const TABLE_ENTRIES_MAX = 4096;

export function compileSwitch(c: FunctionContext, s: Statement & { kind: 'switch' }): void {
  const mark = c.nextTemporary;
  const breakLabel = newLabel(c.code);
  const cases = new Map<CaseStatement, Label>();
  for (const item of s.cases) cases.set(item, newLabel(c.code));
  const fallback = s.cases.find((item) => item.value === undefined);
  const otherwise = (fallback === undefined ? undefined : cases.get(fallback)) ?? breakLabel;
  const register = c.parts.value(c, s.condition);
  const isWide = classOf(s.condition.type) === 'long';
  if (!isWide && isDense(s.cases)) jumpTable(c, register, s.cases, cases, otherwise);
  else {
    for (const item of s.cases) {
      const label = cases.get(item);
      if (item.value === undefined || label === undefined) continue;
      compareCase(c, { register, isWide, isSigned: isSignedType(s.condition.type), ...item.value, label });
    }
  }
  emit(c.code, 'JMP', otherwise);
  c.nextTemporary = mark;
  c.scopes.push({ kind: 'switch', breakLabel, cases });
  c.parts.statement(c, s.body);
  c.scopes.pop();
  placeLabel(c.code, breakLabel);
}

function bounds(cases: readonly CaseStatement[]): { readonly low: bigint; readonly high: bigint } | undefined {
  let low: bigint | undefined;
  let high: bigint | undefined;
  for (const { value } of cases) {
    if (value === undefined) continue;
    if (low === undefined || value.low < low) low = value.low;
    if (high === undefined || value.high > high) high = value.high;
  }
  return low === undefined || high === undefined ? undefined : { low, high };
}

function isDense(cases: readonly CaseStatement[]): boolean {
  const range = bounds(cases);
  if (range === undefined || cases.length < 4) return false;
  const entries = Number(range.high - range.low) + 1;
  return entries <= Math.min(TABLE_ENTRIES_MAX, cases.length * TABLE_SPREAD);
}

function jumpTable(
  c: FunctionContext,
  register: Register,
  cases: readonly CaseStatement[],
  labels: ReadonlyMap<CaseStatement, Label>,
  otherwise: Label,
): void {
  const range = bounds(cases);
  if (range === undefined) return;
  const count = Number(range.high - range.low) + 1;
  const table: Label[] = new Array<Label>(count).fill(otherwise);
  for (const item of cases) {
    const label = labels.get(item);
    if (item.value === undefined || label === undefined) continue;
    for (let v = item.value.low; v <= item.value.high; v++) table[Number(v - range.low)] = label;
  }
  c.code.tables.push(table);
  emit(c.code, 'SWITCH', register, lowWord(range.low), count, c.code.tables.length - 1);
}

function compareCase(
  c: FunctionContext,
  o: {
    readonly register: Register;
    readonly isWide: boolean;
    readonly isSigned: boolean;
    readonly low: bigint;
    readonly high: bigint;
    readonly label: Label;
  },
): void {
  if (o.low === o.high && !o.isWide) {
    emit(c.code, 'JEQI', o.register, lowWord(o.low), o.label);
    return;
  }
  const mark = c.nextTemporary;
  const bound = temporary(c);
  const result = temporary(c);
  const wide = o.isWide ? '8' : '';
  emit(c.code, 'LDI8', bound, lowWord(o.low), highWord(o.low));
  if (o.low === o.high) {
    emit(c.code, 'JEQ8', o.register, bound, o.label);
  } else {
    const next = newLabel(c.code);
    emit(c.code, o.isSigned ? `LE${wide}` : `ULE${wide}`, result, bound, o.register);
    emit(c.code, 'JZ', result, next);
    emit(c.code, 'LDI8', bound, lowWord(o.high), highWord(o.high));
    emit(c.code, o.isSigned ? `LE${wide}` : `ULE${wide}`, result, o.register, bound);
    emit(c.code, 'JNZ', result, o.label);
    placeLabel(c.code, next);
  }
  c.nextTemporary = mark;
}
