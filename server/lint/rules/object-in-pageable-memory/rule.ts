/** Events, timers, mutexes, DPCs and spin locks lie in nonpaged memory. */
import { type Block, blockBehind } from '../../flow/facts/kernel.ts';
import type { State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const initialises =
  /^(?:KeInitialize(?:Event|Timer|TimerEx|Mutex|Semaphore|Dpc|ThreadedDpc|SpinLock|GuardedMutex|DeviceQueue)|ExInitialize(?:FastMutex|ResourceLite)|IoInitializeRemoveLockEx|KeInitializeQueue)$/;

export const objectInPageableMemory: Rule = {
  id: 'object-in-pageable-memory',
  severity: 'error',
  docRules: ['R29'],
  also: ['Driver Verifier C4/0xDE', 'bug check 0xA'],
  summary: 'Kernel objects, locks and the contexts of completion routines lie in nonpaged memory.',
  events: ['set-routine'],
  event: (event, { state, report }) => {
    if (event.kind !== 'set-routine') return;
    const block = pagedBlock(state, event.context);
    if (block?.made === undefined) return;
    report({
      where: event.where,
      message:
        'The completion routine gets a context in paged pool; it may run at DISPATCH_LEVEL, and if the context is paged out then, the machine stops (IRQL_NOT_LESS_OR_EQUAL).',
      path: [
        ...pathTo(block.made.where, `${block.made.api} gives paged memory here`),
        ...pathTo(event.where, 'It becomes the context here'),
      ],
    });
  },
  calls: initialises,
  call: (call, { state, report }) => {
    const block = pagedBlock(state, call.arguments[0] ?? ANYTHING);
    if (block?.made === undefined) return;
    report({
      where: call.where,
      message: `${call.api} initialises an object in paged pool; the kernel touches it at DISPATCH_LEVEL, and if it is paged out then, the machine stops (IRQL_NOT_LESS_OR_EQUAL).`,
      path: [
        ...pathTo(block.made.where, `${block.made.api} gives paged memory here`),
        ...pathTo(call.where, 'The object is initialised in it here'),
      ],
    });
  },
};

/** The paged memory that a pointer leads to or into. */
function pagedBlock(state: State, pointer: Value): Block | undefined {
  const block = blockBehind(state.kernel, pointer);
  return block?.isPaged === true ? block : undefined;
}
