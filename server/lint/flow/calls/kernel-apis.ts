/**
 * Functions of the kernel that take and release locks, change the level, and give and take back memory, MDLs, handles
 * and references. Numbers are positions of arguments. One table for lint; the emulator does these things itself.
 */
import type { BlockKind, LockKind } from '../facts/kernel.ts';

export type KernelEffect =
  | {
      readonly kind: 'acquire';
      readonly lock: LockKind;
      /** Undefined: the one lock of its kind. */
      readonly at: number | undefined;
      /** The level afterwards; undefined where it stays. */
      readonly raises: number | undefined;
      /** Where the level before goes: an argument that points to it, the result, or inside the lock. */
      readonly saves: number | 'result' | undefined;
      /** By which it is released: a handle, or a tag. */
      readonly handle?: number;
      /** The result is STATUS_SUCCESS or a failure, or TRUE or FALSE: with the second the lock was not taken. */
      readonly mayFail?: 'status' | 'boolean';
      /** Position of a BOOLEAN that says whether it waits; where it does not, the result is whether it was taken. */
      readonly waits?: number;
      readonly also?: KernelEffect;
    }
  | {
      readonly kind: 'release';
      readonly lock: LockKind;
      readonly at: number | undefined;
      /** The argument that gives the level to go back to; 'saved' where the lock or its handle keeps it. */
      readonly restores: number | 'saved' | undefined;
      readonly handle?: number;
      readonly also?: KernelEffect;
    }
  /** The level becomes what the argument says, or DISPATCH_LEVEL. */
  | { readonly kind: 'raise'; readonly level: number | undefined; readonly saves: number | 'result' }
  | { readonly kind: 'lower'; readonly level: number }
  | { readonly kind: 'current-level' }
  /** Takes a lock or not: what is known of it afterwards is nothing. */
  | { readonly kind: 'try'; readonly at: number }
  | {
      readonly kind: 'make';
      readonly block: BlockKind;
      /** Where it comes out: the result, or through a pointer if the status says success. */
      readonly out: number | 'result';
      readonly tag?: number;
      readonly type?: number;
      /** Position of what it has for itself from then on, where it succeeds: a thread's context. */
      readonly takes?: number;
      /** Position of a BOOLEAN that says whether it makes anything; of a string's memory, which is behind its lengths. */
      readonly asks?: number;
    }
  | { readonly kind: 'free'; readonly block: BlockKind; readonly at: number; readonly tag?: number }
  /** A string is given, whose memory is given back; it is empty then. */
  | { readonly kind: 'free-string'; readonly at: number }
  /**
   * Succeeds or fails, or, with `pends`, is done or goes on: the ways are told apart, and marked (`hasFailed`, `hasPended`)
   * whatever is done about it. What `clears` points to is NULL where it succeeds.
   */
  | { readonly kind: 'decide'; readonly pends?: true; readonly clears?: number }
  /** Marks an IRP pending and gives it away where it succeeds; else nothing has become of it. */
  | { readonly kind: 'queue-or-fail'; readonly irp: number }
  /** A request of KMDF's is somebody else's from then on, or stays where it is: with `options` it may come back. */
  | {
      readonly kind: 'hand-on';
      readonly at: number;
      readonly says: 'status' | 'boolean';
      readonly options?: number;
    }
  /** A program's memory is looked at for the first time. */
  | { readonly kind: 'probe'; readonly at: number }
  | { readonly kind: 'pages'; readonly at: number; readonly becomes: 'locked' | 'unlocked' | 'nonpaged' | 'unknown' };

