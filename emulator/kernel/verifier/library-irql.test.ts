/** The IRQL of functions that are written in C, and of those that work wherever their memory is resident. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

const driver = (irql: string, call: string): string => `#include <ntifs.h>
#include <ntstrsafe.h>
static KDEVICE_QUEUE Queue; static KDEVICE_QUEUE_ENTRY Entry; static KSPIN_LOCK Lock; static LARGE_INTEGER Time; static ULONG Value;
static WCHAR Wide[20]; static UNICODE_STRING Text = { 0, sizeof(Wide), Wide }; static ULONG Bits[1]; static RTL_BITMAP Map = { 32, Bits };
static VOID Unload(PDRIVER_OBJECT d) { UNREFERENCED_PARAMETER(d); }
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING p) {
  KIRQL old; UNREFERENCED_PARAMETER(p); d->DriverUnload = Unload;
  KeInitializeDeviceQueue(&Queue); KeInitializeSpinLock(&Lock);
  KeRaiseIrql(${irql}, &old);
  ${call};
  KeLowerIrql(old);
  return STATUS_SUCCESS;
}`;

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['PASSIVE_LEVEL', 'KeInsertDeviceQueue(&Queue, &Entry)', ['irql-too-low:11']],
  ['DISPATCH_LEVEL', 'KeInsertDeviceQueue(&Queue, &Entry)', []],
  ['PASSIVE_LEVEL', 'KeRemoveDeviceQueue(&Queue)', ['irql-too-low:11']],
  ['PASSIVE_LEVEL', 'IoStartNextPacket(NULL, FALSE)', ['irql-too-low:11']],
  ['DISPATCH_LEVEL', 'RtlTimeToSecondsSince1970(&Time, &Value)', ['irql-too-high:11']],
  ['APC_LEVEL', 'RtlTimeToSecondsSince1970(&Time, &Value)', []],
  ['DISPATCH_LEVEL', 'RtlNtStatusToDosErrorNoTeb(STATUS_SUCCESS)', ['irql-too-high:11']],
  // The page asks for PASSIVE_LEVEL, but nothing that it needs is away at APC_LEVEL.
  ['APC_LEVEL', "RtlDowncaseUnicodeChar(L'A')", []],
  ['APC_LEVEL', 'RtlCompareUnicodeString(&Text, &Text, TRUE)', []],
  ['APC_LEVEL', 'RtlStringCbCopyW(Wide, sizeof(Wide), L"abc")', []],
  ['DISPATCH_LEVEL', "RtlDowncaseUnicodeChar(L'A')", ['irql-too-high:11']],
  ['DISPATCH_LEVEL', 'RtlCompareUnicodeString(&Text, &Text, TRUE)', ['irql-too-high:11']],
  ['DISPATCH_LEVEL', 'RtlStringCbCopyW(Wide, sizeof(Wide), L"abc")', ['irql-too-high:11']],
  ['APC_LEVEL', 'RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"Tcpip")', ['irql-too-high:11']],
  ['DISPATCH_LEVEL', 'RtlAppendUnicodeToString(&Text, L"abc")', []],
  ['DISPATCH_LEVEL', 'RtlAppendUnicodeStringToString(&Text, &Text)', []],
  ['DISPATCH_LEVEL', 'RtlAreBitsClear(&Map, 0, 8)', []],
];

for (const [irql, call, findings] of rows)
  test(`${call} at ${irql}`, () => {
    assert.deepEqual(runDriver(driver(irql, call)).findings, findings);
  });
