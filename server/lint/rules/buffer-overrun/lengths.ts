/**
 * How long what a call reads or writes is. In: a parameter's SAL, and the values of the call. Out: the bytes as a value,
 * the least and the most that they can be on this way, and whether somebody outside the driver says how many they are.
 */
import { memo } from '../../../../base/memo.ts';
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { FunctionParameter } from '../../../../cfront/types/types.ts';
import { throughLocal, valuesGiven } from '../../body/given-values.ts';
import { memberRecord, pointsTo, tagOf } from '../../body/record-type.ts';
import { around, ownLedTo } from '../../driver/reach.ts';
import { roleOf } from '../../driver/roles.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import { locatedIn } from '../../flow/calls/io-status.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isComparison, rangeOf, resolve, type State } from '../../flow/state/state.ts';
import {
  ANYTHING,
  integerValue,
  operationValue,
  type SymbolValue,
  type Value,
  ZERO,
} from '../../flow/values/values.ts';

export interface Length {
  readonly bytes: Value;
  /** Bytes of what is counted. */
  readonly unit: bigint;
  /** The argument that says it. */
  readonly said: Expression | undefined;
  readonly isRead: boolean;
}

/** What the prototype says of the memory behind a parameter. */
export function lengthOf(
  state: State,
  call: ApiCall,
  parameters: readonly FunctionParameter[],
  { annotations, type }: FunctionParameter,
): Length | undefined {
  const sal = annotations.find(({ name }) => COUNTED.test(name));
  const [, direction, unit] = COUNTED.exec(sal?.name ?? '') ?? [];
  const text = sal?.arguments[0]?.map((token) => token.text).join('') ?? '';
  const isBehind = text.startsWith('*');
  const at = parameters.findIndex(({ name }) => name === (isBehind ? text.slice(1) : text));
  const size = unit !== undefined || type.kind !== 'pointer' ? 1 : sizeOf(type.target);
  if (at < 0 || size === 0) return undefined;
  const given = isBehind
    ? heldBehind(state, call, { index: at, offset: 0, size: 4 })
    : (call.arguments[at] ?? ANYTHING);
  const count = resolve(state, given);
  const bytes =
    size === 1
      ? count
      : count.kind === 'integer'
        ? integerValue(count.value * BigInt(size))
        : operationValue('*', count, integerValue(BigInt(size)));
  return {
    bytes,
    unit: BigInt(size),
    said: isBehind ? undefined : call.expression.arguments[at],
    isRead: direction === 'In',
  };
}

const COUNTED = /^_(In|Out|Inout)_(?:reads|writes|updates)(_bytes)?_/;

/** The least and the most that a number of bytes can be; as an unsigned one it is known by another name. */
export function boundsOf(state: State, value: Value): { readonly least?: bigint; readonly most?: bigint } {
  if (value.kind === 'integer') return value.value < 0n ? {} : { least: value.value, most: value.value };
  if (value.kind === 'operation' && value.right.kind === 'integer') {
    const { operator, left, right } = value;
    const by = right.value;
    const { least, most } = boundsOf(state, left);
    const all = (map: (n: bigint) => bigint) => ({
      ...(least !== undefined && { least: map(least) }),
      ...(most !== undefined && { most: map(most) }),
    });
    if (operator === '+' || operator === '-') return all((n) => (operator === '+' ? n + by : n - by));
    if (operator === '*' && by > 0n) return all((n) => n * by);
    if (operator === '&' && by >= 0n) return by === 0xffff_ffffn ? all((n) => n) : { least: 0n, most: by };
    if (operator === '%' && by > 0n) return { least: 0n, most: by - 1n };
  }
  const [seen, unsigned] = [rangeOf(state, value), rangeOf(state, operationValue('^', value, ZERO))];
  const least = unsigned.min ?? (seen.min !== undefined && seen.min >= 0n ? seen.min : undefined);
  let most = unsigned.max ?? seen.max;
  while (most !== undefined && seen.not.includes(most)) most--;
  return { ...(least !== undefined && { least }), ...(most !== undefined && most >= 0n && { most }) };
}

/** Ways that met say of the value what each of them says by itself. */
export function isOfSeveralWays({ key }: Value): boolean {
  return key.includes('<j');
}

/**
 * Who says how long it is, where that is somebody outside and nobody has asked: the program, the peer. In: what the length
 * is said by.
 */
export function saidOutside(
  session: Session,
  state: State,
  fn: FunctionInfo,
  { bytes, said }: Length,
): string | undefined {
  const symbol = symbolIn(bytes);
  if (symbol === undefined || said === undefined) return undefined;
  const who = sourceOf(session, state, fn, symbol);
  if (who === undefined) return undefined;
  return isRelated(state, symbol) ? undefined : who;
}

/** Something on this way has been found out of the value together with others. */
export function isRelated(state: State, one: Value): boolean {
  const own = [one.key, operationValue('^', one, ZERO).key];
  return [...state.ranges.values()].some(({ value: { key } }) => key.includes(one.key) && !own.includes(key));
}

/** The one thing that is not known in a number of bytes. */
function symbolIn(value: Value): SymbolValue | undefined {
  if (value.kind === 'symbol') return value;
  return value.kind === 'operation' && value.right.kind === 'integer' && /^[-+*&]$/.test(value.operator)
    ? symbolIn(value.left)
    : undefined;
}

