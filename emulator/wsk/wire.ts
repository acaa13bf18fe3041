/**
 * Between WSK and the simulated network: operations go in, what comes of them is put into the kernel's queue of things
 * to do later.
 *
 * The network keeps its own queue. The kernel is asked for one alarm at the time of the earliest event; another is asked
 * for only when something earlier comes up, so a timer that is put off costs nothing. What happens on the wire and on
 * other machines takes no processor of the driver's. What its sockets are to be told is told as Windows does it, in one
 * DPC for all that has arrived, in order; where a callback of the driver's is in between, what is left gets the next DPC.
 */
import type { Kernel } from '../kernel/kernel-types.ts';
import type { Continuation } from '../machine/native.ts';
import { deliverDue, nextDueNs } from '../net/deliver.ts';
import { clear, fifoLength, fifoPush } from '../net/fifo.ts';
import type { Network } from '../net/network.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { SUBSYSTEM, wskState } from './state.ts';

const INDICATE: Continuation = { name: 'wsk.indicate', state: {} };

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
  collect(kernel);
  setAlarm(kernel);
}

/** An alarm has come: everything arrives that is due. */
export function arriveOnWire(kernel: Kernel): void {
  const { network, alarmsNs } = wskState(kernel);
  alarmsNs.pop();
  network.nowNs = kernel.timeNs;
  deliverDue(network);
  afterWire(kernel);
}

/** Makes sure that a DPC comes for what sockets are still to be told. */
export function tellLater(kernel: Kernel): void {
  const state = wskState(kernel);
  if (state.isTellerComing || fifoLength(state.indications) === 0) return;
  state.isTellerComing = true;
  kernel.schedule({ afterNs: 0, irql: DISPATCH_LEVEL, label: 'WSK', step: INDICATE });
}

/** Takes over notes and indications. */
function collect(kernel: Kernel): void {
  const state = wskState(kernel);
  const { notes, indications } = state.network;
  for (const detail of notes) kernel.emit({ kind: 'network', detail });
  clear(notes);
  if (indications.length === 0) return;
  for (const indication of indications) fifoPush(state.indications, indication);
  clear(indications);
  tellLater(kernel);
}

/** The alarms under way are kept with the earliest last: a new one is always earlier than all. */
function setAlarm(kernel: Kernel): void {
  const { network, alarmsNs } = wskState(kernel);
  const dueNs = nextDueNs(network);
  // An element before the first is looked for as a property, which takes long.
  const set = alarmsNs.length === 0 ? undefined : alarmsNs[alarmsNs.length - 1];
  if (dueNs === undefined || (set !== undefined && set <= dueNs)) return;
  alarmsNs.push(dueNs);
  kernel.setAlarm(SUBSYSTEM, dueNs - kernel.timeNs);
}
