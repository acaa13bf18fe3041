/** R59: the list of WskGetAddressInfo is WSK's own memory, which WskFreeAddressInfo gives back. */

import type { Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

/** Position of the Result parameter of WskGetAddressInfo. */
const RESULT = 6;

export const addressInfoFree: Rule = {
  id: 'address-info-free',
  severity: 'error',
  docRules: ['R59'],
  also: [],
  summary: 'The result of WskGetAddressInfo is freed with WskFreeAddressInfo.',
  call: ({ api, where }, { session, report }) => {
    if (!api.startsWith('ExFreePool')) return;
    const [argument] = where.arguments;
    if (argument === undefined || !isAddressList(argument.type, argument)) return;
    // Drivers make such lists themselves, too: it must be where WskGetAddressInfo puts its result.
    const holder = holderOf(argument);
    const isWsks = callsOf(session, 'WskGetAddressInfo').some(({ arguments: values }) => {
      const result = values[RESULT];
      return result !== undefined && holder !== undefined && holderOf(result) === holder;
    });
    if (!isWsks) return;
    report({
      where,
      span: nodePlace(argument),
      message: `${api} is given a list of addresses, which WskGetAddressInfo makes of several blocks of its own: the pool is damaged and the rest of the list is lost. WskFreeAddressInfo frees it.`,
      path: [],
    });
  },
};

function isAddressList(given: CType, argument: Expression): boolean {
  const { type } = stripConversions(argument, { casts: true });
  const list = type.kind === 'pointer' ? type : given;
  return list.kind === 'pointer' && list.target.kind === 'record' && list.target.definition.tag === 'addrinfoexW';
}

/** The variable or the member that holds the list: `x`, `*x`, `&x`, `p->x` all lead to x. */
function holderOf(expression: Expression): unknown {
  const e = stripConversions(expression, { casts: true });
  switch (e.kind) {
    case 'name':
      return e.symbol;
    case 'member':
      return e.field;
    case 'address-of':
    case 'dereference':
      return holderOf(e.operand);
    default:
      return undefined;
  }
}
