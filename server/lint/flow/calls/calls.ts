/**
 * What a call does to a state. It gives the states after it: several where the call can end in ways that must be told
 * apart, none where no way fits.
 */

import type { ApiFacts } from '../../../../catalog/model.ts';
import type { CallExpression, Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { irpMember, isIrpPointer } from '../../irp-type.ts';
import type { FlowEvent } from '../facts/events.ts';
import { STATUS_TIMEOUT } from '../facts/statuses.ts';
import { isLocalAddress } from '../facts/transition.ts';
import type { RegistrationEvent } from '../facts/wsk.ts';
import type { CallInstruction } from '../lower/ir.ts';
import { applyOutcome } from '../run/apply.ts';
import { happen, type Run, summaryOf } from '../run/run.ts';
import type { FunctionInfo } from '../run/session.ts';
import { changeRange, changeShared, fresh, irpBehind, isShared, type Site, shareAddress } from '../state/memory.ts';
import { copyState, isNull, mayBeNull, narrow, resolve, type State } from '../state/state.ts';
import { type Where, whereOf } from '../state/where.ts';
import { exactly, except } from '../values/ranges.ts';
import { ANYTHING, placeAt, shift, type Value } from '../values/values.ts';
import { type ApiEffect, mayWait, touchesMemory } from './apis.ts';
import {
  askBefore,
  beginHelper,
  callKernel,
  demand,
  type Ended,
  endHelper,
  keepByApi,
  keepGiven,
  keepStored,
  losePages,
  noteKept,
  touch,
} from './kernel.ts';
import { calledType, recognise } from './recognise.ts';

interface Call {
  readonly run: Run;
  readonly expression: CallExpression;
  readonly values: readonly Value[];
  readonly site: Site;
  readonly where: Where;
}

export function callFunction(run: Run, state: State, instruction: CallInstruction, site: Site): readonly State[] {
  const { call: expression, to } = instruction;
  const get = (temporary: number): Value => state.temporaries.get(temporary) ?? ANYTHING;
  const callee = resolve(state, get(instruction.callee));
  const values = instruction.arguments.map(get);
  const call: Call = { run, expression, values, site, where: whereOf(expression, expression.arguments) };
  const target = recognise(run.session, expression, callee);
  const result = (after: State, value: Value): State => {
    after.temporaries.set(to, value);
    return after;
  };
  if (callee.kind === 'function') askBefore(call, state, callee.symbol);
  switch (target.kind) {
    case 'wsk':
      tellCall(call, state, target.facts.name, target.facts);
      demand(run, state, { kind: 'no-spin-lock', api: target.facts.name, where: call.where });
      noteKept(run, values, undefined);
      keepGiven(state, values);
      return [result(state, callWsk(call, state, target.facts))];
    case 'api':
      tellCall(call, state, target.name, undefined);
      if (target.effect?.kind === 'wait') return waitFor(call, state, target.effect.timeout, to);
      {
        const done = callKernel(call, state, target.name, to, (after) => changeOutputs(call, after));
        if (done !== undefined) return done;
        if (touchesMemory(target.name))
          for (const value of values.slice(0, 2)) touch(run, state, value, target.name, call.where);
        keepByApi(call, state, target.name);
      }
      return [result(state, callApi(call, state, target.name, target.effect))];
    case 'function': {
      const states = callHelper(call, state, target.info, to);
      return states ?? [result(state, callUnknown(call, state))];
    }
    case 'unknown':
      return [result(state, callUnknown(call, state))];
  }
}

/** Code that we cannot see: it may wait, free, send, set a routine, and keep what it is given. */
export function callUnknown(call: Pick<Call, 'run' | 'values' | 'site' | 'where'>, state: State): Value {
  const { run, values, site, where } = call;
  for (const value of values) shareAddress(state, value);
  noteKept(run, values, undefined);
  keepGiven(state, values);
  losePages(state, values);
  state.kernel.ended.clear();
  for (const fact of [...state.facts.values()]) {
    const isReachable =
      values.some((v) => irpBehind(state, v)?.irp.key === fact.irp.key) ||
      [...state.cells.values()].some((cell) => cell.value.key === fact.irp.key && isShared(state, cell.place.root));
    if (isReachable) happen(run, state, { kind: 'lose', irp: fact.irp, where });
  }
  happen(run, state, { kind: 'wait', where });
  changeShared(state, site);
  return fresh(state, site, 'result');
}

function parameterNames({ expression, values }: Call, facts: ApiFacts | undefined): readonly string[] {
  const parameters = calledType(expression)?.parameters ?? [];
  return values.map((_, index) => facts?.parameters?.[index]?.name ?? parameters[index]?.name ?? '');
}

function tellCall(call: Call, state: State, api: string, facts: ApiFacts | undefined): void {
  const { run, expression, values, where } = call;
  const parameters = parameterNames(call, facts);
  const isWsk = facts !== undefined;
  run.session.observer.call({ api, isWsk, expression, arguments: values, parameters, where }, state, run.fn);
}

function callWsk(call: Call, state: State, facts: ApiFacts): Value {
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
  return result;
}

function callApi(call: Call, state: State, name: string, effect: ApiEffect | undefined): Value {
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
      tell({ kind: 'complete', irp, status: statusOf(state, irp, call.expression.arguments[effect.irp]), where });
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
      return result;
    }
    case 'use-irp':
      tell({ kind: 'use', irp: at(effect.irp), by: name, where });
      return fresh(state, site, 'result');
    case 'prepare-irp':
      tell({ kind: 'use', irp: at(effect.irp), by: name, where });
      tell({ kind: 'lose-routine', irp: at(effect.irp), where });
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

const registrationCalls: Readonly<Record<string, RegistrationEvent['what']>> = {
  WskRegister: 'register',
  WskDeregister: 'deregister',
  WskCaptureProviderNPI: 'capture',
  WskReleaseProviderNPI: 'release',
};

/** The client dispatch that a WSK_CLIENT_NPI points to: its second member. */
function dispatchOf(state: State, npi: Value): Value {
  const place = placeAt(shift(npi, 8));
  const value = place === undefined ? undefined : state.cells.get(place.key)?.value;
  return value ?? ANYTHING;
}

/** What memory holds for the IRP's IoStatus.Status, without looking further. */
function statusOf(state: State, irp: Value, argument: Expression | undefined): Value {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  const offset = type === undefined ? undefined : irpMember(type, 'IoStatus');
  const place = offset === undefined ? undefined : placeAt(shift(irp, offset));
  const value = place === undefined ? undefined : state.cells.get(place.key)?.value;
  return value === undefined ? ANYTHING : resolve(state, value);
}

/** A function of a bundled header that lint knows nothing more about. */
function callPlainApi(call: Call, state: State, name: string): Value {
  const { run, expression, values, site, where } = call;
  const registration = registrationCalls[name];
  // Looked at before the call may change it.
  const dispatch = registration === 'register' ? dispatchOf(state, values[0] ?? ANYTHING) : ANYTHING;
  changeOutputs(call, state);
  if (registration !== undefined) {
    const result = fresh(state, site, 'result');
    const block = values[registration === 'register' ? 1 : 0] ?? ANYTHING;
    happen(run, state, {
      kind: 'registration',
      what: registration,
      block: resolve(state, block),
      dispatch,
      result,
      where,
    });
    if (mayWait(name)) {
      happen(run, state, { kind: 'wait', where });
      changeShared(state, site);
    }
    return result;
  }
  const type = calledType(expression);
  for (const [index, value] of values.entries()) {
    if (isNull(state, value)) continue;
    const into = value.kind === 'address' ? irpBehind(state, value) : undefined;
    if (into !== undefined) happen(run, state, { kind: 'lose', irp: into.irp, where });
    if (!isIrp(expression.arguments[index]) && !state.facts.has(value.key)) continue;
    const parameter = type?.parameters[index];
    // A pointer that is printed, or compared as a PVOID, is a number; nothing behind it is touched.
    if (parameter === undefined && type?.isVariadic === true) continue;
    const isTouched = parameter === undefined || isIrpPointer(parameter.type) || touchesMemory(name);
    if (isTouched) happen(run, state, { kind: 'use', irp: value, by: name, where });
    happen(run, state, { kind: 'lose', irp: value, where });
  }
  if (mayWait(name)) {
    happen(run, state, { kind: 'wait', where });
    changeShared(state, site);
  }
  return fresh(state, site, 'result');
}

function waitFor(call: Call, state: State, timeout: number | undefined, to: number): readonly State[] {
  const { run, values, site, where } = call;
  const result = fresh(state, site, 'result');
  state.temporaries.set(to, result);
  const limit = timeout === undefined ? undefined : (values[timeout] ?? ANYTHING);
  const waited = (after: State): State => {
    happen(run, after, { kind: 'wait', where });
    changeShared(after, site);
    // Nothing that others could have changed is the result of this very call.
    after.temporaries.set(to, result);
    return after;
  };
  if (limit === undefined || limit.kind === 'anything' || mayBeNull(state, limit)) return [waited(state)];
  const early = copyState(state);
  narrow(early, result, exactly(STATUS_TIMEOUT));
  changeShared(early, site);
  narrow(state, result, except(STATUS_TIMEOUT));
  return [early, waited(state)];
}

/** Undefined where nothing is known of the helper. */
function callHelper(call: Call, state: State, info: FunctionInfo, to: number): readonly State[] | undefined {
  const { run, expression, values, site } = call;
  const summary = summaryOf(run.session, info);
  if (summary.kind === 'unknown') return undefined;
  info.callers++;
  noteKept(
    run,
    [...info.kept].map((index) => values[index] ?? ANYTHING),
    undefined,
  );
  for (const [index, value] of values.entries()) {
    if (isIrp(expression.arguments[index]) && !mayBeNull(state, value)) info.givenIrps.add(index);
  }
  const helper = info.definition.symbol.name;
  const inHelper = (event: Pick<FlowEvent, 'where'>): Where => ({
    node: expression,
    arguments: expression.arguments,
    inside: { helper, where: event.where },
  });
  const states: State[] = [];
  const ended: Ended[] = [];
  for (const outcome of summary.outcomes) {
    const applied = applyOutcome(state, outcome, {
      arguments: values,
      site,
      whereOf: inHelper,
      happen: (s, event) => happen(run, s, event),
      begin: (s, kernel) => beginHelper(run, s, kernel),
      end: (s, kernel) => ended.push({ state: s, kernel }),
      stored: keepStored,
    });
    if (applied === undefined) continue;
    keepGiven(
      applied.state,
      [...info.kept].map((index) => values[index] ?? ANYTHING),
    );
    applied.state.temporaries.set(to, applied.returned);
    states.push(applied.state);
  }
  for (const way of ended) endHelper(call, way.state, way.kernel, ended);
  return states;
}

/** What lies behind pointers to things that are not const may have changed. */
function changeOutputs({ expression, values, site }: Call, state: State): void {
  const parameters = calledType(expression)?.parameters ?? [];
  for (const [index, value] of values.entries()) {
    const type = parameters[index]?.type;
    if (type?.kind !== 'pointer' || type.target.isConst || type.target.kind === 'function' || isIrpPointer(type))
      continue;
    if (type.target.kind === 'void') shareAddress(state, value);
    const place = placeAt(resolve(state, value));
    if (place !== undefined) changeRange(state, place, pointedSize(expression.arguments[index]), site);
  }
}

/** Bytes of what an argument points to, seen through casts; 0 where unknown. */
function pointedSize(argument: Expression | undefined): number {
  if (argument === undefined) return 0;
  const inner = stripConversions(argument, { casts: true });
  if (inner.type.kind === 'pointer') return sizeOf(inner.type.target);
  return inner.type.kind === 'array' ? sizeOf(inner.type) : 0;
}

function isIrp(argument: Expression | undefined): boolean {
  return argument !== undefined && isIrpPointer(stripConversions(argument, { casts: true }).type);
}
