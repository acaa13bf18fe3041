/** A remove lock is given back once for each time that it was taken with that tag. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { notTaken } from '../../flow/calls/kernel.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const removeLockTag: Rule = {
  id: 'remove-lock-tag',
  severity: 'error',
  docRules: [],
  also: ['SDV RemoveLockRelease2', 'Driver Verifier C4/0xD5'],
  summary: 'A remove lock is released once for each time that it was taken.',
  acts: ['release'],
  act: (action, { state, report }) => {
    if (action.kind !== 'release' || action.released.kind !== 'remove-lock' || state.kernel.isVague) return;
    const { lock, api } = action.released;
    // Who waits for the others to release it removes the device himself, and knows that he got it.
    const isRemover = api.includes('AndWait');
    if (!isRemover && state.marks.has(notTaken(lock.key)) && !state.kernel.held.has(lock.key)) {
      report({
        where: action.where,
        message: `${api} releases a remove lock that was not got on this path, because the device is being removed: its count is too low from now on, and the device goes away while a request is still at work.`,
        path: pathTo(action.where, 'It is released here, after IoAcquireRemoveLock has failed'),
        once: siteKey(action.where),
      });
      return;
    }
    const ended = state.kernel.ended.get(lock.key);
    if (ended === undefined || state.kernel.held.has(lock.key)) return;
    const [before, now] = [innermost(ended).arguments[1], innermost(action.where).arguments[1]];
    if (before === undefined || now === undefined || !isSameTag(before, now)) return;
    report({
      where: action.where,
      message: `${api} releases a remove lock that was released before on this path: its count is too low from now on, and the device goes away while a request is still at work.`,
      path: [...pathTo(ended, 'The lock is released here'), ...pathTo(action.where, 'It is released again here')],
      once: siteKey(action.where),
    });
  },
};

/** Released with another tag, it was taken with that one too, by somebody who is not here. */
function isSameTag(a: Expression, b: Expression): boolean {
  const [one, other] = [a, b].map((e) => stripConversions(e, { casts: true }));
  if (one === undefined || other === undefined) return false;
  if (one.kind === 'name' && other.kind === 'name') return one.symbol === other.symbol;
  const value = constantValue(one);
  return value !== undefined && value === constantValue(other);
}
