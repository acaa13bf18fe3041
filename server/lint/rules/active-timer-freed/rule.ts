/**
 * Rows 53 and 58: memory with a timer that is set, or with a DPC or a work item that is queued, is not given back. What was
 * set here stays so until something cancels it or waits; a function that does either, itself or by a helper, is left alone.
 */
import { watchMemory } from '../../held-within.ts';
import { standsAlone } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';

export const activeTimerFreed: Rule = {
  id: 'active-timer-freed',
  severity: 'error',
  docRules: [],
  also: ['bug check 0xC7', 'Driver Verifier C4/0x15', 'SDV KeSetTimer', 'CWE-416'],
  summary: 'Memory is given back when no timer in it is set, and no DPC or work item in it is queued.',
  ...watchMemory({
    mark: 'armed',
    beginning: {
      KeSetTimer: 'a timer that is set',
      KeSetTimerEx: 'a timer that is set',
      KeSetCoalescableTimer: 'a timer that is set',
      KeInsertQueueDpc: 'a DPC that is queued',
      ExQueueWorkItem: 'a work item that is queued',
      IoQueueWorkItem: 'a work item that is queued',
      IoQueueWorkItemEx: 'a work item that is queued',
    },
    ending: [
      ...['KeCancelTimer', 'ExCancelTimer', 'KeRemoveQueueDpc', 'KeRemoveQueueDpcEx', 'KeFlushQueuedDpcs'],
      ...['KeWaitForSingleObject', 'KeWaitForMultipleObjects', 'KeDelayExecutionThread', 'IoUninitializeWorkItem'],
    ],
    endsByWaiting: true,
    // Whoever looks at what the call says knows whether it was queued.
    isSure: (call, { fn }) => call.where.inside === undefined && standsAlone(fn.definition, call.expression),
  }),
};
