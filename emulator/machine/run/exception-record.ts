/**
 * What GetExceptionInformation() points to: EXCEPTION_POINTERS with an EXCEPTION_RECORD and a CONTEXT, in stack memory
 * below the frame that raised. It lives while filters are asked.
 *
 * Of the CONTEXT only the instruction and stack pointers have values; what else it holds on Windows counts as never
 * written. Offsets are those of the x64 structures, which never change.
 */
import { KERNEL_BASE, kernelAddress } from '../memory/layout.ts';
import { UNINITIALISED } from '../memory/shadow.ts';
import type { MemoryStore } from '../memory/store.ts';
import type { Raised } from './thread.ts';

const POINTERS_SIZE = 16;
const RECORD_SIZE = 152;
const CONTEXT_SIZE = 1232;
const SIZE = POINTERS_SIZE + RECORD_SIZE + 8 + CONTEXT_SIZE;
const CONTEXT_FLAGS_OFFSET = 0x30;
const RSP_OFFSET = 0x98;
const RIP_OFFSET = 0xf8;
/** CONTEXT_AMD64 | CONTEXT_CONTROL. */
const CONTEXT_CONTROL = 0x100001;
const EXCEPTION_NONCONTINUABLE = 1;

/** Writes it below `top`; undefined where the stack has no room left. */
export function writeExceptionRecord(
  store: MemoryStore,
  raised: Raised,
  stack: { readonly top: number; readonly start: number },
): { readonly top: number; readonly pointers: bigint } | undefined {
  const at = (stack.top - SIZE - 32) & ~15;
  if (at < stack.start + 256) return undefined;
  const record = at + POINTERS_SIZE;
  const context = record + RECORD_SIZE + 8;
  store.shadow8.fill(0, at, context);
  store.shadow8.fill(UNINITIALISED, context, context + CONTEXT_SIZE);
  store.u8.fill(0, at, context + CONTEXT_SIZE);
  const { view } = store;
  view.setBigUint64(at, kernelAddress(record), true);
  view.setBigUint64(at + 8, kernelAddress(context), true);
  view.setUint32(record, raised.code >>> 0, true);
  view.setUint32(record + 4, raised.isFinal ? EXCEPTION_NONCONTINUABLE : 0, true);
  view.setBigUint64(record + 16, BigInt.asUintN(64, raised.address), true);
  view.setUint32(record + 24, raised.parameters.length, true);
  for (const [i, value] of raised.parameters.entries()) {
    view.setBigUint64(record + 32 + 8 * i, BigInt.asUintN(64, value), true);
  }
  view.setUint32(context + CONTEXT_FLAGS_OFFSET, CONTEXT_CONTROL, true);
  view.setBigUint64(context + RSP_OFFSET, KERNEL_BASE + BigInt(stack.top), true);
  view.setBigUint64(context + RIP_OFFSET, BigInt.asUintN(64, raised.address), true);
  for (const [offset, size] of [
    [CONTEXT_FLAGS_OFFSET, 4],
    [RSP_OFFSET, 8],
    [RIP_OFFSET, 8],
  ] as const) {
    store.shadow8.fill(0, context + offset, context + offset + size);
  }
  return { top: at, pointers: kernelAddress(at) };
}
