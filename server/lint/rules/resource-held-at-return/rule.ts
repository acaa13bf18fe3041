/** Row 50: a resource or a mutex is released on every way out of the function that takes it. */
import { calledName } from '../../callee.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { forgottenLocks } from '../../locks.ts';
import { nodesIn } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';

export const resourceHeldAtReturn: Rule = {
  id: 'resource-held-at-return',
  severity: 'error',
  docRules: [],
  also: ['C26165', 'C26167', 'Driver Verifier C4/0x1007', 'CWE-667'],
  summary: 'An ERESOURCE or a mutex is released on every way out of the function that takes it.',
  finish: ({ session, report }) => {
    for (const { held, fn, path, exit } of forgottenLocks(session)) {
      if ((held.kind !== 'resource' && held.kind !== 'mutex') || asksWhoHolds(fn)) continue;
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
