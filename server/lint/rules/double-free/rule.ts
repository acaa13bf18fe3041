/** What was freed is not freed again. */
import { isWhole } from '../../body/whole.ts';
import { isNeverPut, leftBehind, runsAgain } from '../../driver/lasting.ts';
import { blockName } from '../../flow/facts/kernel.ts';
import { innermost, pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOfBlock, whoFreed } from '../../ways/blocks.ts';
import { cleanupBehind, freedInCallback } from './freed-in-cleanup.ts';
import { freedLater } from './freed-later.ts';

export const doubleFree: Rule = {
  id: 'double-free',
  severity: 'error',
  docRules: ['R59'],
  also: ['CWE-415', 'bug check 0xC2', 'Driver Verifier C4/0x13'],
  summary: 'Memory, MDLs and work items are freed once.',
  acts: ['free'],
  act: (action, { state, report }) => {
    if (action.kind !== 'free') return;
    const block = state.kernel.blocks.get(action.value.key);
    if (block?.life !== 'freed' || /^(?:handle|reference|attachment|request)$/.test(block.kind)) return;
    report({
      where: action.where,
      message:
        block.freed?.by === undefined
          ? `${action.api} gets a pointer to ${blockName(block.kind) === 'memory' ? 'memory' : `a ${blockName(block.kind)}`} that was freed before on this way: it may be another's by now, and the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`
          : `${whoFreed(block.freed)}${block.freed.by.kind === 'completion routine' ? ', whatever that call returns' : ''}, and ${action.api} frees it a second time: the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`,
      docRules: block.kind === 'address-list' ? ['R59'] : [],
      path: [...storyOfBlock(block), ...pathTo(action.where, 'It is freed again here')],
    });
  },
  exit: (exit, { state, fn, session, report }) => {
    if (state.kernel.blocks.size === 0 || !isWhole(fn)) return;
    const detached = freedInCallback(state);
    if (detached !== undefined)
      report({
        where: detached.where,
        message: `${fn.definition.symbol.name} frees the context of the binding, and the registrar then calls the clean-up callback, which frees the same: the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`,
        path: pathTo(detached.where, `${detached.api} frees it here`),
        once: `detached ${siteKey(detached.where)}`,
        when: () => cleanupBehind(session, fn) !== undefined,
      });
    for (const { freed } of leftBehind(state, fn)) {
      if (freed === undefined) continue;
      const often = runsAgain(session, fn);
      const [argument] = innermost(freed.where).arguments;
      const tell = (who: string, when: () => boolean): void =>
        report({
          where: freed.where,
          severity: 'warning',
          message: `The pointer to this memory stays where it was when it is freed: ${who} frees the same again, and the machine stops (BAD_POOL_CALLER) or somebody else's data is freed.`,
          path: [
            ...pathTo(freed.where, `${freed.api} frees it here`),
            ...pathTo(exit.where, 'The routine returns here, and the pointer is as it was'),
          ],
          once: `left ${who} ${siteKey(freed.where)}`,
          when,
        });
      if (often === 'each-request') tell('the next request of the kind', () => true);
      if (often === 'each-request' || argument === undefined) continue;
      const isFreedOften = (): boolean => often === 'each-close' && isNeverPut(session, argument);
      if (often === 'each-close') tell('who closes the next handle', isFreedOften);
      tell('a routine that runs later', () => !isFreedOften() && freedLater(session, fn, argument) !== undefined);
    }
  },
};
