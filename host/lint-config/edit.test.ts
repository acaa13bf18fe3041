/** A level is set with the least change: what else a person wrote stays as it is. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { levelEdit } from './edit.ts';

function set(text: string): string | undefined {
  const edit = levelEdit(text, 'irp-leak', 'off');
  return edit && text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

const cases: readonly (readonly [before: string, after: string | undefined])[] = [
  ['', 'rules:\n  irp-leak: off\n'],
  ['# ours\n', '# ours\nrules:\n  irp-leak: off\n'],
  ['root: true', 'root: true\nrules:\n  irp-leak: off\n'],
  ['root: true\r\n', 'root: true\r\nrules:\r\n  irp-leak: off\r\n'],
  ['rules:\n', 'rules:\n  irp-leak: off\n'],
  ['rules: # ours\nroot: true\n', 'rules: # ours\n  irp-leak: off\nroot: true\n'],
  [
    'rules:\n    # old\n    irp-null-check: hint # for now\nexclude: [a.c]\n',
    'rules:\n    # old\n    irp-null-check: hint # for now\n    irp-leak: off\nexclude: [a.c]\n',
  ],
  ['rules:\n  irp-leak: hint # why\n  a: b\n', 'rules:\n  irp-leak: off # why\n  a: b\n'],
  ['rules:\n  irp-leak:\n', 'rules:\n  irp-leak: off\n'],
  ['rules:\n  a: hint', 'rules:\n  a: hint\n  irp-leak: off'],
  ['rules: { a: hint }\n# end\n', 'rules: { a: hint, irp-leak: off }\n\n# end\n'],
  ['rules: {}\n', 'rules: { irp-leak: off }\n'],
  ['rules:\n  irp-leak: off\n', undefined],
  ['rules:\n  irp-leak: false\n', undefined],
  ['- a\n', undefined],
  ['rules: [a]\n', undefined],
  ['rules: {\n', undefined],
];

test('the level of a rule', () => {
  for (const [before, after] of cases) assert.equal(set(before), after, JSON.stringify(before));
});
