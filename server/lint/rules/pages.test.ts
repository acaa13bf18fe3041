/**
 * Every rule's page is its test: the C blocks under "Wrong" have exactly the findings that their comments say, those
 * under "Right" have none; and each fix that is offered on a page mends what it is offered for. And the list of rules is complete, both ways. RULE=words runs only the pages whose names
 * contain one of the words.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { lint } from '../lint.ts';
import { catalog, checkFixes, expectedIn, fixable, INCLUDES, parse, root, shown } from '../testing.ts';
import { rules } from './index.ts';

const folder = join(root, 'server/lint/rules');
const folders = readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));

const wanted = (process.env.RULE ?? '').split(/[ ,]+/).filter((word) => word !== '');

interface Block {
  readonly section: string;
  readonly line: number;
  readonly text: string;
}

/** The ```c blocks of a page, each with the heading above it. */
function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  let open: { line: number; lines: string[] } | undefined;
  for (const [index, line] of page.split('\n').entries()) {
    if (open === undefined && line.startsWith('## ')) section = line.slice(3);
    if (line.startsWith('```')) {
      if (open !== undefined) {
        blocks.push({ section, line: open.line, text: open.lines.join('\n') });
        open = undefined;
      } else if (line === '```c') open = { line: index + 1, lines: [] };
    } else open?.lines.push(line);
  }
  return blocks;
}

test('every folder is a rule of the list, and every rule has its folder, page and data', () => {
  assert.deepEqual(rules.map((rule) => rule.id).sort(), [...folders].sort());
  for (const rule of rules) {
    assert.ok(existsSync(join(folder, rule.id, 'rule.ts')), `${rule.id}/rule.ts`);
    assert.match(rule.id, /^[a-z]+(-[a-z]+)+$/);
    assert.ok(rule.docRules.length + rule.also.length > 0 && rule.docRules.every((r) => /^R\d+$/.test(r)), rule.id);
    assert.ok(rule.summary.endsWith('.'), rule.id);
  }
});

for (const id of folders.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))) {
  describe(id, () => {
    const page = readFileSync(join(folder, id, 'rule.md'), 'utf8');
    const blocks = blocksOf(page);
    let fixes = 0;

    test('the page has its parts, and three blocks or more of each kind', () => {
      assert.ok(page.startsWith(`# ${id}\n`));
      for (const heading of ['## Why', '## Wrong', '## Right', '## Silence'])
        assert.ok(page.includes(`\n${heading}\n`), heading);
      assert.ok(page.includes(`wsk-lint: allow ${id}`));
      for (const section of ['Wrong', 'Right']) {
        assert.ok(blocks.filter((block) => block.section === section).length >= 3, section);
      }
    });

    for (const { section, line, text } of blocks) {
      test(`${section}, line ${line}`, () => {
        const unit = parse('block.c', INCLUDES + text);
        assert.deepEqual(
          unit.problems.map((p) => p.message),
          [],
          'the block is C',
        );
        const expected = expectedIn(text);
        if (section === 'Wrong')
          assert.ok(expected.includes(expected.find((e) => e.endsWith(` ${id}`)) ?? ''), 'a finding is expected');
        else assert.deepEqual(expected, []);
        const { findings, limits } = lint([unit], catalog);
        assert.deepEqual(findings.map(shown), expected);
        assert.deepEqual(limits, []);
        for (const { rule, fixes: offered } of findings)
          assert.ok(offered === undefined || fixable.includes(rule), rule);
        fixes += checkFixes(findings);
      });
    }

    if (fixable.includes(id)) test('fixes are offered', () => assert.ok(fixes >= 2, `${fixes} fixes were applied`));
  });
}
