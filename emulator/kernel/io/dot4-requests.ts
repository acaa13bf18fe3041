/**
 * What the requests of d4drvif.h bring and take, checked where one comes to a device of the scenario: the driver of the
 * peripheral's port reads and writes whole structures, whatever the lengths say.
 */
import { GuestFault } from '../../machine/faults.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import type { IrpRecord, Kernel, StructView } from '../kernel-types.ts';
import { offsetAddress } from '../struct-view.ts';
import { controlCodeOf, dot4Codes } from './dot4-codes.ts';
import { irpView, reportIrp } from './irps.ts';
import { majors, requestName } from './request-codes.ts';

interface Structure {
  readonly type: string;
  readonly bytes: number;
  /** The driver below reads all of it. */
  readonly isRead?: true;
}

const createData: Structure = { type: 'DOT4_DC_CREATE_DATA', bytes: 56 };
const openData: Structure = { type: 'DOT4_DC_OPEN_DATA', bytes: 8 };
const command: Structure = { type: 'DOT4_DRIVER_CMD', bytes: 16, isRead: true };
const channel: Structure = { type: 'CHANNEL_HANDLE', bytes: 4, isRead: true };

/** By control code. */
const requests: Readonly<Record<number, { readonly input?: Structure; readonly output?: Structure }>> = {
  [dot4Codes.openChannel]: { input: openData, output: openData },
  [dot4Codes.closeChannel]: { input: channel },
  [dot4Codes.read]: { input: command },
  [dot4Codes.write]: { input: command },
  [dot4Codes.addActivityBroadcast]: { input: channel },
  [dot4Codes.removeActivityBroadcast]: { input: channel },
  [dot4Codes.waitActivityBroadcast]: { output: { type: 'DOT4_ACTIVITY', bytes: 12 } },
  [dot4Codes.createSocket]: { input: createData, output: createData },
  [dot4Codes.destroySocket]: { input: { type: 'DOT4_DC_DESTROY_DATA', bytes: 1, isRead: true } },
};

/** Where ulSize lies in a DOT4_DRIVER_CMD. */
const sizeOffset = 4;

export function checkDot4Request(kernel: Kernel, record: IrpRecord, location: StructView): NativeResult | undefined {
  const code = controlCodeOf(location);
  if (code === undefined) return undefined;
  const request = requests[code];
  if (request === undefined) return undefined;
  const name = requestName(kernel, { major: majors.control, minor: 0, code });
  const inputLength = location.getNumber('Parameters.DeviceIoControl.InputBufferLength');
  const outputLength = location.getNumber('Parameters.DeviceIoControl.OutputBufferLength');
  const wrong = (message: string): NativeResult =>
    reportIrp(kernel, record, {
      rule: 'request-arguments',
      message: `IRP #${record.id}: ${message}`,
      docRules: ['R109'],
    });
  for (const [what, length, wanted] of [
    ['InputBufferLength', inputLength, request.input],
    ['OutputBufferLength', outputLength, request.output],
  ] as const) {
    // An output that nobody wants has no buffer.
    if (wanted === undefined || length >= wanted.bytes || (what === 'OutputBufferLength' && length === 0)) continue;
    return wrong(
      `${name} takes a ${wanted.type} of ${wanted.bytes} bytes, and ${what} is ${length}: the driver below refuses the request, or reads and writes beyond the buffer.`,
    );
  }
  const input = irpView(kernel, record.address).getPointer('AssociatedIrp.SystemBuffer');
  if (request.input?.isRead !== true || input === 0n) return undefined;
  checkWritten(kernel, record, { name, input, structure: request.input });
  if (request.input !== command) return undefined;
  const bytes = kernel.memory.peek(offsetAddress(input, sizeOffset), 4);
  if (bytes === undefined) return undefined;
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  if (size <= outputLength) return undefined;
  return wrong(
    `${name} says by ulSize that it is about ${size} bytes, and its buffer has ${outputLength}: the driver below goes on behind the buffer.`,
  );
}

/** Members that nobody has set tell the driver below anything. */
function checkWritten(
  kernel: Kernel,
  record: IrpRecord,
  { name, input, structure }: { readonly name: string; readonly input: GuestAddress; readonly structure: Structure },
): void {
  try {
    kernel.memory.readBytes(input, structure.bytes);
  } catch (error) {
    if (!(error instanceof GuestFault) || error.fault.kind !== 'uninitialised-read') throw error;
    const at = Number(error.fault.address - input);
    reportIrp(kernel, record, {
      rule: 'uninitialised-output',
      severity: 'warning',
      message: `IRP #${record.id}: ${name} brings a ${structure.type} of which byte ${at} was never written: the driver below acts upon what was in memory there before. Clear it, or set all of its members.`,
    });
  }
}
