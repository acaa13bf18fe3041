/** KeRaiseIrql raises, or stays where it is; a level below the current one stops the machine. */
import { resolve } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { levelName, tooHigh } from '../../ways/levels.ts';

export const irqlRaisedToLower: Rule = {
  id: 'irql-raised-to-lower',
  severity: 'error',
  docRules: [],
  also: ['SDV IrqlKeRaiseIrql', 'C28141', 'Driver Verifier C4/0x30', 'bug check 0x9'],
  summary: 'KeRaiseIrql gets a level that is not below the current one.',
  calls: ['KeRaiseIrql', 'KfRaiseIrql'],
  call: ({ api, arguments: [given], where }, { state, fn, session, report }) => {
    if (given === undefined) return;
    const level = resolve(state, given);
    const found = level.kind === 'integer' ? tooHigh(session, fn, state, Number(level.value)) : undefined;
    if (found === undefined || level.kind !== 'integer') return;
    report({
      where,
      message: `${api} asks for ${levelName(Number(level.value))}, and ${found.text}: the machine stops (IRQL_NOT_GREATER_OR_EQUAL).`,
      path: [...found.path, ...pathTo(where, 'It is asked to go down here')],
    });
  },
};
