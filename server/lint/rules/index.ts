/** All rules. A test holds this list against the folders beside it. */
import type { Rule } from '../rule.ts';
import { acceptEventOutputs } from './accept-event-outputs/rule.ts';
import { activeTimerFreed } from './active-timer-freed/rule.ts';
import { addressFamily } from './address-family/rule.ts';
import { addressInfoFree } from './address-info-free/rule.ts';
import { basicSocketDispatch } from './basic-socket-dispatch/rule.ts';
import { bufferLengthUnchecked } from './buffer-length-unchecked/rule.ts';
import { bufferListNotEnded } from './buffer-list-not-ended/rule.ts';
import { bufferOverrun } from './buffer-overrun/rule.ts';
import { callHoldingSpinLock } from './call-holding-spin-lock/rule.ts';
import { callbackArgumentKept } from './callback-argument-kept/rule.ts';
import { callbackOutlivesDriver } from './callback-outlives-driver/rule.ts';
import { callbackType } from './callback-type/rule.ts';
import { cancelNotChecked } from './cancel-not-checked/rule.ts';
import { cancelRoutineAfterCompletion } from './cancel-routine-after-completion/rule.ts';
import { captureWaitsInDriverEntry } from './capture-waits-in-driver-entry/rule.ts';
import { clientDispatchReserved } from './client-dispatch-reserved/rule.ts';
import { completedWithCancelRoutine } from './completed-with-cancel-routine/rule.ts';
import { completedWithPendingStatus } from './completed-with-pending-status/rule.ts';
import { completionInvokeAll } from './completion-invoke-all/rule.ts';
import { completionKeepsIrp } from './completion-keeps-irp/rule.ts';
import { completionRoutineMissing } from './completion-routine-missing/rule.ts';
import { controlInfo } from './control-info/rule.ts';
import { controlRequestType } from './control-request-type/rule.ts';
import { criticalRegionNotLeft } from './critical-region-not-left/rule.ts';
import { deprecatedControlCode } from './deprecated-control-code/rule.ts';
import { deprecatedPoolFunction } from './deprecated-pool-function/rule.ts';
import { deregisterWaitMissing } from './deregister-wait-missing/rule.ts';
import { deviceDeletedWhileAttached } from './device-deleted-while-attached/rule.ts';
import { deviceInitializingNotCleared } from './device-initializing-not-cleared/rule.ts';
import { deviceLeak } from './device-leak/rule.ts';
import { disconnectBuffer } from './disconnect-buffer/rule.ts';
import { dispatchStatusMismatch } from './dispatch-status-mismatch/rule.ts';
import { doubleCompletion } from './double-completion/rule.ts';
import { doubleFetch } from './double-fetch/rule.ts';
import { doubleFree } from './double-free/rule.ts';
import { eventCallbackMissing } from './event-callback-missing/rule.ts';
import { eventMask } from './event-mask/rule.ts';
import { eventReturnValue } from './event-return-value/rule.ts';
import { eventSignalledBeforeRequest } from './event-signalled-before-request/rule.ts';
import { handleAccessMode } from './handle-access-mode/rule.ts';
import { handleLeak } from './handle-leak/rule.ts';
import { indicationNotReleased } from './indication-not-released/rule.ts';
import { informationTooLarge } from './information-too-large/rule.ts';
import { initCodeAfterLoad } from './init-code-after-load/rule.ts';
import { inputNotFilled } from './input-not-filled/rule.ts';
import { inspectAction } from './inspect-action/rule.ts';
import { inspectEventMissing } from './inspect-event-missing/rule.ts';
import { inspectIdCompared } from './inspect-id-compared/rule.ts';
import { ioctlBufferMethod } from './ioctl-buffer-method/rule.ts';
import { irpCompletedWhilePendingBelow } from './irp-completed-while-pending-below/rule.ts';
import { irpFreedAsPool } from './irp-freed-as-pool/rule.ts';
import { irpFreedInFlight } from './irp-freed-in-flight/rule.ts';
import { irpFreedNotOwned } from './irp-freed-not-owned/rule.ts';
import { irpInitialisedTwice } from './irp-initialised-twice/rule.ts';
import { irpLeak } from './irp-leak/rule.ts';
import { irpMissing } from './irp-missing/rule.ts';
import { irpNotReused } from './irp-not-reused/rule.ts';
import { irpNullCheck } from './irp-null-check/rule.ts';
import { irpPacketSize } from './irp-packet-size/rule.ts';
import { irpPendingWithoutLocation } from './irp-pending-without-location/rule.ts';
import { irpReusedNotOwned } from './irp-reused-not-owned/rule.ts';
import { irpReusedWhilePending } from './irp-reused-while-pending/rule.ts';
import { irpStackSize } from './irp-stack-size/rule.ts';
import { irpTouchedAfterSend } from './irp-touched-after-send/rule.ts';
import { irpUsedAfterFree } from './irp-used-after-free/rule.ts';
import { irqlLoweredToHigher } from './irql-lowered-to-higher/rule.ts';
import { irqlNotRestored } from './irql-not-restored/rule.ts';
import { irqlRaisedToLower } from './irql-raised-to-lower/rule.ts';
import { irqlTooHigh } from './irql-too-high/rule.ts';
import { irqlTooLow } from './irql-too-low/rule.ts';
import { listUnderTwoLocks } from './list-under-two-locks/rule.ts';
import { lockOrder } from './lock-order/rule.ts';
import { mdlFreedWhileLocked } from './mdl-freed-while-locked/rule.ts';
import { mdlLeak } from './mdl-leak/rule.ts';
import { mdlNotLocked } from './mdl-not-locked/rule.ts';
import { mdlOfPageableMemory } from './mdl-of-pageable-memory/rule.ts';
import { nameQueryArguments } from './name-query-arguments/rule.ts';
import { nmrAttachStatus } from './nmr-attach-status/rule.ts';
import { nmrDetachStatus } from './nmr-detach-status/rule.ts';
import { notASocket } from './not-a-socket/rule.ts';
import { npiAfterRelease } from './npi-after-release/rule.ts';
import { npiLeak } from './npi-leak/rule.ts';
import { nullDereference } from './null-dereference/rule.ts';
import { objectInPageableMemory } from './object-in-pageable-memory/rule.ts';
import { objectNotInitialised } from './object-not-initialised/rule.ts';
import { optionCategory } from './option-category/rule.ts';
import { optionOrder } from './option-order/rule.ts';
import { optionSize } from './option-size/rule.ts';
import { outputSizeReturned } from './output-size-returned/rule.ts';
import { ownIrpCompleted } from './own-irp-completed/rule.ts';
import { pagedCodeAtDispatch } from './paged-code-at-dispatch/rule.ts';
import { pagedMemoryAtDispatch } from './paged-memory-at-dispatch/rule.ts';
import { pendingMarkedAfterQueueing } from './pending-marked-after-queueing/rule.ts';
import { pendingNotMarked } from './pending-not-marked/rule.ts';
import { pendingNotPropagated } from './pending-not-propagated/rule.ts';
import { pendingNotReturned } from './pending-not-returned/rule.ts';
import { poolLeak } from './pool-leak/rule.ts';
import { poolSizeZero } from './pool-size-zero/rule.ts';
import { poolTagMismatch } from './pool-tag-mismatch/rule.ts';
import { probeOutsideTry } from './probe-outside-try/rule.ts';
import { promisedWaitMissing } from './promised-wait-missing/rule.ts';
import { receiveFlags } from './receive-flags/rule.ts';
import { referenceLeak } from './reference-leak/rule.ts';
import { registrationBlockGone } from './registration-block-gone/rule.ts';
import { registrationBlockReused } from './registration-block-reused/rule.ts';
import { removeLockHeld } from './remove-lock-held/rule.ts';
import { removeLockTag } from './remove-lock-tag/rule.ts';
import { requestArguments } from './request-arguments/rule.ts';
import { requestNotCompleted } from './request-not-completed/rule.ts';
import { reservedFlags } from './reserved-flags/rule.ts';
import { resourceFreed } from './resource-freed/rule.ts';
import { resourceHeldAtReturn } from './resource-held-at-return/rule.ts';
import { resultBeforeCompletion } from './result-before-completion/rule.ts';
import { rundownHeld } from './rundown-held/rule.ts';
import { rundownUnderflow } from './rundown-underflow/rule.ts';
import { securityDescriptorNotCached } from './security-descriptor-not-cached/rule.ts';
import { selfWait } from './self-wait/rule.ts';
import { sendToAddress } from './send-to-address/rule.ts';
import { sentWithCancelRoutine } from './sent-with-cancel-routine/rule.ts';
import { signalWithoutWait } from './signal-without-wait/rule.ts';
import { socketAfterClose } from './socket-after-close/rule.ts';
import { socketCategory } from './socket-category-flags/rule.ts';
import { socketDispatchType } from './socket-dispatch-type/rule.ts';
import { socketLeak } from './socket-leak/rule.ts';
import { socketNotBound } from './socket-not-bound/rule.ts';
import { socketNotConnected } from './socket-not-connected/rule.ts';
import { socketTable } from './socket-table/rule.ts';
import { spinLockDeadlock } from './spin-lock-deadlock/rule.ts';
import { spinLockHeldAtReturn } from './spin-lock-held-at-return/rule.ts';
import { spinLockNotHeld } from './spin-lock-not-held/rule.ts';
import { stackBufferOutlivesCall } from './stack-buffer-outlives-call/rule.ts';
import { stackLocationCopiedWhole } from './stack-location-copied-whole/rule.ts';
import { stackLocationNotPrepared } from './stack-location-not-prepared/rule.ts';
import { statusConfused } from './status-confused/rule.ts';
import { statusIgnored } from './status-ignored/rule.ts';
import { suspiciousStatus } from './suspicious-status/rule.ts';
import { symbolicLinkLeak } from './symbolic-link-leak/rule.ts';
import { threadOutlivesDriver } from './thread-outlives-driver/rule.ts';
import { timerOutlivesDriver } from './timer-outlives-driver/rule.ts';
import { tooManyWaitObjects } from './too-many-wait-objects/rule.ts';
import { uninitialisedVariable } from './uninitialised-variable/rule.ts';
import { useAfterFree } from './use-after-free/rule.ts';
import { userModeWaitOnStackObject } from './user-mode-wait-on-stack-object/rule.ts';
import { waitAtDispatch } from './wait-at-dispatch/rule.ts';
import { waitWithoutSignal } from './wait-without-signal/rule.ts';
import { wdfDeviceInit } from './wdf-device-init/rule.ts';
import { wdfRequestAfterCompletion } from './wdf-request-after-completion/rule.ts';
import { wdfRequestCancelable } from './wdf-request-cancelable/rule.ts';
import { wdfStopIgnored } from './wdf-stop-ignored/rule.ts';
import { wskBufBeyondMdl } from './wsk-buf-beyond-mdl/rule.ts';
import { wskCallInCompletionRoutine } from './wsk-call-in-completion-routine/rule.ts';
import { wskRegistrationLeak } from './wsk-registration-leak/rule.ts';

