/** Programs of a scenario: what a driver sees of them, what they get back, what is found when either goes wrong. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../base/source.ts';
import type { RunResult } from './run/types.ts';
import { fileAt, findingsOf, finish, planOf, readyRun, runText, scenarioText } from './testing.ts';

/** Runs the fixture driver with one program of these steps. */
function runSteps(steps: string, more = ''): RunResult {
  const lines = steps
    .trim()
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('');
  const scenario = scenarioText(`callers:\n  - name: app\n    steps:\n${lines}${more}`);
  return finish(readyRun(planOf([fileAt('emulator/fixtures/ioctl-driver.c')], { scenario })));
}

function messagesOf(result: RunResult): string[] {
  return result.findings.map(({ message }) => message);
}

function clean(result: RunResult): void {
  assert.deepEqual(messagesOf(result), []);
  assert.equal(result.outcome, 'clean');
}

test('every way to name a device opens it, and the driver sees who opens it', () => {
  const names = [
    '\\\\.\\Echo',
    '\\\\.\\Global\\Echo',
    '\\\\.\\GLOBALROOT\\Device\\Echo',
    '\\??\\Echo',
    '\\DosDevices\\Echo',
  ];
  for (const name of [...names, '\\DosDevices\\Global\\Echo', '\\GLOBAL??\\Echo', '\\Device\\Echo']) {
    const result = runSteps(`- open: ${name}\n- close: handle`);
    clean(result);
    assert.deepEqual(result.log, ['create  access 12019f share 7 process 1 mode 1', 'cleanup', 'close']);
  }
  const behind = runSteps('- open: { device: \\Device\\Echo\\left\\2, access: read, share: none }');
  assert.deepEqual(behind.log, ['create \\left\\2 access 120089 share 0 process 1 mode 1', 'cleanup', 'close']);
});

test('each method of a control code brings the bytes there and back', () => {
  clean(
    runSteps(`
- open: \\\\.\\Echo
- ioctl: { code: IOCTL_ECHO, input: hello, output: hello, information: 5 }
- ioctl: { code: IOCTL_ECHO_IN, input: { hex: 01 02 }, output: { hex: "0102" } }
- ioctl: { code: IOCTL_ECHO_OUT, input: { text: ab, repeat: 3 }, outputLength: 10, output: ababab }
- ioctl: { code: IOCTL_ECHO_NEITHER, input: neither, output: neither }
- ioctl: { code: 0x222000, input: x, outputLength: 0, status: STATUS_BUFFER_TOO_SMALL }
- ioctl: { function: 0x800, input: made here, output: made here }
- ioctl: { function: 0x899, method: neither, status: STATUS_INVALID_DEVICE_REQUEST }
- write: stored
- read: { length: 16, output: stored }
- close: handle
`),
  );
});

test('a handle whose name is taken by another one stays open until the program ends', () => {
  const result = runSteps('- open: \\\\.\\Echo\n- open: \\\\.\\Echo\n- close: handle');
  clean(result);
  assert.equal(result.log.filter((line) => line === 'close').length, 2);
});

test('access rights are checked before the driver hears of a request', () => {
  const result = runSteps(`
- open: { device: \\Device\\Echo, access: read }
- ioctl: { code: IOCTL_ADMIN, status: STATUS_ACCESS_DENIED }
- write: { data: x, status: STATUS_ACCESS_DENIED }
- ioctl: { code: IOCTL_ECHO, input: a, output: a }
`);
  clean(result);
});

test('bad addresses of a program are refused by the system or raise in the driver', () => {
  clean(
    runSteps(`
- open: \\Device\\Echo
- ioctl: { code: IOCTL_ECHO, input: a, outputLength: 1, outputAddress: 0xFFFFF80000000000, status: STATUS_ACCESS_VIOLATION }
- ioctl: { code: IOCTL_ECHO_NEITHER, input: a, outputLength: 1, outputAddress: 0xFFFFF80000000000, status: STATUS_ACCESS_VIOLATION }
- ioctl: { code: IOCTL_ECHO_NEITHER, input: a, outputLength: 1, inputAddress: 0x10, status: STATUS_ACCESS_VIOLATION }
`),
  );
});

test('a pending read is completed by another request, or cancelled by its program', () => {
  const result = runSteps(`
- open: { device: \\Device\\Echo, overlapped: true }
- read: { length: 8, async: first, output: data }
- read: { length: 8, async: second, status: STATUS_CANCELLED }
- ioctl: { code: IOCTL_RELEASE, input: data }
- waitFor: first
- cancel: second
- waitFor: { operation: second, timeoutMs: 10 }
`);
  clean(result);
  assert.deepEqual(result.log.slice(1), ['cancelled', 'cleanup', 'close']);
});

