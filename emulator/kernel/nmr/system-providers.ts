/**
 * Provider modules of the system: what a subsystem (WSK) offers to clients that find it through the registrar. They are
 * asked for when the first module of the driver registers; one that comes later is attached by a worker of the system.
 */
import { defined } from '../../../base/assert.ts';
import { NULL_ADDRESS } from '../../machine/native.ts';
import { addWork } from '../ke/work-queue.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel, SystemProvider } from '../kernel-types.ts';
import { attachPairs, pairsOf } from './attach.ts';
import { type NetworkModule, npiText } from './nmr-state.ts';

const addEntry = 'NmrpAddProvider';

export const systemProviderApis = {
  [addEntry]: (kernel, { arguments: args }) => {
    const module = addProvider(kernel, providersOf(kernel)[args.uint(0)]);
    return attachPairs(kernel, { pairs: pairsOf(kernel, module), call: addEntry, result: 0 });
  },
} satisfies KernelApis;

export const systemProviderContinuations = {
  'nmr.provider-comes': (kernel, _thread, state) => {
    const routine = defined(kernel.machine.functionAddress(addEntry), addEntry);
    addWork(kernel, { routine, arguments: [BigInt(state.index as number)], workItem: undefined });
    return { kind: 'return', value: undefined };
  },
} satisfies ContinuationTable;

/** Adds those that are there now, once, and sees to it that the others are added when their time comes. */
export function addSystemProviders(kernel: Kernel): void {
  const { nmr } = kernel.parts;
  if (nmr.isSystemAsked) return;
  nmr.isSystemAsked = true;
  for (const [index, provider] of providersOf(kernel).entries()) {
    const afterNs = provider.readyAtNs - kernel.timeNs;
    if (afterNs <= 0) addProvider(kernel, provider);
    else {
      const step = { name: 'nmr.provider-comes', state: { index } };
      kernel.schedule({ afterNs, irql: 2, label: `${provider.name} registers with NMR`, step });
    }
  }
}

function providersOf(kernel: Kernel): SystemProvider[] {
  return kernel.parts.tables.subsystems.flatMap((one) => one.networkProvider?.(kernel) ?? []);
}

function addProvider(kernel: Kernel, given: SystemProvider | undefined): NetworkModule {
  const provider = defined(given, 'a provider of the system');
  const { modules } = kernel.parts.nmr;
  const native = (name: string): NetworkModule['attach'] => defined(kernel.machine.functionAddress(name), name);
  const npiId = kernel.view('NPI_REGISTRATION_INSTANCE', provider.instance).getPointer('NpiId');
  const module: NetworkModule = {
    id: modules.length + 1,
    kind: 'provider',
    handle: NULL_ADDRESS,
    text: provider.name,
    isSystem: true,
    npi: npiText(kernel, npiId),
    instance: provider.instance,
    context: 0n,
    attach: native(provider.attach),
    detach: native(provider.detach),
    cleanup: NULL_ADDRESS,
    lent: [],
    registeredAt: undefined,
    statements: 0,
    state: 'registered',
    deregisteredAt: undefined,
  };
  modules.push(module);
  return module;
}
