/** A resource or a mutex is released on every way out of the function that takes it. */
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { callsOf } from '../../driver/roles.ts';
import type { Held } from '../../flow/facts/kernel.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { innermost } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { lockName } from '../../ways/lock-pairs.ts';
import { forgottenLocks } from '../../ways/locks.ts';

export const resourceHeldAtReturn: Rule = {
  id: 'resource-held-at-return',
  severity: 'error',
  docRules: [],
  also: ['C26165', 'C26167', 'Driver Verifier C4/0x1007', 'CWE-667'],
  summary: 'An ERESOURCE or a mutex is released on every way out of the function that takes it.',
  finish: ({ session, report }) => {
    for (const { held, fn, path, exit } of forgottenLocks(session)) {
      if ((held.kind !== 'resource' && held.kind !== 'mutex') || asksWhoHolds(fn)) continue;
      if (held.kind === 'resource' && isReleasedByOthers(session, held)) continue;
      const what = held.kind === 'resource' ? 'resource' : 'mutex';
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns here with the ${what} of ${held.api} held: every other thread that wants it waits for ever.`,
        path,
        once: `${fn.key} ${held.lock.key}`,
      });
    }
  },
};

/** Whoever asks for the owner takes and releases by what he hears. */
function asksWhoHolds({ definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) =>
    /^Ex(?:IsResourceAcquired|SetResourceOwner|DisownFastMutex|DeleteResource)|^KeReadStateMutex$/.test(
      calledName(call) ?? '',
    ),
  );
}

/** A routine that runs later gives back what the thread holds, in its name: this one, or any that it is told of. */
function isReleasedByOthers(session: Session, held: Held): boolean {
  const lock = lockName(innermost(held.where).arguments[0]);
  return ['ExReleaseResourceForThread', 'ExReleaseResourceForThreadLite'].some((name) =>
    callsOf(session, name).some(({ arguments: [resource, thread] }) => {
      const given = resource === undefined ? undefined : stripConversions(resource, { casts: true });
      const by = thread === undefined ? undefined : stripConversions(thread, { casts: true });
      return by?.kind !== 'call' && (given?.kind !== 'address-of' || lockName(given) === lock);
    }),
  );
}
