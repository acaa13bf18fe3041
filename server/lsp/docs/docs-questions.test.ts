// A disk that sleeps, a thread that died: whoever asks gets an answer within the limit, and only one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuestions } from './docs-questions.ts';

const question = { kind: 'page', path: '/docs/a.md' } as const;

test('an answer that does not come within the limit is none, and comes too late after that', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: number[] = [];
  const questions = createQuestions((id) => asked.push(id));
  const [slow, quick] = [questions.ask(question, 600), questions.ask(question, 10_000)];
  t.mock.timers.tick(599);
  questions.answered(asked[1] ?? 0, 'the page');
  assert.equal(await quick, 'the page');
  t.mock.timers.tick(1);
  assert.equal(await slow, undefined);
  questions.answered(asked[0] ?? 0, 'late');
  assert.equal(await slow, undefined);
});

test('those that wait for a thread that has ended wait no longer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const questions = createQuestions(() => {});
  const waiting = [questions.ask(question, 10_000), questions.ask({ kind: 'search', query: 'x', limit: 1 }, 10_000)];
  questions.giveUp();
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
});
