/** Cancelling an IRP that a driver holds, and forwarding one with a wait. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

const holder = (routine: string): string => `
PDEVICE_OBJECT Device; KEVENT Done;
VOID Cancel(PDEVICE_OBJECT d, PIRP Irp) {
  DbgPrint("cancel %d irql %d\\n", d == Device, KeGetCurrentIrql());
  ${routine}
}
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) {
  UNREFERENCED_PARAMETER(d);
  IoMarkIrpPending(Irp);
  IoSetCancelRoutine(Irp, Cancel);
  return STATUS_PENDING;
}
NTSTATUS Completed(PDEVICE_OBJECT d, PIRP Irp, PVOID c) {
  UNREFERENCED_PARAMETER(d);
  DbgPrint("completed %x cancelled %d\\n", Irp->IoStatus.Status, Irp->Cancel);
  KeSetEvent((PKEVENT)c, 0, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PIRP Irp; UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  Irp = IoAllocateIrp(1, FALSE);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Completed, &Done, TRUE, TRUE, TRUE);
  DbgPrint("send %x\\n", IoCallDriver(Device, Irp));
  DbgPrint("cancel %d\\n", IoCancelIrp(Irp));
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  DbgPrint("again %d irql %d\\n", IoCancelIrp(Irp), KeGetCurrentIrql());
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}`;

test('a cancel routine runs at DISPATCH_LEVEL with the cancel spin lock, and completes the IRP', () => {
  const run = runDriver(
    holder(`IoReleaseCancelSpinLock(Irp->CancelIrql);
  Irp->IoStatus.Status = STATUS_CANCELLED;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);`),
  );
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, [
    'send 103',
    'cancel 1 irql 2',
    'completed c0000120 cancelled 1',
    'cancel 1',
    'again 0 irql 0',
  ]);
});

const sentAgain = (before: string): string =>
  holder(`IoReleaseCancelSpinLock(Irp->CancelIrql);
  Irp->IoStatus.Status = STATUS_CANCELLED;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);`).replace(
    '  IoFreeIrp(Irp);',
    `  ${before}
  KeClearEvent(&Done);
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
  IoSetCompletionRoutine(Irp, Completed, &Done, TRUE, TRUE, TRUE);
  IoCallDriver(Device, Irp);
  IoCancelIrp(Irp);
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  IoFreeIrp(Irp);`,
  );

test('an IRP that was cancelled is sent again as it is', () => {
  const { messages } = runDriver(sentAgain(''));
  assert.match(messages[0] ?? '', /^IoCallDriver is given IRP #1 again .*Irp->Cancel is still set/);
  assert.deepEqual(runDriver(sentAgain('IoReuseIrp(Irp, STATUS_SUCCESS);')).messages, []);
  assert.deepEqual(runDriver(sentAgain('Irp->Cancel = FALSE; Irp->IoStatus.Status = 0;')).messages, []);
});

test('an IRP that pended is sent again with the status of its last use', () => {
  const { messages } = runDriver(sentAgain('Irp->Cancel = FALSE;'));
  assert.match(messages[0] ?? '', /again .*PendingReturned and .* last use \(STATUS_CANCELLED, Information = 0\)/);
  assert.deepEqual(runDriver(sentAgain('Irp->Cancel = FALSE; Irp->PendingReturned = FALSE;')).messages, []);
});

test('a cancel routine that keeps the cancel spin lock is found', () => {
  const run = runDriver(holder('UNREFERENCED_PARAMETER(Irp);'));
  assert.match(run.messages[0] ?? '', /Cancel returns at IRQL 2/);
});

test('completing an IRP whose cancel routine is still set is found', () => {
  const run = runDriver(
    holder(`IoReleaseCancelSpinLock(Irp->CancelIrql);
  IoSetCancelRoutine(Irp, Cancel);
  Irp->IoStatus.Status = STATUS_CANCELLED;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);`),
  );
  assert.deepEqual(run.findings, ['completed-with-cancel-routine:9']);
});

test('IoForwardIrpSynchronously waits for the lower driver and gives the IRP back', () => {
  const run = runDriver(`
PDEVICE_OBJECT Upper, Lower; PIRP Kept; KTIMER Timer; KDPC Dpc;
VOID Later(PKDPC D, PVOID C, PVOID A, PVOID B) {
  UNREFERENCED_PARAMETER(D); UNREFERENCED_PARAMETER(C); UNREFERENCED_PARAMETER(A); UNREFERENCED_PARAMETER(B);
  Kept->IoStatus.Status = STATUS_SUCCESS;
  IoCompleteRequest(Kept, IO_NO_INCREMENT);
}
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) {
  LARGE_INTEGER due;
  if (d == Upper) {
    BOOLEAN sent = IoForwardIrpSynchronously(Lower, Irp);
    DbgPrint("back %d %x\\n", sent, Irp->IoStatus.Status);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
  }
  Kept = Irp; due.QuadPart = -10000;
  IoMarkIrpPending(Irp);
  KeSetTimer(&Timer, due, &Dpc);
  return STATUS_PENDING;
}
VOID Unload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  IoDetachDevice(Lower);
  IoDeleteDevice(Upper);
  IoDeleteDevice(Lower);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PIRP Irp; KEVENT e; IO_STATUS_BLOCK iosb; NTSTATUS s; UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  KeInitializeTimer(&Timer); KeInitializeDpc(&Dpc, Later, NULL);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper);
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);
  IoAttachDeviceToDeviceStack(Upper, Lower);
  KeInitializeEvent(&e, NotificationEvent, FALSE);
  Irp = IoBuildSynchronousFsdRequest(IRP_MJ_READ, Upper, NULL, 0, NULL, &e, &iosb);
  s = IoCallDriver(Upper, Irp);
  DbgPrint("%x %x\\n", s, iosb.Status);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, ['back 1 0', '0 0']);
});
