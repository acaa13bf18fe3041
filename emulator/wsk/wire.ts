/**
 * Between WSK and the simulated network: operations go in, what comes of them is put into the kernel's queue of things
 * to do later.
 *
 * The network keeps its own queue. The kernel is asked for one interrupt context at the time of the earliest event
 * ("alarm"); another is asked for only when something earlier comes up, so a timer that is put off costs nothing.
 * What sockets are to be told is told in order, one context each: each takes the oldest indication, not the one that
 * it was made for, whatever order a strategy gives to contexts.
 */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { Continuation } from '../machine/native.ts';
import { deliverDue, nextDueNs } from '../net/deliver.ts';
import { clear, fifoPush } from '../net/fifo.ts';
import type { Network } from '../net/network.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { wskState } from './state.ts';

const INDICATE: Continuation = { name: 'wsk.indicate', state: {} };
const ARRIVE: Continuation = { name: 'wsk.arrive', state: {} };

/** Does something on the network and takes care of what follows from it. */
export function onWire<T>(kernel: Kernel, operation: (network: Network) => T): T {
  const result = operation(wireNow(kernel));
  afterWire(kernel);
  return result;
}

/** As `onWire` without a closure, for what happens with each message: the network, whose clock is set. */
export function wireNow(kernel: Kernel): Network {
  const { network } = wskState(kernel);
  network.nowNs = kernel.timeNs;
  return network;
}

/** To be called behind what is done between: takes care of what follows from it. */
export function afterWire(kernel: Kernel): void {
  tellLater(kernel, collect(kernel));
  setAlarm(kernel);
}

/** An alarm has come: everything arrives that is due. True when the alarm's own context is to tell of something. */
export function arriveOnWire(kernel: Kernel): boolean {
  const { network, alarmsNs } = wskState(kernel);
  alarmsNs.pop();
  network.nowNs = kernel.timeNs;
  deliverDue(network);
  const told = collect(kernel);
  tellLater(kernel, told - 1);
  setAlarm(kernel);
  return told > 0;
}

function tellLater(kernel: Kernel, count: number): void {
  for (let i = 0; i < count; i++) {
    kernel.schedule({ afterNs: 0, irql: DISPATCH_LEVEL, label: 'WSK', step: INDICATE });
  }
}

/** Takes over notes and indications; how many of the latter there are. */
function collect(kernel: Kernel): number {
  const state = wskState(kernel);
  const { notes, indications } = state.network;
  for (const detail of notes) kernel.emit({ kind: 'network', detail });
  clear(notes);
  const told = indications.length;
  if (told === 0) return 0;
  for (const indication of indications) fifoPush(state.indications, indication);
  clear(indications);
  return told;
}

/** The alarms under way are kept with the earliest last: a new one is always earlier than all. */
function setAlarm(kernel: Kernel): void {
  const { network, alarmsNs } = wskState(kernel);
  const dueNs = nextDueNs(network);
  // An element before the first is looked for as a property, which takes long.
  const set = alarmsNs.length === 0 ? undefined : alarmsNs[alarmsNs.length - 1];
  if (dueNs === undefined || (set !== undefined && set <= dueNs)) return;
  alarmsNs.push(dueNs);
  const afterNs = dueNs - kernel.timeNs;
  kernel.schedule({ afterNs, irql: DISPATCH_LEVEL, label: 'WSK', step: ARRIVE });
}
