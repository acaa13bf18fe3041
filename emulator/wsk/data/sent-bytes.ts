/**
 * What a send consists of, held against what its buffer holds when its IRP completes. WSK does not copy: a driver that
 * fills the buffer anew while the IRP is out sends the old bytes, the new ones, or some of each.
 */
import { countText } from '../../../base/count.ts';
import { regionHistory } from '../../kernel/index.ts';
import type { Kernel } from '../../kernel/kernel-types.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Request } from '../state.ts';
import type { WskBuffer } from './wsk-buf.ts';

/** The bytes of a send as they were when it was called. */
export interface SentBytes {
  readonly pieces: WskBuffer['pieces'];
  readonly bytes: Uint8Array;
}

/** Warns where the driver has written to the buffer meanwhile. */
export function checkSentBytes(kernel: Kernel, request: Request): void {
  const { sent } = request;
  if (sent === undefined) return;
  let from = 0;
  for (const { address, length } of sent.pieces) {
    const at = kernel.memory.firstDifference(address, length, sent.bytes, from);
    if (at < length) {
      reportChanged(kernel, request, address, at, from + at);
      return;
    }
    from += length;
  }
}

function reportChanged(kernel: Kernel, request: Request, start: GuestAddress, at: number, index: number): void {
  const region = kernel.memory.regionAt((start + BigInt(at)) as GuestAddress);
  // Memory that is gone is told of as such.
  if (region === undefined || region.isFreed || region.kind === 'stack') return;
  kernel.report({
    rule: 'buffer-changed-while-sent',
    severity: 'warning',
    message: `Byte ${index} of the ${sizeText(request)} that ${request.call} sends has been changed before its IRP completed (${region.label}): WSK does not copy what it sends, so that the peer may get the old bytes, the new ones, or some of each. Wait for the completion, or use another buffer.`,
    span: request.issuedAt,
    history: [...(kernel.irps.get(request.irp)?.history ?? []), ...regionHistory(kernel, region)],
  });
}

function sizeText({ length }: Request): string {
  return countText(length, 'byte');
}
