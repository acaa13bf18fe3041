/** R59: the list of WskGetAddressInfo is WSK's own memory, which WskFreeAddressInfo gives back, and nobody else. */

import type { Expression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType } from '../../../../cfront/types/types.ts';
import { isWhole } from '../../blocks.ts';
import { siteKey } from '../../flow/state/where.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';
import { isNeverGivenAway } from './lost-list.ts';

/** Position of the Result parameter of WskGetAddressInfo. */
const RESULT = 6;

export const addressInfoFree: Rule = {
  id: 'address-info-free',
  severity: 'error',
  docRules: ['R59'],
  also: [],
  summary: 'The result of WskGetAddressInfo is freed with WskFreeAddressInfo.',
  call: ({ api, where }, { session, fn, report }) => {
    if (api === 'WskGetAddressInfo') {
      const result = localAt(where.arguments[RESULT]);
      if (result === undefined || !isWhole(fn)) return;
      report({
        where,
        message: `The list that WskGetAddressInfo puts into '${result.name}' is lost: nobody gives it to WskFreeAddressInfo, and its memory is gone until the next start of the machine, a little more with each name that is looked up.`,
        path: [],
        severity: 'warning',
        once: siteKey(where),
        when: () => isNeverGivenAway(session, fn.definition, result),
      });
      return;
    }
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

/** The function's own variable whose address it is. */
function localAt(argument: Expression | undefined): VariableSymbol | undefined {
  const e = argument === undefined ? undefined : stripConversions(argument, { casts: true });
  const inner = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (inner?.kind !== 'name' || inner.symbol.kind !== 'variable') return undefined;
  return inner.symbol.duration === 'automatic' && inner.symbol.type.kind === 'pointer' ? inner.symbol : undefined;
}

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
