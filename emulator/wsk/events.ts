/**
 * Calling a driver's event callbacks: at DISPATCH_LEVEL, one at a time, with memory that is gone when the callback has
 * returned, so that a driver that keeps a pointer is caught.
 */
import { defined } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import { definitionSpan } from '../kernel/index.ts';
import type { Kernel } from '../kernel/kernel-types.ts';
import type { Continuation, GuestAddress, NativeResult } from '../machine/native.ts';
import type { Endpoint } from '../net/address.ts';
import { maybeFinishClose } from './closing.ts';
import { sockAddrBytes } from './sockaddr.ts';
import { type Socket, wskState } from './state.ts';
import { constant } from './status.ts';

export interface EventCall {
  readonly member: string;
  readonly target: GuestAddress;
  readonly arguments: readonly bigint[];
  /** Memory that lives as long as the callback runs. */
  readonly scratch: readonly GuestAddress[];
  /** Continuation with the callback's result; it must begin with `endEvent`. */
  readonly onReturn: Continuation;
}

/** Calls the callback. */
export function callEvent(socket: Socket, event: EventCall): NativeResult {
  socket.callbacks++;
  const { onReturn } = event;
  return {
    kind: 'call',
    target: event.target,
    arguments: event.arguments,
    frameLabel: `${event.member} of socket #${socket.id}`,
    then: {
      name: onReturn.name,
      state: {
        ...onReturn.state,
        socket: socket.id,
        scratch: event.scratch,
        member: event.member,
        callback: event.target,
      },
    },
  };
}

/** After the callback: frees its memory and finds its socket again. */
export function endEvent(kernel: Kernel, state: Readonly<Record<string, unknown>>): Socket {
  const socket = defined(wskState(kernel).sockets.get(state.socket as number), 'the socket of an event');
  socket.callbacks--;
  for (const address of state.scratch as readonly GuestAddress[]) freeAt(kernel, address);
  maybeFinishClose(kernel, socket);
  return socket;
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

export function freeAt(kernel: Kernel, address: GuestAddress): void {
  const region = address === 0n ? undefined : kernel.memory.regionAt(address);
  if (region !== undefined && !region.isFreed) kernel.memory.free(region);
}

/** A callback has returned: nothing of it is on the stack any more, so what is found then stands at its name. */
export function callbackSpan(kernel: Kernel, state: Readonly<Record<string, unknown>>): Span | undefined {
  return definitionSpan(kernel, state.callback as GuestAddress);
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
    message: `${String(state.member)} returned 0x${BigInt.asUintN(32, value).toString(16).toUpperCase()}; it may return ${allowed}.`,
    docRules: ['R85'],
  });
}
