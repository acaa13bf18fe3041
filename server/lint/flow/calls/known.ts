/**
 * Calls of functions that are declared in the bundled headers: their events for the IRPs, sockets and registrations
 * that they are given, and what they change in memory.
 */

import type { ApiFacts } from '../../../../catalog/model.ts';
import { VOID_POINTER } from '../../../../cfront/types/make.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { nodesIn } from '../../body/nodes.ts';
import type { FlowEvent } from '../facts/events.ts';
import { OFFSET } from '../facts/layout.ts';
import { newBlock } from '../facts/new-block.ts';
import { isLocalAddress } from '../facts/transition.ts';
import type { RegistrationEvent } from '../facts/wsk.ts';
import { freedByRoutine, happen, type Run } from '../run/run.ts';
import { fresh } from '../state/forget.ts';
import { changeShared, irpBehind, load, shareAddress } from '../state/memory.ts';
import { isNull, mayBeNull, narrow, resolve, type State } from '../state/state.ts';
import { between, NOT_ZERO } from '../values/ranges.ts';
import { ANYTHING, placeAt, shift, type Value } from '../values/values.ts';
import { type ApiEffect, insertsInList, isAlwaysThere, mayWait, queuesIrp, touchesMemory } from './apis.ts';
import type { Call } from './call.ts';
import { noteEventState } from './event-states.ts';
import { currentLocation, isIrp, loseResult, resultOf } from './io-status.ts';
import { changeOutputs } from './outputs.ts';
import { calledType } from './recognise.ts';
import { steadyIn } from './steady.ts';
import { parameterNames } from './tell.ts';

export function callWsk(call: Call, state: State, facts: ApiFacts): Value {
  const { run, expression, values, site, where } = call;
  const parameters = calledType(expression)?.parameters ?? [];
  const names = parameterNames(call, facts);
  changeOutputs(call, state);
  const result = fresh(state, site, 'result');
  const position = names.findIndex(
    (name, index) => name === 'Irp' || isIrpPointer(parameters[index]?.type ?? expression.type),
  );
  if (position < 0) return result;
  const irp = values[position] ?? ANYTHING;
  loseResult(state, irp, expression.arguments[position], site);
  // An IRP that is there for sure makes it a call with an IRP, here and where a caller hears of it.
  const mayDoWithout = facts.irp?.use === 'optional' || facts.irp?.use === 'must-be-null';
  const isIrpOptional = mayDoWithout && mayBeNull(state, irp);
  happen(run, state, {
    kind: 'send',
    irp,
    api: facts.name,
    isWsk: true,
    isIrpOptional,
    arguments: values,
    parameters: names,
    result,
    where,
  });
  freeMemory(call, state, irp, facts.name);
  return result;
}

/** The completion routine may run before the call returns: what it frees on all its ways is gone for the caller. */
function freeMemory({ run }: Call, state: State, irp: Value, sent: string): void {
  const known = freedByRoutine(run.session, state, irp);
  for (const { value, kind, freed } of known?.blocks ?? []) {
    const block = state.kernel.blocks.get(value.key) ?? newBlock(kind, value, undefined);
    if (block.kind !== kind || block.life === 'freed' || isNull(state, value)) continue;
    const by = { kind: 'completion routine', routine: known?.routine ?? '', started: sent, isAtOnce: true } as const;
    state.kernel.blocks.set(value.key, { ...block, life: 'freed', freed: { ...freed, by } });
  }
}

