/** printf formats: each row a format with its arguments in C, and what it prints. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

const rows: readonly (readonly [string, string])[] = [
  ['"%d %i %u", -1, 2, 3u', '-1 2 3'],
  ['"%u", -1', '4294967295'],
  ['"[%5d|%-5d|%05d|%+d|% d]", 42, 42, 42, 42, 42', '[   42|42   |00042|+42| 42]'],
  ['"[%5d|%05d]", -42, -42', '[  -42|-0042]'],
  ['"[%.3d|%6.3d|%-6.3d|%.0d]", 7, 7, 7, 0', '[007|   007|007   |]'],
  ['"[%*d|%-*d|%.*d]", 4, 1, 4, 2, 3, 5', '[   1|2   |005]'],
  ['"%x %X %#x %#X %#x", 255, 255, 255, 255, 0', 'ff FF 0xff 0XFF 0'],
  ['"%o %#o %#o", 8, 8, 0', '10 010 0'],
  ['"%hd %hu %hhd %hhu", 0x12345, 0x1ffff, 0x1ff, 0x1ff', '9029 65535 -1 255'],
  ['"%ld %lu %lx", -1L, 1UL, 0xabcUL', '-1 1 abc'],
  ['"%lld %llu %llx", -1LL, ~0ULL, 0x123456789abcULL', '-1 18446744073709551615 123456789abc'],
  ['"%I64d %I64u %I64x %I32d", -5LL, 5ULL, 0xffffffffffULL, 3', '-5 5 ffffffffff 3'],
  ['"%Id %Iu %Ix %zu %tu", (SSIZE_T)-7, (SIZE_T)7, (SIZE_T)0x100000000, (SIZE_T)9, (SIZE_T)4', '-7 7 100000000 9 4'],
  ['"%p", (PVOID)0xFFFF800000001234', 'FFFF800000001234'],
  ['"%p", NULL', '0000000000000000'],
  ['"%c%c%5c|%-3c|", 65, 66, 67, 68', 'AB    C|D  |'],
  ['"%s|%10s|%-10s|%.2s", "abc", "abc", "abc", "abc"', 'abc|       abc|abc       |ab'],
  ['"%s", NULL', '(null)'],
  ['"%S %ws %ls %hs", L"a", L"b", L"c", "d"', 'a b c d'],
  ['"%wZ|%Z", &Wide, &Narrow', 'wide|narrow'],
  ['"%.3wZ|%8wZ", &Wide, &Wide', 'wid|    wide'],
  ["\"%C%lc%wc\", L'x', L'y', L'z'", 'xyz'],
  ['"100%%"', '100%'],
  ['"%ws", L"h\\u00e9llo \\u20ac"', 'héllo €'],
  [
    '"%f %.2f %.0f %5.1f|%-8.3f|%08.2f", 1.5, 2.345, 2.5, 3.14159, 1.0, -3.14159',
    '1.500000 2.35 2   3.1|1.000   |-0003.14',
  ],
  ['"%e %.2E %.0e", 12345.678, 0.00012, 5.0', '1.234568e+04 1.20E-04 5e+00'],
  ['"%g %g %g %g %g", 100000.0, 1000000.0, 0.0001, 0.00001, 1.5', '100000 1e+06 0.0001 1e-05 1.5'],
  ['"%#g %.3g %G", 1.0, 1234.5, 1e-10', '1.00000 1.23e+03 1E-10'],
  ['"%.1f %.1f %.1f", 0.25, 0.35, 0.45', '0.2 0.3 0.5'],
  ['"%.20f", 0.1', '0.10000000000000000555'],
  ['"%a", 1.5', '0x1.8p+0'],
  ['"%d%s", 1, "x"', '1x'],
];

test('formats print what they should', () => {
  const calls = rows.map(([call]) => `  DbgPrint(${call}); DbgPrint("\\n");`).join('\n');
  const run = runDriver(`
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNICODE_STRING Wide = RTL_CONSTANT_STRING(L"wide"); ANSI_STRING Narrow;
  UNREFERENCED_PARAMETER(Driver); UNREFERENCED_PARAMETER(Path);
  RtlInitAnsiString(&Narrow, "narrow");
${calls}
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.messages, []);
  const wrong = rows.flatMap(([call, expected], i) =>
    run.log[i] === expected ? [] : [`${call}: ${run.log[i]}, expected ${expected}`],
  );
  assert.deepEqual(wrong, []);
});

test('trace messages print what WPP would', () => {
  const run = runDriver(`
#include <wsk_tmh_stub.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Driver); UNREFERENCED_PARAMETER(Path);
  DoTraceMessage(FLAG, "%!FUNC! %!STATUS! %d", STATUS_PENDING, 5);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.log, ['DriverEntry 0x00000103(STATUS_PENDING) 5']);
});
