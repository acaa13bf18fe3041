/** What is left to another C extension, and what is told beside one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockingFindings } from './syntax-blocking.ts';
import { parse } from './testing.ts';

for (const [what, text, expected] of [
  ['types are for the other one to tell', 'int *p = 1.5;\n', []],
  ['so are names', 'int f(void) { return missing; }\n', []],
  ['a header that is not found is told', '#include "none.h"\n', ['info']],
  ['what stops the grammar is a hint', 'int a = 1\nint b = ;\n', ['hint', 'hint']],
  ['what is no text is told once', 'i\0n\0t\0 \0@\0', ['info']],
  ['nothing of what is right', 'int a = 1;\n', []],
] as const) {
  test(`beside another C extension: ${what}`, () => {
    const found = blockingFindings(parse('driver.c', text)).map(({ severity }) => severity);
    assert.deepEqual(found, expected);
  });
}
