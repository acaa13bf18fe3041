/**
 * The context of a binding that its detach callback frees, and its clean-up callback too, which the Network Module Registrar
 * calls with the same context when the binding has ended. In: a return of the one. Out: the free there that the other, on
 * each of its ways, does once more.
 */

import { roleOf, withRole } from '../../driver/roles.ts';
import type { Freed } from '../../flow/facts/kernel.ts';
import { analysisOf } from '../../flow/run/run.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import type { State } from '../../flow/state/state.ts';
import { parameterValue } from '../../flow/values/values.ts';

const context = parameterValue(0).key;

export function freedInCallback(state: State): Freed | undefined {
  const block = state.kernel.blocks.get(context);
  return block?.kind === 'pool' || block?.kind === 'entry' ? block.freed : undefined;
}

/** The callback that frees the context after `fn` did; undefined where there is more than one of the kind. */
export function cleanupBehind(session: Session, fn: FunctionInfo): FunctionInfo | undefined {
  const role = laterOf[roleOf(session, fn) ?? ''];
  if (role === undefined) return undefined;
  const [callback, ...more] = withRole(session, role);
  if (callback === undefined || more.length > 0) return undefined;
  return analysisOf(session, callback)?.freesMemory.has(0) === true ? callback : undefined;
}

const laterOf: Readonly<Record<string, string>> = {
  NPI_CLIENT_DETACH_PROVIDER_FN: 'NPI_CLIENT_CLEANUP_BINDING_CONTEXT_FN',
  NPI_PROVIDER_DETACH_CLIENT_FN: 'NPI_PROVIDER_CLEANUP_BINDING_CONTEXT_FN',
};
