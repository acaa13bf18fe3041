/** The way of an IRP up through its stack locations, as truth tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

/** Two devices: Upper sets the routine under test and sends down; Lower completes. Top, set by the sender, keeps the IRP. */
function stackDriver(body: { readonly lower: string; readonly flags: string; readonly routine?: string }): string {
  return `
PDEVICE_OBJECT Upper, Lower;
int Called, TopPending, LowerPending;
NTSTATUS TopDone(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  TopPending = Irp->PendingReturned;
  return STATUS_MORE_PROCESSING_REQUIRED;
}
NTSTATUS Middle(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  Called = 1;
  LowerPending = Irp->PendingReturned;
  ${body.routine ?? 'return STATUS_SUCCESS;'}
}
NTSTATUS Dispatch(PDEVICE_OBJECT Device, PIRP Irp) {
  if (Device == Upper) {
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Middle, NULL, ${body.flags});
    return IoCallDriver(Lower, Irp);
  }
  ${body.lower}
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PIRP Irp; NTSTATUS status;
  UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);
  IoAttachDeviceToDeviceStack(Upper, Lower);
  Irp = IoAllocateIrp(Upper->StackSize, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, TopDone, NULL, TRUE, TRUE, TRUE);
  status = IoCallDriver(Upper, Irp);
  DbgPrint("%d %d %d %x", Called, LowerPending, TopPending, status);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}`;
}

function lineOf(source: string): string {
  const run = runDriver(source);
  assert.deepEqual(run.messages, []);
  return run.log[0] ?? '';
}

test('a completion routine runs when its flags ask for the outcome', () => {
  // on success, on error, on cancel | status, cancelled | called
  const rows = `
    TRUE  FALSE FALSE | STATUS_SUCCESS           0 | 1
    TRUE  FALSE FALSE | STATUS_UNSUCCESSFUL      0 | 0
    TRUE  FALSE FALSE | STATUS_CANCELLED         1 | 0
    TRUE  FALSE FALSE | STATUS_BUFFER_OVERFLOW   0 | 0
    TRUE  FALSE FALSE | STATUS_TIMEOUT           0 | 1
    FALSE TRUE  FALSE | STATUS_SUCCESS           0 | 0
    FALSE TRUE  FALSE | STATUS_UNSUCCESSFUL      0 | 1
    FALSE TRUE  FALSE | STATUS_BUFFER_OVERFLOW   0 | 1
    FALSE TRUE  FALSE | STATUS_CANCELLED         1 | 1
    FALSE FALSE TRUE  | STATUS_SUCCESS           0 | 0
    FALSE FALSE TRUE  | STATUS_CANCELLED         0 | 0
    FALSE FALSE TRUE  | STATUS_CANCELLED         1 | 1
    FALSE FALSE TRUE  | STATUS_SUCCESS           1 | 1
    FALSE FALSE FALSE | STATUS_SUCCESS           0 | 0
    FALSE FALSE FALSE | STATUS_UNSUCCESSFUL      1 | 0
    TRUE  TRUE  TRUE  | STATUS_SUCCESS           0 | 1
    TRUE  TRUE  TRUE  | STATUS_UNSUCCESSFUL      0 | 1
    TRUE  TRUE  TRUE  | STATUS_CANCELLED         1 | 1`;
  for (const row of rows.trim().split('\n')) {
    const [flags = '', outcome = '', called = ''] = row.split('|').map((part) => part.trim());
    const [status = '', cancelled = '0'] = outcome.split(/\s+/);
    const lower = `
      Irp->Cancel = ${cancelled};
      Irp->IoStatus.Status = ${status};
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return ${status};`;
    const line = lineOf(stackDriver({ lower, flags: flags.split(/\s+/).join(', ') }));
    assert.equal(line.split(' ')[0], called, row);
  }
});

