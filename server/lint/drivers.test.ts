/**
 * The drivers of the emulator with one bug each (test/drivers/bugs): the macro WRONG makes the bug. Lint is silent on
 * every driver without it, and with it finds what the tables say. A rule and the run-time check of the same idea have one id; where lint can only see a cause, or tells it
 * by another rule or at another line, the table says so.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { positionAt } from '../../base/source.ts';
import { lint } from './lint.ts';
import { catalog, parse, root } from './testing.ts';

const drivers = join(root, 'test/drivers');
const folder = join(drivers, 'bugs');
const shared = Object.fromEntries(
  readdirSync(drivers)
    .filter((name) => name.endsWith('.h'))
    .map((name) => [name, readFileSync(join(drivers, name), 'utf8')]),
);

/** Drivers whose marked line and rule lint finds exactly. */
const exact = `
  latent-event-in-paged-pool
  latent-irp-touched-above
  latent-list-freed-after-release
  latent-reserved-flags
  latent-status-before-completion
  latent-timeout-is-success
  leak-symbolic-link
  real-01-mdl-still-locked
  real-02-embedded-irp-size
  real-04-receive-event-status
  real-09-pending-mark-on-own-irp
  real-14-paged-pool-in-wsk-buf
  real-21-cancel-then-free
  real-22-result-of-freed-irp
  real-30-completion-lets-go
  real-31-pending-not-returned
  real-31b-completed-twice
  real-33-status-block-on-stack
  row-02-marked-status-returned
  row-03-pending-without-mark
  row-04-completed-and-pending
  row-05-skipped-and-kept
  row-05-unknown-code-not-completed
  row-06-error-returned-as-success
  row-06-pending-below-ignored
  row-06-pending-below-skip
  row-07-completed-with-pending
  row-08-pending-not-propagated
  row-09-marked-and-signalled
  row-12-kept-and-forgotten
  row-14-asynchronous-fsd
  row-14-own-irp-without-routine
  row-15-own-irp-completed
  row-16-placed-irp-freed
  row-16-received-irp-freed
  row-17-threaded-irp-freed
  row-18-reused-while-pending
  row-19-initialised-again
  row-20-freed-in-use
  row-21-irp-freed-as-pool
  row-25-event-gone
  row-25-status-block-gone
  row-28-not-copied
  row-28-sent-again
  row-29-completed-below
  row-30-completed-with-routine
  row-30-sent-with-routine
  row-31-cancel-not-checked
  row-34-marked-after-queueing
  row-35-information-too-large
  row-36-status-never-set
  row-36-status-of-completion-routine
  row-36-win32-error
  row-37-double-fetch
  row-37-plain-reads
  row-38-remove-lock-released-twice
  row-42-thread-made-under-mutex
  row-43-dispatch-returns-raised
  row-45-wait-in-dpc
  row-46-user-mode-wait
  row-48-completed-under-lock
  row-51-dispatch-in-region
  row-52-paged-in-dpc
  row-56-freed-while-locked
  row-56-unlock-of-nonpaged
  row-59-event-in-paged-pool
  row-59-freed-entry
  row-61-not-reused
  row-62-call-in-routine
`;

/** Drivers that lint finds by another rule or at another line: the rule. */
const otherwise: Readonly<Record<string, string>> = {
  'latent-deregister-without-release': 'npi-leak',
  'latent-registration-on-stack': 'registration-block-gone',
  'real-32-status-after-completion': 'irp-used-after-free',
  'row-13-routine-ex-unchecked': 'status-ignored',
  'row-22-wait-missing': 'result-before-completion',
  'row-29-sent-below': 'irp-completed-while-pending-below',
  'row-27-location-copied-whole': 'stack-location-copied-whole',
  'row-32-cancel-routine-irql': 'irql-not-restored',
  'row-33-cancelled-after-completion': 'cancel-routine-after-completion',
  'row-41-device-initializing': 'device-initializing-not-cleared',
  'row-44-set-event-wait': 'promised-wait-missing',
  'row-57-reference-left': 'reference-leak',
  'row-60-no-stack-location': 'irp-stack-size',
  'row-60-not-for-errors': 'completion-invoke-all',
  'row-65-indication-kept': 'indication-not-released',
};

const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'driver.c')));

function textOf(name: string): string {
  return readFileSync(join(folder, name, 'driver.c'), 'utf8');
}

/** `line rule` of each finding, the line counted from 1. */
function findingsIn(name: string, variant: 'wrong' | 'right'): readonly string[] {
  const defines: Record<string, string> = variant === 'wrong' ? { WRONG: '1' } : {};
  const { findings, limits } = lint([parse(`${name}/driver.c`, textOf(name), shared, defines)], catalog);
  assert.deepEqual(limits, []);
  return findings.map(({ span, rule }) => `${positionAt(span.file, span.start).line + 1} ${rule}`);
}

/** The findings that the text marks, which are those of the wrong driver. */
function markedIn(name: string): readonly string[] {
  return textOf(name)
    .split('\n')
    .flatMap((line, index) => {
      const [, rule] = /finding: ([a-z0-9-]+)/.exec(line) ?? [];
      return rule === undefined ? [] : [`${index + 1} ${rule}`];
    });
}

test('lint is silent on every corrected driver', () => {
  assert.ok(names.length > 150, `only ${names.length} drivers were read`);
  const found = names.map((name) => [name, findingsIn(name, 'right')] as const);
  assert.deepEqual(Object.fromEntries(found.filter(([, findings]) => findings.length > 0)), {});
});

test('lint finds the bugs that can be seen in the source, at the line at which they show at run time', () => {
  for (const name of exact.trim().split(/\s+/)) {
    const wanted = markedIn(name);
    const found = findingsIn(name, 'wrong');
    assert.ok(wanted.length > 0 && wanted.every((want) => found.includes(want)), `${name}: ${found.join(', ')}`);
  }
});

test('lint finds some bugs by their cause, elsewhere', () => {
  for (const [name, rule] of Object.entries(otherwise)) {
    const found = findingsIn(name, 'wrong');
    assert.ok(
      found.some((line) => line.endsWith(` ${rule}`)),
      `${name}: ${found.join(', ')}`,
    );
  }
});
