/**
 * WskControlSocket: socket options and IOCTLs.
 *
 * Whether an IRP must be given depends on the request: most need one, a few must not have one. A request without an
 * IRP is answered by the return value; with one, by the IRP as well, whatever the outcome.
 */
import type { RunRule } from '../../../base/run-rules.ts';
import type { Span } from '../../../base/source.ts';
import type { Api, Kernel } from '../../kernel/kernel-types.ts';
import { lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type NativeResult, returns } from '../../machine/native.ts';
import { setReceiveBuffer } from '../../net/tcp.ts';
import { callbackName, complaintAbout, readEventChange } from '../events/event-control.ts';
import { eventsEnabled } from '../events/event-start.ts';
import { checkIrql } from '../irql.ts';
import { begin, completeNow, failNow, lendToo, pend, settle } from '../requests.ts';
import { socketOf } from '../sockets/sockets.ts';
import { type Socket, wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { onWire } from '../wire.ts';
import { cacheAnother } from './control-client.ts';
import { controlSubject } from './control-names.ts';
import type { Control, ControlResult } from './control-types.ts';
import { performGroup } from './groups.ts';
import { ioctlName, passiveIoctls } from './ioctl-codes.ts';
import { performIoctl } from './ioctls.ts';
import { isOfKeepAlive, keepAlive } from './keep-alive.ts';
import { findOption, optionOfCode, optionOfUserMode, optionsOfCode, optionValue, unemulatedOption } from './options.ts';

const WskControlSocket: Api = (kernel, call) => {
  const socket = socketOf(kernel, call);
  if ('kind' in socket) return socket;
  const control = readControl(kernel, call);
  if (control === undefined) return answerWithoutWork(kernel, call, socket, 'STATUS_INVALID_PARAMETER');
  if (control.type === 'ioctl') {
    const name = ioctlName(kernel, control.code);
    if (name !== undefined && passiveIoctls.includes(name)) {
      const tooHigh = checkIrql(kernel, `WskControlSocket with ${name}`, 0);
      if (tooHigh !== undefined) return tooHigh;
    }
  }
  return answer(kernel, call, socket, control, () =>
    control.type === 'ioctl'
      ? performIoctl(kernel, socket, control)
      : performOption(kernel, socket, control, call.site.span),
  );
};

export const controlSocketApis = { WskControlSocket };

/** Runs a request and answers it through the IRP, the return value and the output parameters. */
function answer(
  kernel: Kernel,
  call: NativeCall,
  socket: Socket,
  control: Control,
  perform: () => ControlResult,
): NativeResult {
  if (!control.hasIrp) {
    const result = perform();
    if (result.kind === 'pends') return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
    if (result.kind === 'stop') return result.result;
    if (result.kind === 'complaint') kernel.report({ ...result.complaint, severity: 'warning' });
    return returns(writeOutput(kernel, control, result));
  }
  const begun = begin(kernel, call, {
    irpIndex: 9,
    socket,
    subject: controlSubject(kernel, control),
    buffers: [
      lend(kernel, 'InputBuffer', control.input, control.inputSize),
      lend(kernel, 'OutputBuffer', control.output, control.outputSize),
    ],
  });
  if (begun.kind === 'answered') return begun.result;
  const { request } = begun;
  const result = perform();
  switch (result.kind) {
    case 'pends':
      if (result.until === undefined) wskState(kernel).addressWaits.push(request.id);
      else socket.disabling.push({ member: result.until, request: request.id });
      return pend(kernel, request);
    case 'stop':
      return result.result;
    case 'complaint':
      kernel.report({ ...result.complaint, severity: 'warning' });
      return failNow(kernel, request, ntstatus(kernel, result.status));
    case 'status':
      return failNow(kernel, request, result.status);
    case 'done': {
      const output = result.output ?? new Uint8Array(0);
      if (result.uses !== undefined) lendToo(request, result.uses);
      const settlement = {
        status: ntstatus(kernel, 'STATUS_SUCCESS'),
        information: BigInt(output.length),
        writes: output.length === 0 ? [] : [{ address: control.output, bytes: output }],
      };
      if (result.isAtOnce === true) return completeNow(kernel, request, settlement);
      return settle(kernel, request, settlement, { mayBeInline: true });
    }
  }
}

/** Writes what a request without an IRP gives, and says its status. */
function writeOutput(
  kernel: Kernel,
  control: Control,
  result: Exclude<ControlResult, { kind: 'pends' | 'stop' }>,
): number {
  if (result.kind === 'complaint') return ntstatus(kernel, result.status);
  const length = result.kind === 'status' ? result.needed : (result.output?.length ?? 0);
  if (length !== undefined && control.outputSizeReturned !== 0n) {
    kernel.memory.writeU64(control.outputSizeReturned, BigInt(length));
  }
  if (result.kind === 'status') return result.status;
  if (result.output !== undefined && result.output.length > 0) kernel.memory.writeBytes(control.output, result.output);
  return ntstatus(kernel, 'STATUS_SUCCESS');
}

function answerWithoutWork(kernel: Kernel, call: NativeCall, socket: Socket, status: `STATUS_${string}`): NativeResult {
  if (call.arguments.pointer(9) === 0n) return returns(ntstatus(kernel, status));
  const begun = begin(kernel, call, { irpIndex: 9, socket });
  return begun.kind === 'answered' ? begun.result : failNow(kernel, begun.request, ntstatus(kernel, status));
}

function readControl(kernel: Kernel, call: NativeCall): Control | undefined {
  const { arguments: given } = call;
  const types: Readonly<Record<number, Control['type']>> = {
    [kernel.types.constant('WskSetOption')]: 'set',
    [kernel.types.constant('WskGetOption')]: 'get',
    [kernel.types.constant('WskIoctl')]: 'ioctl',
  };
  const type = types[given.int(1)];
  if (type === undefined) return undefined;
  return {
    type,
    code: given.uint(2),
    level: given.uint(3),
    inputSize: Number(given.uint64(4)),
    input: given.pointer(5),
    outputSize: Number(given.uint64(6)),
    output: given.pointer(7),
    outputSizeReturned: given.pointer(8),
    hasIrp: given.pointer(9) !== 0n,
  };
}

function performOption(kernel: Kernel, socket: Socket, control: Control, span: Span | undefined): ControlResult {
  if (control.level === constant(kernel, 'SOL_SOCKET')) {
    if (control.code === constant(kernel, 'SO_WSK_EVENT_CALLBACK')) return performEvents(kernel, socket, control);
    if (control.code === constant(kernel, 'SO_WSK_SECURITY')) return performSecurity(kernel, socket, control, span);
  }
  const group = performGroup(kernel, socket, control);
  if (group !== undefined) return group;
  const found = findOption(kernel, control.level, control.code);
  if (found === undefined) return unknownOption(kernel, control);
  const { name, option } = found;
  if (!control.hasIrp) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  if (!option.categories.includes(socket.category)) {
    return complaint('option-category', `${name} is no option of a ${socket.category} socket.`, 'R50');
  }
  if (control.type === 'get') {
    if (control.output === 0n || control.outputSize < 4) {
      return complaint(
        'option-size',
        `${name} gives a ULONG of 4 bytes, but OutputSize is ${control.outputSize}.`,
        'R49',
      );
    }
    // Times that SIO_KEEPALIVE_VALS gave have fractions of a second.
    return { kind: 'done', output: ulongBytes(Math.ceil(optionValue(socket, name))) };
  }
  if (option.isReadOnly) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  if (control.input === 0n || control.inputSize !== 4) {
    return complaint('option-size', `${name} takes a ULONG of 4 bytes, but InputSize is ${control.inputSize}.`, 'R49');
  }
  if (option.isBeforeBind && socket.state !== 'created') {
    return complaint('option-order', `${name} must be set before WskBind.`, 'R68', 'STATUS_INVALID_DEVICE_STATE');
  }
  const value = kernel.memory.readU32(control.input);
  if (value > (option.maximum ?? value)) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  socket.options.set(name, value);
  const side = wskState(kernel).network.sides.get(socket.side ?? -1);
  if (side !== undefined && name === 'SO_RCVBUF') onWire(kernel, (network) => setReceiveBuffer(network, side, value));
  if (isOfKeepAlive(name)) keepAlive(kernel, socket);
  return { kind: 'done' };
}

function performEvents(kernel: Kernel, socket: Socket, control: Control): ControlResult {
  if (control.type === 'get') {
    return complaint('control-request-type', 'SO_WSK_EVENT_CALLBACK can be set, but not read.', 'R52');
  }
  const size = kernel.types.sizeOf('WSK_EVENT_CALLBACK_CONTROL');
  if (control.input === 0n || control.inputSize !== size) {
    const message = `SO_WSK_EVENT_CALLBACK takes a WSK_EVENT_CALLBACK_CONTROL of ${size} bytes, but InputSize is ${control.inputSize}.`;
    return complaint('option-size', message, 'R49');
  }
  const change = readEventChange(kernel, control.input);
  if ('rule' in change) return { kind: 'complaint', complaint: change, status: 'STATUS_INVALID_PARAMETER' };
  const wrong = complaintAbout(kernel, socket, change);
  if (wrong !== undefined) return { kind: 'complaint', complaint: wrong, status: 'STATUS_INVALID_PARAMETER' };
  if (isTooEarly(socket)) {
    const after = socket.category === 'connection' ? 'the socket is connected' : 'WskBind';
    return complaint(
      'option-order',
      `SO_WSK_EVENT_CALLBACK must come after ${after}.`,
      'R69',
      'STATUS_INVALID_DEVICE_STATE',
    );
  }
  if (!change.isDisable) {
    if (control.hasIrp) reportIrp(kernel);
    socket.events |= change.events;
    eventsEnabled(kernel, socket);
    return { kind: 'done' };
  }
  if ((socket.staticEvents & change.events) !== 0) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  // What a listening socket passes on to the sockets that it accepts stays enabled for good.
  if (socket.category === 'listen' && change.events !== constant(kernel, 'WSK_EVENT_ACCEPT')) {
    return refused(kernel, 'STATUS_INVALID_PARAMETER');
  }
  socket.events &= ~change.events;
  const running = socket.running.find((member) => member === callbackName(kernel, change.events));
  if (running === undefined) return { kind: 'done', isAtOnce: true };
  return control.hasIrp ? { kind: 'pends', until: running } : refused(kernel, 'STATUS_EVENT_PENDING');
}

/** Nobody documents what becomes of the request: it is done, and the driver hears that it should not have been made so. */
function reportIrp(kernel: Kernel): void {
  kernel.report({
    rule: 'irp-missing',
    severity: 'warning',
    message:
      'SO_WSK_EVENT_CALLBACK is given an IRP to enable events, which takes none: Irp must be NULL. Only disabling an event may take one.',
    docRules: ['R48'],
  });
}

/** Listening and datagram sockets are bound first, connections connected. */
function isTooEarly(socket: Socket): boolean {
  if (socket.category === 'connection') return socket.state === 'bound' || socket.state === 'created';
  return socket.state === 'created';
}

function performSecurity(kernel: Kernel, socket: Socket, control: Control, span: Span | undefined): ControlResult {
  if (!control.hasIrp) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  if (control.type === 'get') {
    if (control.output === 0n || control.outputSize < 8) return refused(kernel, 'STATUS_INVALID_PARAMETER');
    // A descriptor of its own, that the driver is to release.
    return cacheAnother(kernel, socket.registration, span) ?? refused(kernel, 'STATUS_INSUFFICIENT_RESOURCES');
  }
  if (control.input === 0n || control.inputSize !== 8) return refused(kernel, 'STATUS_INVALID_PARAMETER');
  if (socket.state !== 'created') {
    return complaint(
      'option-order',
      'SO_WSK_SECURITY must be set before WskBind.',
      'R68',
      'STATUS_INVALID_DEVICE_STATE',
    );
  }
  const descriptor = kernel.memory.readPointer(control.input);
  if (descriptor !== 0n && !wskState(kernel).descriptors.has(descriptor)) {
    return complaint('security-descriptor-not-cached', 'SO_WSK_SECURITY takes a descriptor from WSK_CACHE_SD.', 'R77');
  }
  socket.security = descriptor;
  const uses = lend(kernel, 'the security descriptor', descriptor, 1);
  return uses === undefined ? { kind: 'done' } : { kind: 'done', uses: [uses] };
}

/** From here on numbers are options of SOL_SOCKET alone. */
const ownOptionsStart = 0x1000;

function unknownOption(kernel: Kernel, control: Control): ControlResult {
  const ioctl = ioctlName(kernel, control.code);
  if (ioctl !== undefined) {
    return complaint('control-request-type', `${ioctl} is no option: its RequestType is WskIoctl.`, 'R52');
  }
  // Small numbers are options of other levels as well.
  const isTelling = control.level === 0 || control.code >= ownOptionsStart;
  const misplaced = isTelling ? optionOfCode(kernel, control.code) : undefined;
  if (misplaced !== undefined) {
    return complaint(
      'option-level',
      `${misplaced} belongs to the level SOL_SOCKET, but Level is ${control.level}.`,
      'R51',
    );
  }
  const missing = optionOfUserMode(kernel, control.level, control.code);
  if (missing !== undefined) {
    return complaint(
      'option-unknown',
      `${missing.name} is an option of Winsock in user mode, which WSK does not have: ${missing.instead}.`,
    );
  }
  const known = unemulatedOption(kernel, control.level, control.code);
  if (known !== undefined) {
    const message = `WskControlSocket with ${known} is not emulated yet.`;
    return { kind: 'stop', result: kernel.report({ rule: 'not-emulated', severity: 'error', message }) };
  }
  const message = `The level 0x${control.level.toString(16)} has no option 0x${control.code.toString(16)}`;
  const others = optionsOfCode(kernel, control.code);
  if (others.length === 0) return complaint('option-unknown', `${message}: the transport refuses it.`);
  return complaint('option-level', `${message}; that is ${others.join(', or ')}.`, 'R51');
}

function complaint(
  rule: RunRule,
  message: string,
  docRule?: string,
  status: `STATUS_${string}` = 'STATUS_INVALID_PARAMETER',
): ControlResult {
  return { kind: 'complaint', complaint: { rule, message, docRules: docRule === undefined ? [] : [docRule] }, status };
}

function refused(kernel: Kernel, status: `STATUS_${string}`): ControlResult {
  return { kind: 'status', status: ntstatus(kernel, status) };
}

function ulongBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return bytes;
}
