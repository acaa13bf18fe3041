/** What a run did not come to because the other end of a connection was missing or the run too short: no finding, and no proof either. */
import type { Kernel } from '../kernel/kernel-types.ts';
import { wskState } from '../wsk/state.ts';

/** Sentences for people, to be asked for at the end of a run. */
export function untried(kernel: Kernel): readonly string[] {
  const { deserted, idlePeers } = wskState(kernel).network;
  const devices = [...kernel.parts.io.answering.values()];
  return [
    ...[...deserted].map(
      (address) =>
        `The driver found nobody at ${address}, so what it does with that connection has not run; a peer with "listen: ${address}" in a scenario answers there.`,
    ),
    ...devices
      .filter(({ changed, changes }) => changed < changes.length)
      .map(
        ({ name }) => `Not all changes of ${name} have happened: the driver was unloaded before; see unloadAfterMs.`,
      ),
    ...idlePeers.map(({ peer, why }) => `The peer "${peer}" had no connection (${why}), so its steps have not run.`),
  ];
}