const spin = (at: number, raises: number | undefined, saves: number | 'result' | undefined): KernelEffect => ({
  kind: 'acquire',
  lock: 'spin',
  at,
  raises,
  saves,
});
const shared = (at: number, raises: number | undefined, saves: number | 'result' | undefined): KernelEffect => ({
  kind: 'acquire',
  lock: 'shared-spin',
  at,
  raises,
  saves,
});
const removeLock = (): KernelEffect => ({
  kind: 'acquire',
  lock: 'remove-lock',
  at: 0,
  raises: undefined,
  saves: undefined,
  handle: 1,
  mayFail: 'status',
});
const rundown: KernelEffect = {
  kind: 'acquire',
  lock: 'rundown',
  at: 0,
  raises: undefined,
  saves: undefined,
  mayFail: 'boolean',
};
const queued = (raises: number | undefined): KernelEffect => ({
  kind: 'acquire',
  lock: 'spin',
  at: 0,
  raises,
  saves: undefined,
  handle: 1,
});
const release = (lock: LockKind, at: number | undefined, restores: number | 'saved' | undefined): KernelEffect => ({
  kind: 'release',
  lock,
  at,
  restores,
});
const byHandle = (restores: 'saved' | undefined): KernelEffect => ({
  kind: 'release',
  lock: 'spin',
  at: undefined,
  restores,
  handle: 0,
});
const resource = (waits?: number): KernelEffect => ({
  kind: 'acquire',
  lock: 'resource',
  at: 0,
  raises: undefined,
  saves: undefined,
  ...(waits === undefined ? {} : { waits }),
});
const both = (first: KernelEffect, also: KernelEffect): KernelEffect =>
  first.kind === 'acquire' || first.kind === 'release' ? { ...first, also } : first;
const region = (kind: 'acquire' | 'release', lock: LockKind): KernelEffect =>
  kind === 'acquire'
    ? { kind, lock, at: undefined, raises: undefined, saves: undefined }
    : { kind, lock, at: undefined, restores: undefined };
const make = (
  block: BlockKind,
  out: number | 'result',
  more: { tag?: number; type?: number; takes?: number; asks?: number } = {},
): KernelEffect => ({
  kind: 'make',
  block,
  out,
  ...more,
});
const free = (block: BlockKind, at: number, tag?: number): KernelEffect => ({
  kind: 'free',
  block,
  at,
  ...(tag === undefined ? {} : { tag }),
});

