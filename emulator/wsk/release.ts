/** WskRelease: gives back data or datagrams that an event callback kept by returning STATUS_PENDING. Takes no IRP. */
import type { Api } from '../kernel/kernel-types.ts';
import { returns } from '../machine/native.ts';
import { freeAt } from './events.ts';
import { checkIrql } from './irql.ts';
import { DISPATCH_LEVEL } from './requests.ts';
import { socketOf } from './sockets.ts';
import { ntstatus } from './status.ts';

const WskRelease: Api = (kernel, call) => {
  const tooHigh = checkIrql(kernel, 'WskRelease', DISPATCH_LEVEL);
  if (tooHigh !== undefined) return tooHigh;
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const list = call.arguments.pointer(1);
  const at = socket.retained.findIndex((indication) => indication.first === list);
  if (at < 0) return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const [released] = socket.retained.splice(at, 1);
  for (const address of released?.addresses ?? []) freeAt(kernel, address);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
};

export const releaseApis = { WskRelease };
