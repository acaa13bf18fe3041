/**
 * Registration and deregistration of network modules. A registration attaches the new module to all of the other kind
 * that speak its NPI; a deregistration begins to detach it from them, always returns STATUS_PENDING, and is over when
 * NmrWaitFor...DeregisterComplete has returned.
 */
import { type GuestAddress, type NativeResult, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { blockOnKey, currentThread } from '../ke/blocking.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { currentSpan, describeAddress, functionName, shortPlace } from '../places.ts';
import { STATUS_INSUFFICIENT_RESOURCES, STATUS_INVALID_PARAMETER, STATUS_PENDING } from '../statuses.ts';
import { type LentMemory, lend } from '../verifier/lent-memory.ts';
import { attachPairs, pairsOf } from './attach.ts';
import { checkRegistration, reportHandle } from './callback-checks.ts';
import { detachAll } from './detach.ts';
import {
  type Binding,
  bindingsOf,
  freeHandle,
  type ModuleKind,
  moduleHistory,
  moduleKey,
  moduleOf,
  type NetworkModule,
  npiText,
  sideNames,
} from './nmr-state.ts';
import { addSystemProviders } from './system-providers.ts';

const handleSize = 16;

export const moduleApis = {
  NmrRegisterClient: (kernel, { arguments: args }) =>
    register(kernel, 'client', args.pointer(0), args.uint64(1), args.pointer(2)),
  NmrRegisterProvider: (kernel, { arguments: args }) =>
    register(kernel, 'provider', args.pointer(0), args.uint64(1), args.pointer(2)),
  NmrDeregisterClient: (kernel, { arguments: args }) => deregister(kernel, 'client', args.pointer(0)),
  NmrDeregisterProvider: (kernel, { arguments: args }) => deregister(kernel, 'provider', args.pointer(0)),
  NmrWaitForClientDeregisterComplete: (kernel, { arguments: args }) => wait(kernel, 'client', args.pointer(0)),
  NmrWaitForProviderDeregisterComplete: (kernel, { arguments: args }) => wait(kernel, 'provider', args.pointer(0)),
} satisfies KernelApis;

export const moduleContinuations = {
  'nmr.wait-again': (kernel, _thread, state) => wait(kernel, state.kind as ModuleKind, state.handle as GuestAddress),
} satisfies ContinuationTable;

function register(
  kernel: Kernel,
  kind: ModuleKind,
  characteristics: GuestAddress,
  context: bigint,
  handleAt: GuestAddress,
): NativeResult {
  const call = sideNames[kind].register;
  const bad = badMember(kernel, kind, characteristics);
  if (bad !== undefined) {
    kernel.report({
      rule: 'nmr-characteristics',
      severity: 'warning',
      message: `${call} refuses the characteristics ${describeAddress(kernel, characteristics)} with STATUS_INVALID_PARAMETER: ${bad}.`,
    });
    return returns(STATUS_INVALID_PARAMETER);
  }
  addSystemProviders(kernel);
  const region = kernel.memory.allocate({ size: handleSize, kind: 'object', label: `handle of ${call}` });
  if (region === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
  const module = readModule(kernel, kind, characteristics, context, region.start);
  kernel.parts.nmr.modules.push(module);
  // The callbacks of the module may use its handle.
  kernel.memory.writePointer(handleAt, region.start);
  return attachPairs(kernel, { pairs: pairsOf(kernel, module), call, result: 0 });
}

function readModule(
  kernel: Kernel,
  kind: ModuleKind,
  characteristics: GuestAddress,
  context: bigint,
  handle: GuestAddress,
): NetworkModule {
  const names = sideNames[kind];
  const type = characteristicsType(kind);
  const view = kernel.view(type, characteristics);
  const instance = view.addressOf(`${kind === 'client' ? 'Client' : 'Provider'}RegistrationInstance`);
  const inner = kernel.view('NPI_REGISTRATION_INSTANCE', instance);
  const npiId = inner.getPointer('NpiId');
  const attach = view.getPointer(names.attach);
  const lent = [
    lend(kernel, `The ${type}`, characteristics, kernel.types.sizeOf(type)),
    lend(kernel, 'The NPIID', npiId, kernel.types.sizeOf('GUID')),
    lend(kernel, 'The NPI_MODULEID', inner.getPointer('ModuleId'), kernel.types.sizeOf('NPI_MODULEID')),
    lendContext(kernel, context as GuestAddress),
  ];
  return {
    id: kernel.parts.nmr.modules.length + 1,
    kind,
    handle,
    text: `the NMR ${kind} of ${describeAddress(kernel, npiId)} (${functionName(kernel, attach)})`,
    isSystem: false,
    npi: npiText(kernel, npiId),
    instance,
    context,
    attach,
    detach: view.getPointer(names.detach),
    cleanup: view.getPointer(names.cleanup),
    lent: lent.filter((one): one is LentMemory => one !== undefined),
    registeredAt: currentSpan(kernel),
    statements: kernel.machine.statements,
    state: 'registered',
    deregisteredAt: undefined,
  };
}

function characteristicsType(kind: ModuleKind): string {
  return kind === 'client' ? 'NPI_CLIENT_CHARACTERISTICS' : 'NPI_PROVIDER_CHARACTERISTICS';
}

/** The first thing in the characteristics that can't be right, for people. */
function badMember(kernel: Kernel, kind: ModuleKind, characteristics: GuestAddress): string | undefined {
  const type = characteristicsType(kind);
  const view = kernel.view(type, characteristics);
  const { attach, detach } = sideNames[kind];
  const instance = kind === 'client' ? 'ClientRegistrationInstance' : 'ProviderRegistrationInstance';
  if (view.getNumber('Version') !== 0) return 'Version is not 0';
  if (view.getNumber('Length') < kernel.types.sizeOf(type)) return `Length is less than sizeof(${type})`;
  if (view.getPointer(attach) === NULL_ADDRESS) return `${attach} is NULL`;
  if (view.getPointer(detach) === NULL_ADDRESS) return `${detach} is NULL`;
  if (view.getNumber(`${instance}.Version`) !== 0) return `${instance}.Version is not 0`;
  if (view.getNumber(`${instance}.Size`) < kernel.types.sizeOf('NPI_REGISTRATION_INSTANCE'))
    return `${instance}.Size is less than sizeof(NPI_REGISTRATION_INSTANCE)`;
  if (view.getPointer(`${instance}.NpiId`) === NULL_ADDRESS) return `${instance}.NpiId is NULL`;
  if (view.getPointer(`${instance}.ModuleId`) === NULL_ADDRESS) return `${instance}.ModuleId is NULL`;
  return undefined;
}

function deregister(kernel: Kernel, kind: ModuleKind, handle: GuestAddress): NativeResult {
  const { deregister: call, wait: waiting } = sideNames[kind];
  const module = moduleOf(kernel, kind, handle);
  if (module === undefined) return reportHandle(kernel, call, handle, `a ${kind} module`);
  if (module.state !== 'registered') {
    return kernel.report({
      rule: 'nmr-deregistered-twice',
      severity: 'error',
      message: `${call} is given ${module.text}, which is deregistered already: what follows is ${waiting}, once.`,
      history: moduleHistory(module),
    });
  }
  const bad = checkRegistration(kernel, module);
  if (bad !== undefined) return bad;
  module.state = 'deregistering';
  module.deregisteredAt = currentSpan(kernel);
  const bindings = bindingsOf(kernel, module).map((binding) => binding.handle);
  return detachAll(kernel, { call, bindings, then: { name: 'nmr.return', state: { status: STATUS_PENDING } } });
}

function wait(kernel: Kernel, kind: ModuleKind, handle: GuestAddress): NativeResult {
  const module = moduleOf(kernel, kind, handle);
  if (module === undefined || module.state !== 'deregistering') return returns(STATUS_INVALID_PARAMETER);
  const bindings = bindingsOf(kernel, module);
  if (bindings.length > 0) {
    const what = bindings.flatMap((binding) => missing(kernel, binding)).join(' and ');
    const then = { name: 'nmr.wait-again', state: { kind, handle } };
    return blockOnKey(kernel, moduleKey(module), `waits in ${sideNames[kind].wait} for ${what}`, then);
  }
  const bad = checkRegistration(kernel, module);
  if (bad !== undefined) return bad;
  module.state = 'gone';
  freeHandle(kernel, handle);
  return returns(0);
}

/** What a binding's end still needs, for people. */
function missing(kernel: Kernel, binding: Binding): string[] {
  const isOwn = binding.threadId === currentThread(kernel).id;
  const thread = isOwn ? ', which this same thread is in' : '';
  if (binding.state === 'offered' || binding.state === 'attaching' || binding.state === 'agreed')
    return [`the return of ${functionName(kernel, binding.client.module.attach)}${thread}`];
  if (binding.state === 'cleaning') return [`the clean-up of a binding${thread}`];
  return [binding.client, binding.provider].flatMap(({ module, state, pendedAt }) => {
    const name = functionName(kernel, module.detach);
    if (state === 'called' || state === 'completed') return [`the return of ${name}${thread}`];
    if (state !== 'pending') return [];
    if (module.isSystem) return [`${module.text} to detach`];
    const at = pendedAt === undefined ? '' : ` at ${shortPlace(pendedAt)}`;
    return [`${sideNames[module.kind].complete}, which ${module.text} owes since ${name} returned STATUS_PENDING${at}`];
  });
}

/** A context that is no pointer points nowhere, and is not looked at. */
function lendContext(kernel: Kernel, context: GuestAddress): LentMemory | undefined {
  const isMemory = kernel.memory.regionAt(context) !== undefined;
  return isMemory ? lend(kernel, 'The registration context', context, 1) : undefined;
}
