/** The kernel's functions that are written in C, seen through drivers that call them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalog, root, withHeaders } from '../../catalog/testing/reading.ts';
import { runDriver } from './fixtures/run-driver.ts';
import { createLibrary, libraryFiles } from './library.ts';

const fixture = (name: string): string => readFileSync(`${root}/emulator/kernel/fixtures/${name}`, 'utf8');

for (const [file, names] of Object.entries(libraryFiles)) {
  test(`${file} defines the functions that the table names, and is right C`, () => {
    const unit = createLibrary(catalog, withHeaders.headers)(names[0] ?? '');
    const external = unit?.functions.filter(({ symbol }) => symbol.linkage === 'external' && !symbol.isInline);
    assert.deepEqual(external?.map(({ symbol }) => symbol.name).sort(), [...names].sort());
    assert.deepEqual(unit?.problems, []);
  });
}

test('generic tables keep order, balance and count through random insertions and deletions', () => {
  const run = runDriver(fixture('tables-driver.c'), { statementsMax: 20_000_000 });
  assert.deepEqual([run.log, run.messages], [['failures: 0'], []]);
});

test('a cancel-safe queue gives out every IRP once: cancelled, by its context, or in order', () => {
  const run = runDriver(fixture('cancel-safe-driver.c'));
  assert.deepEqual(run.messages, []);
  assert.deepEqual(run.log, ['2: C0000120', 'by context: 1, then 1', '3: C0000011', 'again: 1', '1: 0', '4: 0']);
});

test('safe strings written in C say by their own name that they are called at a high IRQL, and do their work', () => {
  const run = runDriver(`#include <ntddk.h>
#include <ntstrsafe.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
  CHAR text[20] = "x";
  KIRQL old;
  UNREFERENCED_PARAMETER(driver); UNREFERENCED_PARAMETER(path);
  RtlStringCbCatExA(text, sizeof(text), "1", NULL, NULL, 0);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  RtlStringCbCatExA(text, sizeof(text), "2", NULL, NULL, 0);
  RtlStringCbPrintfExA(text + 3, sizeof(text) - 3, NULL, NULL, 0, "%d", 3);
  KeLowerIrql(old);
  DbgPrint("%s\\n", text);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.log, ['x123']);
  assert.deepEqual(
    run.messages.map((message) => message.slice(0, message.indexOf(':'))),
    ['RtlStringCbCatExA', 'RtlStringCbPrintfExA'].map(
      (name) => `${name} is called at DISPATCH_LEVEL, but must be called at IRQL = PASSIVE_LEVEL`,
    ),
  );
});

test('safe strings fill, empty and keep as their flags say, in bytes and in characters', () => {
  const run = runDriver(`#include <ntddk.h>
#include <ntstrsafe.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
  CHAR a[8] = "old";
  WCHAR w[4] = L"old";
  NTSTRSAFE_PSTR end = NULL;
  size_t left = 77;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(driver); UNREFERENCED_PARAMETER(path);
  status = RtlStringCbPrintfExA(a, 6, &end, &left, STRSAFE_FILL_BEHIND_NULL | 'x', "%d", 42);
  DbgPrint("%08X %s+%d %d %c%c\\n", status, a, (int)(end - a), (int)left, a[3], a[5]);
  status = RtlStringCbPrintfExA(a, 4, &end, &left, STRSAFE_FILL_ON_FAILURE | 'y', "%d", 12345);
  DbgPrint("%08X %s+%d %d\\n", status, a, (int)(end - a), (int)left);
  status = RtlStringCchPrintfExA(a, 4, NULL, NULL, STRSAFE_NO_TRUNCATION, "%d", 12345);
  DbgPrint("%08X '%s'\\n", status, a);
  left = 77;
  status = RtlStringCbPrintfExA(a, 4, NULL, &left, 0x80000000, "%d", 1);
  DbgPrint("%08X %d\\n", status, (int)left);
  status = RtlStringCbCopyExW(w, sizeof(w) - 1, L"a", NULL, &left, 0);
  DbgPrint("%08X %ws %d\\n", status, w, (int)left);
  return STATUS_SUCCESS;
}`);
  assert.deepEqual(run.log, ['00000000 42+2 4 xx', '80000005 yyy+3 1', "80000005 ''", 'C000000D 77', '00000000 a 5']);
  assert.deepEqual(run.messages, []);
});
