// Patterns of file names, with the wild cards of DOS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

/** Pattern, name, whether they match where case counts. < is DOS_STAR, > is DOS_QM, " is DOS_DOT. */
const cases: readonly (readonly [string, string, boolean])[] = [
  ['*', 'a', true],
  ['*.txt', 'a.b.txt', true],
  ['*.txt', 'a.TXT', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  // DOS_STAR takes all up to the last dot and that, too, but nothing behind it.
  ['ab<exe', 'abcd.exe', true],
  ['ab<exe', 'ab.exe', true],
  ['ab<exe', 'abcdexe', true],
  ['ab<exe', 'acd.exe', false],
  ['a.b<exe', 'a.bcd.exe', true],
  ['a<b.exe', 'a.bcd.exe', false],
  ['<.exe', 'test.exe', true],
  ['<', 'a.b', false],
  // DOS_QM takes one character, or none before a dot and at the end.
  ['a>c.exe', 'abc.exe', true],
  ['a>c.exe', 'ac.exe', false],
  ['a>>>', 'ab', true],
  ['a>>>exe', 'ac.exe', false],
  // DOS_DOT takes a dot, or nothing at the end.
  ['F0_<"*', 'F0_001.txt', true],
  ['F0_<"*', 'F0_', true],
  ['F0_<"*', '..', false],
  ['a"', 'a', true],
  ['a"', 'a.', true],
  ['', '', true],
  ['a', '', false],
];

test('names match patterns as file systems have it', () => {
  const checks = cases.map(([pattern, name]) => {
    const [p, n] = [pattern, name].map((text) => `L"${text.replaceAll('"', '\\"')}"`);
    return `RtlInitUnicodeString(&pattern, ${p}); RtlInitUnicodeString(&name, ${n});
  DbgPrint("%d\\n", FsRtlIsNameInExpression(&pattern, &name, FALSE, NULL));`;
  });
  const { log, messages } = runDriver(`#include <ntifs.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT d, PUNICODE_STRING r) {
  UNICODE_STRING pattern, name;
  UNREFERENCED_PARAMETER(d); UNREFERENCED_PARAMETER(r);
  ${checks.join('\n  ')}
  return STATUS_UNSUCCESSFUL;
}`);
  assert.deepEqual(messages, []);
  const expected = cases.map(([pattern, name, isMatch]) => `${pattern} ${name} ${isMatch ? 1 : 0}`);
  assert.deepEqual(
    cases.map(([pattern, name], i) => `${pattern} ${name} ${log[i]}`),
    expected,
  );
});
