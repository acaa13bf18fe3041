/** Expectations of scripted peers that did not come true: findings with both sides' bytes and the place in the YAML. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { deliverLast } from '../net/deliver.ts';
import { finishPeers } from '../net/peer.ts';
import type { PeerFailure } from '../net/peer-types.ts';
import { wskState } from '../wsk/state.ts';

/** To be called once, at the end of a run. */
export function reportPeers(kernel: Kernel): void {
  const { network } = wskState(kernel);
  deliverLast(network);
  finishPeers(network);
  for (const failure of network.failures) {
    const { span } = failure;
    kernel.report({ rule: 'peer-expectation', severity: 'warning', message: failureText(failure), span, stack: [] });
  }
}

function failureText({ peer, step, expected, got, difference }: PeerFailure): string {
  const where = step === 0 ? '' : ` in its step ${step}`;
  return `The peer "${peer}" expected ${expected}${where}, but got ${got}${difference === undefined ? '' : `: ${difference}`}.`;
}
