/** What the kernel finds: one small driver for each rule, with the line at which it must be found. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DriverOptions, runDriver } from './fixtures/run-driver.ts';

interface Case extends DriverOptions {
  readonly rule: string;
  /** Statements of DriverEntry; the line with the mark is the finding's. */
  readonly body: string;
  readonly message?: string;
  readonly before?: string;
  readonly unload?: string;
  readonly bugCheck?: string;
  /** Parts of what the history says, in order. */
  readonly history?: readonly string[];
}

const done = `
NTSTATUS Done(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(Irp); UNREFERENCED_PARAMETER(c);
  return STATUS_MORE_PROCESSING_REQUIRED;
}`;
const device = `
PDEVICE_OBJECT Device;
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) {
  UNREFERENCED_PARAMETER(d);
  Irp->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Irp, IO_NO_INCREMENT); // @dispatch
  return STATUS_SUCCESS;
}`;
const makeDevice = `
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);`;
const pendingDevice = `
PDEVICE_OBJECT Device; PIRP Kept;
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) {
  UNREFERENCED_PARAMETER(d);
  Kept = Irp;
  IoMarkIrpPending(Irp);
  return STATUS_PENDING; // @dispatch
}`;

const cases: readonly Case[] = [
  {
    rule: 'use-after-free',
    bugCheck: '0xD5',
    history: ['allocated', 'freed'],
    body: `
  int *p = ExAllocatePoolWithTag(NonPagedPoolNx, 16, 'tseT');
  *p = 1;
  ExFreePoolWithTag(p, 'tseT');
  *p = 2; // @`,
  },
  {
    rule: 'use-after-free',
    bugCheck: '0xD5',
    history: ['allocated by IoAllocateMdl', 'freed'],
    body: `
  PVOID p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  PMDL m = IoAllocateMdl(p, 16, FALSE, FALSE, NULL);
  IoFreeMdl(m);
  ExFreePool(p);
  m->Next = NULL; // @`,
  },
  {
    rule: 'use-after-free',
    bugCheck: '0xD5',
    history: ['allocated by IoCreateDevice', 'freed by IoDeleteDevice'],
    body: `
  PDEVICE_OBJECT d;
  int *extension;
  IoCreateDevice(Driver, sizeof(int), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &d);
  extension = d->DeviceExtension;
  IoDeleteDevice(d);
  *extension = 1; // @`,
  },
  {
    rule: 'use-after-free',
    bugCheck: '0xD5',
    history: ['allocated by IoAllocateWorkItem', 'freed by IoFreeWorkItem'],
    before: 'PDEVICE_OBJECT Device;',
    body: `
  PIO_WORKITEM item;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  item = IoAllocateWorkItem(Device);
  IoFreeWorkItem(item);
  IoFreeWorkItem(item); // @`,
  },
  {
    rule: 'irql-too-high',
    history: ['the fast mutex Fast taken here'],
    before: 'FAST_MUTEX Fast; VOID Entry(PVOID c) { UNREFERENCED_PARAMETER(c); }',
    body: `
  HANDLE h;
  ExInitializeFastMutex(&Fast);
  ExAcquireFastMutex(&Fast);
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Entry, NULL); // @`,
  },
  {
    rule: 'hang',
    message:
      "The driver can't go on: System waits for the notification event First and the notification event Second, with no time-out, and nobody is left who could end that. First is signalled. Nothing has signalled Second, and no call in the driver that could is on its way.",
    before: 'KEVENT First, Second;',
    body: `
  PVOID both[2] = { &First, &Second };
  KeInitializeEvent(&First, NotificationEvent, TRUE);
  KeInitializeEvent(&Second, NotificationEvent, FALSE);
  KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, NULL, NULL); // @`,
  },
  {
    // The circle begins behind the thread that is told of first.
    rule: 'deadlock',
    history: ['System waits for the end', 'One waits for the synchronization event', 'Two waits for the mutex'],
    before: `
KEVENT Event; KMUTEX Mutex; PVOID Threads[2];
VOID One(PVOID c) {
  UNREFERENCED_PARAMETER(c);
  KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
  KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  KeReleaseMutex(&Mutex, FALSE);
}
VOID Two(PVOID c) {
  UNREFERENCED_PARAMETER(c);
  KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
  KeSetEvent(&Event, 0, FALSE);
  KeReleaseMutex(&Mutex, FALSE);
}
PVOID Start(PKSTART_ROUTINE routine) {
  HANDLE h;
  PVOID thread;
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, routine, NULL);
  ObReferenceObjectByHandle(h, SYNCHRONIZE, *PsThreadType, KernelMode, &thread, NULL);
  ZwClose(h);
  return thread;
}`,
    body: `
  KeInitializeEvent(&Event, SynchronizationEvent, FALSE);
  KeInitializeMutex(&Mutex, 0);
  Threads[0] = Start(One);
  Threads[1] = Start(Two);
  KeWaitForSingleObject(Threads[0], Executive, KernelMode, FALSE, NULL); // @`,
  },
  {
    rule: 'locked-pages-freed',
    history: ['allocated by ExAllocatePool2', 'allocated by IoAllocateMdl', 'locked'],
    body: `
  PVOID p = ExAllocatePool2(POOL_FLAG_PAGED, 16, 'tseT');
  PMDL m = IoAllocateMdl(p, 16, FALSE, FALSE, NULL);
  __try { MmProbeAndLockPages(m, KernelMode, IoModifyAccess); } __except (EXCEPTION_EXECUTE_HANDLER) { return STATUS_UNSUCCESSFUL; }
  ExFreePool(p); // @`,
  },
  {
    // Its release is not told of as well.
    rule: 'lock-without-critical-region',
    before: 'ERESOURCE Resource;',
    body: `
  ExInitializeResourceLite(&Resource);
  ExAcquireResourceExclusiveLite(&Resource, TRUE); // @
  ExReleaseResourceLite(&Resource);
  ExDeleteResourceLite(&Resource);`,
  },
  {
    rule: 'lock-without-critical-region',
    before: 'ERESOURCE Resource;',
    body: `
  ExInitializeResourceLite(&Resource);
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&Resource, TRUE);
  KeLeaveCriticalRegion();
  ExReleaseResourceLite(&Resource); // @
  ExDeleteResourceLite(&Resource);`,
  },
  {
    rule: 'device-deleted-twice',
    body: `
  PDEVICE_OBJECT low, high;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &low);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &high);
  IoAttachDeviceToDeviceStack(high, low);
  IoDeleteDevice(low);
  IoDeleteDevice(low); // @`,
  },
  {
    rule: 'out-of-bounds',
    bugCheck: '0xD6',
    history: ['allocated'],
    body: `
  char *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  p[16] = 1; // @`,
  },
  {
    rule: 'out-of-bounds',
    bugCheck: '0x139',
    body: `
  char name[4];
  RtlCopyMemory(name, "too long", 9); // @`,
  },
  {
    rule: 'out-of-bounds',
    bugCheck: 'none',
    body: `
  int table[3] = {1, 2, 3};
  volatile int i = 5;
  DbgPrint("%d", table[i]); // @`,
  },
  {
    rule: 'out-of-bounds',
    bugCheck: 'none',
    before: 'static int Table[3];',
    body: `
  volatile int i = 3;
  Table[i] = 1; // @`,
  },
  {
    rule: 'uninitialised-read',
    body: `
  int *p = ExAllocatePoolUninitialized(NonPagedPoolNx, 16, 'tseT');
  if (*p == 3) DbgPrint("x"); // @`,
  },
  {
    rule: 'double-free',
    bugCheck: '0xC2',
    history: ['allocated', 'freed'],
    body: `
  void *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  ExFreePool(p);
  ExFreePool(p); // @`,
  },
  {
    rule: 'pool-tag-mismatch',
    bugCheck: '0xC2',
    body: `
  void *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  ExFreePoolWithTag(p, 'rehO'); // @`,
  },
  {
    rule: 'free-of-foreign-memory',
    bugCheck: '0xC2',
    body: `
  int local = 0;
  ExFreePool(&local); // @`,
  },
  {
    rule: 'free-of-foreign-memory',
    body: `
  char *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  ExFreePool(p + 8); // @`,
  },
  {
    rule: 'pool-tag-zero',
    body: `
  ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 0); // @`,
  },
  {
    rule: 'paged-memory-at-dispatch',
    bugCheck: '0xD1',
    body: `
  KIRQL old; int *p = ExAllocatePool2(POOL_FLAG_PAGED, 16, 'tseT');
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  *p = 1; // @`,
  },
  {
    rule: 'irql-too-high',
    bugCheck: '0xC4',
    body: `
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  ExAllocatePool2(POOL_FLAG_PAGED, 16, 'tseT'); // @`,
  },
  {
    rule: 'irql-too-high',
    bugCheck: '0xC4',
    body: `
  KIRQL old; HANDLE h;
  KeRaiseIrql(APC_LEVEL, &old);
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Nothing, NULL); // @`,
    before: 'VOID Nothing(PVOID c) { UNREFERENCED_PARAMETER(c); }',
  },
  {
    rule: 'irql-too-low',
    body: `
  KSPIN_LOCK lock; KeInitializeSpinLock(&lock);
  KeAcquireSpinLockAtDpcLevel(&lock); // @`,
  },
  {
    rule: 'irql-too-high',
    history: ['the spin lock Lock taken here'],
    before: 'KSPIN_LOCK Lock;',
    body: `
  KIRQL old;
  KeInitializeSpinLock(&Lock);
  KeAcquireSpinLock(&Lock, &old);
  ZwClose(NULL); // @`,
  },
  {
    rule: 'irql-raised-to-lower',
    bugCheck: '0x9',
    body: `
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  KeRaiseIrql(APC_LEVEL, &old); // @`,
  },
  {
    rule: 'irql-lowered-to-higher',
    bugCheck: '0xA',
    body: `
  KeLowerIrql(APC_LEVEL); // @`,
  },
  {
    rule: 'irql-not-restored',
    history: ['KeRaiseIrql raises the IRQL to DISPATCH_LEVEL here'],
    body: `
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);`,
  },
  {
    rule: 'irql-not-restored',
    history: ['KeReleaseSpinLock leaves the IRQL at DISPATCH_LEVEL here'],
    body: `
  static KSPIN_LOCK lock; KIRQL old;
  KeInitializeSpinLock(&lock);
  KeAcquireSpinLock(&lock, &old);
  KeReleaseSpinLock(&lock, DISPATCH_LEVEL);`,
  },
  {
    rule: 'paged-code-at-dispatch',
    bugCheck: '0xD1',
    body: `
  KIRQL old;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  PAGED_CODE(); // @`,
  },
  {
    rule: 'wait-at-dispatch',
    bugCheck: '0xC4',
    body: `
  KIRQL old; KEVENT e; KeInitializeEvent(&e, NotificationEvent, FALSE);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  KeWaitForSingleObject(&e, Executive, KernelMode, FALSE, NULL); // @`,
  },
  {
    rule: 'object-not-initialised',
    body: `
  KeSetEvent(&Global, 0, FALSE); // @`,
    before: 'KEVENT Global;',
  },
  {
    rule: 'spin-lock-deadlock',
    bugCheck: '0xF',
    body: `
  KIRQL a, b; KSPIN_LOCK lock; KeInitializeSpinLock(&lock);
  KeAcquireSpinLock(&lock, &a);
  KeAcquireSpinLock(&lock, &b); // @`,
  },
  {
    rule: 'spin-lock-not-held',
    bugCheck: '0x10',
    body: `
  KIRQL a; KSPIN_LOCK lock; KeInitializeSpinLock(&lock);
  KeRaiseIrql(DISPATCH_LEVEL, &a);
  KeReleaseSpinLock(&lock, a); // @`,
  },
  {
    rule: 'mutex-not-owned',
    bugCheck: '0x11',
    body: `
  KMUTEX m; KeInitializeMutex(&m, 0);
  KeReleaseMutex(&m, FALSE); // @`,
  },
  {
    rule: 'lock-deadlock',
    body: `
  FAST_MUTEX m; ExInitializeFastMutex(&m);
  ExAcquireFastMutex(&m);
  ExAcquireFastMutex(&m); // @`,
  },
  {
    rule: 'null-dereference',
    body: `
  KeInitializeEvent(NULL, NotificationEvent, FALSE); // @`,
  },
  {
    rule: 'irp-null-check',
    bugCheck: '0x7E',
    history: ['IoAllocateIrp returned NULL here'],
    faults: [{ call: 'IoAllocateIrp', occurrence: 1, status: -1 }],
    body: `
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE); // @`,
    before: done,
  },
  {
    rule: 'irp-stack-size',
    bugCheck: '0x35',
    body: `
  PIRP Irp = IoAllocateIrp(0, FALSE);
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE); // @`,
    before: done,
  },
  {
    rule: 'double-free',
    history: ['allocated', 'freed'],
    body: `
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoFreeIrp(Irp);
  IoFreeIrp(Irp); // @`,
  },
  {
    rule: 'irp-freed-as-pool',
    body: `
  PIRP Irp = IoAllocateIrp(1, FALSE);
  ExFreePool(Irp); // @`,
  },
  {
    rule: 'completion-routine-missing',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoCallDriver(Device, Irp); // @`,
    before: device,
  },
  {
    rule: 'completion-invoke-all',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, FALSE, TRUE);
  IoCallDriver(Device, Irp); // @
  IoFreeIrp(Irp);`,
    before: device + done,
  },
  {
    // While its pages are locked, pageable memory may be used at any IRQL; afterwards not any more.
    rule: 'paged-memory-at-dispatch',
    bugCheck: '0xD1',
    body: `  PUCHAR Bytes = ExAllocatePool2(POOL_FLAG_PAGED, 16, 'tseT');
  PMDL Mdl = IoAllocateMdl(Bytes, 16, FALSE, FALSE, NULL);
  PMDL Second = IoAllocateMdl(Bytes, 8, FALSE, FALSE, NULL);
  KIRQL Irql;
  MmProbeAndLockPages(Mdl, KernelMode, IoWriteAccess);
  MmProbeAndLockPages(Second, KernelMode, IoWriteAccess);
  KeRaiseIrql(DISPATCH_LEVEL, &Irql);
  Bytes[0] = 1;
  MmUnlockPages(Mdl);
  Bytes[1] = 1;
  MmUnlockPages(Second);
  Bytes[2] = 1; // @
  KeLowerIrql(Irql);`,
  },
  {
    rule: 'completion-keeps-irp',
    bugCheck: '0xA',
    history: [
      'allocated',
      'completion routine Bad set',
      'sent to IoCallDriver',
      'completed with STATUS_SUCCESS',
      'completion routine Bad called',
    ],
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Bad, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);`,
    before: `${device}
NTSTATUS Bad(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(Irp); UNREFERENCED_PARAMETER(c);
  return STATUS_SUCCESS; // @
}`,
  },
  {
    rule: 'completion-keeps-irp',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Bad, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);`,
    before: `${device}
