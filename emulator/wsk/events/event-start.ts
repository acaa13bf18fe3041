/** Events that were just enabled, or a socket that was just accepted: what has been waiting for them is told now. */
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { Socket } from '../state.ts';
import { wskState } from '../state.ts';
import { onWire } from '../wire.ts';

export function eventsEnabled(kernel: Kernel, socket: Socket): void {
  onWire(kernel, (network) => {
    const binding = network.bindings.get(socket.binding ?? -1);
    for (const side of binding?.backlog ?? []) network.indications.push({ kind: 'arrival', socket: socket.id, side });
    const side = network.sides.get(socket.side ?? -1);
    if (side !== undefined && (side.receivedLength > 0 || side.finReceived)) {
      network.indications.push({ kind: 'data', socket: socket.id });
    }
    if (socket.untoldReset !== undefined) {
      network.indications.push({ kind: 'reset', socket: socket.id, why: socket.untoldReset });
    }
    if (wskState(kernel).sockets.get(socket.id)?.datagrams.length)
      network.indications.push({ kind: 'data', socket: socket.id });
  });
}