export function callApi(call: Call, state: State, name: string, effect: ApiEffect | undefined): Value {
  const { run, values, site, where } = call;
  const at = (index: number): Value => values[index] ?? ANYTHING;
  const tell = (event: FlowEvent): void => happen(run, state, event);
  if (effect === undefined) return callPlainApi(call, state, name);
  switch (effect.kind) {
    case 'allocate-irp': {
      const irp = fresh(state, site, 'irp', 'new');
      tell({ kind: 'allocate', irp, api: name, stackSize: at(effect.stackSize), where });
      return irp;
    }
    case 'build-irp': {
      const irp = fresh(state, site, 'irp', 'new');
      for (const value of values) shareAddress(state, value);
      tell({ kind: 'build', irp, api: name, arguments: values, where });
      return irp;
    }
    case 'reuse-irp':
    case 'free-irp':
      tell({ kind: effect.kind === 'reuse-irp' ? 'reuse' : 'free', irp: at(effect.irp), where });
      return ANYTHING;
    case 'complete-irp': {
      const irp = at(effect.irp);
      const [status, information] = resultOf(state, irp, call.expression.arguments[effect.irp]);
      tell({ kind: 'complete', irp, status, information, where });
      return ANYTHING;
    }
    case 'set-routine': {
      const first = effect.irp + 1;
      // The routine may change what its context leads to. A caller's own context is not counted as given away: that
      // would lose sight of the IRP that is kept beside the event, in every driver that waits.
      if (isLocalAddress(at(first + 1))) shareAddress(state, at(first + 1));
      tell({
        kind: 'set-routine',
        irp: at(effect.irp),
        routine: resolve(state, at(first)),
        context: at(first + 1),
        invokeOn: [at(first + 2), at(first + 3), at(first + 4)].map((v) => resolve(state, v)),
        where,
      });
      return fresh(state, site, 'result');
    }
    case 'send-irp': {
      const result = fresh(state, site, 'result');
      const irp = at(effect.irp);
      tell({
        kind: 'send',
        irp,
        api: name,
        isWsk: false,
        isIrpOptional: false,
        arguments: values,
        parameters: [],
        result,
        where,
      });
      freeMemory(call, state, irp, name);
      return result;
    }
    case 'queue-irp': {
      const irp = at(effect.irp);
      tell({ kind: 'use', irp, by: name, where });
      tell({ kind: 'lose', irp, where });
      return ANYTHING;
    }
    case 'use-irp': {
      const irp = at(effect.irp);
      const cancel = { routine: resolve(state, at(effect.irp + 1)), isAnswerRead: call.isResultRead };
      tell({ kind: 'use', irp, by: name, where, ...(name === 'IoSetCancelRoutine' ? { cancel } : {}) });
      // Asked twice for a request from above, it is the same.
      const fact = state.facts.get(irp.key);
      const isCurrent = name === 'IoGetCurrentIrpStackLocation';
      const isSame = isCurrent && fact?.origin === 'received' && !fact.isPrepared;
      const result = isSame ? currentLocation(irp) : fresh(state, site, 'result');
      if (isCurrent) narrow(state, result, NOT_ZERO);
      return result;
    }
    case 'prepare-irp':
      tell({ kind: 'use', irp: at(effect.irp), by: name, where });
      tell({ kind: preparation(run, name), irp: at(effect.irp), where });
      return fresh(state, site, 'result');
    case 'allocate-memory': {
      const block = fresh(state, site, 'memory', 'new');
      const flags = resolve(state, at(0));
      if (block.kind === 'symbol' && effect.isZeroed(flags.kind === 'integer' ? flags.value : undefined)) {
        state.zeroed.add(`*${block.key}`);
      }
      return block;
    }
    case 'wait':
      return ANYTHING;
  }
}

/** What becomes of the completion routine: by hand, the driver's own code may set it where it names the member. */
function preparation({ fn }: Run, name: string): 'prepare' | 'clear-routine' | 'give-up' | 'lose-routine' {
  if (name === 'IoCopyCurrentIrpStackLocationToNext') return 'clear-routine';
  if (name === 'IoSkipCurrentIrpStackLocation') return 'give-up';
  if (name !== 'IoGetNextIrpStackLocation') return 'lose-routine';
  const isByHand =
    nodesIn(fn.definition, 'member').some((node) => node.name === 'CompletionRoutine') ||
    nodesIn(fn.definition, 'assign').some(({ target }) => target.type.kind === 'record');
  return isByHand ? 'lose-routine' : 'prepare';
}

