/** Completion in `.wsklint.yaml`, by where the cursor stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeLevels, isLintLevels } from './lint-levels.ts';

/** `|` is the cursor. */
const cases: readonly (readonly [text: string, offered: string | undefined])[] = [
  ['|', 'rules'],
  ['rules:\n  irp-leak: off\nex|', 'exclude'],
  ['rules:\n  |', 'irp-leak'],
  ['# levels\nrules:\n  pool-leak: off\n  irp|', 'irp-leak'],
  ['rules:\r\n  irp-leak: |', 'warning'],
  ['rules:\n  irp-leak: wa|', 'warning'],
  ['exclude:\n  |', undefined],
  ['exclude:\n  - |', undefined],
];

for (const [text, offered] of cases) {
  test(JSON.stringify(text), () => {
    const labels = completeLevels(text.replace('|', ''), text.indexOf('|')).map(({ label }) => label);
    if (offered === undefined) assert.deepEqual(labels, []);
    else assert.ok(labels.includes(offered), labels.join(' '));
  });
}

test('files of levels are known by their name', () => {
  assert.ok(isLintLevels('file:///w/.wsklint.yaml'));
  assert.ok(!isLintLevels('file:///w/x.wsklint.yaml') && !isLintLevels('untitled:/.wsklint.yaml'));
});
