/** R95, R99: MmBuildMdlForNonPagedPool describes nonpaged pool; it locks nothing. */
import { lastingArguments } from '../../flow/facts/events.ts';
import { blockBehind } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const mdlOfPageableMemory: Rule = {
  id: 'mdl-of-pageable-memory',
  severity: 'error',
  docRules: ['R95', 'R99'],
  also: ['Driver Verifier C4/0x7F', 'Driver Verifier C4/0x140'],
  summary: 'MmBuildMdlForNonPagedPool gets an MDL of nonpaged pool.',
  events: ['send'],
  event: (event, { state, report }) => {
    if (event.kind !== 'send') return;
    for (const index of lastingArguments(event)) {
      const pool = blockBehind(state.kernel, event.arguments[index]);
      if (pool?.made === undefined || !pool.isPaged) continue;
      report({
        where: event.where,
        message: `${event.api} is given paged pool for its ${event.parameters[index]}: it writes there at DISPATCH_LEVEL when the request completes, and a page fault then stops the machine.`,
        path: [
          ...pathTo(pool.made.where, `${pool.made.api} gives paged memory here`),
          ...pathTo(event.where, `${event.api} gets it here`),
        ],
        docRules: ['R99'],
        once: siteKey(event.where),
      });
    }
  },
  acts: ['pages'],
  act: (action, { state, report }) => {
    if (action.kind !== 'pages' || action.becomes !== 'nonpaged') return;
    const { mdl, where } = action;
    const block = state.kernel.blocks.get(mdl.key);
    const base = action.base ?? block?.base;
    const root = base === undefined ? undefined : placeAt(base)?.root;
    const made = block?.made === undefined ? [] : pathTo(block.made.where, 'The MDL is made here');
    if (block?.pages === 'locked') {
      report({
        where,
        message:
          'The MDL describes pages that are locked, and is taken for one of nonpaged pool: its pages are found anew from an address that need not lead to them, and nobody can unlock them any more.',
        path: [...made, ...pathTo(where, 'It is taken for nonpaged pool here')],
        docRules: ['R95'],
      });
      return;
    }
    if (root?.kind !== 'pointee') {
      if (root?.kind !== 'local') return;
      report({
        where,
        message: `The MDL describes the local ${root.variable.name}: the stack of a thread can be paged out, and is somebody else's when the function has returned, while the MDL still says that it lies there.`,
        path: [...made, ...pathTo(where, 'It is taken for nonpaged pool here')],
        docRules: ['R95'],
      });
      return;
    }
    const pool = blockBehind(state.kernel, base);
    if (pool?.made === undefined || !pool.isPaged) return;
    report({
      where,
      message:
        'The MDL describes paged pool, and nothing locks its pages: when they are paged out, the network reads and writes memory that belongs to somebody else.',
      path: [
        ...pathTo(pool.made.where, `${pool.made.api} gives paged memory here`),
        ...made,
        ...pathTo(where, 'It is taken for nonpaged pool here'),
      ],
    });
  },
};
