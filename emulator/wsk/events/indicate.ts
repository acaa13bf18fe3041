/** What the wire has to tell sockets goes to the functions that know: the oldest indication first. */
import { unreachable } from '../../../base/assert.ts';
import type { ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { type NativeResult, returnsVoid } from '../../machine/native.ts';
import { fifoShift } from '../../net/fifo.ts';
import type { Indication } from '../../net/network.ts';
import { arrival } from '../connections/accept.ts';
import { connected, connectFailed } from '../connections/connect.ts';
import { finAcknowledged } from '../connections/disconnect.ts';
import { inspect, inspectAbort } from '../connections/inspect.ts';
import { datagramArrived, indicateDatagram } from '../data/datagrams.ts';
import { dataArrived, finArrived, resetArrived } from '../data/receive.ts';
import { sendDone } from '../data/send.ts';
import { type Socket, wskState } from '../state.ts';
import { tellLater } from '../wire.ts';

/** Tells one after the other, up to the first that makes a call of the driver's: the context goes on with that. */
const indicate: ContinuationStep = (kernel) => {
  const state = wskState(kernel);
  state.isTellerComing = false;
  for (let next = fifoShift(state.indications); next !== undefined; next = fifoShift(state.indications)) {
    const socket = state.sockets.get(next.socket);
    if (socket === undefined || socket.state === 'closed' || socket.state === 'closing') continue;
    const result = tell(kernel, socket, next);
    if (result.kind === 'return') continue;
    tellLater(kernel);
    return result;
  }
  return returnsVoid;
};

export const indicateContinuations = { 'wsk.indicate': indicate };

function tell(kernel: Kernel, socket: Socket, indication: Indication): NativeResult {
  switch (indication.kind) {
    case 'arrival':
      return arrival(kernel, socket);
    case 'inspect':
      return inspect(kernel, socket, indication.side);
    case 'inspect-abort':
      return inspectAbort(kernel, socket, indication.side);
    case 'connected':
      return connected(kernel, socket);
    case 'connect-failed':
      return connectFailed(kernel, socket, indication.why);
    case 'data':
      return socket.category === 'datagram' ? indicateDatagram(kernel, socket) : dataArrived(kernel, socket);
    case 'sent':
      return sendDone(kernel, socket, indication.token);
    case 'fin':
      return finArrived(kernel, socket);
    case 'fin-acknowledged':
      return finAcknowledged(kernel, socket);
    case 'reset':
      return resetArrived(kernel, socket, indication.why);
    case 'datagram':
      return datagramArrived(kernel, socket, indication);
    case 'unreachable':
      // WSK has no call and no event that would say so.
      return returnsVoid;
    default:
      return unreachable(indication);
  }
}
