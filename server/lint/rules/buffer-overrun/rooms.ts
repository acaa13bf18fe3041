/**
 * How many bytes there are behind an argument. In: the expression, and the value that it has on a way. Out: the size of
 * the array, the variable or the block of the pool that it leads into, and how far in; undefined where that is not sure.
 */
import type { Expression, FunctionDefinition, MemberExpression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { isGuess } from '../../../../cfront/types/predicates.ts';
import type { RecordDefinition } from '../../../../cfront/types/types.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isInUnion, isRecord, memberRecord } from '../../body/record-type.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { integerValue, operationValue, placeAt, type Step, type Value } from '../../flow/values/values.ts';

export interface Room {
  /** Of all of it, in bytes. */
  readonly size: Value;
  /** Bytes from its start to where the argument leads. */
  readonly from: readonly Value[];
  readonly name: string;
  /** More bytes from its start on at which a member of the same record ends: who goes that far may mean to. */
  readonly ends?: ReadonlySet<bigint> | undefined;
  /** The argument is an array without a length at the end of a structure, and the block has the structure's bytes only. */
  readonly isFull?: true;
}

export function roomBehind(
  state: State,
  definition: FunctionDefinition | undefined,
  argument: Expression | undefined,
  value: Value,
): Room | undefined {
  if (argument === undefined) return undefined;
  const e = definition === undefined ? stripConversions(argument, { casts: true }) : given(definition, argument);
  const room = arrayRoom(e, lastIndex(resolve(state, value))) ?? ownRoom(state, resolve(state, value));
  return room !== undefined && isFull(e, room) ? { ...room, isFull: true } : room;
}

function isFull(e: Expression, { size }: Room): boolean {
  if (e.kind !== 'member' || e.type.kind !== 'array' || sizeOf(e.type) > 0 || isGuess(e.type)) return false;
  const record = memberRecord(e);
  return size.kind === 'integer' && record.kind === 'record' && size.value === BigInt(sizeOf(record));
}

/** What the argument is, or what the local pointer was given that it is and that nobody moves. */
function given(definition: FunctionDefinition, argument: Expression): Expression {
  const e = stripConversions(argument, { casts: true });
  const isMoved = (variable: VariableSymbol): boolean =>
    nodesIn(definition, 'increment').some(({ operand }) => operand.kind === 'name' && operand.symbol === variable);
  return e.kind === 'name' && e.symbol.kind === 'variable' && isMoved(e.symbol) ? e : throughLocal(definition, e);
}

/** The index by which the value goes into its last array, in bytes. */
function lastIndex(value: Value): Value | undefined {
  const steps: readonly Step[] = value.kind === 'address' ? value.place.steps : [];
  const step = steps.at(-1);
  if (step?.kind !== 'index') return undefined;
  return step.size === 1 ? step.index : operationValue('*', step.index, integerValue(BigInt(step.size)));
}

/** An array by its name, an element's address, or an array and an index. */
function arrayRoom(e: Expression, index: Value | undefined): Room | undefined {
  if (e.type.kind === 'array' && e.kind !== 'index') return e.kind === 'string' ? undefined : wholeRoom(e, []);
  const [base, by] =
    e.kind === 'address-of' && e.operand.kind === 'index'
      ? [e.operand.base, e.operand.index]
      : e.kind === 'binary' && e.operator === '+'
        ? [e.left, e.right]
        : e.kind === 'index' && e.type.kind === 'array'
          ? [e.base, e.index]
          : [];
  const array = base === undefined ? undefined : stripConversions(base, { casts: true });
  if (by === undefined || array?.type.kind !== 'array' || array.kind === 'index') return undefined;
  // Through a cast the elements are others than those of the array.
  if (base?.type.kind === 'pointer' && sizeOf(base.type.target) !== sizeOf(array.type.element)) return undefined;
  const known = constantValue(by);
  const from = known === undefined ? index : integerValue(known * BigInt(sizeOf(array.type.element)));
  return from === undefined ? undefined : wholeRoom(array, [from]);
}

function wholeRoom(array: Expression, from: readonly Value[]): Room | undefined {
  const size = sizeOf(array.type);
  if (size === 0 || isGuess(array.type)) return undefined;
  if (array.kind === 'name') return { size: integerValue(BigInt(size)), from, name: array.symbol.name };
  if (array.kind !== 'member' || isOpen(array)) return undefined;
  const record = memberRecord(array);
  if (record.kind !== 'record') return undefined;
  const ends = endsBehind(record.definition, array.offset, size);
  return { size: integerValue(BigInt(size)), from, name: array.name, ends };
}

/** Nobody knows how long it really is, or what else has its bytes; of names of Dot4's services request-arguments tells. */
export function isOpen(array: MemberExpression): boolean {
  const record = memberRecord(array);
  const isAll = record.kind === 'record' && record.definition.isUnion && sizeOf(record) === sizeOf(array.type);
  if (isRecord(record, '_DOT4_DC_CREATE_DATA')) return true;
  return (isInUnion(array) && !isAll) || record.kind !== 'record' || mayBeLonger(array, record.definition);
}

/** The last member of what a pointer leads to may stand for as many bytes as there are. */
function mayBeLonger({ type, name }: MemberExpression, { fields }: RecordDefinition): boolean {
  return fields?.at(-1)?.name === name && sizeOf(type) <= FEW;
}

const FEW = 8;

function endsBehind({ fields, size }: RecordDefinition, offset: number, bytes: number): ReadonlySet<bigint> {
  const ends = [...(fields ?? []).map((field) => field.offset + sizeOf(field.type)), size ?? 0];
  return new Set(ends.flatMap((end) => (end > offset + bytes ? [BigInt(end - offset)] : [])));
}

/** All of a variable, or of a block of the pool that this way has made. */
export function ownRoom(state: State, value: Value): Room | undefined {
  const place = placeAt(value);
  if (place === undefined || place.steps.some(({ kind }) => kind === 'index')) return undefined;
  const { root, offset } = place;
  const from = [integerValue(BigInt(offset))];
  if (root.kind === 'local' || root.kind === 'global') {
    const { type, name } = root.variable;
    return sizeOf(type) === 0 || isGuess(type) ? undefined : { size: integerValue(BigInt(sizeOf(type))), from, name };
  }
  const block = root.kind === 'pointee' ? state.kernel.blocks.get(root.pointer.key) : undefined;
  if (block?.kind !== 'pool' || block.bytes === undefined) return undefined;
  return { size: resolve(state, block.bytes), from, name: 'the block of the pool' };
}
