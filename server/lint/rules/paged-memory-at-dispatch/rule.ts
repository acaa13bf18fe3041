/** Paged pool is left alone at DISPATCH_LEVEL: nobody can read it back in there when it has been paged out. */
import { allocationsFor } from '../../driver/pool-keepers.ts';
import { isPagedCall } from '../../flow/calls/pool.ts';
import { type Action, APC_LEVEL } from '../../flow/facts/kernel.ts';
import { ofRun, type Session } from '../../flow/run/session.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { CheckContext, Rule } from '../../rule.ts';
import { tooHigh } from '../../ways/levels.ts';
import { keeperTouched } from './keeper.ts';

export const pagedMemoryAtDispatch: Rule = {
  id: 'paged-memory-at-dispatch',
  severity: 'error',
  docRules: ['R99'],
  also: ['bug check 0xA', 'bug check 0xD1', 'C28118'],
  summary: 'Paged pool is read and written at APC_LEVEL at most.',
  acts: ['touch'],
  act: (action, { state, fn, session, report }) => {
    if (action.kind !== 'touch') return;
    const block = state.kernel.blocks.get(action.pointer.key);
    if (block === undefined) {
      checkKept(action, { state, fn, session, report });
      return;
    }
    if (block.made === undefined || !block.isPaged || block.life !== 'live') return;
    const found = tooHigh(session, fn, state, APC_LEVEL);
    if (found === undefined) return;
    report({
      where: action.where,
      message: `${block.made.api} gave paged pool, and ${found.text}: where the memory has been paged out, the machine stops.`,
      path: [
        ...pathTo(block.made.where, `${block.made.api} gives it here`),
        ...found.path,
        ...pathTo(action.where, 'It is used here'),
      ],
      once: siteKey(block.made.where),
    });
  },
};

/** Memory that another function has put where this one finds it. */
function checkKept(action: Extract<Action, { kind: 'touch' }>, { state, fn, session, report }: CheckContext): void {
  const found = tooHigh(session, fn, state, APC_LEVEL);
  const keeper = found === undefined ? undefined : keeperTouched(session, fn.definition, innermost(action.where).node);
  if (found === undefined || keeper === undefined) return;
  report({
    where: action.where,
    message: `What is kept in ${keeper.name} is paged pool, and ${found.text}: where the memory has been paged out, the machine stops.`,
    path: [...found.path, ...pathTo(action.where, 'It is used here')],
    once: `${fn.key} ${keeper.key}`,
    when: () => pagedKeepers(session).has(keeper.key),
  });
}

/** Those that get nothing but paged pool. */
const pagedKeepers = ofRun((session: Session): ReadonlySet<string> => {
  const made = allocationsFor(session, () => true);
  return new Set([...made].flatMap(([keeper, calls]) => (calls.every(isPagedCall) ? [keeper] : [])));
});
