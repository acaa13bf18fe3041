/** What WskRegister made is given back with WskDeregister before the driver goes, also when its start fails. */
import type { CallExpression, Expression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isUnknownCall } from '../../driver/callee.ts';
import { isCalled, isCleanedUp, leadsOutside, mayCall, runsByItself } from '../../driver/reach.ts';
import { callsOf, isHandedOn, majorsOf, unloadRoutine } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { outcomeOf } from '../../flow/state/outcome.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { failureOf } from '../../ways/failure.ts';

export const wskRegistrationLeak: Rule = {
  id: 'wsk-registration-leak',
  severity: 'error',
  docRules: ['R01'],
  also: [],
  summary: 'Every WskRegister has its WskDeregister, also when the start of the driver fails.',
  exit: (exit, { state, fn, session, report }) => {
    const failing = state.wsk.registrations.size === 0 ? undefined : failureOf(exit, state, fn);
    for (const { registered, captured } of state.wsk.registrations.values()) {
      if (registered === undefined || outcomeOf(state, registered) !== 'made') continue;
      // What WskCaptureProviderNPI returned is passed on as it is, the failures too.
      const passesOn = captured !== undefined && exit.value?.key === captured.result.key;
      if (failing === undefined && !(passesOn && outcomeOf(state, captured) === 'unknown')) continue;
      report({
        where: registered.where,
        message: `The function fails${failing ?? ''} and stays registered with WSK: when the driver is unloaded because of that, WSK keeps pointers into memory that is gone.`,
        path: [
          ...pathTo(registered.where, 'WskRegister has succeeded here'),
          ...pathTo(exit.where, 'The function returns an error here, without WskDeregister'),
        ],
        once: siteKey(registered.where),
        // Callers may clean up after it; those that hear of it are looked at themselves.
        when: () => !isCalled(session, fn) && !isCleanedUp(session, ['WskDeregister']),
      });
    }
  },
  finish: ({ session, report }) => {
    const unload = unloadRoutine(session);
    const [first] = callsOf(session, 'WskRegister');
    if (unload === undefined || first === undefined || !registers(session) || lastsWhileOpen(session)) return;
    const call = isGivenBack(session, unload) ? neverGivenBack(session) : first;
    if (call === undefined) return;
    report({
      where: whereOf(call),
      message:
        'The driver registers with WSK and can be unloaded, but nothing that its unload routine does leads to WskDeregister: after the unload WSK keeps pointers into memory that is gone.',
      path: [],
    });
  },
};

/** The driver's start leads to WskRegister, or something that the system calls; it is not only there for others. */
function registers(session: Session): boolean {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const entry = users.find(({ definition }) => definition.symbol.name === 'DriverEntry');
  if (entry === undefined) return true;
  return [entry, ...users.filter((fn) => isHandedOn(session, fn))].some((fn) => mayCall(session, fn, ['WskRegister']));
}

/** Opening the device registers and closing it deregisters: nobody has it open any more when the driver is unloaded. */
function lastsWhileOpen(session: Session): boolean {
  const users = session.functions.filter(({ isUsers }) => isUsers);
  const serves = (codes: readonly bigint[], api: string): FunctionInfo | undefined =>
    users.find((fn) => {
      const majors = majorsOf(session, fn);
      const isOfThese = majors !== undefined && majors.size > 0 && [...majors].every((code) => codes.includes(code));
      return isOfThese && mayCall(session, fn, [api]);
    });
  const open = serves([IRP_MJ_CREATE], 'WskRegister');
  if (open === undefined || serves([IRP_MJ_CLOSE, IRP_MJ_CLEANUP], 'WskDeregister') === undefined) return false;
  const entry = users.find(({ definition }) => definition.symbol.name === 'DriverEntry');
  return entry !== undefined && !mayCall(session, entry, ['WskRegister'], open);
}

const IRP_MJ_CREATE = 0x00n;
const IRP_MJ_CLOSE = 0x02n;
const IRP_MJ_CLEANUP = 0x12n;

/** A call that registers a variable of which no WskDeregister speaks, where all of them name their variables. */
function neverGivenBack(session: Session): CallExpression | undefined {
  const deregistered = callsOf(session, 'WskDeregister').map((call) => variableOf(call.arguments[0]));
  if (deregistered.includes(undefined)) return undefined;
  return callsOf(session, 'WskRegister').find((call) => {
    const variable = variableOf(call.arguments[1]);
    return variable !== undefined && !deregistered.includes(variable);
  });
}

/** The variable outside of all functions whose address an argument is. */
function variableOf(argument: Expression | undefined): VariableSymbol | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const inner = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (inner?.kind !== 'name' || inner.symbol.kind !== 'variable') return undefined;
  // Several files may declare one with external linkage, each with a symbol of its own.
  return inner.symbol.linkage === 'internal' ? inner.symbol : undefined;
}

/** The unload routine leads to it, or somebody does whom it may wait for; or it calls what cannot be seen. */
function isGivenBack(session: Session, unload: FunctionInfo): boolean {
  if (callsOf(session, 'WskDeregister').length === 0) return leadsOutside(session, unload);
  if (mayCall(session, unload, ['WskDeregister']) || runsByItself(session, unload, ['WskDeregister'])) return true;
  return nodesIn(unload.definition, 'call').some((call) => isUnknownCall(session, call));
}