test('what pends when a program ends is cancelled, then its handles are closed', () => {
  const result = runSteps('- open: \\Device\\Echo\n- read: { length: 8 }');
  clean(result);
  assert.deepEqual(result.log.slice(1), ['cancelled', 'cleanup', 'close']);
});

test('programs run side by side, and the last reference closes the file', () => {
  const scenario = `
callers:
  - name: reader
    steps:
      - open: \\Device\\Echo
      - read: { length: 8, output: late }
  - name: writer
    afterMs: 5
    steps:
      - open: \\Device\\Echo
      - ioctl: { code: IOCTL_RELEASE, input: late }
`;
  const plan = planOf([fileAt('emulator/fixtures/ioctl-driver.c')], { scenario: scenarioText(scenario) });
  clean(finish(readyRun(plan)));
});

test('a difference between scenario and driver is a finding at its step', () => {
  const cases: readonly [string, string][] = [
    [
      '- ioctl: { code: IOCTL_ECHO, input: abc, output: abd }',
      'expected "abd" in its step 2 (IOCTL_ECHO), but got "abc": byte 2 differs',
    ],
    [
      '- ioctl: { code: IOCTL_ECHO, input: abc }',
      'expected success in its step 2 (IOCTL_ECHO), but got STATUS_BUFFER_TOO_SMALL',
    ],
    [
      '- ioctl: { code: IOCTL_ECHO, input: a, outputLength: 4, information: 2 }',
      'expected Information = 2 in its step 2 (IOCTL_ECHO), but got 1',
    ],
    [
      '- ioctl: { code: IOCTL_ECHOO, input: a }',
      'no macro IOCTL_ECHOO in the driver or its headers; there are IOCTL_ECHO',
    ],
    [
      '- read: { length: 1, timeoutMs: 5 }',
      'expected a completion in time in its step 2 (read of 1 byte), but got none',
    ],
    ['- open: \\\\.\\Ecco', 'but got STATUS_OBJECT_NAME_NOT_FOUND; there are \\device\\echo, \\??\\echo'],
    ['- close: other', 'expected the open handle "other" in its step 2 (close), but got none'],
  ];
  for (const [step, expected] of cases) {
    const result = runSteps(`- open: \\Device\\Echo\n${step}`);
    assert.equal(result.findings.length, 1, `${step}: ${messagesOf(result).join('\n')}`);
    assert.ok(messagesOf(result)[0]?.includes(expected), `${messagesOf(result)[0]} should say ${expected}`);
    assert.deepEqual(findingsOf(result), [`${result.findings[0]?.rule} 5`]);
  }
});

/** A driver with one dispatch routine for control codes, whose body is given. */
function driverWith(body: string, before = ''): string {
  return `#include <ntddk.h>
#define IOCTL_BUFFERED CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_NEITHER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_NEITHER, FILE_ANY_ACCESS)
static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\\\Device\\\\D");
${before}
static NTSTATUS Ok(PDEVICE_OBJECT Device, PIRP Irp) { UNREFERENCED_PARAMETER(Device); Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 0; IoCompleteRequest(Irp, 0); return 0; }
static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
  UNREFERENCED_PARAMETER(Device); UNREFERENCED_PARAMETER(Stack);
  ${body}
}
static VOID Unload(PDRIVER_OBJECT Driver) { IoDeleteDevice(Driver->DeviceObject); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT Device;
  UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_CREATE] = Ok; Driver->MajorFunction[IRP_MJ_CLOSE] = Ok;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  Driver->DriverUnload = Unload;
  return IoCreateDevice(Driver, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
}
`;
}

const fails =
  'Irp->IoStatus.Status = STATUS_ACCESS_VIOLATION; Irp->IoStatus.Information = 0; IoCompleteRequest(Irp, 0); return STATUS_ACCESS_VIOLATION;';
const done = 'IoCompleteRequest(Irp, 0); return STATUS_SUCCESS;';
const ioctls = {
  buffered: '- ioctl: { code: IOCTL_BUFFERED, input: abcd, outputLength: 16, status: any }',
  neither: '- ioctl: { code: IOCTL_NEITHER, input: abcd, outputLength: 16, status: any }',
};

