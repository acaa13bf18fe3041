/** What a report's texts leave out, and what they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../base/finding.ts';
import { sourceFile } from '../../base/source.ts';
import type { LintReport } from './result.ts';
import { closingLine, type ShowOptions, shownReport } from './show.ts';

const file = sourceFile('/src/a.c', 'f();\ng();\nf();\n');

function at(line: number, finding: Pick<Finding, 'severity' | 'message' | 'tag'>): Finding {
  return { rule: 'old', span: { file, start: line * 5, end: line * 5 + 3 }, path: [], docRules: [], ...finding };
}

const advice = { severity: 'hint', tag: 'deprecated', message: 'f is old.' } as const;
const report: LintReport = {
  files: ['/src/a.c'],
  findings: [
    at(0, advice),
    at(1, { ...advice, message: 'g is old.' }),
    at(2, advice),
    at(2, { ...advice, severity: 'warning' }),
  ].map((finding) => ({ finding, functionName: undefined, mark: undefined })),
  silenced: [],
  limits: [],
  gaps: [],
  baseline: undefined,
};

function lines(format: ShowOptions['format']): readonly string[] {
  const sarif = { page: () => undefined, folder: '/src', exitCode: 0 };
  const options = { ...sarif, format, colour: false, explainsLimits: false, checkout: '/src' };
  return shownReport(report, options)
    .split('\n')
    .filter((line) => line.includes('is old'));
}

test('advice against a name is shown once in texts for people, with how often it holds', () => {
  const text = lines('text').map((line) => line.replace(/^.*?a\.c:/, ''));
  assert.deepEqual(text, [
    '1:1: hint: f is old. (2 places; --format json names each.) [old]',
    '2:1: hint: g is old. [old]',
    '3:1: warning: f is old. [old]',
  ]);
  assert.equal(lines('github').length, 3);
  assert.equal(lines('json').length, 4);
  assert.equal(closingLine(report, false), '1 file: 1 warning, 3 hints');
});
