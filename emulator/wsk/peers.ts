/** The scenario's peers start once the kernel runs, in a context of their own. */
import type { ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { returnsVoid } from '../machine/native.ts';
import { startPeers } from '../net/peer.ts';
import type { PeerScript } from '../net/peer-types.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { wskState } from './state.ts';
import { onWire } from './wire.ts';

export function startPeersLater(kernel: Kernel, peers: readonly PeerScript[]): void {
  if (peers.length === 0) return;
  kernel.schedule({
    afterNs: 0,
    irql: DISPATCH_LEVEL,
    label: 'network',
    step: { name: 'wsk.startPeers', state: {} },
  });
}

const start: ContinuationStep = (kernel) => {
  onWire(kernel, (network) => startPeers(network, wskState(kernel).options.peers));
  return returnsVoid;
};

export const peerContinuations = { 'wsk.startPeers': start };
