/**
 * What the functions that lint knows do to IRPs, memory and time. The one table of the kind: what the catalog can say
 * (which WSK functions take an IRP, how their parameters are called) is asked there.
 *
 * Numbers are positions of arguments. A function of a bundled header that is not listed does nothing to an IRP but
 * use it; a function of nobody's is taken to do anything.
 */
export type ApiEffect =
  | { readonly kind: 'allocate-irp'; readonly stackSize: number }
  | { readonly kind: 'build-irp' }
  | { readonly kind: 'reuse-irp'; readonly irp: number }
  | { readonly kind: 'free-irp'; readonly irp: number }
  | { readonly kind: 'complete-irp'; readonly irp: number }
  | { readonly kind: 'set-routine'; readonly irp: number }
  | { readonly kind: 'send-irp'; readonly irp: number }
  /** Looks at the IRP and leaves it as it is. */
  | { readonly kind: 'use-irp'; readonly irp: number }
  /** May set up a stack location, and a completion routine in it. */
  | { readonly kind: 'prepare-irp'; readonly irp: number }
  /** Marks it pending and puts it where others find it, who complete it: perhaps before the call returns. */
  | { readonly kind: 'queue-irp'; readonly irp: number }
  /** Waits until it is told; `timeout` is the position of a PLARGE_INTEGER that bounds the wait where it is not NULL. */
  | { readonly kind: 'wait'; readonly timeout: number | undefined }
  | { readonly kind: 'allocate-memory'; readonly isZeroed: (flags: bigint | undefined) => boolean };

const wait = (timeout?: number): ApiEffect => ({ kind: 'wait', timeout });
const irp = (
  kind: Exclude<ApiEffect, { kind: 'allocate-irp' | 'build-irp' | 'wait' | 'allocate-memory' }>['kind'],
  position: number,
): ApiEffect => ({
  kind,
  irp: position,
});
const POOL_FLAG_UNINITIALIZED = 2n;
const plain: ApiEffect = { kind: 'allocate-memory', isZeroed: () => false };
const zeroed: ApiEffect = { kind: 'allocate-memory', isZeroed: () => true };
const pool2: ApiEffect = {
  kind: 'allocate-memory',
  isZeroed: (flags) => flags !== undefined && (flags & POOL_FLAG_UNINITIALIZED) === 0n,
};

const effects: Readonly<Record<string, ApiEffect>> = {
  IoAllocateIrp: { kind: 'allocate-irp', stackSize: 0 },
  IoAllocateIrpEx: { kind: 'allocate-irp', stackSize: 1 },
  IoBuildAsynchronousFsdRequest: { kind: 'build-irp' },
  IoBuildDeviceIoControlRequest: { kind: 'build-irp' },
  IoBuildSynchronousFsdRequest: { kind: 'build-irp' },
  IoMakeAssociatedIrp: { kind: 'build-irp' },
  IoReuseIrp: irp('reuse-irp', 0),
  IoFreeIrp: irp('free-irp', 0),
  IoCompleteRequest: irp('complete-irp', 0),
  IofCompleteRequest: irp('complete-irp', 0),
  IoSetCompletionRoutine: irp('set-routine', 0),
  IoSetCompletionRoutineEx: irp('set-routine', 1),
  IoCallDriver: irp('send-irp', 1),
  IofCallDriver: irp('send-irp', 1),
  PoCallDriver: irp('send-irp', 1),
  IoCancelIrp: irp('use-irp', 0),
  IoMarkIrpPending: irp('use-irp', 0),
  IoGetCurrentIrpStackLocation: irp('use-irp', 0),
  IoSetCancelRoutine: irp('use-irp', 0),
  IoCsqInsertIrp: irp('queue-irp', 1),
  IoIsOperationSynchronous: irp('use-irp', 0),
  IoGetRequestorMode: irp('use-irp', 0),
  IoGetNextIrpStackLocation: irp('prepare-irp', 0),
  IoSetNextIrpStackLocation: irp('prepare-irp', 0),
  IoCopyCurrentIrpStackLocationToNext: irp('prepare-irp', 0),
  IoSkipCurrentIrpStackLocation: irp('prepare-irp', 0),
  KeWaitForSingleObject: wait(4),
  KeWaitForMutexObject: wait(4),
  KeWaitForMultipleObjects: wait(6),
  ZwWaitForSingleObject: wait(2),
  NtWaitForSingleObject: wait(2),
  ExAllocatePool: plain,
  ExAllocatePoolWithTag: plain,
  ExAllocatePoolWithQuota: plain,
  ExAllocatePoolWithQuotaTag: plain,
  ExAllocatePoolUninitialized: plain,
  ExAllocatePoolPriorityUninitialized: plain,
  ExAllocatePoolQuotaUninitialized: plain,
  ExAllocatePoolZero: zeroed,
  ExAllocatePoolPriorityZero: zeroed,
  ExAllocatePoolQuotaZero: zeroed,
  ExAllocatePool2: pool2,
  ExAllocatePool3: pool2,
};

