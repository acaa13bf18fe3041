/** The socket that WskSocketConnect makes: a connection-oriented one of the local address's family. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { createSocket } from '../sockets/sockets.ts';
import type { Registration, Socket } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { hasTransport } from '../transports.ts';

/** The new socket, or the status with which the call fails. */
export function createConnectionSocket(
  kernel: Kernel,
  client: Registration,
  given: Pick<Socket, 'family' | 'context' | 'dispatch' | 'createdAt'> & {
    readonly type: number;
    readonly protocol: number;
  },
): Socket | number {
  const { type, protocol, ...rest } = given;
  if (type !== constant(kernel, 'SOCK_STREAM') || protocol !== constant(kernel, 'IPPROTO_TCP')) {
    return ntstatus(kernel, 'STATUS_INVALID_PARAMETER');
  }
  if (!hasTransport(kernel, given.family, 'stream')) return ntstatus(kernel, 'STATUS_NOT_SUPPORTED');
  const socket = createSocket(kernel, client, {
    ...rest,
    category: 'connection',
    type: 'stream',
    protocol,
    createdBy: 'WskSocketConnect',
  });
  if (socket === undefined) return ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES');
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'created', detail: 'connection socket' });
  return socket;
}