NTSTATUS Bad(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS; // @
}`,
  },
  {
    rule: 'irp-touched-after-send',
    history: ['allocated', 'freed'],
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Free, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  DbgPrint("%x", Irp->IoStatus.Status); // @`,
    before: `${device}
NTSTATUS Free(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  IoFreeIrp(Irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}`,
  },
  {
    rule: 'use-after-free',
    history: ['sent to IoCallDriver', 'kept', 'freed'],
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoFreeIrp(Irp);
  DbgPrint("%x", Irp->IoStatus.Status); // @`,
    before: device + done,
  },
  {
    rule: 'irp-packet-size',
    body: `
  union { IRP Irp; UCHAR Bytes[sizeof(IRP) + sizeof(IO_STACK_LOCATION)]; } u;
  IoInitializeIrp(&u.Irp, sizeof(u.Irp), 1); // @`,
  },
  {
    rule: 'irp-pending-without-location',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Marks, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);`,
    before: `${device}
NTSTATUS Marks(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  IoMarkIrpPending(Irp); // @
  return STATUS_MORE_PROCESSING_REQUIRED;
}`,
  },
  {
    rule: 'out-of-bounds',
    body: `
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetCurrentIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ; // @`,
  },
  {
    rule: 'irp-freed-in-flight',
    bugCheck: '0xC9',
    history: ['sent to IoCallDriver', 'cancelled'],
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoCancelIrp(Irp);
  IoFreeIrp(Irp); // @`,
    before: pendingDevice + done,
  },
  {
    rule: 'use-after-return',
    body: `
  LARGE_INTEGER due; KEVENT *event = Local(); due.QuadPart = 0;
  KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &due); // @`,
    before: `KEVENT *Kept;
PKEVENT Local(void) { KEVENT e; KeInitializeEvent(&e, NotificationEvent, TRUE); Kept = &e; return Kept; }`,
  },
  {
    rule: 'null-dereference',
    bugCheck: '0x7E',
    body: `
  PIRP Irp = NULL;
  Irp->IoStatus.Status = 0; // @`,
  },
  {
    rule: 'bad-call',
    body: `
  void (*f)(void) = NULL;
  f(); // @`,
  },
  {
    rule: 'bad-call',
    message: "Calls 0x00000000'00001234 (f()), where no function begins.",
    body: `
  void (*f)(void) = (void (*)(void))0x1234;
  f(); // @`,
  },
  {
    rule: 'uninitialised-read',
    message: 'Reads b[i], which has not been given a value: byte 3 of local b of DriverEntry; i = 3.',
    body: `
  UCHAR b[4]; ULONG i, s = 0;
  b[0] = b[1] = b[2] = 1;
  for (i = 0; i < 4; i++) s += b[i]; // @`,
  },
  {
    rule: 'uninitialised-read',
    message: 'Reads *p, which has not been given a value: local length of DriverEntry.',
    before: 'static ULONG Take(ULONG *p) { return *p; }',
    body: `
  ULONG length;
  Take(&length);`,
  },
  {
    rule: 'uninitialised-read',
    message: 'RtlCompareMemory: Reads byte 1 of local b of DriverEntry, which has not been given a value.',
    body: `
  UCHAR b[4]; b[0] = 0;
  RtlCompareMemory(b, "\\0\\0\\0", 4); // @`,
  },
  {
    rule: 'out-of-bounds',
    message:
      'memset: Writes 18446744073709551615 bytes outside of local b of DriverEntry of 4 bytes: 18446744073709551611 bytes past its end; n = -1.',
    body: `
  char b[4]; int n = -1;
  RtlZeroMemory(b, n); // @`,
  },
  {
    rule: 'breakpoint',
    bugCheck: '0x7E',
    message: 'Reaches a breakpoint instruction (DbgBreakPoint) with no debugger to stop in.',
    body: `
  DbgBreakPoint(); // @`,
  },
  {
    rule: 'missing-return-value',
    message: 'The value of Half is used, but it ended without returning one.',
    before: 'static int Half(int n) {\n  if (n) return n / 2;\n} // @',
    body: `
  return Half(0);`,
  },
  {
    rule: 'call-mismatch',
    before: 'static VOID Worker(ULONG a, ULONG b) { UNREFERENCED_PARAMETER(a + b); } // @',
    message:
      'Calls Worker as a function of another type: the kernel gives it 1 value, and it is defined as `void Worker(ULONG a, ULONG b)`.',
    body: `
  HANDLE h;
  if (NT_SUCCESS(PsCreateSystemThread(&h, 0, NULL, NULL, NULL, (PKSTART_ROUTINE)Worker, NULL))) ZwClose(h);`,
  },
  {
    rule: 'stack-overflow',
    before: 'static VOID Worker(PVOID c) { UCHAR big[30000]; big[0] = c == NULL; DbgPrint("%u", big[0]); } // @',
    message:
      'The kernel stack overflows in Worker, which needs 30,080 bytes (big takes 30,000). A thread has 24 KB for all its calls.',
    body: `
  HANDLE h;
  if (NT_SUCCESS(PsCreateSystemThread(&h, 0, NULL, NULL, NULL, Worker, NULL))) ZwClose(h);`,
  },
  {
    rule: 'stack-overflow',
    bugCheck: '0x7F',
    body: `
  Deep(1);`,
    before: `int Deep(int n) { volatile char big[2000]; big[0] = (char)n; return Deep(n + 1) + big[0]; }`,
  },
  {
    rule: 'irp-freed-in-flight',
    bugCheck: '0xC9',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoFreeIrp(Irp); // @`,
    before: pendingDevice + done,
  },
  {
    rule: 'irp-reused-while-pending',
    bugCheck: '0xC9',
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoReuseIrp(Irp, STATUS_SUCCESS); // @`,
    before: pendingDevice + done,
  },
  {
    // The event that is reset for it is a part of the same mistake, and no finding of its own.
    rule: 'irp-reused-while-pending',
    bugCheck: '0xC9',
    body: `${makeDevice}
  static KEVENT e; PIRP Irp = IoAllocateIrp(1, FALSE);
  KeInitializeEvent(&e, NotificationEvent, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Signals, &e, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  KeClearEvent(&e);
  IoReuseIrp(Irp, STATUS_SUCCESS); // @`,
    before: `${pendingDevice}
NTSTATUS Signals(PDEVICE_OBJECT D, PIRP Irp, PVOID Context) { UNREFERENCED_PARAMETER(D); UNREFERENCED_PARAMETER(Irp); KeSetEvent(Context, 0, FALSE); return STATUS_MORE_PROCESSING_REQUIRED; }`,
  },
  {
    rule: 'double-completion',
    bugCheck: '0x44',
    history: ['allocated', 'completed with STATUS_SUCCESS'],
    body: `${makeDevice}
  PIRP Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Done, NULL, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoCompleteRequest(Irp, IO_NO_INCREMENT); // @`,
    before: device + done,
  },
  {
    rule: 'double-completion',
    bugCheck: '0x44',
    body: `${makeDevice}
  KEVENT e; IO_STATUS_BLOCK iosb; PIRP Irp; KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Device, NULL, 0, NULL, &e, &iosb);
  IoCallDriver(Device, Irp);
  IoCompleteRequest(Irp, IO_NO_INCREMENT); // @`,
    before: device,
  },
  {
    rule: 'own-irp-completed',
    bugCheck: '0xC9',
    body: `
  PIRP Irp = IoAllocateIrp(1, FALSE);
  Irp->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Irp, IO_NO_INCREMENT); // @`,
  },
  {
    rule: 'irp-freed-not-owned',
    bugCheck: '0xC9',
    body: `${makeDevice}
  KEVENT e; IO_STATUS_BLOCK iosb; PIRP Irp; KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Device, NULL, 0, NULL, &e, &iosb);
  IoFreeIrp(Irp); // @`,
    before: device,
  },
  {
    rule: 'pending-not-returned',
    body: `${makeDevice}
  KEVENT e; IO_STATUS_BLOCK iosb; PIRP Irp; KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Device, NULL, 0, NULL, &e, &iosb);
  IoCallDriver(Device, Irp);`,
    before: pendingDevice.replace('return STATUS_PENDING; // @dispatch', 'return STATUS_SUCCESS; // @'),
  },
  {
    rule: 'pending-not-marked',
    body: `${makeDevice}
  KEVENT e; IO_STATUS_BLOCK iosb; PIRP Irp; KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Device, NULL, 0, NULL, &e, &iosb);
  IoCallDriver(Device, Irp);`,
    before: pendingDevice.replace('IoMarkIrpPending(Irp);', '').replace('// @dispatch', '// @'),
  },
  {
    rule: 'request-not-completed',
    body: `${makeDevice}
  KEVENT e; IO_STATUS_BLOCK iosb; PIRP Irp; KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Device, NULL, 0, NULL, &e, &iosb);
  IoCallDriver(Device, Irp);`,
    before: pendingDevice
      .replace('IoMarkIrpPending(Irp);', '')
      .replace('return STATUS_PENDING; // @dispatch', 'return STATUS_SUCCESS; // @'),
  },
  {
    rule: 'mdl-freed-while-locked',
    bugCheck: '0x76',
    body: `
  char *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  PMDL Mdl = IoAllocateMdl(p, 16, FALSE, FALSE, NULL);
  MmProbeAndLockPages(Mdl, KernelMode, IoWriteAccess);
  IoFreeMdl(Mdl); // @`,
  },
  {
    rule: 'mdl-not-locked',
    bugCheck: '0xC4',
    body: `
  char *p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  PMDL Mdl = IoAllocateMdl(p, 16, FALSE, FALSE, NULL);
  MmUnlockPages(Mdl); // @`,
  },
  {
    rule: 'mdl-of-pageable-memory',
    body: `
  char *p = ExAllocatePool2(POOL_FLAG_PAGED, 16, 'tseT');
  PMDL Mdl = IoAllocateMdl(p, 16, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool(Mdl); // @`,
  },
  {
    rule: 'mdl-of-pageable-memory',
    body: `
  char local[16];
  PMDL Mdl = IoAllocateMdl(local, 16, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool(Mdl); // @`,
  },
  {
    rule: 'wild-address',
    bugCheck: '0x50',
    body: `
  *(int *)0xFFFFA00000000000 = 1; // @`,
  },
  {
    // No address of x64: an exception, which is no page fault.
    rule: 'wild-address',
    bugCheck: '0x7E',
    body: `
  *(int *)0x4141414141414141 = 1; // @`,
  },
  {
    rule: 'bad-handle',
    bugCheck: '0x93',
    body: `
  ZwClose((HANDLE)0x1234); // @`,
  },
  {
    rule: 'bad-handle',
    body: `
  if (ZwClose(NULL) == STATUS_INVALID_HANDLE) // @
    return STATUS_SUCCESS;`,
  },
  {
    rule: 'bad-handle',
    message:
      'ZwClose is given (HANDLE)-1, which stands for the current process and is never open; it returns STATUS_INVALID_HANDLE. Keep NULL where no handle is open.',
    body: `
  if (ZwClose((HANDLE)-1) == STATUS_INVALID_HANDLE) // @
    return STATUS_SUCCESS;`,
  },
  {
    rule: 'bad-handle',
    body: `
  PVOID object;
  if (ObReferenceObjectByHandle(NULL, 0, NULL, KernelMode, &object, NULL) == STATUS_INVALID_HANDLE) // @
    return STATUS_SUCCESS;`,
  },
  {
    rule: 'bad-handle',
    message:
      'ZwReadFile is called with FileHandle = (HANDLE)-1: in the kernel that stands for the current process, and is no invalid handle. A call that opens a handle says by its status whether it has; keep NULL where none is open.',
    body: `
  IO_STATUS_BLOCK io; char data[4];
  if (ZwReadFile((HANDLE)-1, NULL, NULL, NULL, &io, data, 4, NULL, NULL) == STATUS_OBJECT_TYPE_MISMATCH) // @
    return STATUS_SUCCESS;`,
  },
  {
    rule: 'corrupt-list',
    bugCheck: '0x139',
    body: `
  LIST_ENTRY head, entry; InitializeListHead(&head);
  InsertTailList(&head, &entry);
  RemoveEntryList(&entry);
  RemoveEntryList(&entry); // @`,
  },
  {
    rule: 'bug-check',
    bugCheck: '0xE2',
    body: `
  KeBugCheckEx(0xE2, 1, 2, 3, 4); // @`,
  },
  {
    rule: 'assertion-failed',
    body: `
  NT_FRE_ASSERT(1 + 1 == 3); // @`,
  },
  {
    rule: 'not-emulated',
    body: `
  NotThere(1); // @`,
    before: 'void NotThere(int);',
  },
  {
    rule: 'missing-variable',
    body: `
  Gone = 1; // @`,
    before: 'extern ULONG Gone;',
  },
  {
    rule: 'unhandled-exception',
    bugCheck: '0x7E',
    body: `
  ExRaiseStatus(STATUS_NO_MEMORY); // @`,
  },
  {
    rule: 'hang',
    body: `
  KEVENT e; KeInitializeEvent(&e, NotificationEvent, FALSE);
  KeWaitForSingleObject(&e, Executive, KernelMode, FALSE, NULL); // @`,
  },
  {
    rule: 'self-wait',
    body: `
  KeWaitForSingleObject(PsGetCurrentThread(), Executive, KernelMode, FALSE, NULL); // @`,
  },
  {
    rule: 'active-timer-freed',
    bugCheck: '0xC7',
    body: `
  PKTIMER t = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(KTIMER), 'tseT'); LARGE_INTEGER due; due.QuadPart = -1000000;
  KeInitializeTimer(t);
  KeSetTimer(t, due, NULL);
  ExFreePool(t); // @`,
  },
  {
    rule: 'pool-leak',
    bugCheck: '0xC4',
    unload: '',
    body: `
  ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT'); // @`,
  },
  {
    rule: 'irp-leak',
    unload: '',
    body: `
  IoAllocateIrp(1, FALSE); // @`,
  },
  {
    rule: 'mdl-leak',
    unload: '',
    body: `
  static char b[10];
  IoAllocateMdl(b, 10, FALSE, FALSE, NULL); // @`,
  },
  {
    rule: 'work-item-leak',
    history: ['allocated'],
    before: 'PDEVICE_OBJECT Device;',
    unload: 'IoDeleteDevice(Device);',
    body: `
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  IoAllocateWorkItem(Device); // @`,
  },
  {
    rule: 'device-leak',
    bugCheck: '0xCE',
    unload: '',
    body: `
  PDEVICE_OBJECT d;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &d); // @`,
  },
  {
    rule: 'handle-leak',
    unload: '',
    body: `
  HANDLE h;
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Nothing, NULL); // @`,
    before: 'VOID Nothing(PVOID c) { UNREFERENCED_PARAMETER(c); }',
  },
  {
    rule: 'thread-outlives-driver',
    bugCheck: '0xCE',
    unload: '',
    body: `
  HANDLE h; KeInitializeEvent(&Never, NotificationEvent, FALSE);
  PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Forever, NULL);
  ZwClose(h);`,
    before: `KEVENT Never;
VOID Forever(PVOID c) { UNREFERENCED_PARAMETER(c);
  KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL); // @
}`,
  },
  {
    rule: 'timer-outlives-driver',
    bugCheck: '0xCE',
    unload: '',
    body: `
  LARGE_INTEGER due; due.QuadPart = -1000000000000LL; KeInitializeTimer(&Timer);
  KeSetTimer(&Timer, due, NULL); // @`,
    before: 'KTIMER Timer;',
  },
  {
    rule: 'reference-underflow',
    bugCheck: '0x18',
    body: `
  ObDereferenceObject(PsGetCurrentThread()); // @`,
  },
  {
    rule: 'overlapping-copy',
    body: `
  char b[20] = "0123456789";
  memcpy(b + 2, b, 10); // @`,
  },
  {
    rule: 'format-arguments',
    body: `
  DbgPrint("%d %d\\n", 1); // @`,
  },
];

