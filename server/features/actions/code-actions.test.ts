/** Quick fixes: which there are for a finding, and what they make of the text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../base/finding.ts';
import { sourceFile } from '../../../base/source.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { syntaxFindings } from '../../lint/syntax.ts';
import { type CodeAction, certainEdits, codeActions } from './code-actions.ts';

function findings(text: string): readonly Finding[] {
  const headers: Record<string, string> = { WskRegister: 'wsk.h', WskDeregister: 'wsk.h' };
  return syntaxFindings(
    parseTranslationUnit(sourceFile('a.c', text), {
      include: ({ name }) =>
        name === 'there.h'
          ? { kind: 'found', file: sourceFile(name, 'int there;\n'), isSystem: false }
          : { kind: 'missing', searched: [] },
      headerOf: (name) => headers[name],
    }),
  );
}

function applied(text: string, { edits }: CodeAction): string {
  const sorted = [...edits].sort((a, b) => b.span.start - a.span.start);
  return sorted.reduce((out, { span, newText }) => out.slice(0, span.start) + newText + out.slice(span.end), text);
}

/** The actions of the finding number `which`, as title and text. */
function actions(text: string, which = 0): readonly (readonly [title: string, text: string, isPreferred: boolean])[] {
  const all = findings(text);
  const wanted = all.slice(which, which + 1);
  return codeActions(wanted, all).map((action) => [action.title, applied(text, action), action.isPreferred] as const);
}

test('a single fix is preferred', () => {
  assert.deepEqual(actions('int a\nint b;\n'), [["Insert ';'", 'int a;\nint b;\n', true]]);
  assert.deepEqual(actions('struct S { int aa; } *s; int f(void) { return s.aa; }'), [
    ["Replace '.' by '->'", 'struct S { int aa; } *s; int f(void) { return s->aa; }', true],
  ]);
  assert.deepEqual(actions('int f(void) { return 1; }\n@\n'), []);
});

test('the same mistake everywhere', () => {
  const text = 'int a\nint b\nint c;\nint d\nint e;\n';
  assert.deepEqual(actions(text, 1), [
    ["Insert ';'", 'int a\nint b;\nint c;\nint d\nint e;\n', true],
    ["Insert ';': all 3 in this file", 'int a;\nint b;\nint c;\nint d;\nint e;\n', false],
  ]);
});

test('one include serves several names', () => {
  // Where a header is missing, the names are one hint.
  for (const [first, served] of [
    ['#include <there.h>\n', 2],
    ['#include <no.h>\n', 1],
  ] as const) {
    const text = `${first}void f(void) { WskRegister(1); WskDeregister(2); }\n`;
    const all = findings(text);
    const made = codeActions(all, all).map((action) => [action.title, applied(text, action), action.findings.length]);
    assert.deepEqual(made, [["Insert '#include <wsk.h>'", text.replace('\n', '\n#include <wsk.h>\n'), served]]);
  }
});

test('what may be meant is mended one by one', () => {
  const text = 'int f(int a, int b) { if (a = b) return 1; if (b = a) return 2; return 0; }';
  assert.deepEqual(
    actions(text).map(([title]) => title),
    ["Replace '=' by '=='"],
  );
});

test('certain fixes are written together, only ones of the file that reads as C', () => {
  const file = sourceFile('a.c', 'int a; int b; int c;\n');
  const unit = parseTranslationUnit(file, { include: () => ({ kind: 'missing', searched: [] }) });
  const finding = (start: number, fixes: Finding['fixes'], place = file): Finding => {
    const span = { file: place, start, end: start + 1 };
    return { rule: 'reserved-flags', severity: 'error', message: '', span, path: [], docRules: [], fixes: fixes ?? [] };
  };
  const fix = (start: number, isCertain: boolean, place = file) => ({
    title: 'Write x',
    ...(isCertain ? { isCertain: true as const } : {}),
    edits: [{ span: { file: place, start, end: start + 1 }, newText: 'x' }],
  });
  const header = sourceFile('a.h', 'int h;\n');
  const all = [
    finding(4, [fix(4, true)]),
    finding(4, [fix(4, true)]),
    finding(11, [fix(11, false)]),
    finding(11, [fix(11, true), fix(11, true)]),
    finding(4, [fix(4, true, header)], header),
    finding(18, [fix(18, true)]),
  ];
  const starts = (text: string): readonly number[] => {
    const read = parseTranslationUnit({ ...file, text }, { include: () => ({ kind: 'missing', searched: [] }) });
    return certainEdits(all, { ...read, file: unit.file }).map(({ span }) => span.start);
  };
  assert.deepEqual(starts(file.text), [4, 18]);
  assert.deepEqual(starts('int a int b; int c;\n'), []);
});
