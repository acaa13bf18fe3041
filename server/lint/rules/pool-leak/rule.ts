/** Memory and work items are freed, returned or stored on every way, the failing ones included. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isWhole } from '../../body/whole.ts';
import { calledFunction } from '../../driver/callee.ts';
import { reportKeptAtStart, reportNeverGivenBack } from '../../driver/never-given-back.ts';
import { mayCall } from '../../driver/reach.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, siteKey, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { reportLostBlocks } from '../../ways/lost-blocks.ts';
import { isNobodyElses, lostHolders } from '../../ways/lost-holders.ts';
import { neverFreed } from './never-freed.ts';

const lostPool = { what: 'Memory', free: 'ExFreePool', effect: 'it is gone until the machine restarts' };
const lostEntry = {
  what: 'An entry',
  free: 'the list that it is of',
  effect: 'its memory is gone until the machine restarts',
};
const lostString = {
  what: 'The memory of the string',
  free: 'RtlFreeUnicodeString or its like',
  effect: 'it is gone until the machine restarts',
};
const lostWorkItem = {
  what: 'A work item',
  free: 'IoFreeWorkItem',
  effect: 'it holds its device until the machine restarts',
};

export const poolLeak: Rule = {
  id: 'pool-leak',
  severity: 'warning',
  docRules: [],
  also: ['C6014', 'CWE-401', 'Driver Verifier C4/0x62'],
  summary: 'Memory and work items are given back, returned or stored on every way.',
  exit: (exit, context) => {
    reportKeptAtStart(context, exit, 'pool', lostPool);
    reportLostBlocks(context, exit, 'pool', lostPool);
    reportLostBlocks(context, exit, 'entry', lostEntry);
    reportLostBlocks(context, exit, 'string', lostString);
    reportLostBlocks(context, exit, 'work-item', lostWorkItem);
    const { state, fn, session, report } = context;
    if (state.kernel.blocks.size < 2 || !isWhole(fn)) return;
    for (const kind of ['pool', 'work-item'] as const)
      for (const lost of lostHolders(kind, exit, state)) {
        const { made, isQueued } = lost.block;
        // The routine of one that was queued gives it back.
        if (made === undefined || isQueued === true) continue;
        report({
          where: made.where,
          message: `Nothing leads to what ${made.api} gives here but memory that ${lost.freedBy} gives back, and that does not free it: it is gone until the machine restarts.`,
          path: [
            ...pathTo(made.where, `${made.api} gives it here`),
            ...pathTo(exit.where, 'The function returns here'),
          ],
          once: siteKey(made.where),
          when: () => isNobodyElses(session, fn, lost) && (kind === 'pool' || !isQueuedByHelper(session, fn)),
        });
      }
  },
  finish: (context) => {
    const { session, report } = context;
    reportNeverGivenBack(context, 'pool', lostPool);
    for (const { made, freed } of neverFreed(session))
      report({
        where: whereOf(made),
        span: nodePlace(made),
        message:
          'The structure that holds this work item is freed, and nothing in the driver gives the item to IoFreeWorkItem: it holds its device until the machine restarts.',
        path: [
          ...pathTo(whereOf(made), 'IoAllocateWorkItem gives it here'),
          ...pathTo(whereOf(freed), 'What holds it is freed here'),
        ],
        once: siteKey(whereOf(made)),
      });
  },
};

/** A helper that queues one may have been given this one. */
function isQueuedByHelper(session: Session, { definition }: FunctionInfo): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const helper = calledFunction(session, call);
    return helper !== undefined && mayCall(session, helper, queueing);
  });
}

const queueing = ['IoQueueWorkItem', 'IoQueueWorkItemEx', 'IoTryQueueWorkItem'];
