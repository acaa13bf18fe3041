/** WSK keeps the addresses of the registration and of the client dispatch until WskDeregister. */
import { blockBehind } from '../../flow/facts/kernel.ts';
import { isLocalAddress } from '../../flow/facts/transition.ts';
import { outcomeOf } from '../../flow/state/outcome.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const registrationBlockGone: Rule = {
  id: 'registration-block-gone',
  severity: 'error',
  docRules: ['R07'],
  also: ['CWE-562'],
  summary: 'WSK_REGISTRATION and WSK_CLIENT_DISPATCH live until WskDeregister.',
  exit: (exit, { state, report }) => {
    for (const { block, dispatch, registered } of state.wsk.registrations.values()) {
      if (registered === undefined || outcomeOf(state, registered) === 'failed') continue;
      const gone = [block, dispatch].filter(isLocalAddress).map(nameOf);
      if (gone.length === 0) {
        const freed = [block, dispatch].map((value) => blockBehind(state.kernel, value)?.freed).find(Boolean);
        if (freed !== undefined && outcomeOf(state, registered) === 'made')
          report({
            where: freed.where,
            message:
              'The memory that is freed here holds what WSK goes on using until WskDeregister: WSK then follows pointers in memory that belongs to somebody else.',
            path: [
              ...pathTo(registered.where, 'WskRegister is given the addresses here'),
              ...pathTo(freed.where, 'The memory is freed here, still registered'),
            ],
            once: siteKey(freed.where),
          });
        continue;
      }
      report({
        where: registered.where,
        message: `WSK goes on using ${gone.join(' and ')} until WskDeregister, but ${gone.length === 1 ? 'it lies' : 'they lie'} on the stack of a function that returns before: WSK then follows pointers in memory that belongs to somebody else.`,
        path: [
          ...pathTo(registered.where, 'WskRegister is given the addresses here'),
          ...pathTo(exit.where, 'The function returns here, still registered'),
        ],
        once: siteKey(registered.where),
      });
    }
  },
};

function nameOf(value: Value): string {
  return value.kind === 'address' && value.place.root.kind === 'local'
    ? `the local ${value.place.root.variable.name}`
    : '';
}