test('a pending mark goes up to the sender', () => {
  // routine of the upper driver | what it sees, what the top sees
  const all = 'TRUE, TRUE, TRUE';
  const none = 'FALSE, FALSE, FALSE';
  const pending = `
      IoMarkIrpPending(Irp);
      Irp->IoStatus.Status = STATUS_SUCCESS;
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return STATUS_PENDING;`;
  const direct = `
      Irp->IoStatus.Status = STATUS_SUCCESS;
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return STATUS_SUCCESS;`;
  const marks = 'if (Irp->PendingReturned) IoMarkIrpPending(Irp); return STATUS_SUCCESS;';
  const rows: readonly [string, string, string | undefined, string][] = [
    [pending, none, undefined, '0 0 1 103'],
    [pending, all, marks, '1 1 1 103'],
    [direct, none, undefined, '0 0 0 0'],
    [direct, all, marks, '1 0 0 0'],
  ];
  for (const [lower, flags, routine, expected] of rows)
    assert.equal(lineOf(stackDriver({ lower, flags, ...(routine === undefined ? {} : { routine }) })), expected);
});

test('a completion routine that ignores PendingReturned is found at its return', () => {
  const lower = `IoMarkIrpPending(Irp); Irp->IoStatus.Status = 0; IoCompleteRequest(Irp, IO_NO_INCREMENT); return STATUS_PENDING;`;
  const run = runDriver(stackDriver({ lower, flags: 'TRUE, TRUE, TRUE', routine: 'return STATUS_SUCCESS;' }));
  assert.deepEqual(run.findings, ['pending-not-propagated:14']);
});

test('STATUS_MORE_PROCESSING_REQUIRED stops the way up until the IRP is completed again', () => {
  const source = `
PDEVICE_OBJECT Upper, Lower; KEVENT Ready; PIRP Kept;
NTSTATUS TopDone(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(c);
  DbgPrint("top %x\\n", Irp->IoStatus.Status);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
NTSTATUS Keep(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  DbgPrint("keep %d %p\\n", Device == Upper, Context);
  Kept = Irp;
  return STATUS_MORE_PROCESSING_REQUIRED;
}
NTSTATUS Dispatch(PDEVICE_OBJECT Device, PIRP Irp) {
  if (Device == Upper) {
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Keep, (PVOID)7, TRUE, TRUE, TRUE);
    IoCallDriver(Lower, Irp);
    DbgPrint("back\\n");
    Kept->IoStatus.Status = STATUS_NOT_FOUND;
    IoCompleteRequest(Kept, IO_NO_INCREMENT);
    return STATUS_NOT_FOUND;
  }
  Irp->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PIRP Irp; NTSTATUS status; UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);
  IoAttachDeviceToDeviceStack(Upper, Lower);
  Irp = IoAllocateIrp(2, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, TopDone, NULL, TRUE, TRUE, TRUE);
  status = IoCallDriver(Upper, Irp);
  DbgPrint("status %x\\n", status);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}`;
  const run = runDriver(source);
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, ['keep 1 0000000000000007', 'back', 'top c0000225', 'status c0000225']);
});

test('a threaded request writes its status block, sets its event and frees its IRP', () => {
  const source = `
PDEVICE_OBJECT Device;
NTSTATUS Control(PDEVICE_OBJECT d, PIRP Irp) {
  PIO_STACK_LOCATION l = IoGetCurrentIrpStackLocation(Irp); char *b = Irp->AssociatedIrp.SystemBuffer;
  UNREFERENCED_PARAMETER(d);
  DbgPrint("in %u out %u '%s'\\n", l->Parameters.DeviceIoControl.InputBufferLength, l->Parameters.DeviceIoControl.OutputBufferLength, b);
  b[0] = 'B';
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 3;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}
VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); IoDeleteDevice(Device); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PIRP Irp; NTSTATUS s; KEVENT e; IO_STATUS_BLOCK iosb; char in[4] = "abc"; char out[8] = "xxxxxxx";
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildDeviceIoControlRequest(CTL_CODE(FILE_DEVICE_UNKNOWN, 1, METHOD_BUFFERED, 0), Device, in, 4, out, 8, FALSE, &e, &iosb);
  s = IoCallDriver(Device, Irp);
  if (s == STATUS_PENDING) KeWaitForSingleObject(&e, Executive, KernelMode, FALSE, NULL);
  DbgPrint("%x %x %Iu %s %d\\n", s, iosb.Status, iosb.Information, out, KeReadStateEvent(&e));
  KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildDeviceIoControlRequest(0x222004, Device, NULL, 0, NULL, 0, TRUE, &e, &iosb);
  s = IoCallDriver(Device, Irp);
  DbgPrint("%x %d\\n", s, KeReadStateEvent(&e));
  return STATUS_SUCCESS;
}`;
  const run = runDriver(source);
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, ["in 4 out 8 'abc'", '0 0 3 Bbcxxxx 1', 'c0000010 0']);
});

