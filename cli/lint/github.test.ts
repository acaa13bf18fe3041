/** Annotations of GitHub Actions: every character that would end a part is escaped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../base/finding.ts';
import { sourceFile } from '../../base/source.ts';
import { annotation } from './github.ts';

const text = 'one\n  two three\nfour\n';

function shown(change: Partial<Finding>, start = 6, end = 9): string {
  const span = { file: sourceFile('/w/src/a,b: c%.c', text), start, end };
  return annotation(
    { rule: 'irp-leak', severity: 'error', message: 'm', span, path: [], docRules: [], ...change },
    '/w',
  );
}

test('one line', () => {
  assert.equal(shown({}), '::error file=src/a%2Cb%3A c%25.c,line=2,col=3,endLine=2,endColumn=5,title=irp-leak::m');
});

test('several lines have no columns; an empty span has one', () => {
  assert.match(shown({}, 6, 18), /,line=2,endLine=3,title/);
  assert.match(shown({}, 6, 6), /,line=2,col=3,endLine=2,endColumn=3,title/);
});

test('severities, numbers, text and steps', () => {
  assert.match(shown({ severity: 'warning', docRules: ['R1', 'R2'] }), /^::warning .*title=irp-leak::m$/);
  assert.match(shown({ severity: 'info' }), /^::notice /);
  assert.match(shown({ severity: 'hint' }), /^::notice /);
  const span = { file: sourceFile('/w/x.c', 'y'), start: 0, end: 1 };
  const path = [{ span, message: 'made: here' }];
  assert.match(shown({ message: '100 %\r\nof, all: it', path }), /::100 %25%0D%0Aof, all: it%0Ax\.c:1: made: here$/);
});

test('a file outside of the checkout keeps its path', () => {
  const span = { file: sourceFile('/other/x.c', 'y'), start: 0, end: 1 };
  assert.match(shown({ span }), /file=\/other\/x\.c,/);
});
