/** WskRelease: gives back data or datagrams that an event callback kept by returning STATUS_PENDING. Takes no IRP. */

import type { Span } from '../../base/source.ts';
import { endedFor, freeObjects } from '../kernel/index.ts';
import type { Api, Kernel } from '../kernel/kernel-types.ts';
import { type GuestAddress, NULL_ADDRESS, returns } from '../machine/native.ts';
import { type BuiltIndication, nextIndication } from './indications.ts';
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
  // Each of the list by itself: the driver may have taken lists apart, and put others together.
  for (let at = call.arguments.pointer(1); ; ) {
    const next = isDrivers(socket, at) ? nextIndication(kernel, at) : NULL_ADDRESS;
    if (!release(kernel, socket, at)) {
      reportNotKept(kernel, socket, at, undefined);
      return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
    }
    if (next === NULL_ADDRESS) return returns(wskLayouts(kernel).statusSuccess);
    at = next;
  }
};

function isDrivers({ retained, indicated }: Socket, first: GuestAddress): boolean {
  return retained.some((one) => one.first === first) || indicated.some((one) => one.first === first);
}

/** False for an indication that the driver does not have. */
function release(kernel: Kernel, socket: Socket, first: GuestAddress): boolean {
  const { retained, indicated } = socket;
  const given = indicated.find((one) => one.first === first && !one.isReleased);
  if (given !== undefined) {
    // Another thread, or a send that completed at once, is done before the callback is: the memory goes when it returns.
    given.isReleased = true;
    return true;
  }
  const at = retained.findLastIndex((one) => one.first === first);
  if (at < 0) return false;
  // Mostly it is the only one.
  const released = (at === retained.length - 1 ? retained.pop() : retained.splice(at, 1)[0]) as RetainedIndication;
  freeObjects(kernel, released.regions, undefined, socket.id);
  return true;
}

export const releaseApis = { WskRelease };

/** The callback that was given a list returns: the list is kept from now on, is given back, or was never the driver's. */
export function endIndication(
  kernel: Kernel,
  socket: Socket,
  {
    list,
    span,
    isKept,
  }: { readonly list: readonly BuiltIndication[]; readonly span: Span | undefined; readonly isKept: boolean },
): void {
  const released = new Set(socket.indicated.filter(({ isReleased }) => isReleased).map(({ first }) => first));
  socket.indicated = [];
  if (!isKept && list[0] !== undefined && released.has(list[0].first))
    reportNotKept(kernel, socket, list[0].first, span);
  for (const one of list) {
    const isReleased = released.has(one.first);
    if (isKept && !isReleased) {
      socket.retained.push({ ...one, span });
      continue;
    }
    const end = { what: 'given back to WSK as the event callback returned', span };
    freeObjects(kernel, one.regions, end, isReleased ? socket.id : undefined);
  }
}

/** A list that the driver does not have: released already, or never kept. */
function reportNotKept(kernel: Kernel, socket: Socket, list: GuestAddress, span: Span | undefined): void {
  const region = kernel.memory.regionAt(list);
  const released = region?.start === list ? endedFor(region, socket.id) : undefined;
  const isSecond = released !== undefined;
  const why = isSecond ? 'has been released already' : 'no event callback of this socket has kept by STATUS_PENDING';
  kernel.report({
    rule: 'indication-not-kept',
    severity: 'warning',
    ...(span === undefined ? {} : { span }),
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
