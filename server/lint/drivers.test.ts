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
  latent-irp-touched-after-pass
  latent-list-freed-after-release
  latent-list-under-two-locks
  latent-mdl-not-checked
  latent-nmr-wait-missing
  latent-reserved-flags
  latent-status-before-completion
  latent-timeout-is-success
  leak-resource-and-list
  leak-symbolic-link
  real-01-mdl-still-locked
  real-02-embedded-irp-size
  real-04-receive-event-status
  real-09-pending-mark-on-own-irp
  real-14-paged-pool-in-wsk-buf
  real-21-cancel-then-free
  real-22-result-of-freed-irp
  real-29-leak-on-error-path
  real-30-completion-lets-go
  real-31-pending-not-returned
  real-31b-completed-twice
  real-33-status-block-on-stack
  row-02-cancel-safe-queue
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
  row-09-semaphore
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
  row-47-queued-lock-twice-released
  row-48-completed-under-lock
  row-50-lock-order-of-kinds
  row-51-dispatch-in-region
  row-52-freed-twice
  row-52-paged-in-dpc
  row-53-resource-freed
  row-53-timer-freed
  row-56-freed-while-locked
  row-56-unlock-of-nonpaged
  row-58-timer-at-unload
  row-59-event-in-paged-pool
  row-59-freed-entry
  row-59-paged-under-lock
  row-61-not-reused
  row-62-call-in-routine
  row-63-call-after-close
`;

/** Drivers that lint finds by another rule or at another line: the rule. */
const otherwise: Readonly<Record<string, string>> = {
  'latent-buffer-beyond-mdl': 'wsk-buf-beyond-mdl',
  'latent-deregister-without-release': 'npi-leak',
  'latent-nmr-detach-never-completed': 'nmr-detach-status',
  'latent-registration-on-stack': 'registration-block-gone',
  'leak-handle-and-reference': 'handle-leak',
  'leak-hash': 'handle-leak',
  'leak-remove-lock': 'remove-lock-held',
  'real-05-buffer-not-returned': 'pool-leak',
  'real-08-both-sides-complete': 'double-completion',
  'real-10-no-location-of-our-own': 'irp-pending-without-location',
  'real-16-send-under-spin-lock': 'call-holding-spin-lock',
  'real-17-probe-outside-try': 'probe-outside-try',
  'real-20-wait-at-dispatch': 'wait-at-dispatch',
  'real-23-register-per-connection': 'registration-block-reused',
  'real-23b-stop-without-start': 'registration-block-reused',
  'real-29b-process-reference': 'reference-leak',
  'real-29d-capture-at-raised-irql': 'irql-too-high',
  'real-32-status-after-completion': 'irp-used-after-free',
  'real-34-close-inside-callback': 'wait-at-dispatch',
  'row-10-event-never-set': 'wait-without-signal',
  'row-11-routine-cleared-by-copy': 'stack-location-not-prepared',
  'row-11-routine-overwritten': 'stack-location-copied-whole',
  'row-11-routine-with-skip': 'stack-location-not-prepared',
  'row-13-routine-ex-unchecked': 'status-ignored',
  'row-20-placed-irp-freed': 'stack-buffer-outlives-call',
  'row-22-wait-missing': 'result-before-completion',
  'row-27-location-copied-whole': 'stack-location-copied-whole',
  'row-29-sent-below': 'irp-completed-while-pending-below',
  'row-32-cancel-routine-irql': 'irql-not-restored',
  'row-33-cancelled-after-completion': 'cancel-routine-after-completion',
  'row-38-remove-lock-kept': 'remove-lock-held',
  'row-40-handle-of-program': 'handle-access-mode',
  'row-41-device-initializing': 'device-initializing-not-cleared',
  'row-43-lowered-in-dpc': 'irql-not-restored',
  'row-44-set-event-wait': 'promised-wait-missing',
  'row-47-spin-lock-twice': 'spin-lock-deadlock',
  'row-49-lowered-under-lock': 'irql-not-restored',
  'row-49-released-at-passive': 'spin-lock-not-held',
  'row-50-dpc-keeps-lock': 'spin-lock-held-at-return',
  'row-50-thread-ends-with-mutex': 'resource-held-at-return',
  'row-50-wrong-thread': 'spin-lock-deadlock',
  'row-51-critical-region': 'critical-region-not-left',
  'row-53-extension-with-resource': 'resource-freed',
  'row-53-lookaside-freed': 'resource-freed',
  'row-55-paged-code': 'paged-code-at-dispatch',
  'row-57-reference-left': 'reference-leak',
  'row-58-built-request-at-unload': 'stack-buffer-outlives-call',
  'row-60-no-stack-location': 'irp-stack-size',
  'row-60-not-for-errors': 'completion-invoke-all',
  'row-65-indication-kept': 'indication-not-released',
  'whole-chorus': 'irp-used-after-free',
  'whole-gate': 'completed-with-cancel-routine',
  'whole-telemetry': 'indication-not-released',
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
