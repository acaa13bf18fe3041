/** All functions of the kernel and all continuations, in one table each: what a new file of functions is added to. */
import { bugCheckApis } from './bug-check-apis.ts';
import { debugPrintApis } from './debug-print.ts';
import { deviceApis } from './devices.ts';
import { dpcApis, dpcContinuations } from './dpcs.ts';
import { eventApis } from './events.ts';
import { requestApis } from './io-requests.ts';
import { cancelApis, cancelContinuations } from './irp-cancel.ts';
import { completionApis, completionContinuations } from './irp-completion.ts';
import { callDriverApis, callDriverContinuations } from './irp-send.ts';
import { irpStackApis } from './irp-stack.ts';
import { interlockedApis } from './interlocked.ts';
import { intrinsicApis } from './intrinsics.ts';
import { irpApis } from './irps.ts';
import { irqlApis } from './irql.ts';
import { contextApis } from './kernel-threads.ts';
import type { ApiTable, ContinuationTable } from './kernel-types.ts';
import { lockContinuations } from './lock-records.ts';
import { lookasideApis, lookasideContinuations } from './lookaside-lists.ts';
import { mdlApis } from './mdls.ts';
import { memoryApis } from './memory-routines.ts';
import { mutexApis, mutexContinuations } from './mutexes.ts';
import { poolApis } from './pool-apis.ts';
import { resourceApis } from './resources.ts';
import { rundownApis } from './rundown.ts';
import { slistApis } from './slists.ts';
import { spinLockApis, spinLockContinuations } from './spin-locks.ts';
import { threadApis } from './system-threads.ts';
import { timeApis } from './system-time.ts';
import { timerApis } from './timers.ts';
import { waitApis, waitContinuations } from './waits.ts';
import { workItemApis, workItemContinuations } from './work-items.ts';

export const apis = {
  ...bugCheckApis,
  ...callDriverApis,
  ...cancelApis,
  ...completionApis,
  ...contextApis,
  ...debugPrintApis,
  ...deviceApis,
  ...dpcApis,
  ...eventApis,
  ...interlockedApis,
  ...intrinsicApis,
  ...irpApis,
  ...irpStackApis,
  ...irqlApis,
  ...lookasideApis,
  ...mdlApis,
  ...memoryApis,
  ...mutexApis,
  ...poolApis,
  ...requestApis,
  ...resourceApis,
  ...rundownApis,
  ...slistApis,
  ...spinLockApis,
  ...threadApis,
  ...timeApis,
  ...timerApis,
  ...waitApis,
  ...workItemApis,
} satisfies ApiTable;

export const continuations = {
  ...callDriverContinuations,
  ...cancelContinuations,
  ...completionContinuations,
  ...dpcContinuations,
  ...lockContinuations,
  ...lookasideContinuations,
  ...mutexContinuations,
  ...spinLockContinuations,
  ...waitContinuations,
  ...workItemContinuations,
} satisfies ContinuationTable;
