/** WskListen: a bound stream socket becomes a listener, for good. */
import type { Api } from '../../kernel/kernel-types.ts';
import { begin, settle } from '../requests.ts';
import { ntstatus } from '../status.ts';
import { startListening } from './bind.ts';
import { socketOf } from './sockets.ts';
import { refuseUnbound } from './too-early.ts';

const WskListen: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const begun = begin(kernel, call, { irpIndex: 1, socket });
  if (begun.kind === 'answered') return begun.result;
  if (socket.state !== 'bound' || socket.role === 'connection') {
    return refuseUnbound(kernel, begun.request, socket);
  }
  startListening(kernel, socket);
  return settle(kernel, begun.request, { status: ntstatus(kernel, 'STATUS_SUCCESS') }, { mayBeInline: true });
};

export const listenApis = { WskListen };
