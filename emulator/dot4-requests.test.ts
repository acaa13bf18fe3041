/** Requests of d4drvif.h at a device of the scenario: lengths, ulSize, members that nobody has set, channels and sockets. */
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
  if (open.hChannelHandle != 0) Ask(IOCTL_DOT4_CLOSE_CHANNEL, &channel, sizeof(channel), NULL, 0);
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

const conversation = (body: string): string => `#include <ntddk.h>
#include <d4drvif.h>
static PDEVICE_OBJECT Port; static PFILE_OBJECT File;
static VOID Ask(ULONG Code, PVOID In, ULONG InLength, PVOID Out, ULONG OutLength) {
  KEVENT done; IO_STATUS_BLOCK result; PIRP irp;
  KeInitializeEvent(&done, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(Code, Port, In, InLength, Out, OutLength, FALSE, &done, &result);
  if (irp != NULL && IoCallDriver(Port, irp) == STATUS_PENDING) KeWaitForSingleObject(&done, Executive, KernelMode, FALSE, NULL);
}
static VOID Create(DOT4_DC_CREATE_DATA *data) { Ask(IOCTL_DOT4_CREATE_SOCKET, data, sizeof(*data), data, sizeof(*data)); }
static VOID Destroy(UCHAR socket) { Ask(IOCTL_DOT4_DESTROY_SOCKET, &socket, sizeof(socket), NULL, 0); }
static VOID Open(DOT4_DC_OPEN_DATA *data) { Ask(IOCTL_DOT4_OPEN_CHANNEL, data, sizeof(*data), data, sizeof(*data)); }
static VOID Close(CHANNEL_HANDLE channel) { Ask(IOCTL_DOT4_CLOSE_CHANNEL, &channel, sizeof(channel), NULL, 0); }
static VOID Write(CHANNEL_HANDLE channel) {
  DOT4_DRIVER_CMD command = { channel, 4, 0, 100 }; CHAR data[4] = "abc";
  Ask(IOCTL_DOT4_WRITE, &command, sizeof(command), data, sizeof(data));
}
static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); ObDereferenceObject(File); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\\\Device\\\\Dot4"); NTSTATUS status;
  DOT4_DC_CREATE_DATA create = { 2 }; DOT4_DC_OPEN_DATA open = { 0 };
  UNREFERENCED_PARAMETER(Path); Driver->DriverUnload = Unload;
  status = IoGetDeviceObjectPointer(&name, FILE_ALL_ACCESS, &File, &Port);
  if (!NT_SUCCESS(status)) return status;
  (VOID)create; (VOID)open; (VOID)Write; (VOID)Close; (VOID)Destroy; (VOID)Create; (VOID)Open;
  ${body}
  return STATUS_SUCCESS;
}`;

const port = (delayMs: number): ReturnType<typeof scenarioText> =>
  scenarioText(`
devices:
  - name: \\Device\\Dot4
    answers:
      - { code: IOCTL_DOT4_CREATE_SOCKET, output: { hex: "07" }, outputAt: 52, delayMs: ${delayMs} }
      - { code: IOCTL_DOT4_DESTROY_SOCKET, delayMs: ${delayMs} }
      - { code: IOCTL_DOT4_OPEN_CHANNEL, output: { hex: 03000000 }, outputAt: 4, delayMs: ${delayMs} }
      - { code: IOCTL_DOT4_CLOSE_CHANNEL, delayMs: ${delayMs} }
      - { code: IOCTL_DOT4_WRITE, delayMs: ${delayMs} }
`);

const begin = 'Create(&create); open.bHsid = create.bHsid; Open(&open); Write(open.hChannelHandle);';
const conversations: readonly (readonly [body: string, ...messages: string[]])[] = [
  [`${begin} Close(open.hChannelHandle); Destroy(create.bHsid);`],
  // A channel goes with its socket.
  [`${begin} Destroy(create.bHsid);`],
  [`${begin} Close(open.hChannelHandle);`, 'The Dot4 socket 7 of \\Device\\Dot4 is left'],
  [begin, 'The Dot4 socket 7 of \\Device\\Dot4 is left', 'The Dot4 channel 3 of \\Device\\Dot4 is left'],
  // One number for two of them.
  [`${begin} Open(&open); Close(3); Write(3); Close(3); Destroy(7);`],
  [`${begin} Open(&open); Close(3); Destroy(7);`],
  [`${begin} Close(3); Open(&open); Write(3); Close(3); Destroy(7);`],
  [`${begin} Close(3); Write(3); Destroy(7);`, 'IOCTL_DOT4_WRITE of IRP #7 is about the channel 3, which'],
  [`${begin} Close(3); Close(3);`, 'IOCTL_DOT4_CLOSE_CHANNEL of IRP #7 is about the channel 3, which'],
  // What somebody else has made may be anything.
  ['Write(9); Close(9); Destroy(9);'],
];

for (const delayMs of [0, 2]) {
  for (const [body, ...expected] of conversations) {
    test(`${body}${delayMs === 0 ? '' : ', answered later'}`, () => {
      const { findings } = runText(conversation(body), { scenario: port(delayMs) });
      const messages = findings.map(({ message }) => message);
      assert.equal(messages.length, expected.length, messages.join('\n'));
      for (const [i, one] of expected.entries()) assert.ok(messages[i]?.includes(one), messages[i]);
      for (const { history } of findings)
        assert.ok(history.some(({ what }) => what === 'asked for here, in DriverEntry'));
    });
  }
}
