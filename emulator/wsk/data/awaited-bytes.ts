/**
 * Memory that a pending receive fills, and the driver that touches it before the IRP completes. What it reads there is
 * nothing yet, or half of something; what it writes there is overwritten, or overwrites what has come. The bytes are
 * watched from the moment at which the call is left pending until its completion, so that the very access is told.
 */
import { regionHistory } from '../../kernel/index.ts';
import type { Kernel, MemoryTouch } from '../../kernel/kernel-types.ts';
import { askBeforeTouch } from '../../kernel/verifier/watched-memory.ts';
import type { GuestAddress } from '../../machine/native.ts';
import { type Request, wskState } from '../state.ts';
import type { WskBuffer } from './wsk-buf.ts';

/** Bytes of one receive that are watched: whoever touches a larger buffer nearly always touches its beginning. */
const WATCHED_MAX = 4096;

/** A receive has been left pending. */
export function watchAwaited(kernel: Kernel, request: Request, { pieces }: WskBuffer): void {
  request.awaited = pieces;
  setWatch(kernel, pieces, 'watch');
}

/** Its completion begins. */
export function unwatchAwaited(kernel: Kernel, request: Request): void {
  const { awaited } = request;
  if (awaited === undefined) return;
  request.awaited = undefined;
  setWatch(kernel, awaited, 'unwatch');
}

/**
 * A send takes what is in its buffer, which a receive may still fill. Two receives with one buffer may both be to throw
 * away.
 */
export function askBeforeSend(kernel: Kernel, { pieces }: WskBuffer): void {
  for (const { address, length } of pieces) askBeforeTouch(kernel, address, Math.min(length, WATCHED_MAX), 'read');
}

/** The driver touches a watched byte: true where it is that of a receive, of which one word is enough. */
export function awaitedTouched(kernel: Kernel, touch: MemoryTouch): boolean {
  const { address, access } = touch;
  const found = awaitedAt(kernel, address);
  if (found === undefined) return false;
  const { request, left } = found;
  unwatchAwaited(kernel, request);
  const region = kernel.memory.regionAt(address);
  // What WSK may have put there by now is no longer what the driver left unwritten.
  const bytes = access === 'read' ? kernel.memory.peek(address, Math.min(left, touch.size)) : undefined;
  if (bytes !== undefined) kernel.memory.poke(address, bytes);
  kernel.report({
    rule: 'buffer-used-while-receiving',
    severity: 'warning',
    message: `${access === 'write' ? 'Writes to' : 'Reads'} the buffer${region === undefined ? '' : ` (${region.label})`} that ${request.call} still fills: ${access === 'write' ? 'what is written now is overwritten by what comes, or overwrites it' : 'what stands there is nothing yet, or half of what comes'}. Wait for the completion of IRP #${request.irpId}, or use another buffer.`,
    history: [
      ...(kernel.irps.get(request.irp)?.history ?? []),
      ...(region === undefined ? [] : regionHistory(kernel, region)),
    ],
  });
  return true;
}

/** The receive that fills the byte, and how many of its bytes there are from it on. */
function awaitedAt(kernel: Kernel, at: GuestAddress): { readonly request: Request; readonly left: number } | undefined {
  for (const request of wskState(kernel).requests.values()) {
    for (const { address, length } of request.awaited ?? []) {
      const left = length - Number(at - address);
      if (at >= address && left > 0) return { request, left };
    }
  }
  return undefined;
}

function setWatch(kernel: Kernel, pieces: WskBuffer['pieces'], how: 'watch' | 'unwatch'): void {
  let left = WATCHED_MAX;
  for (const { address, length } of pieces) {
    const size = Math.min(left, length);
    if (size <= 0) return;
    kernel.memory[how](address, size);
    left -= size;
  }
}
