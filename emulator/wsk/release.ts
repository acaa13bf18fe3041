/** WskRelease: gives back data or datagrams that an event callback kept by returning STATUS_PENDING. Takes no IRP. */
import type { Api, Kernel } from '../kernel/kernel-types.ts';
import { type GuestAddress, returns } from '../machine/native.ts';
import { freeAt } from './events.ts';
import { checkIrql } from './irql.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { socketOf } from './sockets.ts';
import type { Socket } from './state.ts';
import { ntstatus } from './status.ts';

const WskRelease: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskRelease', DISPATCH_LEVEL);
  if (tooHigh !== undefined) return tooHigh;
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const list = call.arguments.pointer(1);
  const at = socket.retained.findIndex((indication) => indication.first === list);
  if (at < 0) {
    reportNotKept(kernel, socket, list);
    return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  }
  const [released] = socket.retained.splice(at, 1);
  socket.released.set(list, call.site.span);
  for (const address of released?.addresses ?? []) freeAt(kernel, address);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
};

export const releaseApis = { WskRelease };

/** A list that the driver does not have: released already, or never kept. */
function reportNotKept(kernel: Kernel, socket: Socket, list: GuestAddress): void {
  const isSecond = socket.released.has(list);
  const why = isSecond ? 'has been released already' : 'no event callback of this socket has kept by STATUS_PENDING';
  kernel.report({
    rule: 'indication-not-kept',
    severity: 'warning',
    message: `WskRelease on socket #${socket.id} was given a list that ${why}.`,
    docRules: ['R74'],
    history: isSecond
      ? [
          {
            what: 'WskRelease released the list',
            span: socket.released.get(list),
            statements: kernel.machine.statements,
          },
        ]
      : [],
  });
}
