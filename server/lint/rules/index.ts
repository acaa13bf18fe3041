/** All rules. A test holds this list against the folders beside it. */
import type { Rule } from '../rule.ts';
import { basicSocketDispatch } from './basic-socket-dispatch/rule.ts';
import { completionInvokeAll } from './completion-invoke-all/rule.ts';
import { completionKeepsIrp } from './completion-keeps-irp/rule.ts';
import { completionRoutineMissing } from './completion-routine-missing/rule.ts';
import { irpNullCheck } from './irp-null-check/rule.ts';
import { irpStackSize } from './irp-stack-size/rule.ts';
import { irpTouchedAfterSend } from './irp-touched-after-send/rule.ts';
import { stackBufferOutlivesCall } from './stack-buffer-outlives-call/rule.ts';

export const rules: readonly Rule[] = [
  irpStackSize,
  irpNullCheck,
  completionRoutineMissing,
  completionInvokeAll,
  completionKeepsIrp,
  irpTouchedAfterSend,
  basicSocketDispatch,
  stackBufferOutlivesCall,
];
