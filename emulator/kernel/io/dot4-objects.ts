/**
 * Sockets and channels of Dot4 that a driver has made at a device of the scenario, by what its requests brought and what
 * came back: who uses a channel that it has closed is told at once, and what nobody destroys when the driver is unloaded.
 *
 * A scenario may give out the same number again and again, so that numbers are counted.
 */
import type { Span } from '../../../base/source.ts';
import type { GuestAddress, NativeResult } from '../../machine/native.ts';
import type { IrpRecord, Kernel, RunFinding, StructView } from '../kernel-types.ts';
import { mdlData } from '../mm/mdl-records.ts';
import { callStack } from '../places.ts';
import { offsetAddress } from '../struct-view.ts';
import { controlCodeOf, dot4Codes } from './dot4-codes.ts';
import { irpView } from './irps.ts';
import { majors, requestName } from './request-codes.ts';

type Kind = 'socket' | 'channel';

/** Those of one device, of one kind, with one number. */
interface Dot4Object {
  readonly device: GuestAddress;
  readonly kind: Kind;
  readonly number: number;
  /** Of a channel: its socket. */
  readonly socket: number | undefined;
  /** How many there are now. */
  count: number;
  /** Where the last was made, and who asked for that; where one was ended. */
  readonly madeAt: Span | undefined;
  readonly history: RunFinding['history'];
  closedAt: Span | undefined;
}

export type Dot4Objects = Map<string, Dot4Object>;

/** Where a number lies: in what a request brings, or in what it gets back. */
interface Field {
  readonly at: number;
  readonly bytes: 1 | 4;
}

interface Role {
  readonly kind: Kind;
  readonly makes?: Field;
  readonly of?: Field;
  readonly ends?: Field;
  readonly uses?: Field;
}

const handle: Field = { at: 0, bytes: 4 };

const roles: Readonly<Record<number, Role>> = {
  [dot4Codes.openChannel]: { kind: 'channel', makes: { at: 4, bytes: 4 }, of: { at: 0, bytes: 1 } },
  [dot4Codes.closeChannel]: { kind: 'channel', ends: handle },
  [dot4Codes.read]: { kind: 'channel', uses: handle },
  [dot4Codes.write]: { kind: 'channel', uses: handle },
  [dot4Codes.createSocket]: { kind: 'socket', makes: { at: 52, bytes: 1 } },
  [dot4Codes.destroySocket]: { kind: 'socket', ends: { at: 0, bytes: 1 } },
};

const undo: Readonly<Record<Kind, string>> = {
  socket: 'IOCTL_DOT4_DESTROY_SOCKET',
  channel: 'IOCTL_DOT4_CLOSE_CHANNEL',
};

/** A request comes to a device: it must not be about what has been closed. */
export function checkDot4Use(kernel: Kernel, record: IrpRecord, location: StructView): NativeResult | undefined {
  const role = roleOf(location);
  const field = role?.uses ?? role?.ends;
  const number = field === undefined ? undefined : numberIn(kernel, inputOf(kernel, record), field);
  if (role === undefined || number === undefined) return undefined;
  const known = kernel.parts.io.dot4.get(keyOf(location.getPointer('DeviceObject'), role.kind, number));
  if (known === undefined || known.count > 0) return undefined;
  const history = [{ what: `${undo[known.kind]} completed here`, span: known.closedAt, statements: 0 }];
  return kernel.report({
    rule: 'dot4-closed',
    severity: 'error',
    message: `${controlCodeName(kernel, location)} of IRP #${record.id} is about the ${role.kind} ${number}, which ${undo[role.kind]} has ended.`,
    history: [...known.history, ...history],
  });
}

