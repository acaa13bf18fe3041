/** WskGetLocalAddress and WskGetRemoteAddress. The address is written when the request completes. */
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import type { NativeResult } from '../../machine/native.ts';
import type { Endpoint } from '../../net/address.ts';
import { begin, failNow, settle } from '../requests.ts';
import { sockAddrBytes, sockAddrSize } from '../sockaddr.ts';
import type { Socket } from '../state.ts';
import { ntstatus } from '../status.ts';
import { socketOf } from './sockets.ts';

const WskGetLocalAddress: Api = (kernel, call) => getAddress(kernel, call, 'LocalAddress', (socket) => socket.local);

const WskGetRemoteAddress: Api = (kernel, call) =>
  getAddress(kernel, call, 'RemoteAddress', (socket) => (isConnected(socket) ? socket.remote : undefined));

export const addressApis = { WskGetLocalAddress, WskGetRemoteAddress };

/** Connected once, and not closed since. */
function isConnected(socket: Socket): boolean {
  return socket.state === 'connected' || socket.state === 'disconnected';
}

function getAddress(
  kernel: Kernel,
  call: NativeCall,
  parameter: string,
  endpointOf: (socket: Socket) => Endpoint | undefined,
): NativeResult {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const address = call.arguments.pointer(1);
  const begun = begin(kernel, call, {
    irpIndex: 2,
    socket,
    buffers: [lend(kernel, parameter, address, sockAddrSize(kernel, socket.family))],
  });
  if (begun.kind === 'answered') return begun.result;
  const endpoint = endpointOf(socket);
  if (endpoint === undefined) {
    return failNow(kernel, begun.request, ntstatus(kernel, 'STATUS_INVALID_DEVICE_STATE'));
  }
  return settle(
    kernel,
    begun.request,
    {
      status: ntstatus(kernel, 'STATUS_SUCCESS'),
      writes: [{ address, bytes: sockAddrBytes(kernel, endpoint) }],
    },
    { mayBeInline: true },
  );
}
