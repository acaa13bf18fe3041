/** All functions of the kernel and all continuations, in one table each: what a new file of functions is added to. */

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
import { callerStepContinuations } from './callers/caller-steps.ts';
import { callerApis, callerContinuations } from './callers/callers.ts';
import { lookasideApis, lookasideContinuations } from './ex/lookaside-lists.ts';
import { poolApis } from './ex/pool-apis.ts';
import { resourceOwnerApis } from './ex/resource-owners.ts';
import { resourceApis } from './ex/resources.ts';
import { rundownApis } from './ex/rundown.ts';
import { slistApis } from './ex/slists.ts';
import { fileInformationApis } from './files/file-information.ts';
import { fileContinuations, fileOpeningApis } from './files/file-opening.ts';
import { fileApis } from './files/files.ts';
import { volumeInformationApis } from './files/volume-information.ts';
import { associatedIrpApis } from './io/associated-irps.ts';
import { deviceAnswerApis, deviceAnswerContinuations } from './io/device-answers.ts';
import { deviceFileContinuations } from './io/device-files.ts';
import { deviceInterfaceApis } from './io/device-interfaces.ts';
import { deviceKeyApis } from './io/device-keys.ts';
import { devicePointerApis, devicePointerContinuations } from './io/device-pointers.ts';
import { devicePropertyApis } from './io/device-properties.ts';
import { devicePropertyDataApis } from './io/device-property-data.ts';
import { deviceStackApis } from './io/device-stacks.ts';
import { deviceApis } from './io/devices.ts';
import { driverLoadingApis } from './io/driver-loading.ts';
import { fileRequestContinuations } from './io/file-requests.ts';
import { ioHintApis } from './io/io-hints.ts';
import { ioMiscApis, ioMiscContinuations } from './io/io-misc.ts';
import { requestApis } from './io/io-requests.ts';
import { ioTimerApis, ioTimerContinuations } from './io/io-timers.ts';
import { cancelApis, cancelContinuations } from './io/irp-cancel.ts';
import { completionApis, completionContinuations } from './io/irp-completion.ts';
import { callDriverApis, callDriverContinuations } from './io/irp-send.ts';
import { irpStackApis } from './io/irp-stack.ts';
import { notifyRoutineApis } from './io/notify-routines.ts';
import { irpApis } from './io/own-irps.ts';
import { pnpApis, pnpContinuations } from './io/pnp.ts';
import { pnpNotificationApis, pnpNotificationContinuations } from './io/pnp-notifications.ts';
import { powerRequestApis } from './io/power-requests.ts';
import { powerSettingApis, powerSettingContinuations } from './io/power-settings.ts';
import { reinitializeApis, reinitializeContinuations } from './io/reinitialize.ts';
import { symbolicLinkApis } from './io/symbolic-links.ts';
import { bugCheckApis } from './ke/bug-check-apis.ts';
import { callbackObjectApis, callbackObjectContinuations } from './ke/callback-objects.ts';
import { dpcApis, dpcContinuations } from './ke/dpcs.ts';
import { eventApis } from './ke/events.ts';
import { exTimerApis, exTimerContinuations } from './ke/ex-timers.ts';
import { interlockedApis } from './ke/interlocked.ts';
import { interruptApis, interruptContinuations } from './ke/interrupts.ts';
import { intrinsicApis } from './ke/intrinsics.ts';
import { irqlApis, irqlContinuations } from './ke/irql.ts';
import { contextApis } from './ke/kernel-threads.ts';
import { mutexApis, mutexContinuations } from './ke/mutexes.ts';
import { processorApis } from './ke/processor.ts';
import { processorCountApis, processorCountContinuations } from './ke/processors.ts';
import { queueApis, queueContinuations } from './ke/queues.ts';
import { spinLockApis, spinLockContinuations } from './ke/spin-locks.ts';
import { threadApis } from './ke/system-threads.ts';
import { timeApis } from './ke/system-time.ts';
import { threadInformationApis } from './ke/thread-information.ts';
import { timerApis } from './ke/timers.ts';
import { waitApis, waitContinuations } from './ke/waits.ts';
import { workItemApis, workItemContinuations } from './ke/work-items.ts';
import type { KernelApis } from './kernel-apis.ts';
import type { ContinuationTable } from './kernel-types.ts';
import { deviceMemoryApis } from './mm/device-memory.ts';
import { mdlLockingApis } from './mm/mdl-locking.ts';
import { mdlMappingApis } from './mm/mdl-mappings.ts';
import { mdlApis } from './mm/mdls.ts';
import { memoryManagerApis } from './mm/memory-apis.ts';
import { memoryApis } from './mm/memory-routines.ts';
import { sectionApis } from './mm/sections.ts';
import { virtualMemoryApis } from './mm/virtual-memory.ts';
import { attachApis, attachContinuations } from './nmr/attach.ts';
import { detachApis, detachContinuations } from './nmr/detach.ts';
import { moduleApis, moduleContinuations } from './nmr/modules.ts';
import { systemProviderApis, systemProviderContinuations } from './nmr/system-providers.ts';
import { directoryApis } from './ob/directories.ts';
import { eventTracingApis } from './ob/event-tracing.ts';
import { namedEventApis } from './ob/named-events.ts';
import { objectCallbackApis, objectCallbackContinuations } from './ob/object-callbacks.ts';
import { objectQueryApis } from './ob/object-queries.ts';
import { objectSecurityApis } from './ob/object-security.ts';
import { processNewsApis, processNewsContinuations } from './ob/process-news.ts';
import { processNotifyApis, processNotifyContinuations } from './ob/process-notify.ts';
import { processApis } from './ob/processes.ts';
import { securityApis } from './ob/security-descriptors.ts';
import { systemInfoApis } from './ob/system-info.ts';
import { tokenApis, tokenCheckApis } from './ob/tokens.ts';
import { traceLoggingApis } from './ob/trace-logging.ts';
import { registryApis } from './registry/registry.ts';
import { registryCallbackContinuations, watchedRegistryApis } from './registry/registry-callbacks.ts';
import { registryEnumerationApis } from './registry/registry-enumeration.ts';
import { registryFilterApis, registryFilterContinuations } from './registry/registry-filters.ts';
import { registryQueryApis, registryQueryContinuations } from './registry/registry-query.ts';
import { registryWatchApis } from './registry/registry-watches.ts';
import { addressTextApis } from './rtl/address-text.ts';
import { bcryptApis } from './rtl/bcrypt.ts';
import { bitmapApis } from './rtl/bitmaps.ts';
import { debugPrintApis } from './rtl/debug-print.ts';
import { dosErrorApis } from './rtl/dos-errors.ts';
import { runOnceApis, runOnceContinuations } from './rtl/run-once.ts';
import { safeStringApis } from './rtl/safe-strings.ts';
import { stackTraceApis } from './rtl/stack-trace.ts';
import { timeFieldApis } from './rtl/time-fields.ts';
import { unicodeStringApis } from './rtl/unicode-strings.ts';
import { givenAwayContinuations } from './verifier/given-away.ts';
import { listLockApis } from './verifier/list-locks.ts';
import { lockContinuations } from './verifier/lock-records.ts';
import { callerCheckApis } from './verifier/preconditions.ts';

