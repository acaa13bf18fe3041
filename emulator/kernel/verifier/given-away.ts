/**
 * IRPs that have been given away, and whoever touches them all the same while they are still there: IoStatus before the
 * completion, or after one's own IoCompleteRequest, and the own stack location. On Windows what stands there is old, half
 * written or another driver's, and a moment later the memory may be freed.
 *
 * The bytes are watched from the moment at which the call returns to the driver. Who has an IRP is not known by address, so
 * frames tell: the guest frames from which it was given away are its former owner's; where WSK or a device of the scenario
 * has it, nobody of the driver is its owner. Any other access ends the watch, which thus never speaks of an owner.
 */
import type { RunRule } from '../../../base/run-rules.ts';
import type { Continuation, GuestAddress, NativeResult } from '../../machine/native.ts';
import { irpOffsets, readChar } from '../io/irp-offsets.ts';
import { type FormerFrames, type GivenAway, unwatchIrp, watchIrp } from '../io/irp-watch.ts';
import { isInFlight, reportIrp } from '../io/irps.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { ContinuationTable, IrpRecord, Kernel, MemoryTouch } from '../kernel-types.ts';

/** Watches an IRP that the frames of the current thread have just given away. */
function watchGivenAway(kernel: Kernel, record: IrpRecord, given: Omit<GivenAway, 'former'>): void {
  // Whoever outside has it is stricter.
  if (record.givenAway !== undefined) return;
  const former = formerFrames(kernel);
  if (former !== undefined) watchIrp(kernel, record, { ...given, former });
}

export const givenAwayContinuations = {
  /** IoCompleteRequest returns to the driver, and IoCallDriver from a dispatch routine. */
  'irp.given-away': (kernel, _thread, given, value): NativeResult => {
    const { irp, id, how, call, location, then } = given as unknown as AfterCall;
    const record = kernel.irps.get(irp);
    if (record !== undefined && record.id === id && isGone(kernel, record, how, location)) {
      watchGivenAway(kernel, record, { how, call, location });
    }
    return continueWith(kernel, then, value);
  },
} satisfies ContinuationTable;

/** What is to be known when a call that may give an IRP away returns. */
export interface AfterCall {
  readonly irp: GuestAddress;
  readonly id: number;
  readonly how: GivenAway['how'];
  readonly call: string;
  /** The caller's stack location, from 1; one more than there are for the owner of the IRP. */
  readonly location: number;
  readonly then: Continuation;
}

/** The driver touches watched bytes of an IRP, or such as were left by one. */
export function givenAwayTouched(kernel: Kernel, fault: MemoryTouch): void {
  const record = watchedAt(kernel, fault.address);
  if (record?.givenAway === undefined) {
    // Left by an IRP whose memory is another's by now.
    kernel.memory.unwatch(fault.address, fault.size);
    return;
  }
  const { givenAway } = record;
  unwatchIrp(kernel, record);
  // A driver with two devices of one stack may have it for the other one: who sets a status is about to complete.
  const isOwnersWrite = fault.access === 'write' && givenAway.how === 'sent' && givenAway.former !== undefined;
  if (!isOwnersWrite && isFormer(kernel, givenAway))
    reportTouched(kernel, record, givenAway, memberAt(kernel, record, fault.address), fault.access);
}

/** IoGetCurrentIrpStackLocation and others by whoever has given the IRP away; the call goes on. */
export function checkStillOwned(kernel: Kernel, irp: GuestAddress, member: string): void {
  const record = kernel.irps.get(irp);
  if (record?.givenAway?.former === undefined || !isFormer(kernel, record.givenAway)) return;
  reportTouched(kernel, record, record.givenAway, member, 'read');
}

function isGone(kernel: Kernel, record: IrpRecord, how: GivenAway['how'], location: number): boolean {
  if (record.state === 'freed') return false;
  // Sent again in the meantime, it may have come back to this very function.
  if (how === 'completed') return record.completedAt !== undefined;
  if (record.completedAt === undefined) return isInFlight(record);
  return readChar(kernel.memory, record.address, irpOffsets(kernel).currentLocation) > location;
}

function formerFrames(kernel: Kernel): FormerFrames | undefined {
  const { current, machine } = kernel;
  if (current === undefined) return undefined;
  const all = machine.frames(current);
  const first = all.findIndex(({ symbol }) => symbol !== undefined);
  if (first < 0) return undefined;
  const behind = all.findIndex(({ symbol }, at) => at > first && symbol === undefined);
  const frames = all.slice(first, behind < 0 ? undefined : behind);
  return { threadId: current.id, frames: frames.map(({ functionName, base }) => ({ functionName, base })) };
}

function isFormer(kernel: Kernel, { former }: GivenAway): boolean {
  if (former === undefined) return true;
  const { current } = kernel;
  if (current?.id !== former.threadId) return false;
  const frame = kernel.machine.frames(current).find(({ symbol }) => symbol !== undefined);
  return former.frames.some(({ functionName, base }) => frame?.base === base && frame.functionName === functionName);
}

/** The watched IRP in which the byte lies: there are few, and this is asked once for each. */
function watchedAt(kernel: Kernel, address: GuestAddress): IrpRecord | undefined {
  const { irpSize, locationSize } = irpOffsets(kernel);
  for (const record of kernel.irps.values()) {
    if (record.givenAway === undefined) continue;
    const offset = address - record.address;
    if (offset >= 0n && offset < BigInt(irpSize + record.stackSize * locationSize)) return record;
  }
  return undefined;
}

function memberAt(kernel: Kernel, record: IrpRecord, address: GuestAddress): string {
  const { status, information, irpSize } = irpOffsets(kernel);
  const offset = Number(address - record.address);
  if (offset >= irpSize) return 'the own stack location';
  return offset >= information ? 'IoStatus.Information' : offset >= status ? 'IoStatus.Status' : 'a member';
}

function reportTouched(
  kernel: Kernel,
  record: IrpRecord,
  { how, call, location, former }: GivenAway,
  member: string,
  access: MemoryTouch['access'],
): void {
  const what = `${access === 'write' ? 'Writes' : 'Reads'} ${member} of IRP #${record.id}`;
  const still =
    former === undefined || isInFlight(record) ? `which ${call} has left pending` : `which ${call} has passed on`;
  // As lint calls them: the owner of an IRP reads it for its result.
  const isOwners = record.request === undefined && (location === 0 || location > record.stackSize);
  const isResult = isOwners && access === 'read' && member.startsWith('IoStatus');
  const [rule, docRules]: readonly [RunRule, readonly string[]] =
    how === 'completed'
      ? ['irp-used-after-free', ['R21']]
      : isResult
        ? ['result-before-completion', ['R27']]
        : ['irp-touched-after-send', ['R21']];
  reportIrp(kernel, record, {
    rule,
    severity: 'warning',
    message:
      how === 'sent'
        ? `${what}, ${still}: the driver does not have it now, what stands there is not the result, and at any time the IRP may be completed and freed. Wait for its completion, or take what is needed before the call.`
        : `${what} after ${call}: the IRP is no longer the driver's, whoever is above may have changed or freed it by now. Take what is needed before the call.`,
    docRules,
  });
}
