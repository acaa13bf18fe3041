/**
 * A thread that works with the provider NPI is told to stop only after the release, and so is whoever holds rundown
 * protection around such calls: until then it may call through a table that is gone. In: the call that stops it. Out:
 * who runs on until then.
 */
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { mayCall, ownLedTo } from '../../driver/reach.ts';
import { isHandedOn, roleOf } from '../../driver/roles.ts';
import { lockName } from '../../flow/calls/lock-names.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { innermost, type Where, whereOf } from '../../flow/state/where.ts';

/** By the function that stops somebody: those that he is waiting in, or has come in by. */
const stops: Readonly<Record<string, RegExp>> = {
  KeSetEvent: /^KeWaitFor(?:Single|Multiple)Objects?$/,
  ExWaitForRundownProtectionRelease: /^ExAcquireRundownProtection$/,
};

export const stopping = Object.keys(stops);

/** The routine of a thread, or code that runs under the protection, that may call a function of the client until then. */
export function runningUntil(
  session: Session,
  by: FunctionInfo,
  { api, where }: ApiCall,
  isOfClient: (name: string) => boolean,
): FunctionInfo | undefined {
  const [object] = innermost(where).arguments;
  const name = object === undefined ? undefined : lockName(throughLocal(by.definition, object));
  const entering = stops[api];
  if (name === undefined || entering === undefined) return undefined;
  const isStopped = (definition: FunctionDefinition): boolean =>
    nodesIn(definition, 'call').some(
      (call) =>
        entering.test(calledName(call) ?? '') &&
        call.arguments.some((e) => lockName(throughLocal(definition, e)) === name),
    );
  const calls = (definition: FunctionDefinition): boolean =>
    nodesIn(definition, 'call').some((call) => isOfClient(calledName(call) ?? ''));
  return session.functions.find((fn) => {
    if (!fn.isUsers) return false;
    // Who waits for the event elsewhere may be waiting for an answer.
    const isRoutine = api !== 'KeSetEvent' || (roleOf(session, fn) === 'KSTART_ROUTINE' && isHandedOn(session, fn));
    if (!isRoutine) return false;
    const parts = ownLedTo(session, fn);
    return isStopped(fn.definition) && parts.some(({ definition }) => calls(definition));
  });
}

/** Where the function releases the NPI, itself or by a helper; undefined where it waits for somebody before. */
export function releaseIn(session: Session, { definition }: FunctionInfo): Where | undefined {
  for (const call of nodesIn(definition, 'call')) {
    const name = calledName(call) ?? '';
    const helper = calledFunction(session, call);
    const does = (api: string): boolean => name === api || (helper !== undefined && mayCall(session, helper, [api]));
    if (does('WskReleaseProviderNPI')) return whereOf(call, call.arguments);
    if (waits.some(does)) return undefined;
  }
  return undefined;
}

const waits = ['KeWaitForSingleObject', 'KeWaitForMultipleObjects', 'ZwWaitForSingleObject'];
