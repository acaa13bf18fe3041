/**
 * What a call reads or writes lies within the memory that it is given. In: calls whose prototypes say how many bytes. Sure
 * where the number is known to be larger than what there is; where it was compared with more than that, or with all of a
 * buffer that has something in it already; and where somebody outside the driver says it and nobody has asked.
 */

import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { pointsTo } from '../../body/record-type.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import { STRING_BUFFER } from '../../flow/calls/blocks.ts';
import { calledType } from '../../flow/calls/recognise.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { leastBeyond } from '../../flow/state/sums.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { checkIndex } from './indexes.ts';
import {
  boundsOf,
  isAskedAbout,
  isOfSeveralWays,
  isRelated,
  type Length,
  lengthOf,
  mostOfType,
  saidOutside,
} from './lengths.ts';
import { ownRoom, type Room, roomBehind } from './rooms.ts';

export const bufferOverrun: Rule = {
  id: 'buffer-overrun',
  severity: 'error',
  docRules: [],
  also: ['C6385', 'C6386', 'CWE-120', 'CWE-125', 'CWE-787'],
  summary: 'What a call reads or writes lies within the memory that it is given.',
  seesThroughHelpers: true,
  acts: ['index'],
  act: (action, context) => {
    if (action.kind === 'index') checkIndex(action, context);
  },
  call: (call, context) => {
    const parameters = calledType(call.expression)?.parameters ?? [];
    if (isOfDot4(call, context.state)) return;
    if (call.api === MDL) {
      const [, bytes = ANYTHING] = call.arguments;
      const [, said] = call.expression.arguments;
      check(call, context, {
        index: 0,
        length: { bytes: resolve(context.state, bytes), unit: 1n, said, isRead: true },
      });
      return;
    }
    for (const [index, parameter] of parameters.entries()) {
      const length = lengthOf(context.state, call, parameters, parameter);
      if (length !== undefined) check(call, context, { index, length });
      if (pointsTo(parameter.type, '_UNICODE_STRING') || pointsTo(parameter.type, '_STRING'))
        checkString(call, context, index);
    }
  },
};

/** It has an MDL say how many bytes there are: whoever gets that reads or writes them. */
const MDL = 'IoAllocateMdl';

/** Their sizes request-arguments tells. */
function isOfDot4({ api, arguments: [code = ANYTHING] }: ApiCall, state: State): boolean {
  const known = api === 'IoBuildDeviceIoControlRequest' ? resolve(state, code) : ANYTHING;
  return known.kind === 'integer' && BigInt.asUintN(32, known.value) >> 16n === FILE_DEVICE_DOT4;
}

const FILE_DEVICE_DOT4 = 0x3an;

interface Argument {
  readonly index: number;
  readonly length: Length;
}

/** A string says that its memory is longer than it is. */
function checkString(call: ApiCall, { state, report }: CheckContext, index: number): void {
  const most = resolve(state, heldBehind(state, call, { index, offset: 2, size: 2 }));
  const memory = resolve(state, heldBehind(state, call, { index, offset: STRING_BUFFER, size: 8 }));
  const room = ownRoom(state, memory);
  const [from] = room?.from ?? [];
  if (room?.size.kind !== 'integer' || most.kind !== 'integer' || from?.kind !== 'integer') return;
  const bytes = BigInt.asUintN(16, most.value);
  if (bytes <= room.size.value - from.value) return;
  report({
    where: call.where,
    message: `MaximumLength says ${bytes} bytes, and ${room.name} has ${room.size.value - from.value}: ${call.api}, or whoever gets the string next, may write behind it.`,
    path: [],
  });
}

function check(call: ApiCall, { state, fn, session, report }: CheckContext, { index, length }: Argument): void {
  const { arguments: values, api, where } = call;
  const argument = call.expression.arguments[index];
  const isHere = where.inside === undefined;
  const room = roomBehind(state, isHere ? fn.definition : undefined, argument, values[index] ?? ANYTHING);
  if (room === undefined || argument === undefined) return;
  const ends = touchesMemory(api) || api === MDL ? room.ends : undefined;
  const verb = api === MDL ? 'describes' : length.isRead ? 'reads' : 'writes';
  const tell = (message: string, when?: () => boolean): void =>
    report({
      where,
      span: isHere ? nodePlace(argument) : undefined,
      message: `${message}: ${length.isRead ? 'what lies behind it is read as well' : 'what lies behind it is overwritten'}.`,
      path: isHere ? [] : pathTo(where, `${api} is called here`),
      ...(when !== undefined && { when }),
    });
  const size = room.size.kind === 'integer' ? room.size.value : undefined;
  const { said } = length;
  const limit = said === undefined ? undefined : length.unit * mostOfType(isHere ? fn.definition : undefined, said);
  const words = sureWords(state, { ...room, ends }, length, size, limit);
  if (words !== undefined) {
    tell(`${api} ${verb} ${words}`);
    return;
  }
  if (api === MDL) return;
  if (room.isFull === true && !length.isRead && length.bytes.kind !== 'integer') {
    tell(`${api} writes to the end of a structure, and ${room.name} has room for nothing but its ${size} bytes`);
    return;
  }
  if (size === undefined || said === undefined || limit === undefined || limit <= size) return;
  const who = saidOutside(session, state, fn, length);
  if (who === undefined) return;
  tell(
    `${api} ${verb} as many bytes as ${who} says, and nobody asks whether ${room.name} has more than its ${size}`,
    () => !isAskedAbout(session, fn, [said, ...(isHere ? [] : where.arguments)]),
  );
}

/** What is surely, or may by a comparison on this way be, more than there is. */
function sureWords(
  state: State,
  room: Room,
  { bytes }: Length,
  size: bigint | undefined,
  limit: bigint | undefined,
): string | undefined {
  const beyond = leastBeyond(state, [...room.from, bytes], room.size);
  const { least, most: known } = boundsOf(state, bytes);
  const most = known !== undefined && limit !== undefined && limit < known ? limit : known;
  const [start, more] = room.from;
  const from = start === undefined ? 0n : start.kind === 'integer' && more === undefined ? start.value : undefined;
  if (size === undefined)
    return beyond !== undefined && beyond > 0n ? `${beyond} bytes more than ${room.name} has, at least` : undefined;
  const end = from === undefined || least === undefined ? (beyond ?? 0n) + size : from + least;
  if (end > size) {
    if (room.ends?.has(end) === true) return undefined;
    return least === most && from === 0n
      ? `${end} bytes, and ${room.name} has ${size}`
      : `${end - size} bytes more than ${room.name} has, at least`;
  }
  if (most === undefined || bytes.kind === 'integer') return undefined;
  if (from !== undefined)
    return !isOfSeveralWays(bytes) && from + most > size
      ? `up to ${most} bytes, and ${room.name} has ${size - from}`
      : undefined;
  return most === size && start !== undefined && !room.from.some((one) => isRelated(state, one))
    ? `up to all ${size} bytes of ${room.name}, from a place on that is not its start`
    : undefined;
}
