/** Devices of the scenario below a driver, filters over them, files: what a driver sees of its surroundings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
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

test('the trace says what each request asks for, by the names of the driver and of the headers', () => {
  const scenario = `${lower}
callers:
  - steps:
      - open: \\\\.\\Lower
      - read: { length: 16 }
      - ioctl: { code: IOCTL_VERSION, outputLength: 4 }
      - ioctl: { code: 0x999999, status: STATUS_INVALID_DEVICE_REQUEST }
`;
  const run = readyRun(planOf([fileAt('emulator/fixtures/filter-driver.c')], { scenario: scenarioText(scenario) }));
  clean(finish(run));
  const asked = run
    .trace(0)
    .flatMap((event) => (event.kind === 'irp-sent' && event.object === '\\Device\\Lower0' ? [event.subject] : []));
  for (const subject of ['IRP_MJ_CREATE', 'IRP_MJ_READ', 'IOCTL_VERSION', '0x999999', 'IRP_MJ_CLEANUP'])
    assert.ok(asked.includes(subject), `${subject} in ${asked.join(' ')}`);
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

/** A client that writes to the device of the scenario and sends it control codes, as often as its IOCTLs ask for. */
const client = `#include <ntddk.h>
#define IOCTL_IN CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_PUT CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
static PDEVICE_OBJECT Lower;
static VOID Control(ULONG Code, PVOID In, ULONG InLength, PVOID Data, ULONG Length) {
  IO_STATUS_BLOCK result;
  KEVENT done;
  PIRP irp;
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(Code, Lower, In, InLength, Data, Length, FALSE, &done, &result);
  if (irp != NULL && IoCallDriver(Lower, irp) == STATUS_PENDING) KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
}
static VOID Write(PVOID Data, ULONG Length) {
  IO_STATUS_BLOCK result;
  KEVENT done;
  PIRP irp;
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  irp = IoBuildSynchronousFsdRequest(IRP_MJ_WRITE, Lower, Data, Length, NULL, &done, &result);
  if (irp != NULL && IoCallDriver(Lower, irp) == STATUS_PENDING) KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
}
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Lower0");
  PFILE_OBJECT file;
  NTSTATUS status = IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &file, &Lower);
  UNREFERENCED_PARAMETER(r);
  d->DriverUnload = Unload;
  if (!NT_SUCCESS(status)) return status;
  Write("hello", 5);
  Control(IOCTL_IN, "\\1\\2\\3", 3, NULL, 0);
  Control(IOCTL_PUT, "c", 1, "data", 4);
  ObDereferenceObject(file);
  return STATUS_SUCCESS;
}
`;

