/**
 * A request that succeeds says in IoStatus.Information no more bytes than its caller has room for. Sure where the
 * function has compared the room, and on this way it is less; and where nobody has asked for it.
 */
import type { Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions, walk } from '../../../../cfront/parse/walk.ts';
import { givenIn, throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isCalled, leadsOutside, ledTo } from '../../driver/reach.ts';
import { currentLocation } from '../../flow/calls/io-status.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { isComparison, rangeOf, resolve, type State } from '../../flow/state/state.ts';
import { leastBeyond } from '../../flow/state/sums.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { single } from '../../flow/values/ranges.ts';
import {
  ANYTHING,
  initialValue,
  mentions,
  operationValue,
  placeAt,
  shift,
  type Value,
  ZERO,
} from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const informationTooLarge: Rule = {
  id: 'information-too-large',
  severity: 'error',
  docRules: [],
  also: ['Driver Verifier C9/0x312', 'CWE-126'],
  summary: 'IoStatus.Information of a request that succeeds is no more than the room that its caller has.',
  events: ['complete'],
  event: (event, { state, fn, session, report }) => {
    if (event.kind !== 'complete' || state.facts.get(event.irp.key)?.origin !== 'received') return;
    const { min: status } = rangeOf(state, event.status);
    const bytes = resolve(state, event.information);
    if (status === undefined || status < 0n) return;
    if (isInputLength(state, event.irp, bytes) && !asksForRoom(fn)) {
      report({
        where: event.where,
        message:
          'IoStatus.Information says as many bytes as came in, and nobody has asked for how many there is room: where that is less, the I/O manager copies beyond the end of the buffer, and the caller gets memory of the kernel.',
        path: pathTo(event.where, 'The request is completed here'),
        severity: 'warning',
        once: siteKey(event.where),
        // Others may have asked before it came here.
        when: () => !isCalled(session, fn),
      });
      return;
    }
    const more = asksForRoom(fn) ? beyondRoom(state, event.irp, bytes) : undefined;
    if (more !== undefined)
      report({
        where: event.where,
        message: `IoStatus.Information says ${more} more than the caller has room for: the I/O manager copies beyond the end of the buffer, and the caller gets memory of the kernel.`,
        path: pathTo(event.where, 'The request is completed here'),
        once: siteKey(event.where),
      });
    if (bytes.kind !== 'integer' || bytes.value <= 0n) return;
    if (!asksForRoom(fn)) {
      const code = codeOf(state, event.irp);
      if (code === undefined || !isBuffered(code)) return;
      report({
        where: event.where,
        message: `IoStatus.Information says ${bytes.value} bytes, and nobody has asked for OutputBufferLength: where the caller has room for less, the I/O manager copies beyond the end of the buffer, and the caller gets memory of the kernel.`,
        path: pathTo(event.where, 'The request is completed here'),
        severity: 'warning',
        once: siteKey(event.where),
        when: () => !isCalled(session, fn) && !isAskedBehind(session, fn, { itself: true }),
      });
      return;
    }
    const { most, least } = roomOf(state, event.irp);
    const isLess = most !== undefined && most < bytes.value;
    const code = codeOf(state, event.irp);
    if (code !== undefined && isBuffered(code) && !isRoomAsked(state, event.irp)) {
      report({
        where: event.where,
        message: `IoStatus.Information says ${bytes.value} bytes, and on this way nobody has asked for OutputBufferLength: where the caller has room for less, the I/O manager copies beyond the end of the buffer, and the caller gets memory of the kernel.`,
        path: pathTo(event.where, 'The request is completed here'),
        severity: 'warning',
        once: siteKey(event.where),
        when: () =>
          !isCalled(session, fn) && comparesOnly(fn.definition) && !isAskedBehind(session, fn, { itself: false }),
      });
      return;
    }
    // Who has asked for some room has to have asked for enough.
    const mayBeLess = least !== undefined && least > 0n && least < bytes.value;
    if (!isLess && !mayBeLess) return;
    report({
      where: event.where,
      message: `IoStatus.Information says ${bytes.value} bytes, and on this way the caller ${isLess ? `has room for ${most} at most` : `may have room for ${least} only`}: the I/O manager copies beyond the end of the buffer, and the caller gets memory of the kernel.`,
      path: pathTo(event.where, 'The request is completed here'),
      once: siteKey(event.where),
    });
  },
};

