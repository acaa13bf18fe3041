/** The end of a socket's life: when nothing is under way on it any more, its WskCloseSocket completes. */

import { defined } from '../../../base/assert.ts';
import { freeObject } from '../../kernel/index.ts';
import type { Kernel } from '../../kernel/kernel-types.ts';
import { wakeDeregister } from '../client/registration.ts';
import { finish } from '../requests.ts';
import { type Socket, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';

/** To be called when a request or a callback of the socket is over. */
export function maybeFinishClose(kernel: Kernel, socket: Socket): void {
  const request = wskState(kernel).requests.get(socket.closeRequest ?? -1);
  if (request === undefined || socket.outstanding > 0 || socket.callbacks > 0) return;
  finish(kernel, request, { status: ntstatus(kernel, 'STATUS_SUCCESS') }, 'wsk.completeClose');
}

/** The socket object ceases to be. */
export function closeNow(kernel: Kernel, socket: Socket): void {
  socket.state = 'closed';
  socket.closeRequest = undefined;
  freeObject(kernel, socket.region, { what: 'freed: its WskCloseSocket has completed', span: socket.closedAt });
  kernel.emit({ kind: 'socket', socket: socket.id, what: 'closed', detail: '' });
  wakeDeregister(kernel, socket.registration);
}

/** The socket whose close a request is. */
export function closedBy(kernel: Kernel, request: number): Socket {
  const found = [...wskState(kernel).sockets.values()].find((socket) => socket.closeRequest === request);
  return defined(found, 'the socket that is being closed');
}
