/**
 * Modules of one NPI attach to each other: each client is offered each provider (ClientAttachProvider), says yes with
 * NmrClientAttachProvider, and the provider is asked in its turn (ProviderAttachClient). All of it happens at
 * PASSIVE_LEVEL in the thread that registers the later of the two, before its registration returns.
 */
import { type GuestAddress, type NativeResult, returns } from '../../machine/native.ts';
import { currentThread } from '../ke/blocking.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { functionName } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_INSUFFICIENT_RESOURCES } from '../statuses.ts';
import { offsetAddress } from '../struct-view.ts';
import { type LentMemory, lend } from '../verifier/lent-memory.ts';
import { callbackSpan, checkRegistration, checkReturn, reportHandle } from './callback-checks.ts';
import { detachAll } from './detach.ts';
import { type Binding, bindingAt, endBinding, moduleHistory, type NetworkModule } from './nmr-state.ts';

/** A client and a provider that may not have met yet. */
export interface Pair {
  readonly client: NetworkModule;
  readonly provider: NetworkModule;
}

interface AttachState {
  readonly pairs: readonly Pair[];
  /** The registration, for the call stack, and what it returns in the end. */
  readonly call: string;
  readonly result: number;
}

const pointerSize = 8;

export const attachApis = {
  NmrClientAttachProvider: (kernel, { name, arguments: args }) => {
    const handle = args.pointer(0);
    const binding = kernel.parts.nmr.bindings.get(handle);
    if (binding === undefined) return reportHandle(kernel, name, handle, 'a binding');
    if (binding.state !== 'offered' || binding.threadId !== currentThread(kernel).id) {
      return kernel.report({
        rule: 'nmr-attach-outside-callback',
        severity: 'error',
        message: `${name} is called ${isAttached(binding) ? `when ${binding.client.module.text} is attached already` : 'outside of ClientAttachProvider'}: only ClientAttachProvider may call it, with the handle that it is given.`,
        history: moduleHistory(binding.client.module),
      });
    }
    const { client, provider } = binding;
    const bad = checkRegistration(kernel, client.module) ?? checkRegistration(kernel, provider.module);
    if (bad !== undefined) return bad;
    // The provider writes to the registrar's own variables, so that what it leaves out is seen.
    const results = kernel.memory.allocate({ size: 2 * pointerSize, kind: 'object', label: 'results of the provider' });
    if (results === undefined) return returns(STATUS_INSUFFICIENT_RESOURCES);
    kernel.memory.poison(results.start, results.size);
    client.context = args.uint64(1);
    client.lent = [
      ...lendPointer(kernel, 'The ClientBindingContext', args.pointer(1)),
      ...lendPointer(kernel, 'The ClientDispatch', args.pointer(2)),
    ];
    binding.state = 'attaching';
    return {
      kind: 'call',
      target: provider.module.attach,
      arguments: [
        handle,
        provider.module.context,
        client.module.instance,
        client.context,
        args.uint64(2),
        results.start,
        offsetAddress(results.start, pointerSize),
      ],
      frameLabel: name,
      then: {
        name: 'nmr.provider-answered',
        state: { handle, results: results.start, context: args.pointer(3), dispatch: args.pointer(4) },
      },
    };
  },
} satisfies KernelApis;

export const attachContinuations = {
  'nmr.provider-answered': (kernel, _thread, given, value) => {
    const state = given as unknown as ProviderAnswer;
    const binding = bindingAt(kernel, state.handle);
    const { provider } = binding;
    const status = Number(BigInt.asIntN(32, value));
    const bad = checkReturn(kernel, 'ProviderAttachClient', provider.module.attach, 0);
    if (bad !== undefined) return bad;
    if (status !== 0) {
      // The client may try again with another dispatch table.
      binding.state = 'offered';
      freeResults(kernel, state.results);
      return returns(status);
    }
    const dispatchAt = offsetAddress(state.results, pointerSize);
    const unset = kernel.memory.isPoisoned(state.results)
      ? 'ProviderBindingContext'
      : kernel.memory.isPoisoned(dispatchAt)
        ? 'ProviderDispatch'
        : undefined;
    if (unset !== undefined) return reportUnset(kernel, provider.module, unset);
    const context = kernel.memory.readPointer(state.results);
    const dispatch = kernel.memory.readPointer(dispatchAt);
    freeResults(kernel, state.results);
    provider.context = context;
    provider.lent = [
      ...lendPointer(kernel, 'The ProviderBindingContext', context),
      ...lendPointer(kernel, 'The ProviderDispatch', dispatch),
    ];
    kernel.memory.writePointer(state.context, context);
    kernel.memory.writePointer(state.dispatch, dispatch);
    binding.state = 'agreed';
    return returns(0);
  },
  'nmr.client-answered': (kernel, _thread, given, value) => {
    const { handle, ...state } = given as unknown as AttachState & { readonly handle: GuestAddress };
    const binding = bindingAt(kernel, handle);
    const { module } = binding.client;
    const status = Number(BigInt.asIntN(32, value));
    const bad = checkReturn(kernel, 'ClientAttachProvider', module.attach, 0) ?? checkAnswer(kernel, binding, status);
    if (bad !== undefined) return bad;
    if (binding.state === 'agreed') binding.state = 'attached';
    else endBinding(kernel, binding);
    const isEnding = module.state !== 'registered' || binding.provider.module.state !== 'registered';
    if (status !== 0 || !isEnding) return attachPairs(kernel, state);
    // One of them was deregistered meanwhile.
    return detachAll(kernel, {
      call: state.call,
      bindings: [handle],
      then: { name: 'nmr.attach-next', state: { ...state } },
    });
  },
  'nmr.attach-next': (kernel, _thread, state) => attachPairs(kernel, state as unknown as AttachState),
} satisfies ContinuationTable;

