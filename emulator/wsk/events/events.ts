/**
 * Calling a driver's event callbacks: at DISPATCH_LEVEL, one at a time, with memory that is gone when the callback has
 * returned, so that a driver that keeps a pointer is caught.
 */
import { defined } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import {
  definitionSpan,
  describeAddress,
  functionName,
  heldSpinLocks,
  returnSpan,
  statusText,
} from '../../kernel/index.ts';
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import type { Endpoint } from '../../net/address.ts';
import { DISPATCH_LEVEL, finish, requestOf } from '../requests.ts';
import { sockAddrBytes } from '../sockaddr.ts';
import { maybeFinishClose } from '../sockets/closing.ts';
import { type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';

export interface EventCall {
  readonly member: string;
  readonly target: GuestAddress;
  readonly arguments: readonly (bigint | number)[];
  /** Memory that lives as long as the callback runs. */
  readonly scratch: readonly GuestAddress[];
  /** Continuation with the callback's result; it must begin with `endEvent`, and finds this state in its own as `own`. */
  readonly onReturn: Continuation;
}

/** Calls the callback. */
export function callEvent(socket: Socket, event: EventCall): NativeResult {
  socket.callbacks++;
  socket.running.push(event.member);
  const { onReturn } = event;
  return {
    kind: 'call',
    target: event.target,
    arguments: event.arguments,
    frameLabel: frameLabel(socket, event.member),
    then: {
      name: onReturn.name,
      // Beside each other: V8 takes long to put the properties of one object into another.
      state: {
        socket: socket.id,
        scratch: event.scratch,
        member: event.member,
        callback: event.target,
        own: onReturn.state,
      },
    },
  };
}

/** Made once for the callbacks of one kind that a socket has in a row. */
function frameLabel(socket: Socket, member: string): string {
  const { calling } = socket;
  if (calling?.member === member) return calling.label;
  const label = `${member} of socket #${socket.id}`;
  socket.calling = { member, label };
  return label;
}

/** After the callback: frees its memory and finds its socket again. */
export function endEvent(kernel: Kernel, state: Readonly<Record<string, unknown>>): Socket {
  const socket = defined(wskState(kernel).sockets.get(state.socket as number), 'the socket of an event');
  socket.callbacks--;
  const { running } = socket;
  if (running.length === 1) running.pop();
  else running.splice(running.indexOf(state.member as string), 1);
  for (const address of state.scratch as readonly GuestAddress[]) freeAt(kernel, address);
  checkLevel(kernel, state);
  finishDisabling(kernel, socket);
  maybeFinishClose(kernel, socket);
  return socket;
}

/** A callback returns at the level at which it was called, and holds no spin lock. */
function checkLevel(kernel: Kernel, state: Readonly<Record<string, unknown>>): void {
  const [lock] = heldSpinLocks(kernel);
  const { irql } = kernel;
  // As nearly every time.
  if (lock === undefined && irql === DISPATCH_LEVEL) return;
  const name = `${String(state.member)} (${functionName(kernel, state.callback as GuestAddress)})`;
  if (lock !== undefined) {
    kernel.report({
      rule: 'spin-lock-held-at-return',
      severity: 'error',
      span: callbackSpan(kernel, state),
      message: `${name} returns while it holds the spin lock ${describeAddress(kernel, lock.address)}: whoever wants it next waits for ever.`,
      also: ['SpinLock', '0xC4/0xFA'],
      history: [{ what: 'the spin lock was taken', span: lock.takenAt, statements: kernel.machine.statements }],
    });
    return;
  }
  // Said here, where the callback's name is known, and not again at the end of the context.
  kernel.irql = DISPATCH_LEVEL;
  kernel.report({
    rule: 'irql-not-restored',
    severity: 'error',
    span: callbackSpan(kernel, state),
    message: `${name} returns at IRQL ${irql}, but was called at ${DISPATCH_LEVEL}.`,
    also: ['IrqlReturn', '0xC4/0xFA'],
  });
}

/** Requests that disable an event have waited for its callback to return. */
function finishDisabling(kernel: Kernel, socket: Socket): void {
  if (socket.disabling.length === 0) return;
  for (const waiting of [...socket.disabling]) {
    if (socket.running.includes(waiting.member)) continue;
    socket.disabling.splice(socket.disabling.indexOf(waiting), 1);
    const request = requestOf(kernel, waiting.request);
    if (request !== undefined) finish(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') });
  }
}

export function atDispatch(kernel: Kernel): bigint {
  return BigInt(constant(kernel, 'WSK_FLAG_AT_DISPATCH_LEVEL'));
}

/** A SOCKADDR in memory of its own; NULL when memory is used up. */
export function newSockAddr(kernel: Kernel, endpoint: Endpoint, label: string): GuestAddress {
  return newBytes(kernel, sockAddrBytes(kernel, endpoint), label);
}

export function newBytes(kernel: Kernel, bytes: Uint8Array, label: string): GuestAddress {
  const region = kernel.memory.allocate({ size: bytes.length, kind: 'object', label });
  if (region === undefined) return 0n as GuestAddress;
  kernel.memory.writeBytes(region.start, bytes);
  return region.start;
}

/** Room for an out parameter that the callback must set: reading it untouched shows that it did not. */
export function newUnset(kernel: Kernel, size: number, label: string): GuestAddress {
  return kernel.memory.allocate({ size, kind: 'object', label, isUninitialised: true })?.start ?? (0n as GuestAddress);
}

function freeAt(kernel: Kernel, address: GuestAddress): void {
  const region = address === 0n ? undefined : kernel.memory.regionAt(address);
  if (region !== undefined && !region.isFreed) kernel.memory.free(region);
}

/**
 * A callback has returned: nothing of it is on the stack any more, so what is found then stands at the statement with
 * which it returned, or at its name where that is not known.
 */
export function callbackSpan(kernel: Kernel, state: Readonly<Record<string, unknown>>): Span | undefined {
  const callback = state.callback as GuestAddress;
  return returnSpan(kernel, callback) ?? definitionSpan(kernel, callback);
}

/** A callback returned what it must not: a warning with the allowed values. */
export function reportReturn(
  kernel: Kernel,
  state: Readonly<Record<string, unknown>>,
  value: bigint,
  allowed: string,
): void {
  kernel.report({
    rule: 'event-return-value',
    severity: 'warning',
    span: callbackSpan(kernel, state),
    message: `${String(state.member)} returned ${statusText(kernel, Number(BigInt.asIntN(32, value)))}; it may return ${allowed}.`,
    docRules: ['R85'],
  });
}