/** A request has succeeded. */
export function noteDot4Result(
  kernel: Kernel,
  record: IrpRecord,
  location: StructView,
  { given, askers }: { readonly given: number; readonly askers: RunFinding['history'] },
): void {
  const role = roleOf(location);
  if (role === undefined) return;
  const device = location.getPointer('DeviceObject');
  const { dot4 } = kernel.parts.io;
  const { makes, ends } = role;
  if (ends !== undefined) {
    const number = numberIn(kernel, inputOf(kernel, record), ends);
    const known = number === undefined ? undefined : dot4.get(keyOf(device, role.kind, number));
    if (known === undefined) return;
    known.count = Math.max(0, known.count - 1);
    known.closedAt = record.sentAt;
    return;
  }
  // What the scenario gives nothing of has no number.
  if (makes === undefined || given < makes.at + makes.bytes) return;
  const number = numberIn(kernel, outputOf(kernel, record), makes);
  if (number === undefined) return;
  const key = keyOf(device, role.kind, number);
  dot4.set(key, {
    device,
    kind: role.kind,
    number,
    socket: role.of === undefined ? undefined : numberIn(kernel, inputOf(kernel, record), role.of),
    count: (dot4.get(key)?.count ?? 0) + 1,
    madeAt: record.sentAt,
    history: askers,
    closedAt: undefined,
  });
}

/** With the device all of them are gone. */
export function forgetDot4Objects(kernel: Kernel, device: GuestAddress): void {
  for (const [key, one] of kernel.parts.io.dot4) if (one.device === device) kernel.parts.io.dot4.delete(key);
}

/** What nobody has ended; a channel goes with its socket. */
export function dot4ObjectsLeft(
  kernel: Kernel,
): { readonly message: string; readonly span: Span | undefined; readonly history: RunFinding['history'] }[] {
  const { dot4, answering } = kernel.parts.io;
  const isLeft = ({ device, kind, count, socket }: Dot4Object): boolean => {
    if (count === 0) return false;
    const owner = socket === undefined ? undefined : dot4.get(keyOf(device, 'socket', socket));
    return kind === 'socket' || owner?.count !== 0;
  };
  return [...dot4.values()].filter(isLeft).map(({ device, kind, number, madeAt, history }) => ({
    message: `The Dot4 ${kind} ${number} of ${answering.get(device)?.name ?? 'a device'} is left when the driver is unloaded: ${undo[kind]} is missing.`,
    span: madeAt,
    history,
  }));
}

function roleOf(location: StructView): Role | undefined {
  const code = controlCodeOf(location);
  return code === undefined ? undefined : roles[code];
}

function controlCodeName(kernel: Kernel, location: StructView): string {
  const code = location.getNumber('Parameters.DeviceIoControl.IoControlCode') >>> 0;
  return requestName(kernel, { major: majors.control, minor: 0, code });
}

function keyOf(device: GuestAddress, kind: Kind, number: number): string {
  return `${device}|${kind}|${number}`;
}

function inputOf(kernel: Kernel, record: IrpRecord): GuestAddress {
  return irpView(kernel, record.address).getPointer('AssociatedIrp.SystemBuffer');
}

/** Both that make something have METHOD_OUT_DIRECT. */
function outputOf(kernel: Kernel, record: IrpRecord): GuestAddress {
  const mdl = irpView(kernel, record.address).getPointer('MdlAddress');
  return mdl === 0n ? mdl : mdlData(kernel, mdl);
}

function numberIn(kernel: Kernel, buffer: GuestAddress, { at, bytes }: Field): number | undefined {
  const found = buffer === 0n ? undefined : kernel.memory.peek(offsetAddress(buffer, at), bytes);
  if (found === undefined || found.length < bytes) return undefined;
  const view = new DataView(found.buffer, found.byteOffset, found.length);
  return bytes === 1 ? view.getUint8(0) : view.getUint32(0, true);
}

/** Who asks for a socket or a channel, through whatever helpers. */
export function dot4Askers(kernel: Kernel, location: StructView): RunFinding['history'] {
  if (roleOf(location)?.makes === undefined) return [];
  return callStack(kernel, kernel.current)
    .filter(({ span }) => span !== undefined)
    .map(({ functionName, span }) => ({ what: `asked for here, in ${functionName}`, span, statements: 0 }));
}