export const apis = {
  ...attachApis,
  ...detachApis,
  ...moduleApis,
  ...systemProviderApis,
  ...addressTextApis,
  ...associatedIrpApis,
  ...sectionApis,
  ...virtualMemoryApis,
  ...tokenApis,
  ...objectSecurityApis,
  ...driverLoadingApis,
  ...powerRequestApis,
  ...registryWatchApis,
  ...resourceOwnerApis,
  ...registryEnumerationApis,
  ...notifyRoutineApis,
  ...objectCallbackApis,
  ...ioTimerApis,
  ...ioHintApis,
  ...callbackObjectApis,
  ...bcryptApis,
  ...bitmapApis,
  ...bugCheckApis,
  ...queueApis,
  ...runOnceApis,
  ...callDriverApis,
  ...callerApis,
  ...callerCheckApis,
  ...listLockApis,
  ...tokenCheckApis,
  ...deviceMemoryApis,
  ...interruptApis,
  ...processorApis,
  ...processorCountApis,
  ...cancelApis,
  ...characterApis,
  ...completionApis,
  ...contextApis,
  ...debugPrintApis,
  ...deviceAnswerApis,
  ...deviceApis,
  ...deviceStackApis,
  ...deviceInterfaceApis,
  ...deviceKeyApis,
  ...devicePropertyApis,
  ...devicePropertyDataApis,
  ...stackTraceApis,
  ...devicePointerApis,
  ...directoryApis,
  ...dosErrorApis,
  ...dpcApis,
  ...errorApis,
  ...eventApis,
  ...eventTracingApis,
  ...exTimerApis,
  ...fileApis,
  ...fileOpeningApis,
  ...fileInformationApis,
  ...interlockedApis,
  ...intrinsicApis,
  ...ioMiscApis,
  ...pnpNotificationApis,
  ...irpApis,
  ...irpStackApis,
  ...irqlApis,
  ...jumpApis,
  ...lookasideApis,
  ...mathApis,
  ...mdlApis,
  ...mdlLockingApis,
  ...mdlMappingApis,
  ...memoryApis,
  ...memoryManagerApis,
  ...mutexApis,
  ...namedEventApis,
  ...objectQueryApis,
  ...outputApis,
  ...pnpApis,
  ...poolApis,
  ...powerSettingApis,
  ...processApis,
  ...processNewsApis,
  ...processNotifyApis,
  ...registryApis,
  ...registryQueryApis,
  ...reinitializeApis,
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
  ...threadInformationApis,
  ...timeApis,
  ...timeFieldApis,
  ...timerApis,
  ...traceLoggingApis,
  ...unicodeStringApis,
  ...volumeInformationApis,
  ...waitApis,
  ...registryFilterApis,
  // In place of the operations alone: filters hear of them.
  ...watchedRegistryApis,
  ...workItemApis,
} satisfies KernelApis;

export const continuations = {
  ...attachContinuations,
  ...detachContinuations,
  ...moduleContinuations,
  ...systemProviderContinuations,
  ...ioTimerContinuations,
  ...interruptContinuations,
  ...irqlContinuations,
  ...processorCountContinuations,
  ...powerSettingContinuations,
  ...reinitializeContinuations,
  ...callbackObjectContinuations,
  ...callDriverContinuations,
  ...callerContinuations,
  ...callerStepContinuations,
  ...cancelContinuations,
  ...completionContinuations,
  ...deviceAnswerContinuations,
  ...givenAwayContinuations,
  ...deviceFileContinuations,
  ...devicePointerContinuations,
  ...dpcContinuations,
  ...exTimerContinuations,
  ...fileContinuations,
  ...fileRequestContinuations,
  ...ioMiscContinuations,
  ...pnpNotificationContinuations,
  ...lockContinuations,
  ...lookasideContinuations,
  ...mutexContinuations,
  ...pnpContinuations,
  ...objectCallbackContinuations,
  ...processNewsContinuations,
  ...processNotifyContinuations,
  ...registryQueryContinuations,
  ...registryCallbackContinuations,
  ...registryFilterContinuations,
  ...queueContinuations,
  ...runOnceContinuations,
  ...spinLockContinuations,
  ...standardContinuations,
  ...waitContinuations,
  ...workItemContinuations,
} satisfies ContinuationTable;
