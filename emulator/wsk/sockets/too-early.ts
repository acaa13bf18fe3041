/**
 * Calls that come before the one that makes them possible: on a socket that is not bound, or has no connection. They
 * fail with STATUS_INVALID_DEVICE_STATE, which a driver that looks at its data only never hears of, so that they are
 * findings as well.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { NativeResult } from '../../machine/native.ts';
import { failNow } from '../requests.ts';
import { type Request, type Socket, socketText } from '../state.ts';
import { ntstatus } from '../status.ts';
import { refuse } from './create-socket.ts';

const STATUS = 'STATUS_INVALID_DEVICE_STATE';

/** Refuses what takes a bound socket. */
export function refuseUnbound(kernel: Kernel, request: Request, socket: Socket): NativeResult {
  if (socket.state !== 'created') return failNow(kernel, request, ntstatus(kernel, STATUS));
  return refuse(
    kernel,
    request,
    {
      rule: 'socket-not-bound',
      message: `${request.call} is called before WskBind: ${socketText(socket)} has no local address, and the call fails with ${STATUS}.`,
      docRules: ['R64'],
    },
    STATUS,
  );
}

/** Refuses what takes a connection; one that has ended is no mistake of the driver's. */
export function refuseUnconnected(kernel: Kernel, request: Request, socket: Socket): NativeResult {
  if (socket.state === 'connected' || socket.state === 'disconnected') {
    return failNow(kernel, request, ntstatus(kernel, STATUS));
  }
  return refuse(
    kernel,
    request,
    {
      rule: 'socket-not-connected',
      message: `${request.call} takes a connected socket, and ${socketText(socket)} is not: the call fails with ${STATUS}.`,
      docRules: ['R65'],
    },
    STATUS,
  );
}
