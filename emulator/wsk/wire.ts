/**
 * Between WSK and the simulated network: operations go in, what comes back is put into the kernel's queue of things to
 * do later.
 *
 * Segments arrive and sockets are told in a fixed order, whatever order a strategy gives to interrupt contexts: each
 * context takes the oldest thing that is due, not the one that it was made for.
 */
import type { ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { returnsVoid } from '../machine/native.ts';
import { deliver } from '../net/deliver.ts';
import type { Network } from '../net/network.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { wskState } from './state.ts';

/** Does something on the network and takes care of what follows from it. */
export function onWire<T>(kernel: Kernel, operation: (network: Network) => T): T {
  const { network } = wskState(kernel);
  network.nowNs = kernel.timeNs;
  const result = operation(network);
  pump(kernel);
  return result;
}

const arrive: ContinuationStep = (kernel) => {
  const next = wskState(kernel).arrivals.shift();
  if (next !== undefined) onWire(kernel, (network) => deliver(network, next.event));
  return returnsVoid;
};

export const wireContinuations = { 'wsk.arrive': arrive };

function pump(kernel: Kernel): void {
  const state = wskState(kernel);
  const { network, arrivals } = state;
  for (const detail of network.notes.splice(0)) kernel.emit({ kind: 'network', detail });
  for (const { afterNs, event } of network.timers.splice(0)) {
    const atNs = kernel.timeNs + afterNs;
    let at = arrivals.length;
    while (at > 0 && (arrivals[at - 1]?.atNs ?? 0) > atNs) at--;
    arrivals.splice(at, 0, { atNs, event });
    kernel.schedule({ afterNs, irql: DISPATCH_LEVEL, label: 'network', step: { name: 'wsk.arrive', state: {} } });
  }
  for (const indication of network.indications.splice(0)) {
    state.indications.push(indication);
    kernel.schedule({ afterNs: 0, irql: DISPATCH_LEVEL, label: 'WSK', step: { name: 'wsk.indicate', state: {} } });
  }
}
