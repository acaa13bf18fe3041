/** Memory is freed with the tag with which it was allocated, and to the list it is from; that tag is not 0. */
import { calledName } from '../../driver/callee.ts';
import { resolve } from '../../flow/state/state.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { storyOfBlock } from '../../ways/blocks.ts';
import { otherTagsOfEntries } from './lists.ts';
import { otherTags } from './members.ts';

export const poolTagMismatch: Rule = {
  id: 'pool-tag-mismatch',
  severity: 'error',
  docRules: ['R99'],
  also: ['C28147', 'bug check 0xC2/0x0A', 'Driver Verifier C4/0x02'],
  summary: 'Memory has a pool tag, and is freed with the same one.',
  seesThroughHelpers: true,
  calls: /^ExAllocatePool(?:WithTag|2|3|Zero|Uninitialized)$/,
  call: (call, { state, report }) => {
    const tag = call.arguments[2] === undefined ? undefined : resolve(state, call.arguments[2]);
    if (tag?.kind !== 'integer' || tag.value !== 0n) return;
    report({
      where: call.where,
      message: `${call.api} gets the pool tag 0: ExAllocatePool2 fails then, and memory that goes missing cannot be found by its tag.`,
      path: pathTo(call.where, 'The memory is asked for here'),
    });
  },
  acts: ['free'],
  act: (action, { state, report }) => {
    if (action.kind !== 'free' || action.block !== 'pool') return;
    const block = state.kernel.blocks.get(action.value.key);
    if (block?.kind === 'entry' && block.life === 'live' && block.made !== undefined) {
      report({
        where: action.where,
        severity: 'warning',
        message: `${action.api} gives an entry of a lookaside list to the pool, past the list that made it: ${block.made.api.replace('AllocateFrom', 'FreeTo')} takes it back.`,
        path: [...storyOfBlock(block), ...pathTo(action.where, 'It goes to the pool here')],
      });
      return;
    }
    if (action.tag === undefined || action.tag === 0n) return;
    if (block?.tag === undefined || block.tag === 0n || block.life !== 'live' || block.made === undefined) return;
    if (BigInt.asUintN(32, block.tag) === BigInt.asUintN(32, action.tag)) return;
    report({
      where: action.where,
      message: `${action.api} frees with the tag ${tagText(action.tag)} what was allocated with ${tagText(block.tag)}: the machine stops (BAD_POOL_CALLER).`,
      path: [...storyOfBlock(block), ...pathTo(action.where, 'It is freed with another tag here')],
    });
  },
  finish: ({ session, report }) => {
    for (const { free, freedWith, made, madeWith } of [...otherTags(session), ...otherTagsOfEntries(session)]) {
      const where = whereOf(free, free.arguments);
      report({
        where,
        message: `${calledName(free)} frees with the tag ${tagText(freedWith)} what is allocated with ${tagText(madeWith)}: the machine stops (BAD_POOL_CALLER).`,
        path: [
          ...pathTo(whereOf(made), `${calledName(made)} gives what is kept there`),
          ...pathTo(where, 'It is freed with another tag here'),
        ],
      });
    }
  },
};

/** The four characters, in the order in which debuggers show them. */
function tagText(tag: bigint): string {
  const bytes = [0n, 8n, 16n, 24n].map((shift) => Number((BigInt.asUintN(32, tag) >> shift) & 0xffn));
  return `'${bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')}'`;
}