const effects: Readonly<Record<string, KernelEffect>> = {
  KeAcquireSpinLock: spin(0, 2, 1),
  KeAcquireSpinLockRaiseToDpc: spin(0, 2, 'result'),
  KfAcquireSpinLock: spin(0, 2, 'result'),
  KeAcquireSpinLockAtDpcLevel: spin(0, undefined, undefined),
  KeTryToAcquireSpinLockAtDpcLevel: { kind: 'try', at: 0 },
  ExTryToAcquireFastMutex: { kind: 'try', at: 0 },
  ExTryConvertSharedSpinLockExclusive: { kind: 'try', at: 0 },
  KeReleaseSpinLock: release('spin', 0, 1),
  KfReleaseSpinLock: release('spin', 0, 1),
  KeReleaseSpinLockFromDpcLevel: release('spin', 0, undefined),
  KeAcquireInStackQueuedSpinLock: queued(2),
  KeAcquireInStackQueuedSpinLockAtDpcLevel: queued(undefined),
  KeReleaseInStackQueuedSpinLock: byHandle('saved'),
  KeReleaseInStackQueuedSpinLockFromDpcLevel: byHandle(undefined),
  ExAcquireSpinLockExclusive: spin(0, 2, 'result'),
  ExAcquireSpinLockExclusiveAtDpcLevel: spin(0, undefined, undefined),
  ExReleaseSpinLockExclusive: release('spin', 0, 1),
  ExReleaseSpinLockExclusiveFromDpcLevel: release('spin', 0, undefined),
  ExAcquireSpinLockShared: shared(0, 2, 'result'),
  ExAcquireSpinLockSharedAtDpcLevel: shared(0, undefined, undefined),
  ExReleaseSpinLockShared: release('shared-spin', 0, 1),
  ExReleaseSpinLockSharedFromDpcLevel: release('shared-spin', 0, undefined),
  IoAcquireCancelSpinLock: { kind: 'acquire', lock: 'cancel', at: undefined, raises: 2, saves: 0 },
  IoReleaseCancelSpinLock: release('cancel', undefined, 0),
  ExAcquireFastMutex: { kind: 'acquire', lock: 'fast-mutex', at: 0, raises: 1, saves: undefined },
  ExReleaseFastMutex: release('fast-mutex', 0, 'saved'),
  KeAcquireGuardedMutex: { kind: 'acquire', lock: 'fast-mutex', at: 0, raises: undefined, saves: undefined },
  KeReleaseGuardedMutex: release('fast-mutex', 0, undefined),
  KeReleaseMutex: release('mutex', 0, undefined),
  ExAcquireResourceExclusiveLite: resource(1),
  ExAcquireResourceSharedLite: resource(1),
  ExAcquireSharedStarveExclusive: resource(1),
  ExAcquireSharedWaitForExclusive: resource(1),
  ExReleaseResourceLite: release('resource', 0, undefined),
  ExReleaseResourceForThreadLite: release('resource', 0, undefined),
  IoAcquireRemoveLock: removeLock(),
  IoAcquireRemoveLockEx: removeLock(),
  IoReleaseRemoveLock: release('remove-lock', 0, undefined),
  IoReleaseRemoveLockEx: release('remove-lock', 0, undefined),
  IoReleaseRemoveLockAndWait: release('remove-lock', 0, undefined),
  IoReleaseRemoveLockAndWaitEx: release('remove-lock', 0, undefined),
  ExAcquireRundownProtection: rundown,
  ExAcquireRundownProtectionCacheAware: rundown,
  // Several at once, which may be given back one by one.
  ExAcquireRundownProtectionEx: { kind: 'try', at: 0 },
  ExReleaseRundownProtection: release('rundown', 0, undefined),
  ExReleaseRundownProtectionCacheAware: release('rundown', 0, undefined),
  ExReleaseRundownProtectionEx: release('rundown', 0, undefined),
  KeEnterCriticalRegion: region('acquire', 'critical-region'),
  KeLeaveCriticalRegion: region('release', 'critical-region'),
  ExEnterCriticalRegionAndAcquireResourceExclusive: both(region('acquire', 'critical-region'), resource()),
  ExEnterCriticalRegionAndAcquireResourceShared: both(region('acquire', 'critical-region'), resource()),
  ExEnterCriticalRegionAndAcquireSharedWaitForExclusive: both(region('acquire', 'critical-region'), resource()),
  ExEnterCriticalRegionAndAcquireFastMutexUnsafe: region('acquire', 'critical-region'),
  ExReleaseResourceAndLeaveCriticalRegion: both(
    region('release', 'critical-region'),
    release('resource', 0, undefined),
  ),
  ExReleaseFastMutexUnsafeAndLeaveCriticalRegion: region('release', 'critical-region'),
  KeEnterGuardedRegion: region('acquire', 'guarded-region'),
  KeLeaveGuardedRegion: region('release', 'guarded-region'),
  KeRaiseIrql: { kind: 'raise', level: 0, saves: 1 },
  KfRaiseIrql: { kind: 'raise', level: 0, saves: 'result' },
  KeRaiseIrqlToDpcLevel: { kind: 'raise', level: undefined, saves: 'result' },
  KeLowerIrql: { kind: 'lower', level: 0 },
  KfLowerIrql: { kind: 'lower', level: 0 },
  KeGetCurrentIrql: { kind: 'current-level' },
  ExAllocatePool: make('pool', 'result', { type: 0 }),
  ExAllocatePoolWithTag: make('pool', 'result', { type: 0, tag: 2 }),
  ExAllocatePoolUninitialized: make('pool', 'result', { type: 0, tag: 2 }),
  ExAllocatePoolZero: make('pool', 'result', { type: 0, tag: 2 }),
  ExAllocatePool2: make('pool', 'result', { type: 0, tag: 2 }),
  ExAllocatePool3: make('pool', 'result', { type: 0, tag: 2 }),
  ExFreePool: free('pool', 0),
  ExAllocateFromLookasideListEx: make('entry', 'result'),
  ExAllocateFromNPagedLookasideList: make('entry', 'result'),
  ExAllocateFromPagedLookasideList: make('entry', 'result'),
  ExFreeToLookasideListEx: free('entry', 1),
  ExFreeToNPagedLookasideList: free('entry', 1),
  ExFreeToPagedLookasideList: free('entry', 1),
  ExFreePoolWithTag: free('pool', 0, 1),
  ExFreePool2: free('pool', 0, 1),
  MmGetSystemAddressForMdlSafe: make('mapping', 'result'),
  IoAllocateMdl: make('mdl', 'result'),
  IoCsqInsertIrpEx: { kind: 'queue-or-fail', irp: 1 },
  IoFreeMdl: free('mdl', 0),
  MmProbeAndLockPages: { kind: 'pages', at: 0, becomes: 'locked' },
  MmProbeAndLockProcessPages: { kind: 'pages', at: 0, becomes: 'locked' },
  MmProbeAndLockSelectedPages: { kind: 'pages', at: 0, becomes: 'locked' },
  MmUnlockPages: { kind: 'pages', at: 0, becomes: 'unlocked' },
  MmBuildMdlForNonPagedPool: { kind: 'pages', at: 0, becomes: 'nonpaged' },
  IoBuildPartialMdl: { kind: 'pages', at: 1, becomes: 'unknown' },
  NmrClientAttachProvider: { kind: 'decide' },
  NmrDeregisterClient: { kind: 'decide', pends: true },
  NmrDeregisterProvider: { kind: 'decide', pends: true },
  ProbeForRead: { kind: 'probe', at: 0 },
  ProbeForWrite: { kind: 'probe', at: 0 },
  IoAllocateWorkItem: make('work-item', 'result'),
  IoFreeWorkItem: free('work-item', 0),
  IoCreateDevice: make('device', 6),
  IoCreateDeviceSecure: make('device', 8),
  IoAttachDeviceToDeviceStack: make('attachment', 'result'),
  IoAttachDeviceToDeviceStackSafe: make('attachment', 2),
  IoAttachDevice: make('attachment', 2),
  IoDetachDevice: free('attachment', 0),
  PsCreateSystemThread: make('handle', 0, { takes: 6 }),
  ZwCreateFile: make('handle', 0),
  ZwOpenFile: make('handle', 0),
  ZwCreateKey: make('handle', 0),
  ZwOpenKey: make('handle', 0),
  ZwCreateEvent: make('handle', 0),
  ZwCreateSection: make('handle', 0),
  ZwOpenSection: make('handle', 0),
  ZwOpenProcess: make('handle', 0),
  ZwOpenThread: make('handle', 0),
  ZwOpenEvent: make('handle', 0),
  ZwCreateTimer: make('handle', 0),
  ZwOpenDirectoryObject: make('handle', 0),
  ZwCreateDirectoryObject: make('handle', 0),
  ZwOpenSymbolicLinkObject: make('handle', 0),
  IoCreateFile: make('handle', 0),
  IoCreateFileEx: make('handle', 0),
  IoCreateFileSpecifyDeviceObjectHint: make('handle', 0),
  IoOpenDeviceRegistryKey: make('handle', 3),
  IoOpenDeviceInterfaceRegistryKey: make('handle', 2),
  ObOpenObjectByPointer: make('handle', 6),
  BCryptOpenAlgorithmProvider: make('handle', 0),
  BCryptCreateHash: make('handle', 1),
  BCryptCloseAlgorithmProvider: free('handle', 0),
  BCryptDestroyHash: free('handle', 0),
  RtlAnsiStringToUnicodeString: make('string', 0, { asks: 2 }),
  RtlUnicodeStringToAnsiString: make('string', 0, { asks: 2 }),
  RtlUTF8StringToUnicodeString: make('string', 0, { asks: 2 }),
  RtlUnicodeStringToUTF8String: make('string', 0, { asks: 2 }),
  RtlUpcaseUnicodeString: make('string', 0, { asks: 2 }),
  RtlConvertSidToUnicodeString: make('string', 0, { asks: 2 }),
  RtlStringFromGUID: make('string', 1),
  RtlFreeUnicodeString: { kind: 'free-string', at: 0 },
  RtlFreeAnsiString: { kind: 'free-string', at: 0 },
  RtlFreeUTF8String: { kind: 'free-string', at: 0 },
  ZwClose: free('handle', 0),
  NtClose: free('handle', 0),
  ObCloseHandle: free('handle', 0),
  ObReferenceObjectByHandle: make('reference', 4),
  ObReferenceObjectByHandleWithTag: make('reference', 5),
  IoGetDeviceObjectPointer: make('reference', 2),
  IoGetAttachedDeviceReference: make('reference', 'result'),
  IoGetDeviceAttachmentBaseRef: make('reference', 'result'),
  PsLookupProcessByProcessId: make('reference', 1),
  PsLookupThreadByThreadId: make('reference', 1),
  ObDereferenceObject: free('reference', 0),
  ObfDereferenceObject: free('reference', 0),
  ObDereferenceObjectDeferDelete: free('reference', 0),
  ObDereferenceObjectWithTag: free('reference', 0),
  ObDereferenceObjectDeferDeleteWithTag: free('reference', 0),
  WdfSpinLockAcquire: spin(0, 2, undefined),
  WdfSpinLockRelease: release('spin', 0, 'saved'),
  WdfDeviceCreate: { kind: 'decide', clears: 0 },
  WdfIoQueueRetrieveNextRequest: make('request', 1),
  WdfIoQueueRetrieveRequestByFileObject: make('request', 2),
  WdfIoQueueRetrieveFoundRequest: make('request', 2),
  WdfRequestRetrieveInputBuffer: make('lent', 2),
  WdfRequestRetrieveOutputBuffer: make('lent', 2),
  WdfRequestRetrieveInputMemory: make('lent', 1),
  WdfRequestRetrieveOutputMemory: make('lent', 1),
  WdfRequestRetrieveInputWdmMdl: make('lent', 1),
  WdfRequestRetrieveOutputWdmMdl: make('lent', 1),
  WdfRequestSend: { kind: 'hand-on', at: 0, says: 'boolean', options: 2 },
  WdfRequestForwardToIoQueue: { kind: 'hand-on', at: 0, says: 'status' },
  WdfRequestForwardToParentDeviceIoQueue: { kind: 'hand-on', at: 0, says: 'status', options: 2 },
  WdfRequestRequeue: { kind: 'hand-on', at: 0, says: 'status' },
  WdfRequestComplete: free('request', 0),
  WdfRequestCompleteWithInformation: free('request', 0),
  WdfRequestCompleteWithPriorityBoost: free('request', 0),
};

