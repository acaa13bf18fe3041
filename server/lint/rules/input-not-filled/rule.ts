/**
 * What a call reads through a pointer has been written. In: calls whose prototypes say that they read there, or that they
 * read a number of bytes, given the address of a local. Sure where nothing on this way has written the members that such
 * calls read, or any byte of what is not known so well, and where nobody else ever gets the address (`unshared.ts`).
 */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import type { CType, RecordDefinition } from '../../../../cfront/types/types.ts';
import { recordName } from '../../body/record-type.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { calledType } from '../../flow/calls/recognise.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { mayOverlap } from '../../flow/state/overlap.ts';
import { isInitial, resolve, type State } from '../../flow/state/state.ts';
import { isSameRoot, type Place, placeAt, shift, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { isObject } from '../object-not-initialised/never-initialised.ts';
import { bytesParameter, isInput, keptUnshared } from './unshared.ts';

/** The members that whoever is given such a structure reads; of other structures it is enough that some byte is written. */
const read: Readonly<Record<string, readonly string[]>> = {
  _WSK_BUF: ['Mdl', 'Offset', 'Length'],
  _WSK_CLIENT_NPI: ['ClientContext', 'Dispatch'],
  _WSK_EVENT_CALLBACK_CONTROL: ['NpiId', 'EventMask'],
  addrinfoexW: ['ai_flags', 'ai_family', 'ai_socktype', 'ai_protocol'],
  sockaddr_in: ['sin_family', 'sin_port', 'sin_addr'],
  sockaddr_in6: ['sin6_family', 'sin6_port', 'sin6_addr', 'sin6_scope_id'],
  sockaddr_storage: ['ss_family'],
  _OBJECT_ATTRIBUTES: [
    'Length',
    'RootDirectory',
    'ObjectName',
    'Attributes',
    'SecurityDescriptor',
    'SecurityQualityOfService',
  ],
  _UNICODE_STRING: ['Length', 'Buffer'],
  _STRING: ['Length', 'Buffer'],
  _LARGE_INTEGER: ['LowPart', 'HighPart'],
};

export const inputNotFilled: Rule = {
  id: 'input-not-filled',
  severity: 'error',
  docRules: ['R55'],
  also: ['C6001', 'CWE-457'],
  summary: 'What a call reads behind a pointer was written before.',
  call: (call, { state, fn, session, report }) => {
    if (state.isVague || touchesMemory(call.api)) return;
    for (const [index, value] of call.arguments.entries()) {
      const place = value.kind === 'address' ? value.place : undefined;
      const argument = call.expression.arguments[index];
      if (place?.root.kind !== 'local' || argument === undefined || state.zeroed.has(place.root.key)) continue;
      const missing = missingOf(call, state, { index, argument, value });
      if (missing === undefined || !keptUnshared(session, fn.definition, place.root.variable)) continue;
      const { name } = place.root.variable;
      report({
        where: call.where,
        span: nodePlace(argument),
        message: `${missing === '' ? name : `${missing} of ${name}`} was not set on this way: ${call.api} takes what lay on the stack.`,
        path: [],
        docRules: missing.includes('NpiId') ? ['R55'] : [],
      });
    }
  },
};

interface Argument {
  readonly index: number;
  readonly argument: Expression;
  readonly value: Value;
}

/** The members that nothing has written, in words; '' for all of it, undefined where nothing is missing. */
function missingOf(call: ApiCall, state: State, { index, argument, value }: Argument): string | undefined {
  const parameters = calledType(call.expression)?.parameters ?? [];
  const parameter = parameters[index];
  const { type } = stripConversions(argument, { casts: true });
  if (parameter === undefined || type.kind !== 'pointer' || !isInput(call.api, parameter)) return undefined;
  const counted = bytesParameter(parameter);
  const count = counted === undefined ? undefined : call.arguments[parameters.findIndex((p) => p.name === counted)];
  const given = count === undefined ? undefined : resolve(state, count);
  if (counted !== undefined && given?.kind !== 'integer') return undefined;
  const bytes = given?.kind === 'integer' ? Number(given.value) : sizeOf(type.target);
  if (bytes <= 0 || isObject(type.target)) return undefined;
  const isOpen = (offset: number, size: number): boolean => {
    const place = placeAt(shift(value, offset));
    return place !== undefined && isUnset(state, place, size);
  };
  const members = membersOf(type.target).filter(({ offset }) => offset < bytes);
  if (members.length === 0 || isOpen(0, bytes)) return isOpen(0, bytes) ? '' : undefined;
  const open = members.filter(({ offset, size }) => isOpen(offset, size)).map(({ name }) => name);
  // An empty string has no characters that somebody would look for.
  const isEmpty = open[0] === 'Buffer' && mayBeEmpty(state, value);
  return open.length === 0 || isEmpty ? undefined : open.join(' and ');
}

function mayBeEmpty(state: State, string: Value): boolean {
  const place = placeAt(string);
  const length = place === undefined ? undefined : state.cells.get(place.key);
  const known = length === undefined ? undefined : resolve(state, length.value);
  return known === undefined || (known.kind === 'integer' && known.value === 0n);
}

interface Member {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

function membersOf(type: CType): readonly Member[] {
  const tag = recordName(type) ?? '';
  if (type.kind !== 'record' || !Object.hasOwn(read, tag)) return [];
  return (read[tag] ?? []).flatMap((name) => memberIn(type.definition, name, 0) ?? []);
}

/** Also one of an unnamed member. */
function memberIn({ fields }: RecordDefinition, name: string, start: number): Member | undefined {
  for (const field of fields ?? []) {
    const offset = start + field.offset;
    if (field.name === name) return { name, offset, size: sizeOf(field.type) };
    const inner =
      field.name === undefined && field.type.kind === 'record'
        ? memberIn(field.type.definition, name, offset)
        : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Nothing on this way has written these bytes: what was only read is as it was. */
function isUnset(state: State, { root, steps }: Place, size: number): boolean {
  for (const cell of state.cells.values())
    if (isSameRoot(cell.place.root, root) && mayOverlap(steps, size, cell.place.steps, cell.size) && !isInitial(cell))
      return false;
  return true;
}