export const rules: readonly Rule[] = [
  irpStackSize,
  irpNullCheck,
  completionRoutineMissing,
  completionInvokeAll,
  completionKeepsIrp,
  irpTouchedAfterSend,
  basicSocketDispatch,
  bufferLengthUnchecked,
  bufferListNotEnded,
  bufferOverrun,
  inputNotFilled,
  stackBufferOutlivesCall,
  socketAfterClose,
  irpMissing,
  reservedFlags,
  receiveFlags,
  disconnectBuffer,
  socketCategory,
  eventReturnValue,
  eventSignalledBeforeRequest,
  wskCallInCompletionRoutine,
  addressInfoFree,
  resultBeforeCompletion,
  registrationBlockGone,
  wskRegistrationLeak,
  npiLeak,
  irpFreedInFlight,
  irpReusedWhilePending,
  irpNotReused,
  irpUsedAfterFree,
  irpLeak,
  doubleCompletion,
  ownIrpCompleted,
  irpFreedNotOwned,
  pendingNotReturned,
  pendingNotMarked,
  requestNotCompleted,
  dispatchStatusMismatch,
  completedWithPendingStatus,
  irqlTooHigh,
  irqlTooLow,
  waitAtDispatch,
  waitWithoutSignal,
  pagedCodeAtDispatch,
  pagedMemoryAtDispatch,
  callHoldingSpinLock,
  spinLockDeadlock,
  spinLockNotHeld,
  spinLockHeldAtReturn,
  irqlLoweredToHigher,
  irqlNotRestored,
  criticalRegionNotLeft,
  uninitialisedVariable,
  useAfterFree,
  doubleFree,
  nullDereference,
  poolLeak,
  mdlLeak,
  handleAccessMode,
  handleLeak,
  referenceLeak,
  mdlFreedWhileLocked,
  mdlNotLocked,
  probeOutsideTry,
  userModeWaitOnStackObject,
  poolSizeZero,
  poolTagMismatch,
  objectInPageableMemory,
  controlRequestType,
  optionCategory,
  optionOrder,
  optionSize,
  outputSizeReturned,
  socketNotBound,
  socketNotConnected,
  socketTable,
  cancelNotChecked,
  deviceDeletedWhileAttached,
  deviceInitializingNotCleared,
  deviceLeak,
  irpCompletedWhilePendingBelow,
  irpFreedAsPool,
  irpInitialisedTwice,
  irpPacketSize,
  irpPendingWithoutLocation,
  irpReusedNotOwned,
  listUnderTwoLocks,
  lockOrder,
  mdlOfPageableMemory,
  pendingNotPropagated,
  promisedWaitMissing,
  removeLockHeld,
  removeLockTag,
  symbolicLinkLeak,
  callbackArgumentKept,
  captureWaitsInDriverEntry,
  clientDispatchReserved,
  controlInfo,
  eventMask,
  indicationNotReleased,
  inspectAction,
  nameQueryArguments,
  socketDispatchType,
  statusIgnored,
  acceptEventOutputs,
  addressFamily,
  deprecatedControlCode,
  deprecatedPoolFunction,
  deregisterWaitMissing,
  registrationBlockReused,
  requestArguments,
  wskBufBeyondMdl,
  npiAfterRelease,
  objectNotInitialised,
  stackLocationNotPrepared,
  completedWithCancelRoutine,
  sentWithCancelRoutine,
  pendingMarkedAfterQueueing,
  cancelRoutineAfterCompletion,
  stackLocationCopiedWhole,
  doubleFetch,
  informationTooLarge,
  suspiciousStatus,
  eventCallbackMissing,
  inspectEventMissing,
  inspectIdCompared,
  selfWait,
  sendToAddress,
  notASocket,
  nmrAttachStatus,
  nmrDetachStatus,
  statusConfused,
  irqlRaisedToLower,
  resourceFreed,
  resourceHeldAtReturn,
  activeTimerFreed,
  securityDescriptorNotCached,
  socketLeak,
  ioctlBufferMethod,
  threadOutlivesDriver,
  timerOutlivesDriver,
  callbackOutlivesDriver,
  tooManyWaitObjects,
  wdfDeviceInit,
  wdfRequestAfterCompletion,
  wdfRequestCancelable,
  wdfStopIgnored,
  callbackType,
  rundownHeld,
  rundownUnderflow,
  signalWithoutWait,
  initCodeAfterLoad,
];
