/** Row 59, R29: events, timers, mutexes, DPCs and spin locks lie in nonpaged memory. */
import { pathTo } from '../../flow/state/where.ts';
import { placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const initialises =
  /^(?:KeInitialize(?:Event|Timer|TimerEx|Mutex|Semaphore|Dpc|ThreadedDpc|SpinLock|GuardedMutex|DeviceQueue)|ExInitialize(?:FastMutex|ResourceLite)|IoInitializeRemoveLockEx|KeInitializeQueue)$/;

export const objectInPageableMemory: Rule = {
  id: 'object-in-pageable-memory',
  severity: 'error',
  docRules: ['R29'],
  also: ['Driver Verifier C4/0xDE', 'bug check 0xA'],
  summary: 'Kernel objects and locks lie in nonpaged memory.',
  call: (call, { state, report }) => {
    if (!initialises.test(call.api)) return;
    const object = call.arguments[0];
    const root = object === undefined ? undefined : placeAt(object)?.root;
    const block = root?.kind === 'pointee' ? state.kernel.blocks.get(root.pointer.key) : undefined;
    if (block?.made === undefined || !block.isPaged) return;
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
