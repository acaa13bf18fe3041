/**
 * What a call does to a state. It gives the states after it: several where the call can end in ways that must be told
 * apart, none where no way fits.
 */
import type { ApiFacts } from '../../../../catalog/model.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { pointsTo } from '../../body/record-type.ts';
import { mayCall } from '../../driver/reach.ts';
import { blockBehind } from '../facts/kernel.ts';
import { withoutCaptures, withoutRegistrations } from '../facts/wsk.ts';
import type { CallInstruction } from '../lower/ir.ts';
import { happen, type Run } from '../run/run.ts';
import { fresh, type Site } from '../state/forget.ts';
import { changeShared, irpBehind, isShared, shareAddress } from '../state/memory.ts';
import { isNull, resolve, type State } from '../state/state.ts';
import { whereOf } from '../state/where.ts';
import { ANYTHING, placeAt, type Value } from '../values/values.ts';
import { followAddressList } from './address-lists.ts';
import { touchesMemory, worksOnObject } from './apis.ts';
import { endDevice, loseAttachments, loseDevices, losePages, touch } from './blocks.ts';
import type { Call } from './call.ts';
import { CONTEXT_GETTER, contextOf } from './contexts.ts';
import { askBefore, askOfTable, demand } from './demands.ts';
import { callHelper } from './helper.ts';
import { keepByApi, keepGiven, noteKept } from './keeping.ts';
import { callKernel } from './kernel.ts';
import { callApi, callWsk } from './known.ts';
import { noteList } from './list-locks.ts';
import { loseLocks } from './lost-locks.ts';
import { changeOutputs, zeroMemory } from './outputs.ts';
import { giveToRoutine } from './own-routines.ts';
import { calledType, recognise } from './recognise.ts';
import { tellCall } from './tell.ts';
import { waitFor } from './waits.ts';

export function callFunction(run: Run, state: State, instruction: CallInstruction, site: Site): readonly State[] {
  const { call: expression, to } = instruction;
  const get = (temporary: number): Value => state.temporaries.get(temporary) ?? ANYTHING;
  const callee = resolve(state, get(instruction.callee));
  const values = instruction.arguments.map(get);
  const isResultRead = run.live.afterCall.get(instruction.id)?.has(to) === true;
  const call: Call = {
    run,
    expression,
    values,
    site,
    where: whereOf(expression, expression.arguments),
    isResultRead,
  };
  const target = recognise(run.session, expression, callee);
  const result = (after: State, value: Value): State => {
    after.temporaries.set(to, value);
    return after;
  };
  if (callee.kind === 'function') askBefore(call, state, callee.symbol);
  switch (target.kind) {
    case 'wsk':
      tellCall(call, state, target.facts.name, target.facts);
      askOfTable(call, state, target.facts.name);
      // Without an IRP no completion routine comes back.
      if (target.facts.parameters?.some(({ name }) => name === 'Irp') !== false)
        demand(run, state, { kind: 'no-spin-lock', api: target.facts.name, where: call.where });
      noteKept(run, values.slice(isOfSocket(target.facts) ? 1 : 0), undefined);
      keepGiven(state, keptByWsk(call, state, target.facts));
      {
        const value = callWsk(call, state, target.facts);
        followAddressList(call, state, target.facts.name);
        return [result(state, value)];
      }
    case 'api':
      tellCall(call, state, target.name, undefined);
      noteList(call, state, target.name);
      useObject(call, state, target.name);
      if (target.effect?.kind === 'wait') return waitFor(call, state, target.effect.timeout, to);
      {
        const done = callKernel(call, state, target.name, to, (after) => changeOutputs(call, after));
        if (done !== undefined) {
          // Where the way on which it failed is told apart, the first is the one on which it did not.
          if (done.length > 1 && done[0] !== undefined) giveToRoutine(call, done[0], target.name);
          return done;
        }
        if (touchesMemory(target.name))
          for (const [index, at] of values.slice(0, 2).entries())
            touch(run, state, {
              by: target.name,
              isRead: index === 1 || /compare|cmp/i.test(target.name),
              at,
              bytes: bytesOf(integerOf(state, values[2])),
              where: call.where,
            });
        keepByApi(call, state, target.name);
      }
      {
        if (target.name === 'IoDeleteDevice') endDevice(call, state);
        const value = callApi(call, state, target.name, target.effect);
        giveToRoutine(call, state, target.name);
        if (target.name === 'memset' && integerOf(state, values[1]) === 0n) zeroMemory(call, state);
        return [result(state, value)];
      }
    case 'context':
      tellCall(call, state, CONTEXT_GETTER, undefined);
      return [result(state, contextOf(call, state, target.type))];
    case 'function': {
      const states = callHelper(call, state, target.info, to);
      if (states !== undefined) return states;
      const { info } = target;
      loseRegistrations(state, values, (name) => mayCall(run.session, info, [name]));
      loseLocks(call, state, info);
      return [result(state, callUnknown(call, state))];
    }
    case 'unknown':
      // What is asked whether it succeeded makes something; nobody asks what takes down.
      if (!isResultRead) loseRegistrations(state, values, () => true);
      return [result(state, callUnknown(call, state))];
  }
}