/** A function of a bundled header that lint knows nothing more about. */
function callPlainApi(call: Call, state: State, name: string): Value {
  const { run, expression, values, site, where } = call;
  const registration = registrationCalls[name];
  // Looked at before the call may change it.
  const dispatch = registration === 'register' ? dispatchOf(state, values[0] ?? ANYTHING) : ANYTHING;
  changeOutputs(call, state);
  noteEventState(call, state, name);
  if (registration !== undefined) {
    const result = fresh(state, site, 'result');
    // STATUS_SUCCESS, or a failure: nothing in between.
    narrow(state, result, between(undefined, 0n));
    const block = values[registration === 'register' ? 1 : 0] ?? ANYTHING;
    happen(run, state, {
      kind: 'registration',
      what: registration,
      block: resolve(state, block),
      dispatch,
      timeout: registration === 'capture' ? resolve(state, values[1] ?? ANYTHING) : ANYTHING,
      result,
      where,
    });
    if (mayWait(name)) {
      happen(run, state, { kind: 'wait', where });
      changeShared(state, site, steadyIn(run));
    }
    return result;
  }
  const type = calledType(expression);
  for (const [index, value] of values.entries()) {
    if (isNull(state, value)) continue;
    const into = value.kind === 'address' ? irpBehind(state, value) : undefined;
    if (into !== undefined && insertsInList(name)) {
      state.facts.set(into.irp.key, { ...into, isQueued: true, isKept: true });
      continue;
    }
    if (into !== undefined) happen(run, state, { kind: 'lose', irp: into.irp, where });
    if (queuesIrp(name) && state.facts.has(value.key)) {
      happen(run, state, { kind: 'use', irp: value, by: name, where });
      const fact = state.facts.get(value.key);
      if (fact !== undefined) state.facts.set(value.key, { ...fact, isQueued: true, isKept: true });
      continue;
    }
    if (queuesIrp(name)) queueBehind(state, value);
    if (!isIrp(expression.arguments[index]) && !state.facts.has(value.key)) continue;
    const parameter = type?.parameters[index];
    // A pointer that is printed, or compared as a PVOID, is a number; nothing behind it is touched.
    if (parameter === undefined && type?.isVariadic === true) continue;
    const isTouched = parameter === undefined || isIrpPointer(parameter.type) || touchesMemory(name);
    if (isTouched) happen(run, state, { kind: 'use', irp: value, by: name, where });
    happen(run, state, { kind: 'lose', irp: value, where });
    if (index === 1 && /^_?InterlockedExchangePointer$/.test(name)) publish(state, values[0], value);
  }
  if (mayWait(name)) {
    happen(run, state, { kind: 'wait', where });
    changeShared(state, site, steadyIn(run));
  }
  // Who has held a reference, and asks whether it was the last, may know that what was in flight for it is back.
  if (/^_?InterlockedDecrement/.test(name) && call.isResultRead) happen(run, state, { kind: 'wait', where });
  const result = fresh(state, site, 'result');
  if (isAlwaysThere(name)) narrow(state, result, NOT_ZERO);
  return result;
}

/** A work item's routine finds the requests in the structure that it gets. */
function queueBehind(state: State, context: Value): void {
  const root = placeAt(context)?.root;
  if (root?.kind !== 'pointee') return;
  for (const { place, value } of state.cells.values()) {
    const fact = place.root.key === root.key ? state.facts.get(value.key) : undefined;
    if (fact?.origin === 'received') state.facts.set(value.key, { ...fact, isQueued: true, isKept: true });
  }
}

/** It is put at once where others find it: a member of something that they know, or a global. */
function publish(state: State, to: Value | undefined, irp: Value): void {
  const root = to === undefined ? undefined : placeAt(resolve(state, to))?.root;
  const fact = state.facts.get(irp.key);
  if (fact !== undefined && root !== undefined && root.kind !== 'local')
    state.facts.set(irp.key, { ...fact, isQueued: true, isKept: true });
}

const registrationCalls: Readonly<Record<string, RegistrationEvent['what']>> = {
  WskRegister: 'register',
  WskDeregister: 'deregister',
  WskCaptureProviderNPI: 'capture',
  WskReleaseProviderNPI: 'release',
};

/** The client dispatch that a WSK_CLIENT_NPI points to. */
function dispatchOf(state: State, npi: Value): Value {
  return load(state, shift(npi, OFFSET['_WSK_CLIENT_NPI.Dispatch']), VOID_POINTER);
}
