/** What event tracing writes: lines of the log for texts, TraceLogging events and trace messages, with names and values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

const provider = `
#include <TraceLoggingProvider.h>
#include <wsk_tmh_stub.h>
TRACELOGGING_DEFINE_PROVIDER(Provider, "Test.Provider", (0x3970f9cf, 0x2c0c, 0x4f11, 0xb1, 0xcc, 0xe3, 0xa1, 0xe9, 0x95, 0x88, 0x33));
static const GUID Id = { 0x3970f9cf, 0x2c0c, 0x4f11, { 0xb1, 0xcc, 0xe3, 0xa1, 0xe9, 0x95, 0x88, 0x33 } };
static void Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }
`;

function run(body: string, file = ''): { readonly log: readonly string[]; readonly findings: readonly string[] } {
  const { log, findings } = runDriver(`${provider}${file}
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
${body}
  return STATUS_SUCCESS;
}`);
  return { log, findings };
}

/** Fields of one event, and what the line shows of them. */
const fields: readonly (readonly [string, string])[] = [
  ['', ''],
  ['TraceLoggingUInt32(7)', '7 = 7'],
  ['TraceLoggingUInt32(7, "Count")', 'Count = 7'],
  ['TraceLoggingUInt32(7, "Count", "how many")', 'Count = 7'],
  ['TraceLoggingInt8(-3, "a"), TraceLoggingUInt8(-3, "b")', 'a = -3, b = 253'],
  ['TraceLoggingHexUInt32(0xC0DE, "Code"), TraceLoggingPointer(NULL, "P")', 'Code = 0xc0de, P = 0x0'],
  ['TraceLoggingNTStatus(STATUS_PENDING, "Status")', 'Status = STATUS_PENDING'],
  ['TraceLoggingBoolean(TRUE, "Ready"), TraceLoggingBool(0, "Gone")', 'Ready = true, Gone = false'],
  ['TraceLoggingWideString(L"wide", "W"), TraceLoggingString("narrow", "N")', 'W = "wide", N = "narrow"'],
  ['TraceLoggingWideString(NULL, "W")', 'W = ""'],
  ['TraceLoggingCountedString("abcdef", 3, "C")', 'C = "abc"'],
  ['TraceLoggingUnicodeString(&Driver->DriverName, "Driver")', 'Driver = "\\Driver\\test"'],
  ['TraceLoggingGuid(Id, "Id")', 'Id = {3970f9cf-2c0c-4f11-b1cc-e3a1e9958833}'],
  ['TraceLoggingBinary("\\x01\\x02", 2, "Bytes")', 'Bytes = 01 02'],
  ['TraceLoggingInt16Array(Words, 2, "Words")', 'Words = [-1, 2]'],
  ['TraceLoggingLevel(2), TraceLoggingKeyword(0x10), TraceLoggingUInt16(1, "x")', 'level 2, keyword 0x10, x = 1'],
  ['TraceLoggingDescription("about"), TraceLoggingUInt16(1, "x")', 'x = 1'],
  [
    'TraceLoggingStruct(2, "Peer"), TraceLoggingUInt16(1, "a"), TraceLoggingUInt16(2, "b"), TraceLoggingUInt16(3, "c")',
    'Peer = { a = 1, b = 2 }, c = 3',
  ],
  ['TraceLoggingValue(-42, "V"), TraceLoggingValue("text", "T")', 'V = -42, T = "text"'],
  ['TraceLoggingFloat64(1.5, "F")', 'F = 1.5'],
];

test('a TraceLogging event is a line with its names and values', () => {
  const calls = fields.map(([given]) => `  TraceLoggingWrite(Provider, "Event"${given === '' ? '' : `, ${given}`});`);
  const { log, findings } = run(
    `  SHORT Words[2] = { -1, 2 };\n  TraceLoggingRegister(Provider);\n${calls.join('\n')}\n  TraceLoggingUnregister(Provider);`,
  );
  const expected = fields.map(([, shown]) => `Test.Provider: Event${shown === '' ? '' : ` { ${shown} }`}`);
  assert.deepEqual(
    log.map((line) => line.replace(/"\\Driver\\\w+"/, '"\\Driver\\test"')),
    expected,
  );
  assert.deepEqual(findings, []);
});

test('an event of a provider that is not registered goes nowhere, and its arguments are not evaluated', () => {
  const { log } = run(
    '  TraceLoggingWrite(Provider, "Event", TraceLoggingUInt32(Next(), "n"));\n  DbgPrint("%d\\n", Calls);',
    `
static int Calls;
static int Next(void) { return ++Calls; }
`,
  );
  assert.deepEqual(log, ['0']);
});

test('a provider that stays registered is a leak', () => {
  assert.deepEqual(
    run('  TraceLoggingRegister(Provider);').findings.map((finding) => finding.split(':')[0]),
    ['callback-outlives-driver'],
  );
});

test('EtwWriteString writes its string', () => {
  const { log } = run(
    '  REGHANDLE handle = 0;\n  EtwRegister(&Id, NULL, NULL, &handle);\n  EtwWriteString(handle, 4, 0, NULL, L"said");\n  EtwUnregister(handle);',
  );
  assert.deepEqual(log, ['said']);
});

test('trace messages at DISPATCH_LEVEL may have wide text, and know their level and flag', () => {
  const { log, findings } = run(`  KIRQL irql;
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  TraceEvents(TRACE_LEVEL_ERROR, DBG_INIT, "%!LEVEL! %!FLAGS! %ws %!FUNC!:%!LINE!", L"wide");
  KeLowerIrql(irql);`);
  assert.deepEqual(log, ['TRACE_LEVEL_ERROR DBG_INIT wide DriverEntry:15']);
  assert.deepEqual(findings, []);
});
