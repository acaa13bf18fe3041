/** Every name of a sample driver is renamed, one at a time: the text that comes out must mean the same as before. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { root, withHeaders } from '../../../catalog/testing/reading.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { entityKey } from './entity.ts';
import { nameIndex } from './name-index.ts';
import { referencesIn, targetAt } from './references.ts';
import { prepareRename, rename } from './rename.ts';

const read = (text: string): TranslationUnit => parseTranslationUnit(sourceFile('driver.c', text), withHeaders);

/** How many names of each file mean something, and what is wrong: both must not change. */
function summary(unit: TranslationUnit): string {
  const problems = unit.problems.map(({ code }) => code);
  return `${nameIndex(unit).occurrences(unit.file).length} ${problems.join(' ')}`;
}

function checkAll(text: string, every: number): number {
  const unit = read(text);
  const before = summary(unit);
  const seen = new Set<string>();
  const isOwn = (file: TranslationUnit['file']): boolean => !unit.isSystemFile(file);
  let count = 0;
  for (const { entity, start, end } of nameIndex(unit).occurrences(unit.file)) {
    const key = entityKey(entity);
    if (seen.has(key)) continue;
    seen.add(key);
    if (prepareRename(unit, start, isOwn).kind === 'refused' || count++ % every > 0) continue;
    const target = targetAt(unit, start);
    assert.ok(target !== undefined);
    const newName = `${target.name}_renamed`;
    const result = rename([unit], target, newName, isOwn);
    assert.ok(result.kind === 'edits', `${target.name}: ${JSON.stringify(result)}`);
    let changed = text;
    for (const span of result.spans.toSorted((a, b) => b.start - a.start)) {
      assert.equal(text.slice(span.start, span.end), text.slice(start, end));
      changed = changed.slice(0, span.start) + newName + changed.slice(span.end);
    }
    const after = read(changed);
    assert.equal(summary(after), before, target.name);
    // The first place has moved if others come before it.
    const moved =
      start + result.spans.filter((span) => span.start < start).length * (newName.length - target.name.length);
    const again = targetAt(after, moved);
    assert.equal(again?.name, newName);
    assert.equal(again === undefined ? 0 : referencesIn(after, again).length, result.spans.length, target.name);
  }
  return count;
}

for (const name of readdirSync(join(root, 'samples'))) {
  const path = readdirSync(join(root, 'samples', name)).find((file) => file.endsWith('.c'));
  if (path === undefined) continue;
  test(`samples/${name}`, () => {
    const count = checkAll(readFileSync(join(root, 'samples', name, path), 'utf8'), name === 'echo' ? 4 : 1);
    assert.ok(count > 20, `only ${count} names`);
  });
}

test('Microsoft’s echo sample', (t) => {
  const path = process.env['WSK_ECHO_SAMPLE'] ?? '';
  if (!existsSync(path)) {
    t.skip('WSK_ECHO_SAMPLE does not name the sample');
    return;
  }
  assert.ok(checkAll(readFileSync(path, 'utf8'), 4) > 100);
});
