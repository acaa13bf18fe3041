/** R95, R99: MmBuildMdlForNonPagedPool describes nonpaged pool; it locks nothing. */
import { pathTo } from '../../flow/state/where.ts';
import { placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const mdlOfPageableMemory: Rule = {
  id: 'mdl-of-pageable-memory',
  severity: 'error',
  docRules: ['R95', 'R99'],
  also: ['Driver Verifier C4/0x7F', 'Driver Verifier C4/0x140'],
  summary: 'MmBuildMdlForNonPagedPool gets an MDL of nonpaged pool.',
  call: ({ api, arguments: values, where }, { state, report }) => {
    const [mdl] = values;
    if (api !== 'MmBuildMdlForNonPagedPool' || mdl === undefined) return;
    const block = state.kernel.blocks.get(mdl.key);
    const root = block?.base === undefined ? undefined : placeAt(block.base)?.root;
    const made = block?.made === undefined ? [] : pathTo(block.made.where, 'The MDL is made here');
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
    const pool = state.kernel.blocks.get(root.pointer.key);
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
