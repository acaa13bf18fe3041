/**
 * The pairs of drivers that the emulator runs: the right ones are without a finding about levels, locks, pool, MDLs,
 * handles and references, and of the wrong ones those that the text alone shows are found at the marked line.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { positionAt } from '../../base/source.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { lint } from './lint.ts';
import { catalog, parse, root } from './testing.ts';

const drivers = join(root, 'test/drivers');

const rules = new Set([
  'irql-too-high',
  'wait-at-dispatch',
  'paged-code-at-dispatch',
  'call-holding-spin-lock',
  'spin-lock-deadlock',
  'spin-lock-not-held',
  'spin-lock-held-at-return',
  'irql-not-restored',
  'critical-region-not-left',
  'use-after-free',
  'double-free',
  'null-dereference',
  'pool-leak',
  'mdl-leak',
  'handle-leak',
  'reference-leak',
  'mdl-freed-while-locked',
  'mdl-not-locked',
  'probe-outside-try',
  'user-mode-wait-on-stack-object',
  'pool-size-zero',
  'pool-tag-mismatch',
  'object-in-pageable-memory',
]);

/** Found where the run-time finding stands. */
const found = [
  'latent-event-in-paged-pool',
  'real-01-mdl-still-locked',
  'row-42-thread-made-under-mutex',
  'row-43-dispatch-returns-raised',
  'row-45-wait-in-dpc',
  'row-46-user-mode-wait',
  'row-48-completed-under-lock',
  'row-56-freed-while-locked',
  'row-56-unlock-of-nonpaged',
  'row-59-event-in-paged-pool',
  'row-59-freed-entry',
];

const headers = Object.fromEntries(
  readdirSync(drivers)
    .filter((name) => name.endsWith('.h'))
    .map((name) => [name, readFileSync(join(drivers, name), 'utf8')]),
);

function unitOf(name: string, file: string): TranslationUnit {
  return parse(`${name}/${file}`, readFileSync(join(drivers, 'bugs', name, file), 'utf8'), headers);
}

/** `line rule`, of the rules above. */
function findingsOf(unit: TranslationUnit): readonly string[] {
  return lint([unit], catalog).findings.flatMap(({ rule, span }) =>
    rules.has(rule) ? [`${positionAt(span.file, span.start).line + 1} ${rule}`] : [],
  );
}

test('right drivers are without a finding', () => {
  const names = readdirSync(join(drivers, 'bugs')).filter((name) => existsSync(join(drivers, 'bugs', name, 'right.c')));
  assert.ok(names.length > 100, `only ${names.length} drivers were read`);
  for (const name of names) assert.deepEqual(findingsOf(unitOf(name, 'right.c')), [], name);
});

test('wrong drivers are found at the marked line', () => {
  for (const name of found) {
    const unit = unitOf(name, 'wrong.c');
    const marks = unit.file.text.split('\n').flatMap((line, index) => {
      const rule = /finding: ([a-z-]+)/.exec(line)?.[1];
      return rule === undefined ? [] : [`${index + 1} ${rule}`];
    });
    const shown = findingsOf(unit);
    assert.ok(
      marks.some((mark) => shown.includes(mark)),
      `${name}: ${marks.join(', ')} is not among ${shown.join(', ')}`,
    );
  }
});