function sourceOf(session: Session, state: State, fn: FunctionInfo, { source }: SymbolValue): string | undefined {
  if (source.kind === 'parameter') {
    const names = roleParameters[roleOf(session, fn) ?? ''];
    return names?.[source.index];
  }
  if (source.kind !== 'initial' || source.place.root.kind !== 'pointee') return undefined;
  const { pointer } = source.place.root;
  const { offset } = source.place;
  const isWhole = source.place.steps.length === 1;
  const irp = locatedIn(pointer);
  const isReceived = irp !== undefined && state.facts.get(irp.key)?.origin === 'received';
  if ((isReceived || isGivenLocation(fn, pointer)) && isWhole) return locationLengths[offset];
  if (pointer.source.kind === 'parameter' && isWhole && offset === INDICATED)
    return /^WSK_RECEIVE(?:_FROM)?_EVENT$/.test(roleOf(session, fn) ?? '') ? 'the indication' : undefined;
  return ownerOf(state, pointer);
}

/** What a part of a dispatch routine is given. */
function isGivenLocation({ definition }: FunctionInfo, { source }: SymbolValue): boolean {
  return source.kind === 'parameter' && pointsTo(definition.parameters[source.index]?.type, '_IO_STACK_LOCATION');
}

/** Parameters of callbacks that say a length. */
const roleParameters: Readonly<Record<string, readonly (string | undefined)[]>> = {
  WSK_RECEIVE_EVENT: [undefined, undefined, undefined, 'BytesIndicated'],
  EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL: [undefined, undefined, 'OutputBufferLength', 'InputBufferLength'],
  EVT_WDF_IO_QUEUE_IO_READ: [undefined, undefined, 'Length'],
  EVT_WDF_IO_QUEUE_IO_WRITE: [undefined, undefined, 'Length'],
};

/** Buffer.Length of a WSK_DATA_INDICATION and of a WSK_DATAGRAM_INDICATION. */
const INDICATED = 24;

const locationLengths: Readonly<Record<number, string>> = {
  [OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.OutputBufferLength']]: 'the request',
  [OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.InputBufferLength']]: 'InputBufferLength',
};

/** Whose words stand in the memory behind the pointer. */
function ownerOf(state: State, pointer: SymbolValue): string | undefined {
  const block = state.kernel.blocks.get(pointer.key);
  if (block?.kind === 'lent' && /^WdfRequestRetrieve\w*Input/.test(block.made?.api ?? '')) return PROGRAM;
  if (block?.kind === 'mapping') {
    const mdl = block.made?.where.arguments[0];
    const inner = mdl === undefined ? undefined : stripConversions(mdl, { casts: true });
    return inner?.kind === 'member' && isIndicated(inner.object) ? 'the peer' : undefined;
  }
  if (pointer.source.kind !== 'initial' || pointer.source.place.root.kind !== 'pointee') return undefined;
  const { place } = pointer.source;
  const holder = place.root.kind === 'pointee' ? place.root.pointer : undefined;
  if (holder === undefined || place.steps.length !== 1) return undefined;
  if (state.facts.get(holder.key)?.origin === 'received')
    return place.offset === OFFSET['_IRP.AssociatedIrp.SystemBuffer'] ? PROGRAM : undefined;
  const isInput = place.offset === OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.Type3InputBuffer'];
  return isInput && locatedIn(holder) !== undefined ? PROGRAM : undefined;
}

const PROGRAM = 'the program';

function isIndicated(object: Expression): boolean {
  return object.kind === 'member' && /^_WSK_DATA(?:GRAM)?_INDICATION$/.test(tagOf(memberRecord(object)) ?? '');
}

/** Some function around, or a helper on the way there, compares it, or what has its name, with more than nothing. */
export function isAskedAbout(session: Session, fn: FunctionInfo, said: readonly Expression[]): boolean {
  const names = said.flatMap((e) => allNamesIn(fn.definition, e));
  const others = [...around(session, fn), ...ownLedTo(session, fn)];
  return others.some(({ definition }) => names.some((name) => comparedNames(definition).has(name)));
}

const comparedNames = memo((definition: FunctionDefinition): ReadonlySet<string> => {
  const names = new Set<string>();
  walk(definition.body, (node) => {
    if (node.kind !== 'binary' || !isComparison(node.operator)) return;
    if ([node.left, node.right].some((side) => constantValue(side) === 0n)) return;
    for (const side of [node.left, node.right])
      walk(side, (part) => {
        if (part.kind === 'name' || part.kind === 'member')
          for (const name of namesIn(definition, part)) names.add(name);
      });
  });
  return names;
});

/** All that an expression is made of, and what its locals were given. */
function allNamesIn(definition: FunctionDefinition, e: Expression): readonly string[] {
  const names: string[] = [];
  const note = (node: TreeNode): void => {
    if (node.kind === 'member') names.push(node.name);
    if (node.kind === 'name') names.push(node.symbol.name);
  };
  walk(e, (node) => {
    note(node);
    if (node.kind === 'name') for (const value of valuesGiven(definition, node.symbol)) walk(value, note);
  });
  return names;
}

/** What an expression is called, and what the local that it names was given. */
export function namesIn(definition: FunctionDefinition, e: Expression): readonly string[] {
  const [own, from] = [stripConversions(e, { casts: true }), throughLocal(definition, e)];
  return [own, from].flatMap((one) =>
    one.kind === 'name' ? [one.symbol.name] : one.kind === 'member' ? [one.name] : [],
  );
}

/** More than a number of its type cannot be: that of a member of one byte is 255 at most. */
export function mostOfType(definition: FunctionDefinition | undefined, said: Expression): bigint {
  let bytes = 8;
  for (const start of definition === undefined ? [said] : [said, throughLocal(definition, said)])
    for (let e = start; ; e = e.operand) {
      if (sizeOf(e.type) > 0) bytes = Math.min(bytes, sizeOf(e.type));
      if (e.kind !== 'convert' && e.kind !== 'cast') break;
    }
  return (1n << BigInt(bytes * 8)) - 1n;
}
