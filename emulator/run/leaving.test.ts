/** Work items hold their device, and so the driver: what is left is looked at when their routines have returned. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runText } from '../testing.ts';

/** Unload is told by the routine itself that it may go, and the routine has something left to do. */
const driver = (last: string): string => `#include <ntddk.h>
typedef struct { PIO_WORKITEM Item; KEVENT Gone, Never; LONG Left; } EXT, *PEXT;
static VOID Work(PDEVICE_OBJECT Device, PVOID Context) {
  PEXT ext = Device->DeviceExtension; PVOID block = Context; LARGE_INTEGER moment;
  KeSetEvent(&ext->Gone, IO_NO_INCREMENT, FALSE);
  moment.QuadPart = -10000;
  KeDelayExecutionThread(KernelMode, FALSE, &moment);
  DbgPrint("%d left", ext->Left);
  ${last}
}
static VOID Unload(PDRIVER_OBJECT Driver) {
  PEXT ext = Driver->DeviceObject->DeviceExtension;
  KeWaitForSingleObject(&ext->Gone, Executive, KernelMode, FALSE, NULL);
  IoDeleteDevice(Driver->DeviceObject);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT device; PEXT ext; PVOID block;
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  IoCreateDevice(Driver, sizeof(EXT), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  ext = device->DeviceExtension;
  ext->Left = 3;
  KeInitializeEvent(&ext->Gone, NotificationEvent, FALSE);
  KeInitializeEvent(&ext->Never, NotificationEvent, FALSE);
  ext->Item = IoAllocateWorkItem(device);
  block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 16, 'tseT');
  IoQueueWorkItem(ext->Item, Work, DelayedWorkQueue, block);
  return STATUS_SUCCESS;
}`;

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['both are freed', 'IoFreeWorkItem(ext->Item); ExFreePool(block);', []],
  ['the block is not', 'IoFreeWorkItem(ext->Item); (VOID)block;', ['pool-leak']],
  ['the item is not', 'ExFreePool(block);', ['work-item-leak']],
  ['it never returns', 'KeWaitForSingleObject(&ext->Never, Executive, KernelMode, FALSE, NULL);', ['hang']],
];

for (const [what, last, expected] of rows) {
  test(`a work item's routine that outlives DriverUnload: ${what}`, () => {
    const result = runText(driver(last));
    assert.deepEqual(result.log, ['3 left']);
    assert.deepEqual(
      result.findings.map(({ rule }) => rule),
      expected,
    );
  });
}

/** DriverEntry fails behind the back of its work item, whose routine ends later. */
const failing = (last: string): string =>
  driver(last).replace(
    'return STATUS_SUCCESS;',
    `KeWaitForSingleObject(&ext->Gone, Executive, KernelMode, FALSE, NULL);
  IoDeleteDevice(device);
  return STATUS_UNSUCCESSFUL;`,
  );

for (const [what, last, expected] of rows) {
  test(`a work item's routine that outlives a failing DriverEntry: ${what}`, () => {
    const result = runText(failing(last));
    assert.deepEqual(result.log, ['3 left']);
    assert.deepEqual(
      result.findings.map(({ rule }) => rule),
      expected,
    );
  });
}
