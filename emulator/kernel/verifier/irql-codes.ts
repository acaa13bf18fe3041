/** What other tools call a call at the wrong IRQL: Driver Verifier's subcode of bug check 0xC4 and the static rule. */

interface IrqlCode {
  /** Subcodes of 0xC4 for an IRQL that is too high and too low; 0xE5 where there is no other. */
  readonly high?: number;
  readonly highForUser?: number;
  readonly low?: number;
  readonly rule?: string;
}

const anyOther = 0xe5;

const codes: Readonly<Record<string, IrqlCode>> = {
  KeAcquireSpinLock: { high: 0x42, rule: 'IrqlKeDispatchLte' },
  KeAcquireSpinLockRaiseToDpc: { high: 0x42, rule: 'IrqlKeDispatchLte' },
  KeReleaseSpinLock: { high: 0x32, low: 0x32, rule: 'IrqlKeReleaseSpinLock' },
  KeAcquireSpinLockAtDpcLevel: { low: 0x40 },
  KeReleaseSpinLockFromDpcLevel: { low: 0x41 },
  KeReleaseInStackQueuedSpinLock: { high: 0x36, low: 0x36 },
  ExAcquireFastMutex: { high: 0x33, rule: 'IrqlExApcLte1' },
  ExTryToAcquireFastMutex: { high: 0x33, rule: 'IrqlExApcLte1' },
  ExReleaseFastMutex: { high: 0x34, low: 0x34, rule: 'IrqlExApcLte2' },
  KeSetEvent: { high: 0x80, rule: 'IrqlKeSetEvent' },
  KeEnterCriticalRegion: { high: 0x11a },
  KeLeaveCriticalRegion: { high: 0x11b },
  MmProbeAndLockPages: { high: 0x70 },
  MmMapLockedPages: { high: 0x74, highForUser: 0x75 },
  MmMapLockedPagesSpecifyCache: { high: 0x76, highForUser: 0x77 },
  MmUnlockPages: { high: 0x78 },
  MmUnmapLockedPages: { high: 0x79 },
  MmMapIoSpace: { high: 0x73 },
  MmUnmapIoSpace: { high: 0x7b },
  MmAllocatePagesForMdl: { high: 0x7e },
  MmAllocatePagesForMdlEx: { high: 0x7e },
  MmFreePagesFromMdl: { high: 0x7e },
  KeWaitForMutexObject: { rule: 'IrqlKeWaitForMutexObject' },
  KeWaitForMultipleObjects: { rule: 'IrqlKeWaitForMultipleObjects' },
  ObReferenceObjectByHandle: { rule: 'IrqlObPassive' },
  PsCreateSystemThread: { rule: 'IrqlPsPassive' },
  ZwClose: { rule: 'IrqlZwPassive' },
  RtlDeleteRegistryValue: { rule: 'IrqlRtlPassive' },
};

/** `max` is the highest IRQL at which the call was allowed: what is allocated says whether it is paged. */
export function irqlSubcode(call: string, isHigh: boolean, max: number): number {
  if (call.startsWith('ExAllocatePool')) return max <= 1 ? 0x1 : 0x2;
  const code = codes[call];
  // Into user mode such a call maps up to APC_LEVEL only.
  if (isHigh && max <= 1 && code?.highForUser !== undefined) return code.highForUser;
  return (isHigh ? code?.high : code?.low) ?? anyOther;
}

export function irqlRules(call: string): readonly string[] {
  if (call.startsWith('ExAllocatePool')) return ['IrqlExAllocatePool'];
  const rule = codes[call]?.rule;
  return rule === undefined ? [] : [rule];
}
