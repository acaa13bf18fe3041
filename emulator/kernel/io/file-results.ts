/**
 * The way back of a request's bytes: from the system buffer to the caller's, as many as IoStatus.Information says, with
 * the checks that Windows leaves out: more bytes than there is room for, bytes that nobody has written, addresses of the
 * kernel for user-mode eyes.
 */
import type { NativeResult } from '../../machine/native.ts';
import { bugCheck } from '../bug-checks.ts';
import type { IrpRecord, Kernel, StructView } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import { offsetAddress } from '../struct-view.ts';
import type { RequestRecord } from './file-requests.ts';
import { reportIrp } from './irps.ts';

const irpInputOperation = 0x40;

/** Copies the output of a request that did not fail; a finding that stops the run comes back. */
export function copyOut(
  kernel: Kernel,
  irp: IrpRecord,
  record: RequestRecord,
  view: StructView,
): NativeResult | undefined {
  const { output, major, input } = record.request;
  const room = major === 'write' ? (input?.length ?? 0) : (output?.length ?? 0);
  const isTransfer = major === 'read' || major === 'write';
  const isBuffered = (view.getNumber('Flags') & irpInputOperation) !== 0;
  if ((isTransfer || room > 0) && major !== 'create' && record.information > BigInt(room)) {
    const bad = reportTooMuch(kernel, irp, record, room, isBuffered);
    if (isBuffered) return bad;
  }
  if (!isBuffered || output === undefined) return undefined;
  const length = Number(record.information);
  const from = view.getPointer('AssociatedIrp.SystemBuffer');
  reportUnwritten(kernel, irp, record, from, length);
  const bytes = kernel.memory.peek(from, length);
  if (bytes === undefined) return undefined;
  record.output = bytes;
  kernel.memory.poke(output.address, bytes);
  if (record.request.file.isUserMode) reportAddresses(kernel, irp, record, bytes);
  return undefined;
}

function reportTooMuch(
  kernel: Kernel,
  irp: IrpRecord,
  record: RequestRecord,
  room: number,
  isBuffered: boolean,
): NativeResult {
  const what = record.request.major === 'write' ? `of ${room} bytes was written` : `has room for ${room}`;
  return reportIrp(kernel, irp, {
    rule: 'information-too-large',
    severity: isBuffered ? 'error' : 'warning',
    message: `IRP #${irp.id} (${record.what}) is completed with IoStatus.Information = ${record.information}, but its caller's buffer ${what}${isBuffered ? ': the I/O manager copies what lies behind the system buffer' : ''}.`,
    also: ['0xC9/0x312'],
    bugCheck: bugCheck('DRIVER_VERIFIER_IOMANAGER_VIOLATION', 0x312, irp.address),
  });
}

/** Pool memory that the driver never wrote would tell a program what was there before. */
function reportUnwritten(kernel: Kernel, irp: IrpRecord, record: RequestRecord, from: bigint, length: number): void {
  for (let i = 0; i < length; i++) {
    if (!kernel.memory.isPoisoned(offsetAddress(from, i))) continue;
    reportIrp(kernel, irp, {
      rule: 'uninitialised-output',
      severity: 'warning',
      message: `IRP #${irp.id} (${record.what}) is completed with IoStatus.Information = ${length}, but byte ${i} of its output was never written: the program gets what was in that memory before.`,
    });
    return;
  }
}

/** An address of the kernel in a program's hands tells it where to attack. */
function reportAddresses(kernel: Kernel, irp: IrpRecord, record: RequestRecord, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i + 8 <= bytes.length; i += 8) {
    const value = view.getBigUint64(i, true);
    if (value < 0xffff_8000_0000_0000n) continue;
    const region = kernel.memory.regionAt(offsetAddress(value, 0));
    const code = kernel.machine.codeAt(offsetAddress(value, 0));
    if (region === undefined && code === undefined) continue;
    const what = code === undefined ? describeAddress(kernel, offsetAddress(value, 0)) : `the function ${code.name}`;
    reportIrp(kernel, irp, {
      rule: 'kernel-address-leak',
      severity: 'warning',
      message: `The output of IRP #${irp.id} (${record.what}) has the address of ${what} at byte ${i}: a program must not learn where the kernel's memory is.`,
    });
    return;
  }
}