const expectations: readonly {
  readonly what: string;
  readonly device: string;
  /** Messages after "The device \\Device\\Lower0 expected ", with the line in the scenario. */
  readonly found: readonly string[];
}[] = [
  {
    what: 'bytes that come are right: as text, in hex, by number, by pattern',
    device: `
      - { to: write, expect: hello }
      - { code: IOCTL_IN, expect: { hex: 01 02 03 } }
      - { code: IOCTL_PUT, expect: { length: 1 }, expectData: { pattern: 'd.t?a+' } }`,
    found: [],
  },
  {
    what: 'what is wrong is told with both sides',
    device: `
      - { to: write, expect: help }
      - { code: IOCTL_IN, expect: { hex: 01 02 04 } }
      - { code: IOCTL_PUT, expect: cc, expectData: { length: 5 } }`,
    found: [
      '6: 4 bytes "help" [68 65 6c >70<] with a request to write (its answer 1), but got 5 bytes "hello" [68 65 6c >6c< 6f]: byte 3 is 6c instead of 70.',
      '7: 3 bytes "..." [01 02 >04<] of input with IOCTL_IN (its answer 2), but got 3 bytes "..." [01 02 >03<]: byte 2 is 03 instead of 04.',
      '8: 2 bytes "cc" [63 >63<] of input with IOCTL_PUT (its answer 3), but got 1 byte "c" [63]: it ends after 1 byte.',
    ],
  },
  {
    what: 'a request that does not come, and one that comes too seldom',
    device: `
      - { to: read, expect: x }
      - { code: IOCTL_PUT, expectData: data }
      - { code: IOCTL_PUT, expectData: more }`,
    found: [
      '6: a request to read with 1 byte "x" [78] (its answer 1), but no such request came.',
      '8: IOCTL_PUT with 4 bytes "more" [6d 6f 72 65] (its answer 3), but only one such request came.',
    ],
  },
  {
    what: 'each command has its own answers',
    device: `
      - { code: IOCTL_IN, when: { hex: 02 }, expect: other }
      - { code: IOCTL_IN, when: { hex: 01 02 }, expect: { hex: 01 02 03 } }
      - { to: write, when: hello, expect: hello }
      - { code: IOCTL_PUT, when: c, expectData: data }`,
    found: ['6: IOCTL_IN with 5 bytes "other" [6f 74 68 65 72] (its answer 1), but no such request came.'],
  },
  {
    what: 'the order is right',
    device: `
      - { to: write }
      - { code: IOCTL_IN }
      - { code: IOCTL_PUT }
    inOrder: true`,
    found: [],
  },
  {
    what: 'a request comes before its turn, and one too many',
    device: `
      - { code: IOCTL_IN, status: STATUS_UNSUCCESSFUL }
      - { to: write }
    inOrder: true`,
    found: [
      '6: IOCTL_IN next (its answer 1), but got a request to write (its answer 2).',
      '3: no further request, but got control code 0x222005.',
    ],
  },
  {
    what: 'an order that stops halfway',
    device: `
      - { to: write }
      - { code: IOCTL_IN }
      - { code: IOCTL_PUT }
      - { code: IOCTL_PUT }
      - { to: flush }
    inOrder: true`,
    found: ['9: IOCTL_PUT (its answer 4), but only one such request came.'],
  },
];

for (const { what, device, found } of expectations) {
  test(`a device of the scenario expects: ${what}`, () => {
    const scenario = `\ndevices:\n  - name: \\Device\\Lower0\n    io: direct\n    answers:${device}\n`;
    const result = runText(client, { scenario: scenarioText(scenario) });
    const messages = result.findings.map(
      ({ rule, message, span }) =>
        `${rule} ${span.file.text.slice(0, span.start).split('\n').length}: ${message.replace('The device \\Device\\Lower0 expected ', '')}`,
    );
    assert.deepEqual(
      messages,
      found.map((line) => `device-expectation ${line}`),
    );
    for (const { history, message } of result.findings) {
      assert.ok(history.length > 0 || message.endsWith(' came.'), 'the history of the IRP');
    }
  });
}

test('an AddDevice that nobody calls is told', () => {
  const run = readyRun(planOf([sourceFile('f.c', pnpFilter)]));
  clean(finish(run));
  const told = run.trace(0).flatMap((event) => (event.kind === 'caller' ? [`${event.caller}: ${event.what}`] : []));
  assert.deepEqual(told, [
    'PnP: Add (AddDevice) is not called: no device of the scenario is for the driver (devices: pnp: true)',
  ]);
});

test('a filter with a socket of its own comes and goes with its device', () => {
  for (const seed of [undefined, 1, 2]) {
    const plan = planOf([fileAt('emulator/fixtures/telemetry-filter.c')], {
      seed,
      scenario: scenarioText(`
unloadAfterMs: 350
devices:
  - name: \\Device\\Sensor0
    link: \\??\\Sensor0
    pnp: true
    io: direct
    answers:
      - { to: read, output: "12345678", delayMs: 2 }
      - { to: write, expect: go }
callers:
  - afterMs: 5
    steps:
      - open: \\\\.\\Sensor0
      - write: go
      - read: { length: 8, output: "12345678" }
      - close: handle
peers:
  - datagram: 192.0.2.20:8125
    steps: [{ expect: r1 w1 b10 }, { expect: r1 w1 b10 }]
`),
    });
    clean(finish(readyRun(plan)));
  }
});
