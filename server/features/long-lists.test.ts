/** Lists that are longer than what fits on a stack: the bytes of a firmware, declarations that a program has written. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { lint } from '../lint/lint.ts';
import { codeLenses, completionSends } from './code-lens.ts';
import { faded } from './faded.ts';
import { hover } from './hover.ts';
import { nameIndex } from './names/name-index.ts';
import { documentSymbols } from './symbols.ts';
import { analyse } from './testing.ts';

const length = 130_000;

for (const [name, text] of [
  ['declarations', 'int a; '.repeat(length)],
  ['a table', `#include <ntddk.h>\nstatic const UCHAR Bytes[] = { ${'0x12, '.repeat(length)} };`],
] as const) {
  test(`${length} parts of ${name} are read as few are`, () => {
    const { analysis } = analyse(`${text}\nvoid f(void) { Io/*$*/FreeIrp(0); }`);
    const { unit } = analysis;
    assert.ok(hover(analysis, unit.file.text.indexOf('FreeIrp')) !== undefined);
    assert.ok(nameIndex(unit).occurrences(unit.file).length > 0);
    assert.ok(documentSymbols(analysis).length > 0);
    assert.equal(codeLenses(analysis, completionSends([analysis])).length, 0);
    assert.deepEqual(faded(analysis), []);
    assert.deepEqual(lint([unit], analysis.catalog).findings, []);
  });
}