/**
 * The socket itself nobody keeps but WSK. Behind a WSK_BUF and a name is what the driver has back when the request is done,
 * to give it back itself; and what a control without an IRP reads and writes, it has done with when it returns.
 */
function keptByWsk({ expression, values }: Call, state: State, facts: ApiFacts): readonly Value[] {
  const { name, parameters } = facts;
  const isSocket = isOfSocket(facts);
  const irp = parameters?.findIndex((one) => one.name === 'Irp') ?? -1;
  const isDone = name === 'WskControlSocket' && irp >= 0 && isNull(state, values[irp] ?? ANYTHING);
  return values.filter((_, index) => {
    if (isDone && /^(?:Input|Output)Buffer$/.test(parameters?.[index]?.name ?? '')) return false;
    if (index === 0 && isSocket) return false;
    const type = calledType(expression)?.parameters[index]?.type;
    return !pointsTo(type, '_WSK_BUF') && !pointsTo(type, '_UNICODE_STRING');
  });
}

/** It works on a socket, which comes first. */
function isOfSocket({ parameters }: ApiFacts): boolean {
  return /socket$/i.test(parameters?.[0]?.name ?? '');
}

function bytesOf(count: bigint | undefined): number | undefined {
  return count === undefined ? undefined : Number(count);
}

function integerOf(state: State, value: Value | undefined): bigint | undefined {
  const known = value === undefined ? undefined : resolve(state, value);
  return known?.kind === 'integer' ? known.value : undefined;
}

/** Code that we cannot see: it may wait, free, send, set a routine, and keep what it is given. */
function callUnknown(call: Pick<Call, 'run' | 'values' | 'site' | 'where'>, state: State): Value {
  const { run, values, site, where } = call;
  for (const value of values) shareAddress(state, value);
  noteKept(run, values, undefined);
  keepGiven(state, values);
  losePages(state, values);
  loseAttachments(state);
  loseDevices(state);
  // It may bind and connect what it can reach.
  state.wsk = { ...state.wsk, sockets: new Map() };
  state.kernel.ended.clear();
  for (const fact of [...state.facts.values()]) {
    const isReachable =
      values.some((v) => irpBehind(state, v)?.irp.key === fact.irp.key) ||
      [...state.cells.values()].some((cell) => cell.value.key === fact.irp.key && isShared(state, cell.place.root));
    if (isReachable) happen(run, state, { kind: 'lose', irp: fact.irp, where });
  }
  // A caller may know more of its IRP than is known here.
  for (const irp of values)
    if (isGivenIrp(run, irp) && !state.facts.has(irp.key)) happen(run, state, { kind: 'lose', irp, where });
  happen(run, state, { kind: 'wait', where });
  changeShared(state, site);
  return fresh(state, site, 'result');
}

/** An object of the kernel's that the function works on lies in memory that was given back. */
function useObject({ run, values: [at], where }: Call, state: State, name: string): void {
  if (at === undefined || !worksOnObject(name) || blockBehind(state.kernel, at)?.life !== 'freed') return;
  touch(run, state, { by: name, isRead: false, at, bytes: undefined, where });
}

/** Code of which is not known what it does may give back what it can reach, where it calls what does so. */
function loseRegistrations(state: State, values: readonly Value[], mayDo: (name: string) => boolean): void {
  if (state.wsk.registrations.size === 0) return;
  const isReachable = (block: Value): boolean => {
    const root = placeAt(block)?.root;
    return root === undefined || isShared(state, root) || values.some((value) => placeAt(value)?.root.key === root.key);
  };
  const reachable = [...state.wsk.registrations].filter(([, { block }]) => isReachable(block)).map(([key]) => key);
  if (mayDo('WskDeregister')) state.wsk = withoutRegistrations(state.wsk, new Set(reachable));
  else if (mayDo('WskReleaseProviderNPI')) state.wsk = withoutCaptures(state.wsk, new Set(reachable));
}

/** The function's own parameter, an IRP. */
function isGivenIrp({ fn }: Run, value: Value): boolean {
  if (value.kind !== 'symbol' || value.source.kind !== 'parameter') return false;
  const type = fn.definition.parameters[value.source.index]?.type;
  return type !== undefined && isIrpPointer(type);
}
