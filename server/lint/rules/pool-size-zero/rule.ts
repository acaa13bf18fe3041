/** An allocation asks for at least one byte. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { isWhole } from '../../body/whole.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { isCounted } from './counted.ts';

export const poolSizeZero: Rule = {
  id: 'pool-size-zero',
  severity: 'error',
  docRules: ['R99'],
  also: ['Driver Verifier C4/0x00'],
  summary: 'An allocation from pool asks for at least one byte.',
  seesThroughHelpers: true,
  calls: /^ExAllocatePool(?:WithTag|2|3|Zero|Uninitialized)?$/,
  call: (call, { state, fn, session, report }) => {
    if (!isWhole(fn)) return;
    const size = call.arguments[1] === undefined ? undefined : resolve(state, call.arguments[1]);
    if (size?.kind !== 'integer' || size.value !== 0n) return;
    // A helper's argument stands elsewhere; the call of the helper is shown as a whole.
    const { arguments: given, inside } = call.where;
    const argument = inside === undefined ? given[1] : undefined;
    const sizes = argument === undefined ? given : [argument];
    report({
      where: call.where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${call.api} is asked for 0 bytes: it gives a block that holds nothing, or NULL, and the first byte written to it breaks what lies behind.`,
      path: [],
      when: () => !sizes.some((one) => isCounted(session, fn.analysed, one)),
    });
  },
};