test('mistakes with buffers and requests of user mode are found', () => {
  const cases: readonly [string, keyof typeof ioctls, string[], string?][] = [
    [`Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 17; ${done}`, 'buffered', ['information-too-large']],
    [`Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 8; ${done}`, 'buffered', ['uninitialised-output']],
    [
      `*(PVOID*)Irp->AssociatedIrp.SystemBuffer = Device; Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 8; ${done}`,
      'buffered',
      ['kernel-address-leak'],
    ],
    [
      `Irp->IoStatus.Status = STATUS_UNSUCCESSFUL; Irp->IoStatus.Information = 0; ${done}`,
      'buffered',
      ['dispatch-status-mismatch'],
    ],
    ['return STATUS_PENDING;', 'buffered', ['pending-not-marked']],
    ['IoMarkIrpPending(Irp); return STATUS_PENDING;', 'buffered', ['request-never-completed']],
    [
      `*(PULONG)Irp->UserBuffer = 1; Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 4; ${done}`,
      'neither',
      ['user-memory-not-probed'],
    ],
    [
      `__try { *(PULONG)Irp->UserBuffer = 1; } __except (1) {} Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 4; ${done}`,
      'neither',
      ['user-memory-not-probed'],
    ],
    [
      `__try { ProbeForWrite(Irp->UserBuffer, 4, 4); } __except (1) {} *(PULONG)Irp->UserBuffer = 1; Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 4; ${done}`,
      'neither',
      ['user-memory-outside-try'],
    ],
    [
      `KIRQL Irql; KeRaiseIrql(DISPATCH_LEVEL, &Irql); *(PULONG)Irp->UserBuffer = 1; KeLowerIrql(Irql); ${fails}`,
      'neither',
      ['paged-memory-at-dispatch'],
    ],
    [
      `HANDLE Thread; Target = Irp->UserBuffer; KeInitializeEvent(&Done, NotificationEvent, FALSE);
       PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, Worker, NULL); KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); ZwClose(Thread); ${fails}`,
      'neither',
      ['user-memory-wrong-process'],
      'static PULONG Target; static KEVENT Done; static VOID Worker(PVOID Context) { UNREFERENCED_PARAMETER(Context); *Target = 1; KeSetEvent(&Done, 0, FALSE); }',
    ],
  ];
  for (const [body, kind, expected, before] of cases) {
    const scenario = scenarioText(`callers:\n  - steps:\n      - open: \\Device\\D\n      ${ioctls[kind]}\n`);
    const result = runText(driverWith(body, before), { scenario });
    assert.deepEqual(
      [...new Set(result.findings.map(({ rule }) => rule))],
      expected,
      `${body}\n${messagesOf(result).join('\n')}`,
    );
  }
});

test('an entry of the dispatch table that is NULL is called by its name', () => {
  const scenario = scenarioText('callers:\n  - steps:\n      - open: \\Device\\D\n      - flush: handle\n');
  const source = driverWith(done).replace(
    'Driver->DriverUnload = Unload;',
    'Driver->DriverUnload = Unload; Driver->MajorFunction[IRP_MJ_FLUSH_BUFFERS] = NULL;',
  );
  const [finding] = runText(source, { scenario }).findings;
  assert.equal(finding?.rule, 'bad-call');
  assert.match(finding?.message ?? '', /MajorFunction\[IRP_MJ_FLUSH_BUFFERS\]/);
});

test('the end of a program ends a wait in UserMode with STATUS_USER_APC, and one in KernelMode not', () => {
  const wait = (mode: string, rest: string): string =>
    driverWith(
      `NTSTATUS Status = KeWaitForSingleObject(&Never, UserRequest, ${mode}, FALSE, NULL); LARGE_INTEGER Long;
       Long.QuadPart = -10000LL * 1000 * 1000; DbgPrint("%x %x\\n", Status, KeDelayExecutionThread(${mode}, FALSE, &Long)); ${rest}`,
      'static KEVENT Never;',
    ).replace(
      'Driver->DriverUnload = Unload;',
      'Driver->DriverUnload = Unload; KeInitializeEvent(&Never, NotificationEvent, FALSE);',
    );
  const scenario = scenarioText(`callers:\n  - steps:\n      - open: \\Device\\D\n      ${ioctls.buffered}\n`);
  const cancelled =
    'Irp->IoStatus.Status = STATUS_CANCELLED; Irp->IoStatus.Information = 0; IoCompleteRequest(Irp, 0); return STATUS_CANCELLED;';
  const user = runText(wait('UserMode', cancelled), { scenario });
  clean(user);
  assert.deepEqual(user.log, ['c0 c0']);
  assert.deepEqual(findingsOf(runText(wait('KernelMode', cancelled), { scenario })).length, 1);
});

