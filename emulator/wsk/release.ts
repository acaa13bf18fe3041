/** WskRelease: gives back data or datagrams that an event callback kept by returning STATUS_PENDING. Takes no IRP. */

import { endedFor, freeObjects } from '../kernel/index.ts';
import type { Api, Kernel } from '../kernel/kernel-types.ts';
import { type GuestAddress, returns } from '../machine/native.ts';
import { checkIrql } from './irql.ts';
import { wskLayouts } from './layouts.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { socketOf } from './sockets.ts';
import type { RetainedIndication, Socket } from './state.ts';
import { ntstatus } from './status.ts';

const WskRelease: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskRelease', DISPATCH_LEVEL);
  if (tooHigh !== undefined) return tooHigh;
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const list = call.arguments.pointer(1);
  const { retained } = socket;
  let at = retained.length - 1;
  while (at >= 0 && retained[at]?.first !== list) at--;
  const { indicated } = socket;
  if (indicated?.first === list && !indicated.isReleased) {
    // Another thread, or a send that completed at once, is done before the callback is: the memory goes when it returns.
    indicated.isReleased = true;
    return returns(wskLayouts(kernel).statusSuccess);
  }
  if (at < 0) {
    reportNotKept(kernel, socket, list);
    return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  }
  // Mostly it is the only one.
  const released = (at === retained.length - 1 ? retained.pop() : retained.splice(at, 1)[0]) as RetainedIndication;
  freeObjects(kernel, released.regions, undefined, socket.id);
  return returns(wskLayouts(kernel).statusSuccess);
};

export const releaseApis = { WskRelease };

/** The callback that was given a list returns: the list is kept from now on, is given back, or was never the driver's. */
export function endIndication(kernel: Kernel, socket: Socket, list: RetainedIndication, isKept: boolean): void {
  const isReleased = socket.indicated?.isReleased === true;
  socket.indicated = undefined;
  if (isKept && !isReleased) {
    socket.retained.push(list);
    return;
  }
  if (isReleased && !isKept) reportNotKept(kernel, socket, list.first);
  const end = { what: 'given back to WSK as the event callback returned', span: list.span };
  freeObjects(kernel, list.regions, end, isReleased ? socket.id : undefined);
}

/** A list that the driver does not have: released already, or never kept. */
function reportNotKept(kernel: Kernel, socket: Socket, list: GuestAddress): void {
  const region = kernel.memory.regionAt(list);
  const released = region?.start === list ? endedFor(region, socket.id) : undefined;
  const isSecond = released !== undefined;
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
            span: released.span,
            statements: kernel.machine.statements,
          },
        ]
      : [],
  });
}