for (const { rule, body, message, before = '', unload, bugCheck, history, ...options } of cases) {
  test(`${rule}: ${body.trim().split('\n').pop()?.trim()}`, () => {
    const unloadText =
      unload === undefined ? '' : `VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); ${unload} }`;
    const text = `${before}
${unloadText}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Path); UNREFERENCED_PARAMETER(Driver); ${unload === undefined ? '' : 'Driver->DriverUnload = Unload;'}
${body}
  return STATUS_SUCCESS;
}`;
    const run = runDriver(text, options);
    const marked = text.split('\n').findIndex((line) => line.includes('// @') && !line.includes('@dispatch')) + 1;
    const [finding] = run.kernel.findings;
    assert.ok(finding, 'nothing was found');
    assert.equal(finding.rule, rule, finding.message);
    // A sentence, be it of a thing that has a name of its own; functions keep their letters.
    assert.doesNotMatch(finding.message, /^(?:device|event|file|key|pool|socket|symbolic|thread|timer|the|a|an)\b/);
    if (message !== undefined) assert.equal(finding.message, message);
    if (marked > 0) assert.equal(run.findings[0], `${rule}:${marked + 1}`, finding.message);
    assert.equal(run.findings.length, 1, run.findings.join(' '));
    const code = finding.bugCheck?.code.toString(16).toUpperCase();
    if (bugCheck !== undefined) assert.equal(code === undefined ? 'none' : `0x${code}`, bugCheck);
    let from = 0;
    for (const part of history ?? []) {
      const at = finding.history.findIndex(({ what }, i) => i >= from && what.includes(part));
      assert.ok(at >= 0, `"${part}" in ${JSON.stringify(finding.history.map(({ what }) => what))}`);
      from = at + 1;
    }
  });
}

