/** All functions of the kernel and all continuations, in one table each: what a new file of functions is added to. */

import { addressTextApis } from './address-text.ts';
import { associatedIrpApis } from './associated-irps.ts';
import { bcryptApis } from './bcrypt.ts';
import { bitmapApis } from './bitmaps.ts';
import { bugCheckApis } from './bug-check-apis.ts';
import { characterApis } from './c-library/characters.ts';
import { errorApis } from './c-library/errors.ts';
import { jumpApis } from './c-library/jumps.ts';
import { mathApis } from './c-library/math.ts';
import { outputApis } from './c-library/output.ts';
import { scanApis } from './c-library/scan.ts';
import { standardApis, standardContinuations } from './c-library/standard.ts';
import { streamApis } from './c-library/streams.ts';
import { stringApis } from './c-library/strings.ts';
import { surroundingApis } from './c-library/surroundings.ts';
import { callbackObjectApis, callbackObjectContinuations } from './callback-objects.ts';
import { callerStepContinuations } from './caller-steps.ts';
import { callerApis, callerContinuations } from './callers.ts';
import { debugPrintApis } from './debug-print.ts';
import { deviceAnswerApis, deviceAnswerContinuations } from './device-answers.ts';
import { deviceFileContinuations } from './device-files.ts';
import { deviceInterfaceApis } from './device-interfaces.ts';
import { devicePointerApis, devicePointerContinuations } from './device-pointers.ts';
import { deviceApis } from './devices.ts';
import { dpcApis, dpcContinuations } from './dpcs.ts';
import { eventTracingApis } from './event-tracing.ts';
import { eventApis } from './events.ts';
import { exTimerApis, exTimerContinuations } from './ex-timers.ts';
import { fileInformationApis } from './file-information.ts';
import { fileRequestContinuations } from './file-requests.ts';
import { fileApis, fileContinuations } from './files.ts';
import { interlockedApis } from './interlocked.ts';
import { intrinsicApis } from './intrinsics.ts';
import { ioHintApis } from './io-hints.ts';
import { ioMiscApis, ioMiscContinuations } from './io-misc.ts';
import { requestApis } from './io-requests.ts';
import { ioTimerApis, ioTimerContinuations } from './io-timers.ts';
import { cancelApis, cancelContinuations } from './irp-cancel.ts';
import { completionApis, completionContinuations } from './irp-completion.ts';
import { callDriverApis, callDriverContinuations } from './irp-send.ts';
import { irpStackApis } from './irp-stack.ts';
import { irpApis } from './irps.ts';
import { irqlApis } from './irql.ts';
import type { KernelApis } from './kernel-apis.ts';
import { contextApis } from './kernel-threads.ts';
import type { ContinuationTable } from './kernel-types.ts';
import { lockContinuations } from './lock-records.ts';
import { lookasideApis, lookasideContinuations } from './lookaside-lists.ts';
import { mdlApis } from './mdls.ts';
import { memoryManagerApis } from './memory-apis.ts';
import { memoryApis } from './memory-routines.ts';
import { mutexApis, mutexContinuations } from './mutexes.ts';
import { namedEventApis } from './named-events.ts';
import { notifyRoutineApis } from './notify-routines.ts';
import { pnpApis, pnpContinuations } from './pnp.ts';
import { poolApis } from './pool-apis.ts';
import { processApis } from './processes.ts';
import { registryApis } from './registry.ts';
import { registryEnumerationApis } from './registry-enumeration.ts';
import { registryQueryApis, registryQueryContinuations } from './registry-query.ts';
import { resourceOwnerApis } from './resource-owners.ts';
import { resourceApis } from './resources.ts';
import { rundownApis } from './rundown.ts';
import { safeStringApis } from './safe-strings.ts';
import { sectionApis } from './sections.ts';
import { securityApis } from './security-descriptors.ts';
import { slistApis } from './slists.ts';
import { spinLockApis, spinLockContinuations } from './spin-locks.ts';
import { symbolicLinkApis } from './symbolic-links.ts';
import { systemInfoApis } from './system-info.ts';
import { threadApis } from './system-threads.ts';
import { timeApis } from './system-time.ts';
import { timeFieldApis } from './time-fields.ts';
import { timerApis } from './timers.ts';
import { unicodeStringApis } from './unicode-strings.ts';
import { waitApis, waitContinuations } from './waits.ts';
import { workItemApis, workItemContinuations } from './work-items.ts';

export const apis = {
  ...addressTextApis,
  ...associatedIrpApis,
  ...sectionApis,
  ...resourceOwnerApis,
  ...registryEnumerationApis,
  ...notifyRoutineApis,
  ...ioTimerApis,
  ...ioHintApis,
  ...callbackObjectApis,
  ...bcryptApis,
  ...bitmapApis,
  ...bugCheckApis,
  ...callDriverApis,
  ...callerApis,
  ...cancelApis,
  ...characterApis,
  ...completionApis,
  ...contextApis,
  ...debugPrintApis,
  ...deviceAnswerApis,
  ...deviceApis,
  ...deviceInterfaceApis,
  ...devicePointerApis,
  ...dpcApis,
  ...errorApis,
  ...eventApis,
  ...eventTracingApis,
  ...exTimerApis,
  ...fileApis,
  ...fileInformationApis,
  ...interlockedApis,
  ...intrinsicApis,
  ...ioMiscApis,
  ...irpApis,
  ...irpStackApis,
  ...irqlApis,
  ...jumpApis,
  ...lookasideApis,
  ...mathApis,
  ...mdlApis,
  ...memoryApis,
  ...memoryManagerApis,
  ...mutexApis,
  ...namedEventApis,
  ...outputApis,
  ...pnpApis,
  ...poolApis,
  ...processApis,
  ...registryApis,
  ...registryQueryApis,
  ...requestApis,
  ...resourceApis,
  ...rundownApis,
  ...safeStringApis,
  ...scanApis,
  ...securityApis,
  ...slistApis,
  ...spinLockApis,
  ...standardApis,
  ...streamApis,
  ...stringApis,
  ...surroundingApis,
  ...symbolicLinkApis,
  ...systemInfoApis,
  ...threadApis,
  ...timeApis,
  ...timeFieldApis,
  ...timerApis,
  ...unicodeStringApis,
  ...waitApis,
  ...workItemApis,
} satisfies KernelApis;

export const continuations = {
  ...ioTimerContinuations,
  ...callbackObjectContinuations,
  ...callDriverContinuations,
  ...callerContinuations,
  ...callerStepContinuations,
  ...cancelContinuations,
  ...completionContinuations,
  ...deviceAnswerContinuations,
  ...deviceFileContinuations,
  ...devicePointerContinuations,
  ...dpcContinuations,
  ...exTimerContinuations,
  ...fileContinuations,
  ...fileRequestContinuations,
  ...ioMiscContinuations,
  ...lockContinuations,
  ...lookasideContinuations,
  ...mutexContinuations,
  ...pnpContinuations,
  ...registryQueryContinuations,
  ...spinLockContinuations,
  ...standardContinuations,
  ...waitContinuations,
  ...workItemContinuations,
} satisfies ContinuationTable;
