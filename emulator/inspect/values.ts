/**
 * Values for people: one line of text, and children that are read when somebody opens them.
 *
 * Memory is looked at without checks and without changing anything. What was never written says so, instead of showing
 * the zeroes that happen to lie there.
 */
import type { VariableSymbol } from '../../cfront/parse/ast.ts';
import { namedFields } from '../../cfront/types/fields.ts';
import { sizeOf } from '../../cfront/types/layout.ts';
import { typeText } from '../../cfront/types/text.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext } from '../run/context.ts';
import type { Value } from '../run/types.ts';
import type { FoundFrame } from './frames.ts';
import { at, isUnset, loadBits, type Operand, variableOperand } from './operand.ts';
import { valueText } from './value-text.ts';

/** Elements of a long array come in groups of this many. */
const CHUNK = 100;

/** A variable as the debugger shows it. */
export function variableValue(context: RunContext, found: FoundFrame, symbol: VariableSymbol): Value {
  return makeValue(context, symbol.name, symbol.name, variableOperand(context, found, symbol));
}

/** `expression` is what evaluates to it again; undefined where there is no such thing. */
export function makeValue(context: RunContext, name: string, expression: string | undefined, operand: Operand): Value {
  const { type, home } = operand;
  const count = childCount(context, operand);
  return {
    name,
    expression,
    type,
    typeText: typeText(type),
    text: valueText(context, operand),
    address: home.kind === 'memory' ? home.address : undefined,
    bits: home.kind === 'memory' ? home.bits : undefined,
    childCount: count,
    children: () => (count === 0 ? [] : children(context, expression, operand)),
  };
}

function childCount(context: RunContext, operand: Operand): number {
  const { type, home } = operand;
  switch (type.kind) {
    case 'record':
      return home.kind === 'memory' ? namedFields(type.definition).length : 0;
    case 'array': {
      const length = home.kind === 'memory' ? (type.length ?? 0) : 0;
      return length > CHUNK ? Math.ceil(length / CHUNK) : length;
    }
    case 'pointer':
      return pointeeCount(context, operand);
    default:
      return 0;
  }
}

/** A pointer to a structure opens as the structure; to a scalar as the one that it points to. */
function pointeeCount(context: RunContext, operand: Operand): number {
  if (operand.type.kind !== 'pointer' || isUnset(context, operand)) return 0;
  const { target } = operand.type;
  const address = loadBits(context, operand);
  if (address === undefined || address === 0n || target.kind === 'void' || target.kind === 'function') return 0;
  if (context.kernel.memory.peek(address as GuestAddress, Math.max(1, sizeOf(target))) === undefined) return 0;
  if (target.kind === 'record') return namedFields(target.definition).length;
  return sizeOf(target) > 0 ? 1 : 0;
}

function children(context: RunContext, expression: string | undefined, operand: Operand): readonly Value[] {
  const { type, home } = operand;
  if (type.kind === 'pointer') {
    const address = loadBits(context, operand) ?? 0n;
    const target = at(address, type.target);
    if (type.target.kind === 'record') return members(context, expression, '->', target);
    return [makeValue(context, `*${expression ?? ''}`, prefixed('*', expression), target)];
  }
  if (type.kind === 'record') return members(context, expression, '.', operand);
  if (type.kind !== 'array' || home.kind !== 'memory') return [];
  const length = type.length ?? 0;
  if (length <= CHUNK) return elements(context, expression, operand, 0, length);
  return Array.from({ length: Math.ceil(length / CHUNK) }, (_, i) => {
    const from = i * CHUNK;
    const to = Math.min(from + CHUNK, length);
    return {
      name: `[${from}..${to - 1}]`,
      expression: undefined,
      type: undefined,
      typeText: '',
      text: '',
      address: undefined,
      childCount: to - from,
      children: () => elements(context, expression, operand, from, to),
    };
  });
}

function members(
  context: RunContext,
  expression: string | undefined,
  operator: '.' | '->',
  operand: Operand,
): readonly Value[] {
  const { type, home } = operand;
  if (type.kind !== 'record' || home.kind !== 'memory') return [];
  return namedFields(type.definition).map(({ field, offset }) => {
    const name = field.name ?? '';
    const member: Operand = {
      type: field.type,
      home: { kind: 'memory', address: (home.address + BigInt(offset)) as GuestAddress, bits: field.bits },
    };
    const path = expression === undefined ? undefined : `${primary(expression)}${operator}${name}`;
    return makeValue(context, name, path, member);
  });
}

function elements(
  context: RunContext,
  expression: string | undefined,
  operand: Operand,
  from: number,
  to: number,
): readonly Value[] {
  const { type, home } = operand;
  if (type.kind !== 'array' || home.kind !== 'memory') return [];
  const size = BigInt(sizeOf(type.element));
  return Array.from({ length: to - from }, (_, i) => {
    const index = from + i;
    const path = expression === undefined ? undefined : `${primary(expression)}[${index}]`;
    return makeValue(context, `[${index}]`, path, at(home.address + size * BigInt(index), type.element));
  });
}

/** The expression in parentheses, unless it is a name or a chain of members already. */
function primary(expression: string): string {
  return /^[\w.>\-[\]]+$/.test(expression) ? expression : `(${expression})`;
}

function prefixed(operator: string, expression: string | undefined): string | undefined {
  return expression === undefined ? undefined : `${operator}${primary(expression)}`;
}
