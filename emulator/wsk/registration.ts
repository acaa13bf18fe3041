/**
 * WskRegister and WskDeregister: a client's life.
 *
 * WskDeregister waits until everything that the client has of WSK is given back: sockets closed, captured NPIs
 * released. That wait is where drivers hang at unload, so its reason names what is missing.
 */
import type { Api, ContinuationStep, Kernel } from '../kernel/kernel-types.ts';
import { goneBecause, lend } from '../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../machine/machine-types.ts';
import { type NativeResult, returns, returnsVoid } from '../machine/native.ts';
import { placeText } from './places.ts';
import { deregisterKey, finish, requestOf } from './requests.ts';
import { type Registration, socketText, wskState } from './state.ts';
import { ntstatus } from './status.ts';
import { createProviderTable, createSocketTables } from './tables.ts';

const WskRegister: Api = (kernel, call) => {
  const clientNpi = call.arguments.pointer(0);
  const block = call.arguments.pointer(1);
  const state = wskState(kernel);
  const npi = kernel.view('WSK_CLIENT_NPI', clientNpi);
  const dispatch = npi.getPointer('Dispatch');
  const version = kernel.view('WSK_CLIENT_DISPATCH', dispatch).getNumber('Version');
  if (kernel.view('WSK_CLIENT_DISPATCH', dispatch).getNumber('Reserved') !== 0) {
    kernel.report({
      rule: 'client-dispatch-reserved',
      severity: 'warning',
      message: 'WskRegister was given a WSK_CLIENT_DISPATCH whose Reserved member is not zero.',
      docRules: ['R10'],
    });
  }
  const older = registrationAt(kernel, block);
  if (older !== undefined && older.state !== 'deregistered') {
    return kernel.report({
      rule: 'registration-block-reused',
      severity: 'error',
      message:
        'WskRegister was given a WSK_REGISTRATION that is registered already: each registration needs a block of its own.',
      docRules: ['R12'],
      history: [registeredStep(kernel, older)],
    });
  }
  if (state.socketTables === undefined) {
    state.providerTable = createProviderTable(kernel);
    state.socketTables = createSocketTables(kernel);
  }
  const client = kernel.memory.allocate({ size: 16, kind: 'object', label: 'WSK_CLIENT' });
  const buffer = lend(kernel, 'WskRegistration', block, kernel.types.sizeOf('WSK_REGISTRATION'));
  if (client === undefined || buffer === undefined) return returns(ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  const id = state.nextId++;
  const registration: Registration = {
    id,
    block,
    blockBuffer: buffer,
    client,
    version,
    context: npi.getPointer('ClientContext'),
    dispatch,
    registeredAt: call.site.span,
    state: 'registered',
    captures: [],
    released: undefined,
    staticEvents: 0,
    socketsCreated: 0,
    waiters: [],
  };
  const view = kernel.view('WSK_REGISTRATION', block);
  view.set('ReservedRegistrationState', 1);
  view.set('ReservedRegistrationContext', client.start);
  view.set('ReservedRegistrationLock', 0);
  state.registrations.set(id, registration);
  state.blocks.set(block, id);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
};

const WskDeregister: Api = (kernel, call) => {
  const found = registrationFor(kernel, call);
  if ('kind' in found) return found;
  found.state = 'deregistering';
  const state = wskState(kernel);
  // Those who wait for WSK to start will wait in vain.
  for (const key of found.waiters) kernel.wake(key, 0n);
  for (const id of state.transportWaits) {
    const request = requestOf(kernel, id);
    if (request?.registration === found.id) finish(kernel, request, { status: ntstatus(kernel, 'STATUS_CANCELLED') });
  }
  return deregisterOrWait(kernel, found);
};

const deregisterAgain: ContinuationStep = (kernel, _thread, state) => {
  const registration = wskState(kernel).registrations.get(state.registration as number);
  return registration === undefined ? returnsVoid : deregisterOrWait(kernel, registration);
};

/** The registration whose block a call was given, or the finding that there is none. */
export function registrationFor(kernel: Kernel, call: NativeCall): Registration | NativeResult {
  const block = call.arguments.pointer(0);
  const registration = registrationAt(kernel, block);
  const because = registration === undefined ? undefined : goneBecause(kernel, registration.blockBuffer);
  if (registration !== undefined && because !== undefined && registration.state !== 'deregistered') {
    return kernel.report({
      rule: 'registration-block-gone',
      severity: 'error',
      message: `The WSK_REGISTRATION of this driver no longer exists: ${because}. It must live until WskDeregister has returned.`,
      docRules: ['R07'],
      history: [registeredStep(kernel, registration)],
    });
  }
  // While one thread waits in WskDeregister, others still release what they have captured.
  const isOver = registration?.state === 'deregistered' && call.name !== 'WskCaptureProviderNPI';
  const isTwice = registration?.state === 'deregistering' && call.name === 'WskDeregister';
  if (registration === undefined || isOver || isTwice) {
    const why = registration === undefined ? 'was never registered' : 'has been deregistered';
    return kernel.report({
      rule: 'registration-not-registered',
      severity: 'error',
      message: `${call.name} was given a WSK_REGISTRATION that ${why}.`,
      docRules: ['R01'],
      ...(registration === undefined ? {} : { history: [registeredStep(kernel, registration)] }),
    });
  }
  return registration;
}

/** What a registration still has of WSK, for people: "socket #1 (…), created at listen.c:41". */
export function whatIsOpen(kernel: Kernel, registration: Registration): string[] {
  const open: string[] = [];
  for (const socket of wskState(kernel).sockets.values()) {
    if (socket.registration !== registration.id || socket.state === 'closed') continue;
    open.push(`${socketText(socket)}, created at ${placeText(socket.createdAt)}`);
  }
  for (const { call, registration: client, issuedAt } of wskState(kernel).requests.values()) {
    if (client === registration.id) open.push(`the IRP of ${call}, sent at ${placeText(issuedAt)}`);
  }
  for (const { span } of registration.captures) open.push(`the provider NPI, captured at ${placeText(span)}`);
  return open;
}

/** To be called whenever something was given back: a WskDeregister that waits looks again. */
export function wakeDeregister(kernel: Kernel, registration: number): void {
  kernel.wake(deregisterKey(registration), 0n);
}

export const registrationApis = { WskRegister, WskDeregister };
export const registrationContinuations = { 'wsk.deregisterAgain': deregisterAgain };

function deregisterOrWait(kernel: Kernel, registration: Registration): NativeResult {
  const open = whatIsOpen(kernel, registration);
  if (open.length > 0) {
    return kernel.block(deregisterKey(registration.id), `WskDeregister waits for ${open.join(' and ')}`, {
      name: 'wsk.deregisterAgain',
      state: { registration: registration.id },
    });
  }
  registration.state = 'deregistered';
  kernel.memory.free(registration.client);
  kernel.view('WSK_REGISTRATION', registration.block).set('ReservedRegistrationState', 0);
  return returnsVoid;
}

function registrationAt(kernel: Kernel, block: Registration['block']): Registration | undefined {
  const state = wskState(kernel);
  return state.registrations.get(state.blocks.get(block) ?? -1);
}

function registeredStep(
  kernel: Kernel,
  registration: Registration,
): { what: string; span: Registration['registeredAt']; statements: number } {
  return { what: 'WskRegister was called', span: registration.registeredAt, statements: kernel.machine.statements };
}
