/** Devices of the scenario below a driver, filters over them, files: what a driver sees of its surroundings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from './run/types.ts';
import { fileAt, finish, planOf, readyRun, runText, scenarioText } from './testing.ts';

function runFixture(name: string, scenario: string, dataFiles = new Map<string, Uint8Array>()): RunResult {
  const plan = planOf([fileAt(`emulator/fixtures/${name}`)], { scenario: scenarioText(scenario), dataFiles });
  return finish(readyRun(plan));
}

function clean(result: RunResult): void {
  assert.deepEqual(
    result.findings.map(({ message }) => message),
    [],
  );
  assert.equal(result.outcome, 'clean');
}

const lower = `
devices:
  - name: \\Device\\Lower0
    link: \\??\\Lower
    answers:
      - { code: IOCTL_VERSION, output: { hex: "07000000" }, delayMs: 2 }
      - { code: IOCTL_STALL, delayMs: 1000 }
      - { to: read, output: first }
      - { to: read, output: second, delayMs: 3 }
      - { to: write, status: STATUS_DISK_FULL }
`;

test('a filter sees what passes to the device of the scenario and back', () => {
  const result = runFixture(
    'filter-driver.c',
    `${lower}
callers:
  - steps:
      - open: \\\\.\\Lower
      - read: { length: 16, output: 1irst }
      - read: { length: 16, output: 2econd }
      - read: { length: 3, output: 3ec }
      - write: { data: x, status: STATUS_DISK_FULL }
      - ioctl: { code: 0x222400, outputLength: 4, output: { hex: "07000000" } }
      - ioctl: { function: 0x999, status: STATUS_INVALID_DEVICE_REQUEST }
      - ioctl: { code: IOCTL_STALL, async: stalled, status: STATUS_CANCELLED }
      - cancel: stalled
      - waitFor: stalled
`,
  );
  clean(result);
  assert.deepEqual(result.log, ['version 7']);
});

test('without its lower device a filter does not load', () => {
  assert.equal(runFixture('filter-driver.c', '').entryResult, 0xc0000034 | 0);
});

test('an answer that names what nobody defines is told with its place', () => {
  const result = runFixture('filter-driver.c', `${lower}      - { code: IOCTL_NONE, output: x }\n`);
  assert.deepEqual(
    result.findings.map(({ rule, message, span }) => [rule, message, span.start > 0]),
    [
      [
        'scenario-name',
        "The scenario's device \\Device\\Lower0 has an answer with no macro IOCTL_NONE in the driver or its headers; there are IOCTL_VERSION, IOCTL_STALL.",
        true,
      ],
    ],
  );
});

const settings = `
fileSystem:
  \\??\\C:\\settings\\a.ini: key=value1
  \\??\\C:\\settings\\b.ini: { file: b.ini }
  \\??\\C:\\settings\\old.txt: { text: x, repeat: 3 }
`;

test('files of the scenario are read and written, with the statuses of Windows', () => {
  const result = runFixture(
    'file-logger.c',
    `${settings}
expect:
  fileSystem:
    \\??\\C:\\Windows\\Temp\\driver.log: "one\\ntwo\\nthree\\n"
`,
    new Map([['b.ini', Uint8Array.of(1, 2, 3)]]),
  );
  assert.deepEqual(
    result.log.filter((line) => !line.startsWith('ok')),
    [],
  );
  assert.equal(result.log.length, 28);
  clean(result);
});

test('a file that differs from what the scenario expects is a finding', () => {
  const result = runFixture(
    'file-logger.c',
    `${settings}
expect:
  fileSystem:
    C:\\settings\\a.ini: key=value2
    C:\\settings\\c.ini: ""
`,
    new Map([['b.ini', Uint8Array.of(1, 2, 3)]]),
  );
  assert.deepEqual(
    result.findings.map(({ message }) => message),
    [
      'The scenario expects 10 bytes ("key=value2") in the file C:\\settings\\a.ini, but there are 10 bytes ("key=value1"): byte 9 differs.',
      'The scenario expects the file C:\\settings\\c.ini, but there is none.',
    ],
  );
});

const pnpFilter = `#include <ntddk.h>
typedef struct { PDEVICE_OBJECT Lower; } EXTENSION, *PEXTENSION;
static NTSTATUS PassOn(PDEVICE_OBJECT Device, PIRP Irp) {
  IoSkipCurrentIrpStackLocation(Irp);
  return IoCallDriver(((PEXTENSION)Device->DeviceExtension)->Lower, Irp);
}
static NTSTATUS Pnp(PDEVICE_OBJECT Device, PIRP Irp) {
  PEXTENSION Extension = Device->DeviceExtension;
  UCHAR Minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
  NTSTATUS Status;
  DbgPrint("pnp %d status %x\\n", Minor, Irp->IoStatus.Status);
  if (Minor == IRP_MN_START_DEVICE) {
    if (!IoForwardIrpSynchronously(Extension->Lower, Irp)) return STATUS_UNSUCCESSFUL;
    Status = Irp->IoStatus.Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
  }
  if (Minor != IRP_MN_REMOVE_DEVICE) {
    Irp->IoStatus.Status = STATUS_SUCCESS;
    return PassOn(Device, Irp);
  }
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Status = PassOn(Device, Irp);
  IoDetachDevice(Extension->Lower);
  IoDeleteDevice(Device);
  return Status;
}
static NTSTATUS Add(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Physical) {
  PDEVICE_OBJECT Device;
  NTSTATUS Status = IoCreateDevice(Driver, sizeof(EXTENSION), NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  if (!NT_SUCCESS(Status)) return Status;
  ((PEXTENSION)Device->DeviceExtension)->Lower = IoAttachDeviceToDeviceStack(Device, Physical);
  Device->Flags |= DO_BUFFERED_IO;
  Device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); DbgPrint("unload\\n"); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  ULONG i;
  UNREFERENCED_PARAMETER(Path);
  for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) Driver->MajorFunction[i] = PassOn;
  Driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  Driver->DriverExtension->AddDevice = Add;
  Driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
`;

test('a driver with AddDevice gets its device, and loses it before it is unloaded', () => {
  const scenario = `
devices:
  - { name: \\Device\\Port0, pnp: true, answers: [{ to: read, output: below }] }
callers:
  - steps:
      - open: \\Device\\Port0
      - read: { length: 8, output: below }
`;
  const result = runText(pnpFilter, { scenario: scenarioText(scenario) });
  clean(result);
  assert.deepEqual(result.log, ['pnp 0 status c00000bb', 'pnp 1 status c00000bb', 'pnp 2 status c00000bb', 'unload']);
});