/** Upper marks and keeps what it is sent; later it gives its own location on with the IRP. */
const queuedThenSkipped = (lower: string, later: string): string =>
  stackDriver({ lower, flags: '' })
    .replace(
      / {4}IoCopy[\s\S]*?return IoCallDriver\(Lower, Irp\);/,
      '    IoMarkIrpPending(Irp);\n    return STATUS_PENDING;',
    )
    .replace('  IoFreeIrp(Irp);', `${later}\n  DbgPrint(", later %d\\n", TopPending);\n  IoFreeIrp(Irp);`);

const skipped = 'IoSkipCurrentIrpStackLocation(Irp); IoCallDriver(Lower, Irp);';
const completes = 'Irp->IoStatus.Status = STATUS_SUCCESS; IoCompleteRequest(Irp, 0);';

test('a queued request that is passed on without a location of its own is judged by what the driver below does', () => {
  const right = runDriver(queuedThenSkipped(`${completes} return STATUS_SUCCESS;`, skipped));
  assert.deepEqual(right.messages, []);
  assert.equal(right.log[0], '0 0 0 103, later 1');
  const wrong = runDriver(queuedThenSkipped(`${completes} return STATUS_UNSUCCESSFUL;`, skipped));
  assert.match(wrong.messages[0] ?? '', /returns STATUS_UNSUCCESSFUL, but IRP #1 was completed with STATUS_SUCCESS/);
});

test('who marks a request and returns what the driver below returned is found, though both have one location', () => {
  const { messages } = runDriver(
    stackDriver({ lower: `${completes} return STATUS_SUCCESS;`, flags: '' }).replace(
      / {4}IoCopy[\s\S]*?return IoCallDriver\(Lower, Irp\);/,
      '    IoMarkIrpPending(Irp);\n    IoSkipCurrentIrpStackLocation(Irp);\n    return IoCallDriver(Lower, Irp);',
    ),
  );
  assert.match(
    messages[0] ?? '',
    /^The dispatch routine Dispatch returns STATUS_SUCCESS for IRP #1, which was marked pending/,
  );
});

test('an IRP in memory of the driver goes with that memory, and a routine that keeps it may give it back', () => {
  const source = (returned: string): string => `
typedef struct { LONG Number; IRP Irp; IO_STACK_LOCATION Location; } SLOT, *PSLOT;
static LOOKASIDE_LIST_EX Slots;
NTSTATUS Done(PDEVICE_OBJECT d, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(Irp);
  ExFreeToLookasideListEx(&Slots, Context);
  return ${returned};
}
NTSTATUS Dispatch(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}
VOID Unload(PDRIVER_OBJECT Driver) { ExDeleteLookasideListEx(&Slots); IoDeleteDevice(Driver->DeviceObject); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT device; PSLOT slot;
  UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  Driver->DriverUnload = Unload;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  ExInitializeLookasideListEx(&Slots, NULL, NULL, NonPagedPoolNx, 0, sizeof(SLOT), 'tolS', 0);
  slot = ExAllocateFromLookasideListEx(&Slots);
  IoInitializeIrp(&slot->Irp, IoSizeOfIrp(1), 1);
  IoGetNextIrpStackLocation(&slot->Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(&slot->Irp, Done, slot, TRUE, TRUE, TRUE);
  IoCallDriver(device, &slot->Irp);
  return STATUS_SUCCESS;
}`;
  assert.deepEqual(runDriver(source('STATUS_MORE_PROCESSING_REQUIRED')).findings, []);
  assert.deepEqual(runDriver(source('STATUS_SUCCESS')).findings, ['completion-keeps-irp:8']);
});