test('a process is waited for like a thread, and signalled when its program has ended', () => {
  const source = driverWith(
    `Program = PsGetCurrentProcess(); ObReferenceObject(Program);
     DbgPrint("%u %x\\n", ((DISPATCHER_HEADER *)Program)->Type, KeWaitForSingleObject(Program, Executive, KernelMode, FALSE, &Now));
     DbgPrint("%x\\n", KeWaitForSingleObject(PsInitialSystemProcess, Executive, KernelMode, FALSE, &Now));
     Irp->IoStatus.Status = 0; Irp->IoStatus.Information = 0; ${done}`,
    'static PEPROCESS Program; static LARGE_INTEGER Now;',
  ).replace(
    'IoDeleteDevice(Driver->DeviceObject);',
    'DbgPrint("%x\\n", KeWaitForSingleObject(Program, Executive, KernelMode, FALSE, NULL)); ObDereferenceObject(Program); IoDeleteDevice(Driver->DeviceObject);',
  );
  const scenario = scenarioText(`callers:\n  - steps:\n      - open: \\Device\\D\n      ${ioctls.buffered}\n`);
  const result = runText(source, { scenario });
  clean(result);
  assert.deepEqual(result.log, ['3 102', '102', '0']);
});

test('pages of a program may be used anywhere once they are locked', () => {
  const body = `
  PMDL Mdl = IoAllocateMdl(Irp->UserBuffer, 16, FALSE, FALSE, NULL);
  PUCHAR Mapped; KIRQL Irql;
  __try { MmProbeAndLockPages(Mdl, Irp->RequestorMode, IoWriteAccess); } __except (EXCEPTION_EXECUTE_HANDLER) { IoFreeMdl(Mdl); ${fails} }
  Mapped = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
  KeRaiseIrql(DISPATCH_LEVEL, &Irql); Mapped[0] = 'o'; Mapped[1] = 'k'; KeLowerIrql(Irql);
  MmUnlockPages(Mdl); IoFreeMdl(Mdl);
  Irp->IoStatus.Status = STATUS_SUCCESS; Irp->IoStatus.Information = 2; ${done}`;
  const step = (more: string): string =>
    `callers:\n  - steps:\n      - open: \\Device\\D\n      - ioctl: { code: IOCTL_NEITHER, outputLength: 16, ${more} }\n`;
  clean(runText(driverWith(body), { scenario: scenarioText(step('output: ok')) }));
  const bad = 'outputAddress: 0xFFFFF80000000000, status: STATUS_ACCESS_VIOLATION';
  clean(runText(driverWith(body), { scenario: scenarioText(step(bad)) }));
});

test('a kernel caller passes addresses of the kernel, and is no user', () => {
  const body = `
  Irp->IoStatus.Information = 0;
  DbgPrint("mode %d previous %d kernel address %d system %d\\n", Irp->RequestorMode, ExGetPreviousMode(),
           (ULONG_PTR)Stack->Parameters.DeviceIoControl.Type3InputBuffer > 0xFFFF000000000000ULL,
           PsGetCurrentProcess() == PsInitialSystemProcess && IoIsSystemThread(PsGetCurrentThread()));
  *(PULONG)Irp->UserBuffer = 7; Irp->IoStatus.Information = 4;
  Irp->IoStatus.Status = STATUS_SUCCESS; ${done}`;
  const step = 'ioctl: { code: IOCTL_NEITHER, input: a, output: { hex: "07000000" } }';
  const scenario = scenarioText(`callers:\n  - as: kernel\n    steps:\n      - open: \\Device\\D\n      - ${step}\n`);
  const result = runText(driverWith(body), { scenario });
  clean(result);
  assert.deepEqual(result.log, ['mode 0 previous 0 kernel address 1 system 1']);
});

