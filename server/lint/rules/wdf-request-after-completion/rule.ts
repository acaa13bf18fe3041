/** A request of KMDF is left alone once it is completed: its handle ends with it. */

import { resolve } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { callsOf } from '../../roles.ts';
import type { Rule } from '../../rule.ts';

export const wdfRequestAfterCompletion: Rule = {
  id: 'wdf-request-after-completion',
  severity: 'error',
  docRules: [],
  also: ['SDV DoubleCompletion', 'SDV InvalidReqAccess', 'bug check 0x10D'],
  summary: 'A request of KMDF is completed once, and left alone after that.',
  calls: /^Wdf/,
  call: ({ api, arguments: values, where }, { state, session, report }) => {
    if (!api.startsWith('Wdf') || api === 'WdfObjectDereferenceActual') return;
    for (const value of values) {
      const block = state.kernel.blocks.get(resolve(state, value).key);
      if (block?.kind !== 'request' || block.freed === undefined) continue;
      const mark = `${wdfRequestAfterCompletion.id}@${siteKey(block.freed.where)}`;
      if (state.marks.has(mark)) continue;
      state.marks.add(mark);
      const isAgain = api.startsWith('WdfRequestComplete');
      report({
        where,
        message: isAgain
          ? `${api} completes the request a second time: its handle is gone, and the machine stops (WDF_VIOLATION).`
          : `${api} gets a request that ${block.freed.api} has completed: its handle is gone, and the machine stops (WDF_VIOLATION).`,
        path: [
          ...pathTo(block.freed.where, 'It is completed here'),
          ...pathTo(where, isAgain ? 'It is completed again here' : 'It is used here'),
        ],
        // Who takes references may have one of this request.
        when: () => isAgain || callsOf(session, 'WdfObjectReferenceActual').length === 0,
      });
    }
  },
};
