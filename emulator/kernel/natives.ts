/**
 * The library of native functions that the machine calls: looks an API up by name, checks what it asks of its caller,
 * lets the scenario fail it, and notices afterwards whether another thread should get its turn.
 */
import { Bug } from '../../base/assert.ts';
import type { NativeCall, NativeLibrary } from '../machine/machine-types.ts';
import type { NativeResult } from '../machine/native.ts';
import { injectFault } from './fault-injection.ts';
import { keepContext, runContext, stepOf } from './ke/kernel-threads.ts';
import { hasPending } from './ke/pending-contexts.ts';
import type { Api, Kernel } from './kernel-types.ts';
import type { KernelTables } from './parts.ts';
import { announcedFunctions } from './verifier/list-locks.ts';
import { type ApiRule, checkPreconditions, ruleOf } from './verifier/preconditions.ts';

interface Native {
  readonly api: Api;
  readonly rule: ApiRule;
  /** No call of the driver's: it tells of one that is about to be made. */
  readonly isAnnouncement: boolean;
}

const announcements = new Set(announcedFunctions.values());

/** `kernelOf` gives the kernel once it has been attached to its machine. */
export function createNatives(tables: KernelTables, kernelOf: () => Kernel): NativeLibrary {
  const { apis, members } = tables;
  const natives = new Map<string, Native>();
  const byCode: (Native | undefined)[] = [];
  const nativeNamed = (kernel: Kernel, name: string): Native => {
    const known = natives.get(name);
    if (known !== undefined) return known;
    const api = apis.get(name);
    if (api === undefined) throw new Bug(`${name} is in no table`);
    const native = { api, rule: ruleOf(kernel, name), isAnnouncement: announcements.has(name) };
    natives.set(name, native);
    return native;
  };
  // A function is looked up by its name once.
  const nativeCalled = (kernel: Kernel, { name, code = -1 }: NativeCall): Native => {
    if (code < 0) return nativeNamed(kernel, name);
    while (byCode.length <= code) byCode.push(undefined);
    return (byCode[code] ??= nativeNamed(kernel, name));
  };
  return {
    has: (name) => apis.has(name),
    links: (name) => apis.has(name) && !members.has(name),
    call(call) {
      const kernel = kernelOf();
      const { api, rule, isAnnouncement } = nativeCalled(kernel, call);
      if (isAnnouncement) return api(kernel, call);
      const found = kernel.findings.length;
      // Left in place when the API faults: the finding names the call.
      kernel.parts.currentCall = call;
      const result = checkPreconditions(kernel, call, rule) ?? injectFault(kernel, call) ?? api(kernel, call);
      kernel.parts.currentCall = undefined;
      return finish(kernel, rule, result, kernel.findings.length > found);
    },
    resume(thread, continuation, value) {
      const kernel = kernelOf();
      const found = kernel.findings.length;
      kernel.parts.currentCall = undefined;
      const result = stepOf(tables, continuation)(kernel, thread, continuation.state, value);
      return finish(kernel, undefined, result, kernel.findings.length > found);
    },
    madeFor(address, record) {
      const { latest } = kernelOf().parts.pool;
      if (latest?.address === address) latest.block.madeFor = record;
    },
    begin() {
      const kernel = kernelOf();
      const found = kernel.findings.length;
      kernel.parts.currentCall = undefined;
      const result = runContext(kernel);
      if (result.kind !== 'return') keepContext(kernel);
      return finish(kernel, CONTEXT_RULE, result, kernel.findings.length > found);
    },
  };
}

/** Where a context has come to its end, another thread may run. */
const CONTEXT_RULE = { isSwitchPoint: true };

function finish(
  kernel: Kernel,
  rule: Pick<ApiRule, 'isSwitchPoint'> | undefined,
  result: NativeResult,
  hasFound: boolean,
): NativeResult {
  if (result.kind !== 'return' || result.reschedule === true) return result;
  const { scheduler } = kernel.parts;
  if (hasFound || scheduler.mustReschedule || hasPendingInterrupt(kernel)) return rescheduling(result);
  // At DISPATCH_LEVEL and above the same thread would only go on.
  if (scheduler.hasScheduled && kernel.irql < 2) return rescheduling(result);
  if (rule?.isSwitchPoint === true && givesWay(kernel)) {
    scheduler.quantumLeft = 0;
    return rescheduling(result);
  }
  return result;
}

/** Written out: a spread into a literal costs V8 much more. */
function rescheduling({ value }: NativeResult & { readonly kind: 'return' }): NativeResult {
  return value === undefined ? RESCHEDULES : { kind: 'return', value, reschedule: true };
}

const RESCHEDULES: NativeResult = { kind: 'return', value: undefined, reschedule: true };

function hasPendingInterrupt(kernel: Kernel): boolean {
  return kernel.irql < 2 && hasPending(kernel.parts.scheduler.pending);
}

/** Whether the running thread is preempted here; usually it is not. */
function givesWay(kernel: Kernel): boolean {
  if (kernel.irql >= 2) return false;
  const { threads, runningId } = kernel.parts.scheduler;
  let others = 0;
  for (const thread of threads.values()) if (thread.id !== runningId && thread.guest.state === 'ready') others++;
  return others > 0 && kernel.choices.choose({ name: 'scheduler.preempt', options: 2 }) === 1;
}
