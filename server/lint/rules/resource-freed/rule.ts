/**
 * An ERESOURCE, and a lookaside list, is deleted before its memory goes: the system has it in a list of its own. In one
 * function the way tells; in a whole driver, that nothing ever deletes one.
 */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { calledName } from '../../driver/callee.ts';
import { isStatement, watchMemory } from '../../driver/held-within.ts';
import { watchStart } from '../../driver/kept-at-start.ts';
import { neverEnded } from '../../driver/never-ended.ts';
import { neverUndone } from '../../driver/never-undone.ts';
import { callsOf } from '../../driver/roles.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';

const RESOURCE = 'an ERESOURCE that is not deleted';
const LIST = 'a lookaside list that is not deleted';

const GONE = 'after unloading the system goes through memory that is gone.';

/** What makes each, and what deletes it. */
const kinds = [
  { what: RESOURCE, makers: ['ExInitializeResourceLite'], ender: 'ExDeleteResourceLite' },
  { what: LIST, makers: ['ExInitializeNPagedLookasideList'], ender: 'ExDeleteNPagedLookasideList' },
  { what: LIST, makers: ['ExInitializePagedLookasideList'], ender: 'ExDeletePagedLookasideList' },
  { what: LIST, makers: ['ExInitializeLookasideListEx'], ender: 'ExDeleteLookasideListEx' },
];

const memory = watchMemory({
  mark: 'undeleted',
  beginning: Object.fromEntries(kinds.flatMap(({ what, makers }) => makers.map((maker) => [maker, what]))),
  ending: kinds.map(({ ender }) => ender),
  endsByWaiting: false,
  // Whoever looks at what the call says knows whether it was made.
  isSure: isStatement,
});

const start = watchStart(
  kinds.map(({ what, makers, ender }) => ({
    by: makers,
    ends: [ender],
    isOfObject: true as const,
    message: `This makes ${what} by anything but a start that fails: ${GONE}`,
  })),
);

export const resourceFreed: Rule = {
  id: 'resource-freed',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xC4/0xD2', 'Driver Verifier C4/0x17', 'Driver Verifier C4/0xCC', 'CWE-416'],
  summary: 'An ERESOURCE or a lookaside list is deleted before its memory goes.',
  ...memory,
  call: (call, context) => {
    memory.call(call, context);
    start.call(call, context);
  },
  exit: (exit, context) => {
    memory.exit(exit, context);
    start.exit(exit, context);
  },
  finish: ({ session, report }) => {
    for (const { what, makers, ender } of kinds) {
      const made = makers.flatMap((name) => callsOf(session, name));
      for (const { member, made: maker, freed } of neverEnded(session, made, [ender]))
        report({
          where: whereOf(freed),
          span: nodePlace(freed),
          message: `What is given back here holds ${what} (${member}): nothing in these files gives it to ${ender}, and the system goes on with memory that is another's by then.`,
          path: pathTo(whereOf(maker), `${calledName(maker)} makes it here`),
          once: siteKey(whereOf(freed)),
        });
      for (const call of neverUndone(session, makers, [ender]))
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: `This makes ${what}: nothing in the driver calls ${ender}, and ${GONE}`,
          path: [],
        });
    }
  },
};