interface ProviderAnswer {
  readonly handle: GuestAddress;
  readonly results: GuestAddress;
  /** The client's variables. */
  readonly context: GuestAddress;
  readonly dispatch: GuestAddress;
}

/** The pairs that a module makes with those that are there already. */
export function pairsOf(kernel: Kernel, module: NetworkModule): Pair[] {
  const others = kernel.parts.nmr.modules.filter((one) => one.kind !== module.kind && one.npi === module.npi);
  return others.map((other) =>
    module.kind === 'client' ? { client: module, provider: other } : { client: other, provider: module },
  );
}

/** Offers each client its provider, one after the other; the registration returns in the end. */
export function attachPairs(kernel: Kernel, state: AttachState): NativeResult {
  const at = state.pairs.findIndex((pair) => canMeet(kernel, pair));
  const pair = state.pairs[at];
  if (pair === undefined) return returns(state.result);
  const { client, provider } = pair;
  const bad = checkRegistration(kernel, client) ?? checkRegistration(kernel, provider);
  if (bad !== undefined) return bad;
  const region = kernel.memory.allocate({ size: 2 * pointerSize, kind: 'object', label: 'NMR binding' });
  if (region === undefined) return returns(state.result);
  const side = { context: 0n, lent: [], state: 'attached', pendedAt: undefined, completedAt: undefined } as const;
  const binding: Binding = {
    handle: region.start,
    client: { ...side, module: client },
    provider: { ...side, module: provider },
    state: 'offered',
    threadId: currentThread(kernel).id,
  };
  kernel.parts.nmr.bindings.set(region.start, binding);
  return {
    kind: 'call',
    target: client.attach,
    arguments: [region.start, client.context, provider.instance],
    frameLabel: state.call,
    then: {
      name: 'nmr.client-answered',
      state: { ...state, pairs: state.pairs.slice(at + 1), handle: region.start },
    },
  };
}

function isAttached({ state }: Binding): boolean {
  return state === 'agreed' || state === 'attached';
}

function canMeet(kernel: Kernel, { client, provider }: Pair): boolean {
  if (client.state !== 'registered' || provider.state !== 'registered') return false;
  const { bindings } = kernel.parts.nmr;
  return ![...bindings.values()].some(
    (one) => one.state !== 'gone' && one.client.module === client && one.provider.module === provider,
  );
}

/** ClientAttachProvider returns what NmrClientAttachProvider has returned, or a failure. */
function checkAnswer(kernel: Kernel, { client, state }: Binding, status: number): NativeResult | undefined {
  const hasAgreed = state === 'agreed';
  if (hasAgreed === (status === 0) && status !== 0x103) return undefined;
  const name = functionName(kernel, client.module.attach);
  const text = statusText(kernel, status);
  return kernel.report({
    rule: 'nmr-attach-status',
    severity: 'error',
    message: hasAgreed
      ? `${name} returns ${text}, although NmrClientAttachProvider has attached it: ClientAttachProvider must return what that returned.`
      : `${name} returns ${text}, although it is not attached: it must return STATUS_NOINTERFACE, or what NmrClientAttachProvider returned.`,
    span: callbackSpan(kernel, client.module.attach),
    history: moduleHistory(client.module),
  });
}

function reportUnset(kernel: Kernel, module: NetworkModule, what: string): NativeResult {
  return kernel.report({
    rule: 'nmr-result-not-set',
    severity: 'error',
    message: `${functionName(kernel, module.attach)} returns STATUS_SUCCESS, but has not set ${what}: the client would call through whatever stands there.`,
    span: callbackSpan(kernel, module.attach),
    history: moduleHistory(module),
  });
}

/** Contexts that are no pointers point nowhere, and are not looked at. */
function lendPointer(kernel: Kernel, name: string, address: GuestAddress): LentMemory[] {
  const lent = kernel.memory.regionAt(address) === undefined ? undefined : lend(kernel, name, address, 1);
  return lent === undefined ? [] : [lent];
}

function freeResults(kernel: Kernel, results: GuestAddress): void {
  const region = kernel.memory.regionAt(results);
  if (region !== undefined) kernel.memory.free(region);
}