test('a device with another over it is deleted when that is detached', () => {
  const run = runDriver(`
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT low, high;
  UNREFERENCED_PARAMETER(Path);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &low);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &high);
  IoAttachDeviceToDeviceStack(high, low);
  IoDeleteDevice(low);
  DbgPrint("%u", low->Type);
  IoDetachDevice(low);
  IoDeleteDevice(high);
  DbgPrint("%u", Driver->DeviceObject == NULL);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.kernel.log, ['31']);
});

test('a local event of a function that runs again is another event', () => {
  const run = runDriver(`
PIRP Kept[2];
ULONG Count;
NTSTATUS Done(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(Irp); UNREFERENCED_PARAMETER(c);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) {
  UNREFERENCED_PARAMETER(d);
  IoMarkIrpPending(Irp);
  Kept[Count++] = Irp;
  return STATUS_PENDING;
}
VOID Ask(PDEVICE_OBJECT device) {
  KEVENT event;
  IO_STATUS_BLOCK block;
  PIRP irp;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(4, device, NULL, 0, NULL, 0, FALSE, &event, &block);
  IoCallDriver(device, irp);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  Ask(device);
  Ask(device);
  Kept[0]->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Kept[0], IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(
    run.findings.map((one) => one.split(':')[0]),
    ['stack-buffer-outlives-call'],
  );
});

test('a work item that has run and is freed is no leak', () => {
  const run = runDriver(`
PDEVICE_OBJECT Device; PIO_WORKITEM Item;
VOID Routine(PDEVICE_OBJECT d, PVOID c) { UNREFERENCED_PARAMETER(d); IoFreeWorkItem((PIO_WORKITEM)c); }
VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); IoDeleteDevice(Device); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  Item = IoAllocateWorkItem(Device);
  IoQueueWorkItem(Item, Routine, DelayedWorkQueue, Item);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.messages, []);
});
