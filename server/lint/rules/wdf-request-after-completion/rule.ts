/** A request of KMDF is left alone once it is completed: its handle ends with it, and so does what it lends. */

import { mayCall } from '../../driver/reach.ts';
import { callsOf } from '../../driver/roles.ts';
import { blockBehind, type Freed } from '../../flow/facts/kernel.ts';
import type { Session } from '../../flow/run/session.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

export const wdfRequestAfterCompletion: Rule = {
  id: 'wdf-request-after-completion',
  severity: 'error',
  docRules: [],
  also: ['SDV DoubleCompletion', 'SDV InvalidReqAccess', 'bug check 0x10D'],
  summary: 'A request of KMDF is completed once, and left alone after that.',
  acts: ['touch'],
  act: (action, { state, session, report }) => {
    const block = action.kind === 'touch' ? blockBehind(state.kernel, action.pointer) : undefined;
    if (block?.kind !== 'lent' || block.freed === undefined || !isFirst(state, block.freed)) return;
    const { freed, made } = block;
    report({
      where: action.where,
      message: `This is memory of the request that ${freed.api} has completed: it may be another's by now, whose data is read or broken.`,
      path: [
        ...(made === undefined ? [] : pathTo(made.where, `${made.api} gives it here`)),
        ...pathTo(freed.where, 'The request is completed here'),
      ],
      when: () => takesNoReferences(session),
    });
  },
  calls: /^Wdf/,
  call: ({ api, arguments: values, where }, { state, fn, session, report }) => {
    if (!api.startsWith('Wdf') || api === 'WdfObjectDereferenceActual') return;
    for (const value of values) {
      const block = state.kernel.blocks.get(resolve(state, value).key);
      if ((block?.kind !== 'request' && block?.kind !== 'lent') || block.freed === undefined) continue;
      const isAgain = api.startsWith('WdfRequestComplete');
      const isGone = block.freed.api.startsWith('WdfRequestComplete');
      // What else looks at a request that is on its way may be in time.
      if ((!isGone && !isAgain) || !isFirst(state, block.freed)) continue;
      report({
        where,
        message: !isGone
          ? `${block.freed.api} has taken the request, and whoever has it completes it; ${api} does so a second time, and the machine stops (WDF_VIOLATION).`
          : isAgain
            ? `${api} completes the request a second time: its handle is gone, and the machine stops (WDF_VIOLATION).`
            : `${api} gets ${block.kind === 'lent' ? 'memory of ' : ''}a request that ${block.freed.api} has completed: its handle is gone, and the machine stops (WDF_VIOLATION).`,
        path: [
          ...pathTo(block.freed.where, isGone ? 'It is completed here' : 'It is handed on here'),
          ...pathTo(where, isAgain ? 'It is completed again here' : 'It is used here'),
        ],
        // Who takes references may have one of this request.
        when: () => (isGone ? isAgain || takesNoReferences(session) : !mayCall(session, fn, waits)),
      });
    }
  },
};

/** Who waits for what he sent has it back. */
const waits = ['KeWaitForSingleObject', 'KeWaitForMultipleObjects'];

/** Of what follows from one completion, the first is told. */
function isFirst({ marks }: State, { where }: Freed): boolean {
  const mark = `${wdfRequestAfterCompletion.id}@${siteKey(where)}`;
  if (marks.has(mark)) return false;
  marks.add(mark);
  return true;
}

function takesNoReferences(session: Session): boolean {
  return callsOf(session, 'WdfObjectReferenceActual').length === 0;
}
