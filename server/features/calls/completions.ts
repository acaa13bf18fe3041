/**
 * Which completion routine runs after which call that sends an IRP. In: the calls of a unit. Out: pairs of a send and a
 * routine.
 *
 * In the function that sends, the routine set last before the send counts (all that are set between it and the send
 * before); a helper that sets the routine for its caller's IRP counts as if the caller did it. Where the function sets
 * none, every routine counts that is set anywhere for what may be the same IRP.
 */
import type { ApiFacts } from '../../../catalog/model.ts';
import type { CallExpression, Expression, FunctionDefinition, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../cfront/parse/walk.ts';
import { functionNamed } from '../dispatch-targets.ts';
import { type Holder, type IrpClasses, isIrpPointer } from './irp-classes.ts';

/** A call in a function of the driver. */
export interface Call {
  readonly caller: FunctionDefinition;
  readonly call: CallExpression;
  /** The function of the driver or the bundled function that is called by its name. */
  readonly symbol: FunctionSymbol | undefined;
  /** The API that is called, through a table or by its name. */
  readonly api: ApiFacts | undefined;
}

export interface Completion {
  readonly send: Call;
  readonly routine: FunctionSymbol;
}

interface Registration {
  readonly caller: FunctionDefinition;
  readonly at: number;
  readonly irp: Expression;
  /** A function, or what a helper's caller passes. */
  readonly routine: Expression;
}

export function completionsOf(calls: readonly Call[], irps: IrpClasses): readonly Completion[] {
  const registrations = allRegistrations(calls);
  const sends = calls.flatMap((call) => {
    const irp = sentIrp(call);
    const holder = irp === undefined ? undefined : irps.of(irp);
    return holder === undefined ? [] : [{ call, holder, at: nodePlace(call.call).start }];
  });
  const found: Completion[] = [];
  for (const { call, holder, at } of sends) {
    const before = sends
      .filter((other) => other.call.caller === call.caller && other.holder === holder && other.at < at)
      .reduce((latest, other) => Math.max(latest, other.at), -1);
    const same = registrations.filter(({ irp }) => irps.of(irp) === holder);
    const own = same.filter(({ caller, at: set }) => caller === call.caller && set < at);
    const since = own.filter((one) => one.at > before);
    const counting = since.length > 0 ? since : own.length > 0 ? own : unsent(same, sends, holder);
    const routines = new Set(counting.flatMap(({ routine }) => functionNamed(routine) ?? []));
    for (const routine of routines) found.push({ send: call, routine });
  }
  return found;
}

/** Registrations whose function does not send the IRP itself: it does so for somebody else. All, where there is none. */
function unsent(
  same: readonly Registration[],
  sends: readonly { readonly call: Call; readonly holder: Holder }[],
  holder: Holder,
): readonly Registration[] {
  const senders = new Set(sends.filter((send) => send.holder === holder).map(({ call }) => call.caller));
  const free = same.filter(({ caller }) => !senders.has(caller));
  return free.length > 0 ? free : same;
}

/** The calls that set routines, and those of helpers that set one for an IRP of their parameters. */
function allRegistrations(calls: readonly Call[]): readonly Registration[] {
  const found = calls.flatMap((call): Registration[] => {
    const set = call.symbol === undefined ? undefined : setters[call.symbol.name];
    const irp = set === undefined ? undefined : call.call.arguments[set.irp];
    const routine = set === undefined ? undefined : call.call.arguments[set.routine];
    if (irp === undefined || routine === undefined) return [];
    return [{ caller: call.caller, at: nodePlace(call.call).start, irp, routine }];
  });
  const byHelper = new Map<FunctionDefinition, Registration[]>();
  for (const one of found) {
    if (parameterIndex(one.caller, one.irp) >= 0) byHelper.set(one.caller, [...(byHelper.get(one.caller) ?? []), one]);
  }
  // Helpers of helpers are rare: two rounds are enough.
  for (let round = 0; round < 2; round++) {
    for (const call of calls) {
      const helper = call.symbol?.definition;
      if (helper === undefined || helper === call.caller) continue;
      for (const { irp, routine } of byHelper.get(helper) ?? []) {
        const at = nodePlace(call.call).start;
        const passedIrp = call.call.arguments[parameterIndex(helper, irp)];
        const index = parameterIndex(helper, routine);
        const passed = index < 0 ? routine : call.call.arguments[index];
        if (passedIrp === undefined || passed === undefined) continue;
        if (found.some((one) => one.caller === call.caller && one.at === at && one.routine === passed)) continue;
        const derived = { caller: call.caller, at, irp: passedIrp, routine: passed };
        found.push(derived);
        if (parameterIndex(call.caller, passedIrp) >= 0) {
          byHelper.set(call.caller, [...(byHelper.get(call.caller) ?? []), derived]);
        }
      }
    }
  }
  return found;
}

/** Which arguments are the IRP and the routine. */
const setters: Readonly<Record<string, { readonly irp: number; readonly routine: number }>> = {
  IoSetCompletionRoutine: { irp: 0, routine: 1 },
  IoSetCompletionRoutineEx: { irp: 1, routine: 2 },
};

const senders: ReadonlySet<string> = new Set(['IofCallDriver', 'IoCallDriver', 'PoCallDriver']);

/** The IRP that a call sends: WSK's functions send theirs, and so do IoCallDriver's relatives. */
function sentIrp({ call, symbol, api }: Call): Expression | undefined {
  const isSend =
    symbol === undefined
      ? api?.kind === 'table-function' && (api.irp?.use === 'required' || api.irp?.use === 'optional')
      : senders.has(symbol.name);
  return isSend ? call.arguments.findLast((argument) => isIrpPointer(argument.type)) : undefined;
}

function parameterIndex({ parameters }: FunctionDefinition, e: Expression): number {
  const inner = stripConversions(e, { casts: true });
  return inner.kind === 'name' && inner.symbol.kind === 'variable' ? parameters.indexOf(inner.symbol) : -1;
}