export function apiEffect(name: string): ApiEffect | undefined {
  return Object.hasOwn(effects, name) ? effects[name] : undefined;
}

/** Functions of the kernel that block, delay or drain: afterwards nobody can tell what is still in flight. */
export function mayWait(name: string): boolean {
  return /Wait|Delay|Rundown|Flush|Yield|Synchronously|^WskDeregister$|^IoDeleteDevice$|^KeReadStateEvent$/.test(name);
}

const passive = new Set(['WskGetAddressInfo', 'WskGetNameInfo', 'WskFreeAddressInfo']);

/** SIO_ADDRESS_LIST_QUERY, _CHANGE and _SORT, SIO_LOOPBACK_FAST_PATH, and those of redirected connections. */
const passiveCodes = new Set([
  0x48000016n,
  0x28000017n,
  0xc8000019n,
  0x98000010n,
  0x980000dcn,
  0x980000ddn,
  0x980000den,
]);

/** A function of a WSK table that may be called at PASSIVE_LEVEL only, whatever it is given. */
export function isPassiveOnly(name: string): boolean {
  return passive.has(name);
}

/** A control code that WskControlSocket may be given at PASSIVE_LEVEL only, with WskIoctl. */
export function isPassiveCode(code: bigint): boolean {
  return passiveCodes.has(BigInt.asUintN(32, code));
}

/** Reads or writes what its pointers point to, whatever their type says. */
export function touchesMemory(name: string): boolean {
  return /^(Rtl(Zero|Fill|Copy|Move|SecureZero|Compare)Memory|mem(set|cpy|move|cmp))$/.test(name);
}

/** Reads or writes the object that its first argument leads to: an event, a timer, a lock, a counter. */
export function worksOnObject(name: string): boolean {
  return /^(?:Ke(?:Set|Reset|Clear|Pulse)Event|KeRelease(?:Mutex|Semaphore)|Ke(?:Set|Cancel)Timer|KeWaitForSingleObject|Ke(?:Acquire|Release)\w*SpinLock|Ex(?:Acquire|Release)(?:Fast|Resource)|_?Interlocked)/.test(
    name,
  );
}

/** Writes into the buffer of a string that is there: of the string itself, it changes the length. */
export function fillsString(name: string): boolean {
  return /^(?:Rtl(?:Append|Copy\w*String$|UnicodeString(?:Cat|Copy|V?Printf)|Int\w*ToUnicodeString)|WdfRegistryQueryUnicodeString$)/.test(
    name,
  );
}

/** Its result is never NULL or 0: there is always a current thread, and a processor that runs it. */
export function isAlwaysThere(name: string): boolean {
  return (
    /^(?:PsGetCurrent(?:Thread|Process)|KeGetCurrentThread|IoGetCurrentProcess)$/.test(name) ||
    /^KeQuery(?:ActiveProcessors|(?:Active|Maximum)(?:Processor|Group)Count(?:Ex)?|TimeIncrement)$/.test(name)
  );
}

