/**
 * Which completion routine runs after which call that sends an IRP. In: the calls of a driver's units. Out: pairs of a
 * send and a routine.
 *
 * In the function that sends, the routine set last before the send counts (all that are set between it and the send
 * before); a helper that sets the routine and does not send counts as if its caller did it. Where the function sets none,
 * every routine counts that is set for what may be the same IRP and that no other send takes. What routine is set, a
 * parameter's callers and a member's assignments say (`routines.ts`).
 */

import type { ApiFacts } from '../../../catalog/model.ts';
import type { CallExpression, Expression, FunctionDefinition, FunctionSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../cfront/parse/walk.ts';
import { isIrpPointer } from '../../lint/body/irp-type.ts';
import type { Holder, IrpClasses } from './irp-classes.ts';

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
  readonly holder: Holder;
  readonly routines: ReadonlySet<FunctionSymbol>;
  /** The call of IoSetCompletionRoutine itself, which callers of a helper share. */
  readonly call: CallExpression;
}

interface Send {
  readonly call: Call;
  readonly holder: Holder;
  readonly at: number;
}

/** `routines`: the functions that an expression in a function may be. */
export function completionsOf(
  calls: readonly Call[],
  irps: IrpClasses,
  routines: (e: Expression, around: FunctionDefinition) => ReadonlySet<FunctionSymbol>,
): readonly Completion[] {
  const sends = calls.flatMap((call): readonly Send[] => {
    const irp = sentIrp(call);
    const holder = irp === undefined ? undefined : irps.of(irp);
    return holder === undefined ? [] : [{ call, holder, at: nodePlace(call.call).start }];
  });
  const registrations = withCallers(calls, sends, ownRegistrations(calls, irps, routines), routines);
  const taken = new Set<CallExpression>();
  const found = sends.map((send) => {
    const before = sends
      .filter((other) => other.call.caller === send.call.caller && other.holder === send.holder && other.at < send.at)
      .reduce((latest, other) => Math.max(latest, other.at), -1);
    const own = registrations.filter(
      ({ caller, at, holder }) => holder === send.holder && caller === send.call.caller && at < send.at,
    );
    const since = own.filter((one) => one.at > before);
    const counting = since.length > 0 ? since : own;
    for (const { call } of counting) taken.add(call);
    return { send, counting };
  });
  return found.flatMap(({ send, counting }) => {
    const free = registrations.filter(({ holder, call }) => holder === send.holder && !taken.has(call));
    const used = counting.length > 0 ? counting : free;
    const all = new Set(used.flatMap((one) => [...one.routines]));
    return [...all].map((routine) => ({ send: send.call, routine }));
  });
}

function ownRegistrations(
  calls: readonly Call[],
  irps: IrpClasses,
  routines: (e: Expression, around: FunctionDefinition) => ReadonlySet<FunctionSymbol>,
): readonly Registration[] {
  return calls.flatMap(({ caller, call, symbol }): readonly Registration[] => {
    const set = symbol === undefined ? undefined : setters[symbol.name];
    const irp = set === undefined ? undefined : call.arguments[set.irp];
    const routine = set === undefined ? undefined : call.arguments[set.routine];
    const holder = irp === undefined ? undefined : irps.of(irp);
    if (holder === undefined || routine === undefined) return [];
    return [{ caller, at: nodePlace(call).start, holder, routines: routines(routine, caller), call }];
  });
}

/** Helpers of helpers are rare. */
const helpersMax = 3;

/** What a helper sets, its caller sets too, unless the helper sends the IRP itself. A routine that is passed is its own. */
function withCallers(
  calls: readonly Call[],
  sends: readonly Send[],
  set: readonly Registration[],
  routines: (e: Expression, around: FunctionDefinition) => ReadonlySet<FunctionSymbol>,
): readonly Registration[] {
  const all = [...set];
  let last = set;
  for (let round = 0; round < helpersMax && last.length > 0; round++) {
    const open = last.filter(
      (one) =>
        !sends.some(({ call, holder, at }) => call.caller === one.caller && holder === one.holder && at > one.at),
    );
    last = calls.flatMap(({ caller, call, symbol }): readonly Registration[] => {
      const helper = symbol?.definition;
      if (helper === undefined || helper === caller) return [];
      return open
        .filter((one) => one.caller === helper)
        .map((one) => {
          const passed = new Set(
            call.arguments.flatMap((argument) => [...routines(argument, caller)]).filter((f) => one.routines.has(f)),
          );
          const own = passed.size > 0 ? passed : one.routines;
          return { caller, at: nodePlace(call).start, holder: one.holder, routines: own, call: one.call };
        });
    });
    all.push(...last);
  }
  return all;
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
