/**
 * WskRegister and WskDeregister: a client's life.
 *
 * WskDeregister waits until everything that the client has of WSK is given back: sockets closed, captured NPIs
 * released. That wait is where drivers hang at unload, so its reason names what is missing.
 */
import { allocateObject, freeObject } from '../../kernel/index.ts';
import type { Api, ContinuationStep, Kernel } from '../../kernel/kernel-types.ts';
import { goneBecause, lend } from '../../kernel/verifier/lent-memory.ts';
import type { NativeCall } from '../../machine/machine-types.ts';
import { type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { placeText } from '../places.ts';
import { deregisterKey, finish, requestOf } from '../requests.ts';
import { type Registration, socketText, wskState } from '../state.ts';
import { ntstatus } from '../status.ts';
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
  const registration = addRegistration(kernel, {
    block: lend(kernel, 'WskRegistration', block, kernel.types.sizeOf('WSK_REGISTRATION')),
    binding: undefined,
    version,
    context: npi.getPointer('ClientContext'),
    dispatch,
    dispatchTable: lend(kernel, 'WskClientNpi->Dispatch', dispatch, kernel.types.sizeOf('WSK_CLIENT_DISPATCH')),
    registeredAt: call.site.span,
  });
  if (registration === undefined) return returns(ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  const view = kernel.view('WSK_REGISTRATION', block);
  view.set('ReservedRegistrationState', 1);
  view.set('ReservedRegistrationContext', registration.client.start);
  view.set('ReservedRegistrationLock', 0);
  state.blocks.set(block, registration.id);
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

/** A new client of WSK, by WskRegister or by the Network Module Registrar; undefined where memory is short. */
export function addRegistration(
  kernel: Kernel,
  given: Pick<
    Registration,
    'block' | 'binding' | 'version' | 'context' | 'dispatch' | 'dispatchTable' | 'registeredAt'
  >,
): Registration | undefined {
  const state = wskState(kernel);
  if (state.socketTables === undefined) {
    state.providerTable = createProviderTable(kernel);
    state.socketTables = createSocketTables(kernel);
  }
  const client = allocateObject(kernel, 16, 'WSK_CLIENT');
  if (client === undefined) return undefined;
  const registration: Registration = {
    ...given,
    id: state.nextId++,
    client,
    state: 'registered',
    captures: [],
    released: undefined,
    staticEvents: 0,
    socketsCreated: 0,
    waiters: [],
  };
  state.registrations.set(registration.id, registration);
  return registration;
}

/** The registration whose block a call was given, or the finding that there is none. */
export function registrationFor(kernel: Kernel, call: NativeCall): Registration | NativeResult {
  const block = call.arguments.pointer(0);
  const registration = registrationAt(kernel, block);
  const damaged = registration === undefined ? undefined : checkMemory(kernel, registration);
  if (damaged !== undefined) return damaged;
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

/** What WSK keeps of a client in the driver's memory is there, and as WSK has left it. */
function checkMemory(kernel: Kernel, registration: Registration): NativeResult | undefined {
  if (registration.state === 'deregistered') return undefined;
  const { block, dispatchTable } = registration;
  const history = [registeredStep(kernel, registration)];
  const lent = { WSK_REGISTRATION: block, WSK_CLIENT_DISPATCH: dispatchTable };
  for (const [type, memory] of Object.entries(lent)) {
    const because = memory === undefined ? undefined : goneBecause(kernel, memory);
    if (because === undefined) continue;
    return kernel.report({
      rule: 'registration-block-gone',
      severity: 'error',
      message: `The ${type} of this driver no longer exists: ${because}. It must live until WskDeregister has returned.`,
      docRules: ['R07'],
      history,
    });
  }
  if (block === undefined || isAsLeft(kernel, registration, block.address)) return undefined;
  return kernel.report({
    rule: 'registration-block-changed',
    severity: 'error',
    message:
      'The WSK_REGISTRATION of this driver has been written to since WskRegister: WSK keeps its own state in it, and drivers leave it alone until WskDeregister has returned.',
    docRules: ['R07'],
    history,
  });
}

function isAsLeft(kernel: Kernel, { client }: Registration, block: GuestAddress): boolean {
  const view = kernel.view('WSK_REGISTRATION', block);
  return view.getNumber('ReservedRegistrationState') === 1 && view.get('ReservedRegistrationContext') === client.start;
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
  // What the registrar has given goes with the binding.
  if (registration.binding !== undefined) return open;
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
  endRegistration(kernel, registration);
  return returnsVoid;
}

/** Nothing of it is left open. */
export function endRegistration(kernel: Kernel, registration: Registration): void {
  registration.state = 'deregistered';
  freeObject(kernel, registration.client);
  if (registration.block !== undefined)
    kernel.view('WSK_REGISTRATION', registration.block.address).set('ReservedRegistrationState', 0);
}

function registrationAt(kernel: Kernel, block: GuestAddress): Registration | undefined {
  const state = wskState(kernel);
  return state.registrations.get(state.blocks.get(block) ?? -1);
}

function registeredStep(
  kernel: Kernel,
  registration: Registration,
): { what: string; span: Registration['registeredAt']; statements: number } {
  return { what: 'WskRegister was called', span: registration.registeredAt, statements: kernel.machine.statements };
}
