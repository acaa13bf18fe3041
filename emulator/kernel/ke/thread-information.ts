/**
 * ZwSetInformationThread: each class wants its own number of bytes, and those that can only be asked for are refused.
 * Which processor a thread likes and how its I/O is queued makes no difference on a machine where one thread runs at a
 * time; its priorities do.
 */
import { returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import { handleObject } from '../ob/handles.ts';
import {
  STATUS_INFO_LENGTH_MISMATCH,
  STATUS_INVALID_HANDLE,
  STATUS_INVALID_INFO_CLASS,
  STATUS_INVALID_PARAMETER,
  STATUS_OBJECT_TYPE_MISMATCH,
} from '../statuses.ts';
import { threadByObject } from './kernel-threads.ts';

const ThreadPriority = 2;
const ThreadBasePriority = 3;
const priorityMax = 31;
/** Priority of a thread that is made without a wish. */
const priorityUsual = 8;

/** Bytes of each class of THREADINFOCLASS that can be set. */
const lengths: Readonly<Record<number, number>> = {
  [ThreadPriority]: 4,
  [ThreadBasePriority]: 4,
  4: 8 /* ThreadAffinityMask */,
  5: 8 /* ThreadImpersonationToken */,
  7: 1 /* ThreadEnableAlignmentFaultFixup */,
  9: 8 /* ThreadQuerySetWin32StartAddress */,
  10: 4 /* ThreadZeroTlsCell */,
  13: 4 /* ThreadIdealProcessor */,
  14: 4 /* ThreadPriorityBoost */,
  17: 0 /* ThreadHideFromDebugger */,
  18: 4 /* ThreadBreakOnTermination */,
  22: 4 /* ThreadIoPriority */,
  24: 4 /* ThreadPagePriority */,
  25: 4 /* ThreadActualBasePriority */,
  30: 16 /* ThreadGroupInformation */,
  33: 4 /* ThreadIdealProcessorEx */,
  38: 16 /* ThreadNameInformation */,
};

export const threadInformationApis = {
  ZwSetInformationThread: (kernel, { arguments: args }) => {
    const wanted = lengths[args.int(1)];
    if (wanted === undefined) return returns(STATUS_INVALID_INFO_CLASS);
    if (args.uint(3) !== wanted) return returns(STATUS_INFO_LENGTH_MISMATCH);
    const value = wanted === 4 ? kernel.memory.readI32(args.pointer(2)) : 0;
    const object = handleObject(kernel, args.uint64(0));
    if (object === undefined) return returns(STATUS_INVALID_HANDLE);
    const thread = threadByObject(kernel, object);
    if (thread === undefined) return returns(STATUS_OBJECT_TYPE_MISMATCH);
    if (args.int(1) === ThreadPriority) {
      if (value <= 0 || value > priorityMax) return returns(STATUS_INVALID_PARAMETER);
      thread.priority = value;
    }
    if (args.int(1) === ThreadBasePriority) thread.priority = Math.max(1, Math.min(priorityMax, priorityUsual + value));
    return returns(0);
  },
} satisfies KernelApis;