/** A driver whose DriverEntry does more, and whose requests are logged. */
function entryDriver(entry: string, unload: string, exclusive = 'FALSE'): string {
  return `#include <initguid.h>
#include <ntddk.h>
DEFINE_GUID(Interface, 0x53f56307, 0xb6bf, 0x11d0, 0x94, 0xf2, 0x00, 0xa0, 0xc9, 0x1e, 0xfb, 0x8b);
#define IOCTL_X CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)
static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Own");
static UNICODE_STRING Link;
static NTSTATUS Ok(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG Major = IoGetCurrentIrpStackLocation(Irp)->MajorFunction;
  DbgPrint("major %u\\n", Major);
  if (Major == IRP_MJ_DEVICE_CONTROL && Device->DeviceExtension == NULL) RtlZeroMemory(Irp->AssociatedIrp.SystemBuffer, 4);
  Irp->IoStatus.Status = 0; Irp->IoStatus.Information = Major == IRP_MJ_DEVICE_CONTROL ? 4 : 0;
  IoCompleteRequest(Irp, 0);
  return 0;
}
static VOID Unload(PDRIVER_OBJECT Driver) { ${unload} }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  PDEVICE_OBJECT Device; ULONG i; NTSTATUS Status;
  UNREFERENCED_PARAMETER(Path);
  for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; i++) Driver->MajorFunction[i] = Ok;
  Driver->DriverUnload = Unload;
  Status = IoCreateDevice(Driver, 0, &Name, FILE_DEVICE_UNKNOWN, 0, ${exclusive}, &Device);
  if (!NT_SUCCESS(Status)) return Status;
  Device->Flags &= ~DO_DEVICE_INITIALIZING;
  ${entry}
  return STATUS_SUCCESS;
}
`;
}

const deletes = 'IoDeleteDevice(Driver->DeviceObject);';

test('an interface is opened by its class, as long as it is enabled', () => {
  const entry = `
  PWSTR List;
  IoRegisterDeviceInterface(Device, &Interface, NULL, &Link);
  IoGetDeviceInterfaces(&Interface, NULL, 0, &List); DbgPrint("%d", List[0] != 0); ExFreePool(List);
  IoSetDeviceInterfaceState(&Link, TRUE);
  IoGetDeviceInterfaces(&Interface, NULL, 0, &List); DbgPrint(" %d\\n", List[0] != 0); ExFreePool(List);`;
  const steps = `callers:
  - steps:
      - open: "{53F56307-B6BF-11D0-94F2-00A0C91EFB8B}"
      - close: handle
`;
  const unload = `IoSetDeviceInterfaceState(&Link, FALSE); RtlFreeUnicodeString(&Link); ${deletes}`;
  const result = runText(entryDriver(entry, unload), { scenario: scenarioText(steps) });
  clean(result);
  assert.deepEqual(result.log, ['0 1', 'major 0', 'major 18', 'major 2']);
});

test('a device of IoCreateDeviceSecure is opened like any other', () => {
  const text = entryDriver('', deletes)
    .replace('#include <ntddk.h>', '#include <ntddk.h>\n#include <wdmsec.h>')
    .replace('FALSE, &Device)', 'FALSE, &SDDL_DEVOBJ_SYS_ALL_ADM_ALL, NULL, &Device)')
    .replace('IoCreateDevice(', 'IoCreateDeviceSecure(');
  clean(runText(text, { scenario: scenarioText('callers:\n  - steps:\n      - open: \\Device\\Own\n') }));
});

test('an exclusive device is open once', () => {
  const steps = `callers:
  - steps:
      - open: \\Device\\Own
      - open: { device: \\Device\\Own, handle: second, status: STATUS_ACCESS_DENIED }
      - close: handle
      - open: \\Device\\Own
`;
  clean(runText(entryDriver('', deletes, 'TRUE'), { scenario: scenarioText(steps) }));
});

test('a driver opens its own device: by IoGetDeviceObjectPointer and by ZwCreateFile', () => {
  const entry = `
  PFILE_OBJECT File; PDEVICE_OBJECT Top; HANDLE Handle; IO_STATUS_BLOCK Iosb; OBJECT_ATTRIBUTES Attributes; ULONG Value = 5;
  Status = IoGetDeviceObjectPointer(&Name, FILE_ALL_ACCESS, &File, &Top);
  DbgPrint("pointer %x own %d\\n", Status, Top == Device);
  ObDereferenceObject(File);
  LARGE_INTEGER Delay; Delay.QuadPart = -10000; KeDelayExecutionThread(KernelMode, FALSE, &Delay);
  InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
  Status = ZwCreateFile(&Handle, GENERIC_READ | SYNCHRONIZE, &Attributes, &Iosb, NULL, 0, 0, FILE_OPEN, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
  Status = ZwDeviceIoControlFile(Handle, NULL, NULL, NULL, &Iosb, IOCTL_X, NULL, 0, &Value, sizeof(Value));
  DbgPrint("ioctl %x value %u information %u\\n", Status, Value, (ULONG)Iosb.Information);
  ZwClose(Handle);`;
  const result = runText(entryDriver(entry, deletes));
  clean(result);
  assert.deepEqual(result.log, [
    'major 0',
    'major 18',
    'pointer 0 own 1',
    'major 2',
    'major 0',
    'major 14',
    'ioctl 0 value 0 information 4',
    'major 18',
    'major 2',
  ]);
});

