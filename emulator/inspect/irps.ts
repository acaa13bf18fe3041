/** The IRPs of a run for the tree view: state, result, stack locations, history. Reads guest memory without checks. */
import type { Span } from '../../base/source.ts';
import { functionName, hexAddress, majorName, requestName, stackLocation, statusText } from '../kernel/index.ts';
import type { IrpRecord, Kernel } from '../kernel/kernel-types.ts';
import type { GuestAddress } from '../machine/native.ts';
import type { RunContext } from '../run/context.ts';
import type { IrpInfo, StackLocationInfo } from '../run/types.ts';

/** The view is for people. */
const IRPS_MAX = 1000;

export function irps(context: RunContext): readonly IrpInfo[] {
  const { kernel } = context;
  const records = [...kernel.irps.values()].sort((a, b) => a.id - b.id);
  return mostTelling(records).map((record) => irpInfo(kernel, record));
}

/** Beyond the limit those that are over are left out, the oldest first: what is stuck is often the oldest of all. */
function mostTelling(records: readonly IrpRecord[]): readonly IrpRecord[] {
  const over = records.filter(({ state }) => state === 'freed' || state === 'completed');
  const leaving = new Set(over.slice(0, Math.max(0, records.length - IRPS_MAX)));
  return records.filter((record) => !leaving.has(record)).slice(-IRPS_MAX);
}

function irpInfo(kernel: Kernel, record: IrpRecord): IrpInfo {
  const { status, information } = record;
  return {
    id: record.id,
    address: addressText(record.address),
    state: record.state,
    call: record.call,
    subject: record.subject,
    issuedAt: record.sentAt,
    allocatedAt: record.allocatedAt,
    status: status === undefined ? undefined : { code: status, name: statusText(kernel, status) },
    information: information === undefined ? undefined : informationText(kernel, information),
    stackLocations: stackLocations(kernel, record),
    history: record.history,
  };
}

/** "0xFFFF8000`00012340" as Windows' debuggers write it. */
export function addressText(address: bigint): string {
  return hexAddress(address).replace("'", '`');
}

function informationText(kernel: Kernel, information: bigint): string {
  const region = information > 0xffffn ? kernel.memory.regionAt(information as GuestAddress) : undefined;
  if (region?.start === information) return `${region.label} at ${addressText(information)}`;
  return information.toString();
}

function stackLocations(kernel: Kernel, record: IrpRecord): StackLocationInfo[] {
  const current = peekNumber(kernel, place(kernel, record.address, 'IRP', 'CurrentLocation'), 1);
  const locations: StackLocationInfo[] = [];
  for (let index = record.stackSize; index >= 1; index--) {
    const at = stackLocation(kernel, record.address, index);
    // Completion clears the flags; what WSK saw when it got the IRP is still worth knowing.
    const now = Number(peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'Control'), 1));
    const control = (now & 0xe0) === 0 && index === record.stackSize ? (record.sentControl ?? 0) : now;
    const routine = peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'CompletionRoutine'), 8) as GuestAddress;
    const major = Number(peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'MajorFunction'), 1));
    const minor = Number(peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'MinorFunction'), 1));
    const code = Number(
      peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'Parameters.DeviceIoControl.IoControlCode'), 4),
    );
    const device = peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'DeviceObject'), 8);
    const context = peekNumber(kernel, place(kernel, at, 'IO_STACK_LOCATION', 'Context'), 8);
    locations.push({
      index,
      isCurrent: BigInt(index) === current,
      // WSK takes an IRP without a device and a major function: the call itself says more.
      major: device !== 0n ? majorText(kernel, { major, minor, code }) : (record.call ?? 'not used yet'),
      completionRoutine:
        routine === 0n ? undefined : { name: functionName(kernel, routine), span: functionSpan(kernel, routine) },
      invokeOn: invokeOn(kernel, control),
      context: context === 0n ? 'NULL' : addressText(context),
    });
  }
  return locations;
}

/** "IRP_MJ_DEVICE_CONTROL IOCTL_DOT4_READ", "IRP_MJ_READ". */
function majorText(kernel: Kernel, request: Parameters<typeof requestName>[1]): string {
  const name = majorName(request.major);
  const asks = requestName(kernel, request);
  return asks === name ? name : `${name} ${asks}`;
}

function invokeOn(kernel: Kernel, control: number): StackLocationInfo['invokeOn'] {
  const result: ('success' | 'error' | 'cancel')[] = [];
  if ((control & kernel.types.constant('SL_INVOKE_ON_SUCCESS')) !== 0) result.push('success');
  if ((control & kernel.types.constant('SL_INVOKE_ON_ERROR')) !== 0) result.push('error');
  if ((control & kernel.types.constant('SL_INVOKE_ON_CANCEL')) !== 0) result.push('cancel');
  return result;
}

/** The place of a function's name in its definition. */
function functionSpan(kernel: Kernel, address: GuestAddress): Span | undefined {
  const token = kernel.machine.codeAt(address)?.symbol?.definition?.nameToken;
  return token === undefined ? undefined : { file: token.file, start: token.start, end: token.end };
}

function place(kernel: Kernel, address: GuestAddress, type: string, member: string): GuestAddress {
  return (address + BigInt(kernel.types.offsetOf(type, member))) as GuestAddress;
}

function peekNumber(kernel: Kernel, address: GuestAddress, size: 1 | 4 | 8): bigint {
  const bytes = kernel.memory.peek(address, size);
  let value = 0n;
  for (let i = (bytes?.length ?? 0) - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes?.[i] ?? 0);
  return value;
}
