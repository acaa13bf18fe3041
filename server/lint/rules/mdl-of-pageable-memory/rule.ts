/** MmBuildMdlForNonPagedPool describes nonpaged pool; it locks nothing. */
import { lastingArguments } from '../../flow/facts/events.ts';
import { blockBehind, type Demand } from '../../flow/facts/kernel.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { placeAt } from '../../flow/values/values.ts';
import type { CheckContext, Rule } from '../../rule.ts';

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
  acts: ['pages', 'demand'],
  act: (action, context) => {
    const { state, report } = context;
    if (action.kind === 'demand') checkGiven(action.demand, context);
    if (action.kind !== 'pages' || action.becomes !== 'nonpaged') return;
    const { mdl, where } = action;
    const block = state.kernel.blocks.get(mdl.key);
    const base = action.base ?? block?.base;
    // Of the helper that built it, it has been told.
    if (base !== undefined && state.marks.has(`pageable@${base.key}`)) return;
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

/** A helper has it taken for nonpaged pool, whatever its caller gives. */
function checkGiven(demand: Demand, { state, report }: Pick<CheckContext, 'state' | 'report'>): void {
  const { where } = demand;
  // What a function gives its own MDL is told where that is built.
  if (demand.kind !== 'nonpaged' || where.inside === undefined) return;
  const { base } = demand;
  const root = placeAt(base)?.root;
  const pool = blockBehind(state.kernel, base);
  const { helper } = where.inside;
  state.marks.add(`pageable@${base.key}`);
  if (root?.kind === 'local')
    report({
      where,
      message: `${helper} takes the local ${root.variable.name} for nonpaged pool: the stack of a thread can be paged out, and its MDL says nothing of that.`,
      path: pathTo(where, 'It is given away here'),
      docRules: ['R95'],
      once: siteKey(where),
    });
  else if (pool?.made !== undefined && pool.isPaged)
    report({
      where,
      message: `${helper} takes paged pool for nonpaged, and nothing locks its pages: when they are paged out, the network reads and writes memory that belongs to somebody else.`,
      path: [
        ...pathTo(pool.made.where, `${pool.made.api} gives paged memory here`),
        ...pathTo(where, 'It is given away here'),
      ],
      once: siteKey(where),
    });
}
