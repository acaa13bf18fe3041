/** What a terminal shows of how far lint is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from './progress.ts';

function watched(fileCount: number) {
  const lines: string[] = [];
  const clock = { ms: 0 };
  const progress = createProgress(
    fileCount,
    (line) => lines.push(line),
    () => clock.ms,
  );
  return { lines, clock, progress };
}

test('what is done soon shows nothing, and leaves nothing to remove', () => {
  const { lines, progress } = watched(2);
  progress.begin(0);
  for (const step of ['read', 'read', 'checked', 'checked'] as const) progress.step(0, step);
  progress.end();
  assert.deepEqual(lines, []);
});

test('files of all tasks are counted, those of a task that is begun again once, and the line goes at the end', () => {
  const { lines, clock, progress } = watched(3);
  progress.begin(0);
  progress.begin(1);
  progress.step(0, 'read');
  progress.step(1, 'read');
  clock.ms = 1_000;
  progress.step(1, 'read');
  progress.step(1, 'checked');
  clock.ms = 2_000;
  progress.step(0, 'checked');
  progress.begin(1);
  clock.ms = 3_000;
  progress.step(1, 'checked');
  progress.end();
  progress.step(1, 'checked');
  assert.deepEqual(lines, ['3 of 3 files read', '2 of 3 files checked', '2 of 3 files checked', '']);
});
