/** WSK inside the callbacks of a KMDF driver: the rules are those of everywhere, and the right driver has no finding. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { positionAt } from '../../base/source.ts';
import { lint } from './lint.ts';
import { catalog, parse, root } from './testing.ts';

const text = readFileSync(join(root, 'test/drivers/kmdf/sender.c'), 'utf8');

/** The macro that makes the mistake, and the finding's line as it begins there, and its rule. */
const mistakes: readonly (readonly [macro: string, line: string, rule: string])[] = [
  ['LEAKS', 'irp = IoAllocateIrp', 'irp-leak'],
  ['GIVES_BACK', 'return STATUS_SUCCESS;', 'completion-keeps-irp'],
  ['FORGETS', '((PWSK_PROVIDER_CONNECTION_DISPATCH)', 'completion-routine-missing'],
  ['HOLDS', '((PWSK_PROVIDER_CONNECTION_DISPATCH)', 'call-holding-spin-lock'],
  ['TOUCHES', 'irp->IoStatus.Status', 'irp-touched-after-send'],
  ['WAITS', 'KeWaitForSingleObject', 'wait-at-dispatch'],
];

function findings(defines: Readonly<Record<string, string>>): readonly string[] {
  const unit = parse('sender.c', text, {}, defines);
  assert.deepEqual(
    unit.problems.map(({ message }) => message),
    [],
  );
  return lint([unit], catalog).findings.map(({ span, rule }) => {
    const line = text.split('\n')[positionAt(span.file, span.start).line] ?? '';
    return `${rule}: ${line.trim()}`;
  });
}

test('the right driver', () => assert.deepEqual(findings({}), []));

test('a callback has its role by where it is put, whatever its declaration says', () => {
  const plain = text.replace('static EVT_WDF_TIMER Tick;', 'static VOID Tick(WDFTIMER Timer);');
  assert.notEqual(plain, text);
  const { findings } = lint([parse('sender.c', plain, {}, { WAITS: '1' })], catalog);
  assert.deepEqual(
    findings.map(({ rule }) => rule),
    ['wait-at-dispatch'],
  );
});

for (const [macro, line, rule] of mistakes)
  test(`one that ${macro.toLowerCase().replace('_', ' ')}`, () => {
    const [only = '', ...rest] = findings({ [macro]: '1' });
    assert.ok(only.startsWith(`${rule}: ${line}`), only);
    assert.deepEqual(rest, []);
  });
