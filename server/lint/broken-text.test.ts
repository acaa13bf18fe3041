/** Text that is half typed or no text at all: what is not understood makes no finding. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lint, syntaxFindings } from './lint.ts';
import { catalog, parse } from './testing.ts';

const body = (condition: string, more = ''): string => `  PVOID p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 10, 'gaTT');
  if (${condition})
    return STATUS_INSUFFICIENT_RESOURCES;
${more}  ExFreePool(p);
  return STATUS_SUCCESS;
`;
const includes = '#include <ntddk.h>\n#include <d4drvif.h>\n';
const openChannel = (set: string): string => `${includes}PIRP f(PDEVICE_OBJECT d, PKEVENT e, PIO_STATUS_BLOCK b) {
  DOT4_DC_OPEN_DATA open;
  RtlZeroMemory(&open, sizeof(open));
  ${set}
  return IoBuildDeviceIoControlRequest(IOCTL_DOT4_OPEN_CHANNEL, d, &open, sizeof(open), &open, sizeof(open), FALSE, e, b);
}
`;

for (const [what, text, expected] of [
  ['a right function', `${includes}NTSTATUS f(void) {\n${body('p == NULL')}}\n`, []],
  ['a wrong one', `${includes}NTSTATUS f(ULONG n) {\n${body('p == NULL || n == 3')}}\n`, ['pool-leak']],
  ['no header yet', `NTSTATUS f(void) {\n${body('p == NULL')}}\n`, []],
  ['half an #include', `#include <ntd\nNTSTATUS f(void) {\n${body('NULL == p')}}\n`, []],
  ['NULL that is misspelt', `${includes}NTSTATUS f(void) {\n${body('p == NUL')}}\n`, []],
  [
    'a block without its end',
    `${includes}NTSTATUS f(void) {\n${body('p == NULL', '  if (p != NULL) {\n  p = p;\n')}}\n`,
    [],
  ],
  ['a body without its end', `${includes}NTSTATUS f(ULONG n) {\n${body('p == NULL || n == 3')}`, []],
  ['a number that nobody sets', openChannel(''), ['request-arguments']],
  ['a member that is misspelt', openChannel('open.bHsId = 1;'), []],
  ['a member that is half typed', openChannel('open.'), []],
] as const) {
  test(`lint of text that is half typed: ${what}`, () => {
    const rules = lint([parse('driver.c', text)], catalog).findings.map(({ rule }) => rule);
    assert.deepEqual(rules, expected);
  });
}

for (const half of ['#include "tap', '#include "', '#include <tap.h', '#include']) {
  test(`names of a header that is half typed are told together: ${half}`, () => {
    const uses = [1, 2, 3].map(
      (n) => `TAP${n} *Tap${n}(TAP${n} *tap)\n{\n  TapUse${n}(TAP_FLAG${n});\n  return tap;\n}\n`,
    );
    const found = syntaxFindings(parse('driver.c', `${includes}${half}\n${uses.join('')}`));
    assert.deepEqual(
      found.map(({ severity, span }) => [severity, span.start < includes.length + half.length]),
      [
        ['error', true],
        ['hint', false],
      ],
    );
  });
}

test('what is no text is told once', () => {
  const found = syntaxFindings(parse('driver.c', [...'int main(void) { @ }'].join('\0')));
  assert.deepEqual(
    found.map(({ severity, span }) => [severity, span.start]),
    [['error', 1]],
  );
});
