import { test } from 'node:test';
import { runDriver } from './fixtures/run-driver.ts';
test('perf', () => {
  const src = `
PDEVICE_OBJECT Device; KEVENT E; int N;
NTSTATUS Done(PDEVICE_OBJECT d, PIRP Irp, PVOID c) { UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(Irp); N++; KeSetEvent((PKEVENT)c, 0, FALSE); return STATUS_MORE_PROCESSING_REQUIRED; }
NTSTATUS Dispatch(PDEVICE_OBJECT d, PIRP Irp) { UNREFERENCED_PARAMETER(d); Irp->IoStatus.Status = STATUS_SUCCESS; IoCompleteRequest(Irp, 0); return 0; }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  int i; PIRP Irp; UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_READ] = Dispatch;
  IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  Irp = IoAllocateIrp(1, FALSE);
  for (i = 0; i < 20000; i++) {
    KeInitializeEvent(&E, NotificationEvent, FALSE);
    IoReuseIrp(Irp, STATUS_SUCCESS);
    IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_READ;
    IoSetCompletionRoutine(Irp, Done, &E, TRUE, TRUE, TRUE);
    IoCallDriver(Device, Irp);
    KeWaitForSingleObject(&E, Executive, KernelMode, FALSE, NULL);
  }
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}`;
  runDriver(src.replace('20000', '100'));
  const t = performance.now();
  const r = runDriver(src, { statementsMax: 1e9 });
  const ms = performance.now() - t;
  console.log(ms, 'ms', 20000 / ms * 1000, 'completions/s', r.messages, r.kernel.machine.statements, r.kernel.trace.length, process.memoryUsage().heapUsed / 1e6);
});
