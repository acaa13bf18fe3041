/** Which `.wsklint.yaml` holds for a file: the nearest speaks first, up to where the way ends. Both flavours of paths. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import { test } from 'node:test';
import type { Finding, Severity } from '../../base/finding.ts';
import { sourceFile } from '../../base/source.ts';
import type { FileStore } from '../files.ts';
import { createLintConfigs, type LintConfigs } from './folders.ts';

const rules = ['irp-leak', 'pool-leak'];

function configs(
  texts: Readonly<Record<string, string>>,
  o: { readonly roots?: readonly string[]; readonly git?: string; readonly path?: nodePath.PlatformPath } = {},
): LintConfigs {
  const files: FileStore = {
    read: (path) => {
      const text = texts[path];
      if (text === undefined) return { kind: 'missing', path, message: '' };
      return { kind: 'file', file: sourceFile(path, text) };
    },
    overlay: () => undefined,
    forgetDeleted: () => false,
  };
  const path = o.path ?? nodePath.posix;
  return createLintConfigs({ files, roots: o.roots ?? [], rules, path, exists: (name) => name === o.git });
}

function level(made: LintConfigs, file: string, rule = 'irp-leak'): Severity | 'off' {
  const span = { file: sourceFile(file, 'x'), start: 0, end: 1 };
  const finding: Finding = { rule, severity: 'error', message: '', span, path: [], docRules: [] };
  return made.apply(finding)?.severity ?? 'off';
}

test('the nearest file speaks first, those above where it says nothing', () => {
  const made = configs({
    '/w/.wsklint.yaml': 'rules: { irp-leak: warning, pool-leak: off }',
    '/w/net/.wsklint.yaml': 'rules: { irp-leak: info }',
  });
  assert.equal(level(made, '/w/net/deep/a.c'), 'info');
  assert.equal(level(made, '/w/net/a.c', 'pool-leak'), 'off');
  assert.equal(level(made, '/w/a.c'), 'warning');
  assert.equal(level(made, '/other/a.c'), 'error');
});

test('the way up ends at a workspace folder, at a checkout, and at `root: true`', () => {
  const top = 'rules: { irp-leak: off }';
  assert.equal(level(configs({ '/w/.wsklint.yaml': top }), '/w/p/q/a.c'), 'off');
  assert.equal(level(configs({ '/w/.wsklint.yaml': top }, { roots: ['/w/p'] }), '/w/p/q/a.c'), 'error');
  assert.equal(level(configs({ '/w/.wsklint.yaml': top }, { roots: ['/w'] }), '/w/p/q/a.c'), 'off');
  assert.equal(level(configs({ '/w/.wsklint.yaml': top }, { git: '/w/p/.git' }), '/w/p/q/a.c'), 'error');
  assert.equal(level(configs({ '/w/.wsklint.yaml': top }, { git: '/w/.git' }), '/w/p/q/a.c'), 'off');
  assert.equal(level(configs({ '/w/.wsklint.yaml': top, '/w/p/.wsklint.yaml': 'root: true' }), '/w/p/q/a.c'), 'error');
});

test('excluded files show nothing, whichever file of levels says so', () => {
  const made = configs({ '/w/.wsklint.yaml': 'exclude: [gen/**]', '/w/src/.wsklint.yaml': 'exclude: ["*.tmp.c"]' });
  assert.deepEqual(
    ['/w/gen/x/a.c', '/w/src/a.tmp.c', '/w/a.tmp.c', '/w/src/gen/a.c'].map((file) => level(made, file)),
    ['off', 'off', 'error', 'error'],
  );
});

test("Windows' paths: drives, backslashes, no case", () => {
  const made = configs(
    {
      'C:\\w\\.wsklint.yaml': 'rules: { irp-leak: info }\nexclude: [Gen/**]',
      'C:\\.wsklint.yaml': 'rules: { pool-leak: off }',
    },
    { path: nodePath.win32, roots: ['c:\\W'] },
  );
  assert.equal(level(made, 'C:\\w\\src\\a.c'), 'info');
  assert.equal(level(made, 'C:\\w\\gen\\a.c'), 'off');
  assert.equal(level(made, 'C:\\w\\a.c', 'pool-leak'), 'error');
  assert.equal(level(made, '\\\\server\\share\\a.c'), 'error');
});

test('an unsaved text has no folder; problems are told once, for files that were looked at', () => {
  const made = configs({ '/w/.wsklint.yaml': 'rules: { irp-lek: off }' });
  assert.equal(level(made, 'untitled:1'), 'error');
  assert.equal(made.problems().length, 0);
  made.look('/w/p/a.c');
  level(made, '/w/a.c');
  assert.equal(made.problems().length, 1);
});