/** Puts an entry in a list that others look through. */
export function insertsInList(name: string): boolean {
  return /^(?:ExInterlockedInsert(?:Head|Tail)List|Ke(?:Rundown|Insert(?:Head)?)Queue|KeInsertByKeyDeviceQueue|KeInsertDeviceQueue)$/.test(
    name,
  );
}

/** Another routine of the driver gets the IRP that it is given, at any time from now on. */
export function queuesIrp(name: string): boolean {
  return /^(?:IoStartPacket|IoQueueWorkItem(?:Ex)?)$/.test(name);
}

const endings = new Set([
  'KeBugCheck',
  'KeBugCheckEx',
  'ExRaiseStatus',
  'ExRaiseAccessViolation',
  'ExRaiseDatatypeMisalignment',
  'RtlRaiseStatus',
  'PsTerminateSystemThread',
  // An assertion holds, as far as lint is concerned.
  'RtlAssert',
  // DbgRaiseAssertionFailure.
  '__int2c',
]);

/** Control does not come back. */
export function neverReturns(name: string): boolean {
  return endings.has(name);
}

export function endsThread(name: string): boolean {
  return name === 'PsTerminateSystemThread';
}

const raising = new Set([
  'ExRaiseStatus',
  'ExRaiseAccessViolation',
  'ExRaiseDatatypeMisalignment',
  'RtlRaiseStatus',
  'MmProbeAndLockPages',
  'MmProbeAndLockProcessPages',
  'MmProbeAndLockSelectedPages',
  'MmMapLockedPages',
  'MmMapLockedPagesSpecifyCache',
  'ProbeForRead',
  'ProbeForWrite',
  'ExAllocatePoolWithQuota',
  'ExAllocatePoolWithQuotaTag',
]);

/** It raises only where pages cannot be mapped for a program: with KernelMode, its second argument, it gives NULL. */
export function raisesForPrograms(name: string): boolean {
  return name === 'MmMapLockedPages' || name === 'MmMapLockedPagesSpecifyCache';
}

/** A function of a bundled header raises an exception where it cannot do its work. */
export function raises(name: string): boolean {
  return raising.has(name);
}

/**
 * Parameters behind which memory must last until the IRP has completed, as the pages of the functions say. A WSK_BUF
 * itself is not among them: what must last there is the memory that its MDL describes. Of the ControlInfo of
 * WskSendMessages its page says nothing, and drivers that many machines run leave it on the stack.
 */
const lasting: Readonly<Record<string, readonly string[]>> = {
  WskControlSocket: ['InputBuffer', 'OutputBuffer'],
  WskControlClient: ['InputBuffer', 'OutputBuffer'],
  WskAccept: ['LocalAddress', 'RemoteAddress'],
  WskGetLocalAddress: ['LocalAddress'],
  WskGetRemoteAddress: ['RemoteAddress'],
  WskReceiveFrom: ['RemoteAddress', 'ControlLength', 'ControlInfoLength', 'ControlInfo', 'ControlFlags'],
  WskSendTo: ['ControlInfo'],
  WskGetAddressInfo: ['Result'],
};

/** The same for the functions that build an IRP: positions of the buffers, the event and the status block. */
const builds: Readonly<Record<string, readonly number[]>> = {
  IoBuildDeviceIoControlRequest: [2, 4, 7, 8],
  IoBuildSynchronousFsdRequest: [2, 5, 6],
  IoBuildAsynchronousFsdRequest: [2, 5],
};

export function builtLasting(api: string): readonly number[] {
  return Object.hasOwn(builds, api) ? (builds[api] ?? []) : [];
}

export function lastingParameters(api: string): readonly string[] {
  return Object.hasOwn(lasting, api) ? (lasting[api] ?? []) : [];
}