test('a handle that a driver leaves open is a leak', () => {
  const entry = `
  HANDLE Handle; IO_STATUS_BLOCK Iosb; OBJECT_ATTRIBUTES Attributes;
  InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
  Status = ZwOpenFile(&Handle, GENERIC_READ | SYNCHRONIZE, &Attributes, &Iosb, 0, FILE_SYNCHRONOUS_IO_NONALERT);`;
  const { findings } = runText(entryDriver(entry, deletes));
  assert.deepEqual(
    findings.map(({ rule }) => rule).filter((rule) => rule === 'handle-leak'),
    ['handle-leak'],
  );
});

test('a driver is unloaded when the last close has come back from it, whoever sent that', () => {
  // The program goes and its request stays; the DPC that completes it gives up the last reference to the file.
  const source = `
#include <ntddk.h>
static KTIMER Timer;
static KDPC Dpc;
static PIRP Kept;
static VOID Late(PKDPC Unused, PVOID Context, PVOID A, PVOID B) {
  UNREFERENCED_PARAMETER(Unused); UNREFERENCED_PARAMETER(Context); UNREFERENCED_PARAMETER(A); UNREFERENCED_PARAMETER(B);
  Kept->IoStatus.Status = STATUS_SUCCESS;
  Kept->IoStatus.Information = 0;
  IoCompleteRequest(Kept, IO_NO_INCREMENT);
}
static NTSTATUS Any(PDEVICE_OBJECT Device, PIRP Irp) {
  UCHAR Major = IoGetCurrentIrpStackLocation(Irp)->MajorFunction;
  LARGE_INTEGER Due;
  UNREFERENCED_PARAMETER(Device);
  if (Major == IRP_MJ_READ) {
    IoMarkIrpPending(Irp);
    Kept = Irp;
    Due.QuadPart = -20000000;
    KeSetTimer(&Timer, Due, &Dpc);
    return STATUS_PENDING;
  }
  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  DbgPrint("completed\\n");
  if (Major == IRP_MJ_CLOSE) DbgPrint("closed\\n");
  return STATUS_SUCCESS;
}
static VOID Unload(PDRIVER_OBJECT Driver) {
  DbgPrint("unload\\n");
  IoDeleteDevice(Driver->DeviceObject);
}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Late");
  PDEVICE_OBJECT Device;
  UNREFERENCED_PARAMETER(Path);
  Driver->MajorFunction[IRP_MJ_CREATE] = Driver->MajorFunction[IRP_MJ_CLOSE] = Driver->MajorFunction[IRP_MJ_READ] = Any;
  Driver->DriverUnload = Unload;
  KeInitializeTimer(&Timer);
  KeInitializeDpc(&Dpc, Late, NULL);
  return IoCreateDevice(Driver, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
}
`;
  const file = sourceFile('/drivers/late.c', source);
  const scenario = scenarioText(
    'callers:\n  - steps:\n      - open: { device: \\Device\\Late, overlapped: true }\n      - read: { length: 4, async: late }\n      - exit: true\n',
  );
  for (const seed of [undefined, 1, 2, 3, 4, 5, 6, 7, 8]) {
    const result = finish(readyRun(planOf([file], { scenario, seed })));
    assert.deepEqual(messagesOf(result), [], `seed ${seed}`);
    assert.deepEqual(result.log.slice(-3), ['completed', 'closed', 'unload'], `seed ${seed}`);
  }
});

test('what a program that the run ends has not seen, but should have, is found at its step', () => {
  const pended = '- open: { device: \\\\.\\Echo, overlapped: true }\n- read: { length: 4, async: pended }\n';
  clean(runSteps(`${pended}- waitFor: pended`));
  assert.deepEqual(messagesOf(runSteps(`${pended}- waitFor: { operation: pended, output: x }`)), [
    'The caller "app" expected an answer in its step 3 (wait for pended), but got none: its request was still pending when the run ended the program.',
  ]);
  assert.deepEqual(messagesOf(runSteps(`${pended}- waitFor: pended\n- write: { data: x, information: 1 }`)), [
    'The caller "app" expected an answer in its step 4 (write of 1 byte), but got none: its step 3 (wait for pended) was not over when the run ended the program.',
  ]);
});
