/** Expectations of scripted peers that did not come true: findings with what was expected and what came. */
import type { Kernel } from './kernel/kernel-types.ts';
import { finishPeers } from './net/peer.ts';
import { wskState } from './wsk/state.ts';

/** To be called once, at the end of a run. */
export function reportPeers(kernel: Kernel): void {
  const { network } = wskState(kernel);
  finishPeers(network);
  for (const { peer, step, expected, got } of network.failures) {
    kernel.report({
      rule: 'peer-expectation',
      severity: 'warning',
      message: `The peer "${peer}" expected ${expected} in its step ${step}, but got ${got}.`,
    });
  }
}