/** Of a request to read it is Parameters.Read.Length, which lies in the same place. */
const LENGTH = OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.OutputBufferLength'];
const INPUT_LENGTH = OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.InputBufferLength'];
const CONTROL_CODE = OFFSET['_IO_STACK_LOCATION.Parameters.DeviceIoControl.IoControlCode'];

/** What the stack location says there: what was read last, or its name where the pointer to it is gone. */
function parameterAt(state: State, irp: Value, offset: number): Value | undefined {
  const place = placeAt(shift(currentLocation(irp), offset));
  if (place === undefined) return undefined;
  return state.cells.get(place.key)?.value ?? initialValue(place);
}

function isInputLength(state: State, irp: Value, bytes: Value): boolean {
  if (bytes.kind !== 'symbol' || parameterAt(state, irp, INPUT_LENGTH)?.key !== bytes.key) return false;
  const code = codeOf(state, irp);
  return code === undefined || isBuffered(code);
}

/** The control code, where this way has asked which it is. */
function codeOf(state: State, irp: Value): bigint | undefined {
  const code = resolve(state, parameterAt(state, irp, CONTROL_CODE) ?? ANYTHING);
  return code.kind === 'integer' ? code.value : undefined;
}

/** Of other methods than METHOD_BUFFERED nothing is copied. */
function isBuffered(code: bigint): boolean {
  return (code & 3n) === 0n;
}

/** Something that the function leads to asks, or code that is not here may; whether the function itself counts, is said. */
function isAskedBehind(session: Session, fn: FunctionInfo, { itself }: { readonly itself: boolean }): boolean {
  const led = ledTo(session, fn);
  return (
    leadsOutside(session, fn) ||
    session.functions.some((other) => (itself || other !== fn) && led.has(other.key) && asksForRoom(other))
  );
}

/** How much more it is than the room, whatever that is. */
function beyondRoom(state: State, irp: Value, bytes: Value): bigint | undefined {
  const room = bytes.kind === 'operation' ? parameterAt(state, irp, LENGTH) : undefined;
  const least = room === undefined ? undefined : leastBeyond(state, [bytes], room);
  return least !== undefined && least > 0n ? least : undefined;
}

/** The most and the least that the room can be, where something on this way has said so. */
function roomOf(state: State, irp: Value): { readonly most: bigint | undefined; readonly least: bigint | undefined } {
  const length = parameterAt(state, irp, LENGTH);
  if (length === undefined) return { most: undefined, least: undefined };
  // A number is known as a signed one; what is known of it as an unsigned one goes by another name.
  const { min, max } = rangeOf(state, operationValue('^', length, ZERO));
  const only = single(rangeOf(state, length));
  return { most: only ?? max, least: only ?? min };
}

/** Something on this way says how much room there is. */
function isRoomAsked(state: State, irp: Value): boolean {
  const place = placeAt(shift(currentLocation(irp), LENGTH));
  const now = parameterAt(state, irp, LENGTH);
  if (state.isVague || place === undefined || now === undefined) return true;
  const names = [initialValue(place).key, now.key];
  return [...state.ranges.values()].some(({ value }) => names.some((name) => mentions(value.key, name)));
}

/** All that the function does with the room is to compare it with constants: whatever else it does, no way may show. */
function comparesOnly(definition: FunctionDefinition): boolean {
  const isRoom = (e: Expression): boolean => {
    const from = throughLocal(definition, e);
    return from.kind === 'member' && from.name === 'OutputBufferLength';
  };
  const named = new Set<Expression>();
  const compared = new Set<Expression>();
  const given = new Set(givenIn(definition).map(({ value }) => stripConversions(value, { casts: true })));
  walk(definition.body, (node) => {
    if ((node.kind === 'member' || node.kind === 'name') && isRoom(node) && !given.has(node)) named.add(node);
    if (node.kind !== 'binary' || !isComparison(node.operator)) return;
    const [left, right] = [node.left, node.right].map((e) => stripConversions(e, { casts: true }));
    if (left !== undefined && isRoom(left) && constantValue(node.right) !== undefined) compared.add(left);
    if (right !== undefined && isRoom(right) && constantValue(node.left) !== undefined) compared.add(right);
  });
  return [...named].every((e) => compared.has(e));
}

function asksForRoom({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'member').some(({ name }) => name === 'OutputBufferLength');
}
