/**
 * WSK as a provider of the Network Module Registrar: a client that registers for NPI_WSK_INTERFACE_ID itself gets its
 * WSK_CLIENT and WSK_PROVIDER_DISPATCH from NmrClientAttachProvider, and uses neither WskRegister nor
 * WskCaptureProviderNPI. Its detachment is over when everything that it has of WSK is given back: a worker waits for that.
 */
import { assert, defined } from '../../../base/assert.ts';
import { addWork } from '../../kernel/ke/work-queue.ts';
import type { Api, ContinuationTable, Kernel, SystemProvider } from '../../kernel/kernel-types.ts';
import { completeDetach } from '../../kernel/nmr/detach.ts';
import { bindingAt } from '../../kernel/nmr/nmr-state.ts';
import { offsetAddress } from '../../kernel/struct-view.ts';
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { wskInterfaceId } from '../events/event-control.ts';
import { deregisterKey } from '../requests.ts';
import { wskState } from '../state.ts';
import { constant, ntstatus } from '../status.ts';
import { addRegistration, endRegistration, whatIsOpen } from './registration.ts';
import { WSK_VERSION } from './tables.ts';

// No C identifier, so that no driver can have a function of that name.
const attachName = 'wsk:ProviderAttachClient';
const detachName = 'wsk:ProviderDetachClient';
const waitName = 'wsk:WaitForClient';

/** What the registrar shows to clients of WSK. */
export function wskNetworkProvider(kernel: Kernel): SystemProvider {
  const state = wskState(kernel);
  state.instance ??= createInstance(kernel);
  const readyAtNs = state.options.readyAfterNs;
  return { name: 'WSK', instance: state.instance, attach: attachName, detach: detachName, readyAtNs };
}

const attachClient: Api = (kernel, { arguments: args }) => {
  const dispatch = args.pointer(4);
  if (dispatch === NULL_ADDRESS) return returns(ntstatus(kernel, 'STATUS_INVALID_PARAMETER'));
  const version = kernel.view('WSK_CLIENT_DISPATCH', dispatch).getNumber('Version');
  // The client may offer another version by calling NmrClientAttachProvider again.
  if (version !== WSK_VERSION) return returns(ntstatus(kernel, 'STATUS_NOINTERFACE'));
  const binding = args.pointer(0);
  const { registeredAt } = bindingAt(kernel, binding).client.module;
  const registration = addRegistration(kernel, {
    block: undefined,
    binding,
    version,
    context: args.pointer(3),
    dispatch,
    dispatchTable: undefined,
    registeredAt,
  });
  if (registration === undefined) return returns(ntstatus(kernel, 'STATUS_INSUFFICIENT_RESOURCES'));
  registration.captures.push({ span: registeredAt });
  kernel.memory.writePointer(args.pointer(5), registration.client.start);
  kernel.memory.writePointer(args.pointer(6), wskState(kernel).providerTable);
  return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
};

const detachClient: Api = (kernel, { arguments: args }) => {
  const client = args.pointer(0);
  const registration = [...wskState(kernel).registrations.values()].find((one) => one.client.start === client);
  assert(registration !== undefined, 'the registrar gives back what it was given');
  // A client that has not finished detaching may still be inside a function of WSK; one that has must not call any.
  registration.state = 'deregistering';
  if (whatIsOpen(kernel, registration).length === 0) {
    endRegistration(kernel, registration);
    return returns(ntstatus(kernel, 'STATUS_SUCCESS'));
  }
  const routine = defined(kernel.machine.functionAddress(waitName), waitName);
  addWork(kernel, { routine, arguments: [BigInt(registration.id)], workItem: undefined });
  return returns(ntstatus(kernel, 'STATUS_PENDING'));
};

const waitForClient: Api = (kernel, { arguments: args }) => detachOrWait(kernel, args.uint(0));

export const nmrProviderApis = {
  [attachName]: attachClient,
  [detachName]: detachClient,
  [waitName]: waitForClient,
};

export const nmrProviderContinuations = {
  'wsk.detach-again': (kernel, _thread, state) => detachOrWait(kernel, state.registration as number),
} satisfies ContinuationTable;

function detachOrWait(kernel: Kernel, id: number): NativeResult {
  const registration = defined(wskState(kernel).registrations.get(id), 'the registration');
  const open = whatIsOpen(kernel, registration);
  if (open.length > 0) {
    const then = { name: 'wsk.detach-again', state: { registration: id } };
    return kernel.block(deregisterKey(id), `waits in WSK's ProviderDetachClient for ${open.join(' and ')}`, then);
  }
  endRegistration(kernel, registration);
  const binding = bindingAt(kernel, defined(registration.binding, 'the binding'));
  return completeDetach(kernel, waitName, binding, 'provider', { name: 'nmr.done', state: {} });
}

function createInstance(kernel: Kernel): GuestAddress {
  const { types } = kernel;
  const parts = ['NPI_REGISTRATION_INSTANCE', 'NPI_MODULEID', 'GUID', 'WSK_PROVIDER_CHARACTERISTICS'] as const;
  const starts: number[] = [];
  let size = 0;
  for (const part of parts) {
    starts.push(size);
    size += Math.ceil(types.sizeOf(part) / 8) * 8;
  }
  const region = kernel.memory.allocate({ size, kind: 'image', label: "WSK's NPI_REGISTRATION_INSTANCE" });
  assert(region !== undefined, 'guest memory is used up before the driver has started');
  const [instanceAt, moduleAt, npiAt, characteristicsAt] = starts.map((start) => offsetAddress(region.start, start));
  kernel.memory.fill(region.start, size, 0);
  const at = (address: GuestAddress | undefined): GuestAddress => defined(address, 'a part of the instance');
  kernel.memory.poke(at(npiAt), Uint8Array.from(wskInterfaceId));
  const module = kernel.view('NPI_MODULEID', at(moduleAt));
  module.set('Length', types.sizeOf('NPI_MODULEID'));
  module.set('Type', constant(kernel, 'MIT_GUID'));
  // WSK's module is named by the same GUID here: no header gives it a name of its own.
  kernel.memory.poke(module.addressOf('Guid'), Uint8Array.from(wskInterfaceId));
  const characteristics = kernel.view('WSK_PROVIDER_CHARACTERISTICS', at(characteristicsAt));
  characteristics.set('HighestVersion', WSK_VERSION);
  characteristics.set('LowestVersion', WSK_VERSION);
  const instance = kernel.view('NPI_REGISTRATION_INSTANCE', at(instanceAt));
  instance.set('Size', types.sizeOf('NPI_REGISTRATION_INSTANCE'));
  instance.set('NpiId', at(npiAt));
  instance.set('ModuleId', module.address);
  instance.set('NpiSpecificCharacteristics', characteristics.address);
  region.isReadOnly = true;
  return instance.address;
}
