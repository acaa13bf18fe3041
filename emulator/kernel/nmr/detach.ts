/**
 * Bindings end: the client's detach callback is called, then the provider's, each of which finishes at once or later by
 * its completion function; when both are done their contexts are cleaned up, the client's first, and the binding is gone.
 * All of it runs where the last step is made: in the thread and at the IRQL of the deregistration or the completion.
 */
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { currentThread, wakeKey } from '../ke/blocking.ts';
import { continueWith } from '../ke/kernel-threads.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel, RunFinding } from '../kernel-types.ts';
import { currentSpan, functionName } from '../places.ts';
import { statusText } from '../status-names.ts';
import { STATUS_PENDING } from '../statuses.ts';
import { callbackSpan, checkBindingMemory, checkRegistration, checkReturn, reportHandle } from './callback-checks.ts';
import {
  type Binding,
  type BindingSide,
  bindingAt,
  endBinding,
  type ModuleKind,
  moduleHistory,
  moduleKey,
  sideNames,
} from './nmr-state.ts';

interface DetachState {
  /** For the call stack. */
  readonly call: string;
  /** Bindings still to be ended. */
  readonly bindings: readonly GuestAddress[];
  readonly then: Continuation;
}

interface CallbackState extends DetachState {
  /** The binding whose callback has been called, and whose callback that is. */
  readonly handle: GuestAddress;
  readonly kind: ModuleKind;
  readonly irql: number;
}

interface CleanupState {
  readonly call: string;
  readonly handle: GuestAddress;
  /** Sides whose contexts are still to be cleaned up; the first is under way. */
  readonly kinds: readonly ModuleKind[];
  readonly irql: number;
  readonly then: Continuation;
}

export const detachApis = {
  NmrClientDetachProviderComplete: (kernel, { name, arguments: args }) =>
    complete(kernel, name, args.pointer(0), 'client'),
  NmrProviderDetachClientComplete: (kernel, { name, arguments: args }) =>
    complete(kernel, name, args.pointer(0), 'provider'),
} satisfies KernelApis;

export const detachContinuations = {
  'nmr.detach-next': (kernel, _thread, state) => detachAll(kernel, state as unknown as DetachState),
  'nmr.detach-returned': (kernel, _thread, given, value) => {
    const { handle, kind, irql, ...rest } = given as unknown as CallbackState;
    const binding = bindingAt(kernel, handle);
    const side = binding[kind];
    const status = Number(BigInt.asIntN(32, value));
    const routine = side.module.detach;
    const bad = checkReturn(kernel, sideNames[kind].detach, routine, irql) ?? checkStatus(kernel, side, status);
    if (bad !== undefined) return bad;
    if (status === 0 || side.state === 'completed') side.state = 'detached';
    else {
      side.state = 'pending';
      side.pendedAt = callbackSpan(kernel, routine);
    }
    if (kind === 'client') return callDetach(kernel, binding, 'provider', rest);
    return finish(kernel, binding, rest.call, { name: 'nmr.detach-next', state: { ...rest } });
  },
  'nmr.cleaned': (kernel, _thread, given) => {
    const state = given as unknown as CleanupState;
    const [kind = 'client', ...kinds] = state.kinds;
    const { cleanup } = bindingAt(kernel, state.handle)[kind].module;
    const bad = checkReturn(kernel, sideNames[kind].cleanup, cleanup, state.irql);
    return bad ?? cleanUp(kernel, { ...state, kinds });
  },
  'nmr.done': () => returnsVoid,
  'nmr.return': (_kernel, _thread, state) => returns(state.status as number),
} satisfies ContinuationTable;

/** Begins to end bindings, one after the other; `then` goes on when every callback of them has been called. */
export function detachAll(kernel: Kernel, state: DetachState): NativeResult {
  const at = state.bindings.findIndex((handle) => bindingAt(kernel, handle).state === 'attached');
  const handle = state.bindings[at];
  if (handle === undefined) return continueWith(kernel, state.then, 0n);
  const binding = bindingAt(kernel, handle);
  const bad =
    checkRegistration(kernel, binding.client.module) ??
    checkRegistration(kernel, binding.provider.module) ??
    checkBindingMemory(kernel, binding.client) ??
    checkBindingMemory(kernel, binding.provider);
  if (bad !== undefined) return bad;
  binding.state = 'detaching';
  return callDetach(kernel, binding, 'client', { ...state, bindings: state.bindings.slice(at + 1) });
}

/** One side has detached that had returned STATUS_PENDING; `then` goes on after what that leads to. */
export function completeDetach(
  kernel: Kernel,
  call: string,
  binding: Binding,
  kind: ModuleKind,
  then: Continuation,
): NativeResult {
  const side = binding[kind];
  side.completedAt = currentSpan(kernel);
  side.state = side.state === 'called' ? 'completed' : 'detached';
  return finish(kernel, binding, call, then);
}

