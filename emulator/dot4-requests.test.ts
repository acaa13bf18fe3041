/** Requests of d4drvif.h at a device of the scenario: lengths, ulSize, members that nobody has set. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runText, scenarioText } from './testing.ts';

const driver = (body: string): string => `#include <ntddk.h>
#include <d4drvif.h>
static PDEVICE_OBJECT Port; static PFILE_OBJECT File;
static NTSTATUS Ask(ULONG Code, PVOID In, ULONG InLength, PVOID Out, ULONG OutLength) {
  KEVENT done; IO_STATUS_BLOCK result; PIRP irp; NTSTATUS status;
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(Code, Port, In, InLength, Out, OutLength, FALSE, &done, &result);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  status = IoCallDriver(Port, irp);
  if (status == STATUS_PENDING) { KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL); status = result.Status; }
  return status;
}
static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); ObDereferenceObject(File); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Dot4"); CHAR data[8] = "1234567"; NTSTATUS status;
  DOT4_DC_OPEN_DATA open = { 1 }; DOT4_DRIVER_CMD all = { 3, 8, 0, 100 }, some; CHANNEL_HANDLE channel = 3;
  DOT4_ACTIVITY activity; UNREFERENCED_PARAMETER(Path); Driver->DriverUnload = Unload;
  some.hChannelHandle = 3; some.ulSize = 8;
  status = IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &File, &Port);
  if (!NT_SUCCESS(status)) return status;
  (VOID)open; (VOID)all; (VOID)some; (VOID)channel; (VOID)activity; (VOID)data;
  Ask(${body});
  return STATUS_SUCCESS;
}`;

const scenario = scenarioText(`
devices:
  - name: \\Device\\Dot4
    answers:
      - { code: IOCTL_DOT4_OPEN_CHANNEL, output: { hex: 03000000 }, outputAt: 4 }
      - { code: IOCTL_DOT4_CLOSE_CHANNEL }
      - { code: IOCTL_DOT4_WRITE }
      - { code: IOCTL_DOT4_READ, output: abc }
      - { code: IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, output: { hex: 00010000 04000000 03000000 } }
`);

const rows: readonly (readonly [string, string])[] = [
  ['IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(open), &open, sizeof(open)', ''],
  [
    'IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(UCHAR), &open, sizeof(open)',
    'DOT4_DC_OPEN_DATA of 8 bytes, and InputBufferLength is 1',
  ],
  [
    'IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(open), &open, 4',
    'DOT4_DC_OPEN_DATA of 8 bytes, and OutputBufferLength is 4',
  ],
  ['IOCTL_DOT4_OPEN_CHANNEL, &open, sizeof(open), NULL, 0', ''],
  ['IOCTL_DOT4_CLOSE_CHANNEL, &channel, sizeof(channel), NULL, 0', ''],
  ['IOCTL_DOT4_CLOSE_CHANNEL, &channel, 1, NULL, 0', 'CHANNEL_HANDLE of 4 bytes, and InputBufferLength is 1'],
  ['IOCTL_DOT4_WRITE, &all, sizeof(all), data, 8', ''],
  [
    'IOCTL_DOT4_WRITE, &all, sizeof(PDOT4_DRIVER_CMD), data, 8',
    'DOT4_DRIVER_CMD of 16 bytes, and InputBufferLength is 8',
  ],
  ['IOCTL_DOT4_WRITE, &all, sizeof(all), data, 7', 'says by ulSize that it is about 8 bytes, and its buffer has 7'],
  ['IOCTL_DOT4_READ, &some, sizeof(some), data, 8', 'DOT4_DRIVER_CMD of which byte 8 was never written'],
  ['IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, NULL, 0, &activity, sizeof(activity)', ''],
  [
    'IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST, NULL, 0, &activity, sizeof(ULONG)',
    'DOT4_ACTIVITY of 12 bytes, and OutputBufferLength is 4',
  ],
];

for (const [call, expected] of rows) {
  test(`${call}: ${expected === '' ? 'nothing is said' : expected}`, () => {
    const { findings, entryResult } = runText(driver(call), { scenario });
    assert.equal(findings.length, expected === '' ? 0 : 1, findings.map(({ message }) => message).join('\n'));
    assert.ok(findings[0]?.message.includes(expected) ?? true, findings[0]?.message);
    if (expected === '') assert.equal(entryResult, 0);
  });
}
