/** WskRelease: gives back data or datagrams that an event callback kept by returning STATUS_PENDING. Takes no IRP. */

import type { Span } from '../../../base/source.ts';
import { endedFor, freeObjects } from '../../kernel/index.ts';
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { type GuestAddress, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { wskLayouts } from '../data/layouts.ts';
import { checkIrql } from '../irql.ts';
import { DISPATCH_LEVEL } from '../requests.ts';
import { socketOf } from '../sockets/sockets.ts';
import type { IndicatedData, Socket } from '../state.ts';
import { ntstatus } from '../status.ts';
import { nextIndication } from './indications.ts';

const WskRelease: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskRelease', DISPATCH_LEVEL);
  if (tooHigh !== undefined) return tooHigh;
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  // Each of the list by itself: the driver may have taken lists apart, and put others together.
  let at = call.arguments.pointer(1);
  do {
    const kept = heldBy(socket, at);
    if (kept === undefined) {
      reportNotKept(kernel, socket, at, undefined);
      return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
    }
    at = nextIndication(kernel, at);
    release(kernel, socket, kept);
  } while (at !== NULL_ADDRESS);
  return returns(wskLayouts(kernel).statusSuccess);
};

/** The indication at the address, as long as the driver has it; mostly it is the last one. */
function heldBy({ retained, indicated }: Socket, first: GuestAddress): IndicatedData | undefined {
  for (const one of indicated) if (one.first === first && !one.isReleased) return one;
  for (let i = retained.length - 1; i >= 0; i--) if (retained[i]?.first === first) return retained[i];
  return undefined;
}

function release(kernel: Kernel, { retained, indicated, id }: Socket, one: IndicatedData): void {
  if (indicated.includes(one)) {
    // Another thread, or a send that completed at once, is done before the callback is: the memory goes when it returns.
    one.isReleased = true;
    return;
  }
  if (retained[retained.length - 1] === one) retained.pop();
  else retained.splice(retained.indexOf(one), 1);
  freeObjects(kernel, one.regions, undefined, id);
}

export const releaseApis = { WskRelease };

/** The callback that was given a list returns: the list is kept from now on, is given back, or was never the driver's. */
export function endIndication(kernel: Kernel, socket: Socket, span: Span | undefined, isKept: boolean): void {
  const list = socket.indicated;
  socket.indicated = [];
  const [first] = list;
  if (!isKept && first?.isReleased === true) reportNotKept(kernel, socket, first.first, span);
  for (const one of list) {
    if (isKept && !one.isReleased) {
      one.span = span;
      socket.retained.push(one);
      continue;
    }
    const end = { what: 'given back to WSK as the event callback returned', span };
    freeObjects(kernel, one.regions, end, one.isReleased ? socket.id : undefined);
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