function complete(kernel: Kernel, call: string, handle: GuestAddress, kind: ModuleKind): NativeResult {
  const binding = kernel.parts.nmr.bindings.get(handle);
  if (binding === undefined) return reportHandle(kernel, call, handle, 'a binding');
  const { state, module } = binding[kind];
  if (state === 'pending' || state === 'called')
    return completeDetach(kernel, call, binding, kind, { name: 'nmr.done', state: {} });
  const { detach } = sideNames[kind];
  const name = functionName(kernel, module.detach);
  const isBefore = state === 'attached';
  return kernel.report({
    rule: isBefore ? 'nmr-complete-before-detach' : 'nmr-completed-twice',
    severity: 'error',
    message: isBefore
      ? `${call} is called although ${name} has not been called: it answers a ${detach} that returned STATUS_PENDING, and nothing else.`
      : `${call} is called for a binding from which ${module.text} has detached already: it is called once for each ${detach} that returns STATUS_PENDING, and not where that returns STATUS_SUCCESS.`,
    history: [...moduleHistory(module), ...sideHistory(kernel, binding[kind])],
  });
}

function callDetach(kernel: Kernel, binding: Binding, kind: ModuleKind, state: DetachState): NativeResult {
  const side = binding[kind];
  side.state = 'called';
  binding.threadId = currentThread(kernel).id;
  const then = { ...state, handle: binding.handle, kind, irql: kernel.irql } satisfies CallbackState;
  return {
    kind: 'call',
    target: side.module.detach,
    arguments: [side.context],
    frameLabel: state.call,
    then: { name: 'nmr.detach-returned', state: then },
  };
}

/** Both sides have detached: the contexts are cleaned up. Otherwise that comes with a later completion. */
function finish(kernel: Kernel, binding: Binding, call: string, then: Continuation): NativeResult {
  const { client, provider } = binding;
  const isDue = binding.state === 'detaching' && client.state === 'detached' && provider.state === 'detached';
  if (!isDue) return continueWith(kernel, then, 0n);
  binding.state = 'cleaning';
  const kinds = (['client', 'provider'] as const).filter((kind) => binding[kind].module.cleanup !== 0n);
  return cleanUp(kernel, { call, handle: binding.handle, kinds, irql: kernel.irql, then });
}

function cleanUp(kernel: Kernel, state: CleanupState): NativeResult {
  const binding = bindingAt(kernel, state.handle);
  const [kind] = state.kinds;
  if (kind === undefined) {
    endBinding(kernel, binding);
    wakeKey(kernel, moduleKey(binding.client.module), 0n);
    wakeKey(kernel, moduleKey(binding.provider.module), 0n);
    return continueWith(kernel, state.then, 0n);
  }
  const { module, context } = binding[kind];
  return {
    kind: 'call',
    target: module.cleanup,
    arguments: [context],
    frameLabel: state.call,
    then: { name: 'nmr.cleaned', state: { ...state } },
  };
}

function checkStatus(kernel: Kernel, side: BindingSide, status: number): NativeResult | undefined {
  const { module } = side;
  const { complete: completion } = sideNames[module.kind];
  const isTwice = status === 0 && side.state === 'completed';
  if (!isTwice && (status === 0 || status === STATUS_PENDING)) return undefined;
  const name = functionName(kernel, module.detach);
  return kernel.report({
    rule: isTwice ? 'nmr-completed-twice' : 'nmr-detach-status',
    severity: 'error',
    message: isTwice
      ? `${name} returns STATUS_SUCCESS, although ${completion} has been called for the same binding: that follows STATUS_PENDING alone.`
      : `${name} returns ${statusText(kernel, status)}: a module can't refuse to detach. It returns STATUS_SUCCESS, or STATUS_PENDING and calls ${completion} later.`,
    span: callbackSpan(kernel, module.detach),
    history: [...moduleHistory(module), ...sideHistory(kernel, side)],
  });
}

function sideHistory(kernel: Kernel, { module, pendedAt, completedAt }: BindingSide): RunFinding['history'] {
  const { statements } = kernel.machine;
  const { complete: completion } = sideNames[module.kind];
  const name = functionName(kernel, module.detach);
  const lines: { what: string; span: typeof pendedAt; statements: number }[] = [];
  if (pendedAt !== undefined) lines.push({ what: `${name} returned STATUS_PENDING here`, span: pendedAt, statements });
  if (completedAt !== undefined) lines.push({ what: `${completion} was called here`, span: completedAt, statements });
  return lines;
}