export function kernelEffect(name: string): KernelEffect | undefined {
  return Object.hasOwn(effects, name) ? effects[name] : undefined;
}

/** They send an IRP to the device that comes first. */
const senders = new Set([
  'IoCallDriver',
  'IofCallDriver',
  'PoCallDriver',
  'IoForwardIrpSynchronously',
  'IoSynchronousCallDriver',
]);

/** They complete or send an IRP: code of other drivers may run before they return, and come back to this one. */
export function runsOtherDrivers(name: string): boolean {
  return senders.has(name) || /^Iof?CompleteRequest$/.test(name);
}

/** Their pages ask for a low level, but what they do is plain work on memory that may be nonpaged. */
export function runsAnywhere(name: string): boolean {
  return /^Rtl(?:String|UnicodeString(?:Copy|Cat|Init|Validate)|Ipv[46]|Ethernet)/.test(name);
}

/** They block, whatever their arguments are. */
export function blocksAlways(name: string): boolean {
  return name === 'KeDelayExecutionThread';
}

/** They look at what their arguments point to, and keep none of it. */
export function keepsNothing(name: string): boolean {
  return keepers.test(name);
}

// Strings, bitmaps, tables and security descriptors are made around memory that is given to them. A physical address may be all that a table of the processor's has of its pages.
const keepers =
  /^(?:Rtl(?!Insert|Init|UnicodeStringInit|Set\w+SecurityDescriptor$)|mem|str|wcs|Dbg|KeInitialize(?!Dpc|ThreadedDpc|Apc|Interrupt)|KeSetEvent|KeClearEvent|KeResetEvent|KeReadState|KeWait|Zw|Nt|Mm(?!GetPhysicalAddress$)|BCrypt|ObReferenceObject|ObOpenObject|Ke(?:Acquire|Release)|Ex(?:Acquire|Release)|ProbeFor|_sn?w?printf|sn?printf|swprintf|__wsk_|Ps(?:GetProcess|GetThread|LookupP)|IoGet|ExInitializeFastMutex|ExGet|WdfRequest(?:Get|Retrieve|Is|SetInformation))/;

/** The position of a device that a function sends an IRP to, or makes one for: the IRP keeps no reference to it. */
export function deviceArgument(name: string): number | undefined {
  if (senders.has(name)) return 0;
  return /^IoBuild(?:DeviceIoControl|SynchronousFsd|AsynchronousFsd)Request$/.test(name) ? 1 : undefined;
}

/** Waits whose time-out stands at this position. */
export function timeoutOf(name: string): number | undefined {
  switch (name) {
    case 'KeWaitForSingleObject':
    case 'KeWaitForMutexObject':
      return 4;
    case 'WdfWaitLockAcquire':
      return 1;
    case 'KeWaitForMultipleObjects':
      return 6;
    default:
      return undefined;
  }
}
