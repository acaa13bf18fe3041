/**
 * Locks that a helper may release of whose ways nothing is known: there are too many, or it is being analysed itself.
 * In: the state at the call. Out: the state without the locks that a release there may mean, by their names.
 */
import { memo } from '../../../../base/memo.ts';
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { ledTo } from '../../driver/reach.ts';
import type { Held, LockKind } from '../facts/kernel.ts';
import type { FunctionInfo, Session } from '../run/session.ts';
import type { State } from '../state/state.ts';
import { innermost } from '../state/where.ts';
import { ANYTHING } from '../values/values.ts';
import type { Call } from './call.ts';
import { setLevel } from './demands.ts';
import { kernelEffect } from './kernel-apis.ts';
import { lockName } from './lock-names.ts';

export function loseLocks(call: Call, state: State, helper: FunctionInfo): void {
  const { kernel } = state;
  for (const [key, held] of kernel.held) {
    if (!mayRelease(call.run.session, helper, held)) continue;
    kernel.held.delete(key);
    kernel.isVague = true;
    if (held.saved !== undefined) setLevel(call, state, ANYTHING);
  }
}

function mayRelease(session: Session, helper: FunctionInfo, { kind, where }: Held): boolean {
  const [argument] = innermost(where).arguments;
  const name = argument === undefined ? undefined : lockName(argument);
  const led = ledTo(session, helper);
  return session.functions.some(
    (fn) =>
      led.has(fn.key) &&
      releasesIn(fn.definition).some(
        (release) =>
          release.kind === kind && (release.name === undefined || name === undefined || release.name === name),
      ),
  );
}

interface Release {
  readonly kind: LockKind;
  /** Undefined where the lock is a parameter, or found by its handle. */
  readonly name: string | undefined;
}

const releasesIn = memo((definition: FunctionDefinition): readonly Release[] =>
  nodesIn(definition, 'call').flatMap((call) => {
    const effect = kernelEffect(calledName(call) ?? '');
    if (effect?.kind !== 'release') return [];
    const both = effect.also?.kind === 'release' ? [effect, effect.also] : [effect];
    return both.map(({ lock, at }): Release => {
      const argument = at === undefined ? undefined : call.arguments[at];
      return { kind: lock, name: argument === undefined ? undefined : lockName(argument) };
    });
  }),
);
