/**
 * One-time initialisation. The RTL_RUN_ONCE holds its state in the two lowest bits and, once it is done, the context above
 * them. Whoever comes while another thread initialises waits for its end, and takes over where that one failed; with
 * RTL_RUN_ONCE_ASYNC nobody waits, several may try, and the first that completes wins.
 */
import { type Continuation, type GuestAddress, type NativeResult, returns, returnsVoid } from '../../machine/native.ts';
import { blockOnKey, wakeKey } from '../ke/blocking.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { ContinuationTable, Kernel } from '../kernel-types.ts';
import { describeAddress } from '../places.ts';
import {
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_PARAMETER_2,
  STATUS_INVALID_PARAMETER_3,
  STATUS_PENDING,
  STATUS_UNSUCCESSFUL,
} from '../statuses.ts';

const untouched = 0n;
const running = 1n;
const done = 2n;
const runningFreely = 3n;
const stateBits = 3n;

const checkOnly = 1;
const asynchronous = 2;
const initFailed = 4;

export const runOnceApis = {
  RtlRunOnceInitialize: (kernel, { arguments: args }) => {
    kernel.memory.writeU64(args.pointer(0), untouched);
    return returnsVoid;
  },
  RtlRunOnceExecuteOnce: (kernel, { arguments: args }) =>
    execute(kernel, {
      once: args.pointer(0),
      routine: args.pointer(1),
      parameter: args.uint64(2),
      contextAt: args.pointer(3),
    }),
  RtlRunOnceBeginInitialize: (kernel, { arguments: args }) =>
    begin(kernel, { once: args.pointer(0), flags: args.uint(1), contextAt: args.pointer(2) }),
  RtlRunOnceComplete: (kernel, { arguments: args }) => {
    const [once, flags, context] = [args.pointer(0), args.uint(1), args.uint64(2)];
    if ((flags & ~(asynchronous | initFailed)) !== 0) return returns(STATUS_INVALID_PARAMETER_2);
    const hasFailed = (flags & initFailed) !== 0;
    const isFree = (flags & asynchronous) !== 0;
    if (hasFailed && isFree) return returns(STATUS_INVALID_PARAMETER_2);
    if ((context & stateBits) !== 0n || (hasFailed && context !== 0n)) return returns(STATUS_INVALID_PARAMETER_3);
    const state = kernel.memory.readU64(once) & stateBits;
    if (state !== running && state !== runningFreely) return returns(STATUS_UNSUCCESSFUL);
    if ((state === runningFreely) !== isFree) return returns(STATUS_INVALID_PARAMETER);
    finish(kernel, once, hasFailed ? undefined : context);
    return returns(0);
  },
} satisfies KernelApis;

export const runOnceContinuations = {
  'rtl.run-once-done': (kernel, _thread, state, value) => {
    const hasFailed = (value & 0xffff_ffffn) === 0n;
    const contextAt = state.contextAt as GuestAddress;
    const context = contextAt === 0n ? 0n : kernel.memory.readU64(contextAt) & ~stateBits;
    finish(kernel, state.once as GuestAddress, hasFailed ? undefined : context);
    return returns(hasFailed ? STATUS_UNSUCCESSFUL : 0);
  },
  'rtl.run-once-execute': (kernel, _thread, state) => execute(kernel, state as unknown as Execution),
  'rtl.run-once-begin': (kernel, _thread, state) => begin(kernel, state as unknown as Beginning),
} satisfies ContinuationTable;

interface Execution {
  readonly once: GuestAddress;
  readonly routine: GuestAddress;
  readonly parameter: bigint;
  readonly contextAt: GuestAddress;
}

interface Beginning {
  readonly once: GuestAddress;
  readonly flags: number;
  readonly contextAt: GuestAddress;
}

function execute(kernel: Kernel, execution: Execution): NativeResult {
  const { once, routine, parameter, contextAt } = execution;
  const value = kernel.memory.readU64(once);
  switch (value & stateBits) {
    case done:
      return already(kernel, value, contextAt);
    case running:
      return waitForOther(kernel, once, { name: 'rtl.run-once-execute', state: { ...execution } });
    case runningFreely:
      return returns(STATUS_INVALID_PARAMETER);
    default: {
      kernel.memory.writeU64(once, running);
      const then: Continuation = { name: 'rtl.run-once-done', state: { once, contextAt } };
      const values = [once, parameter, contextAt];
      return { kind: 'call', target: routine, arguments: values, frameLabel: 'RtlRunOnceExecuteOnce', then };
    }
  }
}

function begin(kernel: Kernel, beginning: Beginning): NativeResult {
  const { once, flags, contextAt } = beginning;
  const isFree = (flags & asynchronous) !== 0;
  if ((flags & ~(checkOnly | asynchronous)) !== 0) return returns(STATUS_INVALID_PARAMETER_2);
  if (isFree && (flags & checkOnly) !== 0) return returns(STATUS_INVALID_PARAMETER_2);
  const value = kernel.memory.readU64(once);
  const state = value & stateBits;
  if (state === done) return already(kernel, value, contextAt);
  if ((flags & checkOnly) !== 0) return returns(STATUS_UNSUCCESSFUL);
  if (state === untouched) {
    kernel.memory.writeU64(once, isFree ? runningFreely : running);
    return returns(STATUS_PENDING);
  }
  if ((state === runningFreely) !== isFree) return returns(STATUS_INVALID_PARAMETER);
  if (isFree) return returns(STATUS_PENDING);
  return waitForOther(kernel, once, { name: 'rtl.run-once-begin', state: { ...beginning } });
}

function already(kernel: Kernel, value: bigint, contextAt: GuestAddress): NativeResult {
  if (contextAt !== 0n) kernel.memory.writePointer(contextAt, value & ~stateBits);
  return returns(0);
}

/** Without a context the initialisation has failed, and the next one may try. */
function finish(kernel: Kernel, once: GuestAddress, context: bigint | undefined): void {
  kernel.memory.writeU64(once, context === undefined ? untouched : context | done);
  wakeKey(kernel, keyOf(once), 0n);
}

function waitForOther(kernel: Kernel, once: GuestAddress, then: Continuation): NativeResult {
  const reason = `waits for the one-time initialisation of ${describeAddress(kernel, once)}`;
  return blockOnKey(kernel, keyOf(once), reason, then);
}

function keyOf(once: GuestAddress): string {
  return `run once ${once}`;
}
