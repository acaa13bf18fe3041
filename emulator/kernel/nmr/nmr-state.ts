/**
 * What the Network Module Registrar knows: modules (clients and providers of a network programming interface) and the
 * bindings between them. Plain data; a module or binding that is gone stays known, because calls that come too late are
 * told by it.
 */
import { defined } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type { GuestAddress } from '../../machine/native.ts';
import type { Kernel, RunFinding } from '../kernel-types.ts';
import type { LentMemory } from '../verifier/lent-memory.ts';

export type ModuleKind = 'client' | 'provider';

export interface NetworkModule {
  readonly id: number;
  readonly kind: ModuleKind;
  /** What the driver knows it by; NULL for a module of the system. */
  readonly handle: GuestAddress;
  /** "the NMR client of CalcNpi (CAttach)", or "WSK". */
  readonly text: string;
  readonly isSystem: boolean;
  /** The NPI's GUID: modules with the same one are attached to each other. */
  readonly npi: string;
  /** Its NPI_REGISTRATION_INSTANCE, which the other side is shown. */
  readonly instance: GuestAddress;
  readonly context: bigint;
  readonly attach: GuestAddress;
  readonly detach: GuestAddress;
  /** NULL where there is nothing to clean up. */
  readonly cleanup: GuestAddress;
  /** Everything that must live as long as the registration. */
  readonly lent: readonly LentMemory[];
  readonly registeredAt: Span | undefined;
  readonly statements: number;
  state: 'registered' | 'deregistering' | 'gone';
  deregisteredAt: Span | undefined;
}

export interface BindingSide {
  readonly module: NetworkModule;
  /** Its binding context. */
  context: bigint;
  /** What must live until it is detached: its context and its dispatch table. */
  lent: readonly LentMemory[];
  /** `completed` is a completion that came while the detach callback still ran. */
  state: 'attached' | 'called' | 'completed' | 'pending' | 'detached';
  /** Where the detach callback returned STATUS_PENDING. */
  pendedAt: Span | undefined;
  completedAt: Span | undefined;
}

export interface Binding {
  readonly handle: GuestAddress;
  readonly client: BindingSide;
  readonly provider: BindingSide;
  /** `agreed`: both have said yes, but ClientAttachProvider has not returned yet. */
  state: 'offered' | 'attaching' | 'agreed' | 'attached' | 'detaching' | 'cleaning' | 'gone';
  /** The thread in which the callback under way was called. */
  threadId: number;
}

export interface NmrState {
  readonly modules: NetworkModule[];
  readonly bindings: Map<GuestAddress, Binding>;
  /** The subsystems have been asked for their providers. */
  isSystemAsked: boolean;
}

/** How the functions and callbacks of each side are called. */
export const sideNames = {
  client: {
    register: 'NmrRegisterClient',
    deregister: 'NmrDeregisterClient',
    wait: 'NmrWaitForClientDeregisterComplete',
    attach: 'ClientAttachProvider',
    detach: 'ClientDetachProvider',
    complete: 'NmrClientDetachProviderComplete',
    cleanup: 'ClientCleanupBindingContext',
  },
  provider: {
    register: 'NmrRegisterProvider',
    deregister: 'NmrDeregisterProvider',
    wait: 'NmrWaitForProviderDeregisterComplete',
    attach: 'ProviderAttachClient',
    detach: 'ProviderDetachClient',
    complete: 'NmrProviderDetachClientComplete',
    cleanup: 'ProviderCleanupBindingContext',
  },
} as const;

export function createNmrState(): NmrState {
  return { modules: [], bindings: new Map(), isSystemAsked: false };
}

export function moduleOf(kernel: Kernel, kind: ModuleKind, handle: GuestAddress): NetworkModule | undefined {
  return kernel.parts.nmr.modules.findLast((one) => one.kind === kind && !one.isSystem && one.handle === handle);
}

/** Bindings of a module that are not gone yet, in the order of their making. */
export function bindingsOf(kernel: Kernel, module: NetworkModule): Binding[] {
  return [...kernel.parts.nmr.bindings.values()].filter(
    (one) => one.state !== 'gone' && (one.client.module === module || one.provider.module === module),
  );
}

/** A binding that a continuation of the registrar names. */
export function bindingAt(kernel: Kernel, handle: GuestAddress): Binding {
  return defined(kernel.parts.nmr.bindings.get(handle), 'the binding');
}

export function endBinding(kernel: Kernel, binding: Binding): void {
  binding.state = 'gone';
  freeHandle(kernel, binding.handle);
}

/** A handle's memory goes, so that what the driver does with it afterwards is a use of freed memory. */
export function freeHandle(kernel: Kernel, handle: GuestAddress): void {
  const region = kernel.memory.regionAt(handle);
  if (region !== undefined) kernel.memory.free(region);
}

/** An NPI's GUID as sixteen bytes of text. */
export function npiText(kernel: Kernel, npiId: GuestAddress): string {
  return [...kernel.memory.readBytes(npiId, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where a module was registered and deregistered, for the history of a finding. */
export function moduleHistory(module: NetworkModule): RunFinding['history'] {
  const { register, deregister } = sideNames[module.kind];
  const { registeredAt, deregisteredAt, statements } = module;
  const first = { what: `${module.text} was registered with ${register} here`, span: registeredAt, statements };
  if (deregisteredAt === undefined) return [first];
  return [first, { what: `${deregister} was called here`, span: deregisteredAt, statements }];
}

/** Who waits for the end of a module's bindings waits under this key. */
export function moduleKey(module: NetworkModule): string {
  return `nmr:${module.id}`;
}
