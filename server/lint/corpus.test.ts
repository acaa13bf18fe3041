/**
 * Code that others wrote: the guides' samples of Microsoft's documentation (../shared/docs-corpus, read in place) and
 * the WSK echo sample (its path in WSK_ECHO_SAMPLE). Of errors and warnings there are the documented mistakes and
 * nothing else.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lint } from './lint.ts';
import { catalog, INCLUDES, parse, root } from './testing.ts';

const corpus = join(root, '../shared/docs-corpus');
const noCorpus = existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout';
const echo = process.env.WSK_ECHO_SAMPLE;

/** Page and number of the block, and the rules that its code breaks. */
const mistakes: Readonly<Record<string, readonly string[]>> = {
  'conceptual/kernel/different-ways-of-handling-irps-cheat-sheet.md 11': ['R100'],
  'conceptual/kernel/different-ways-of-handling-irps-cheat-sheet.md 13': ['R100'],
  'conceptual/network/attaching-the-wsk-client-to-the-wsk-subsystem.md 1': ['R100'],
  'conceptual/network/listening-for-and-accepting-incoming-connections.md 2': ['R100'],
  'conceptual/network/listening-for-and-accepting-incoming-connections.md 3': ['R86', 'R86', 'R86', 'R86'],
  'conceptual/network/enabling-and-disabling-event-callback-functions.md 2': ['R75'],
  'conceptual/network/performing-control-operations-on-a-socket.md 1': ['R75'],
  'seeds/004_47ef025d344d9f32.txt 1': ['R75'],
};

/** The fenced blocks of a page that have a function in them. */
function codeOf(page: string): readonly { readonly number: number; readonly text: string }[] {
  const blocks = [...page.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map((match, index) => ({
    number: index + 1,
    text: (match[1] ?? '').replaceAll('&#39;', "'"),
  }));
  return blocks.filter(({ text }) => text.includes('{'));
}

test('the guides break the rules that they are known to break, and no other', { skip: noCorpus }, () => {
  const found: Record<string, readonly string[]> = {};
  let blocks = 0;
  for (const file of readdirSync(corpus, { recursive: true }).map(String).sort()) {
    if (!/\.(md|txt)$/.test(file) || file.endsWith('README.md')) continue;
    for (const { number, text } of codeOf(readFileSync(join(corpus, file), 'utf8'))) {
      if (!/Irp|Wsk/.test(text)) continue;
      blocks++;
      const { findings, limits } = lint([parse('guide.c', INCLUDES + text)], catalog);
      assert.deepEqual(limits, [], file);
      if (findings.length > 0) found[`${file.replaceAll('\\', '/')} ${number}`] = findings.flatMap((f) => f.docRules);
    }
  }
  assert.ok(blocks >= 60, `only ${blocks} blocks were read`);
  assert.deepEqual(found, mistakes);
});

test('all code of a page together is one driver, with the same findings', { skip: noCorpus }, () => {
  const page = readFileSync(join(corpus, 'seeds/004_47ef025d344d9f32.txt'), 'utf8');
  const units = codeOf(page).map(({ number, text }) => parse(`block${number}.c`, INCLUDES + text));
  assert.deepEqual(
    lint(units, catalog).findings.flatMap((f) => f.docRules),
    ['R75'],
  );
});

test('the WSK echo sample has no finding', {
  skip: echo === undefined ? 'WSK_ECHO_SAMPLE names no file' : false,
}, () => {
  const text = readFileSync(String(echo), 'utf8');
  const { findings, limits } = lint([parse('wsksmple.c', text)], catalog);
  assert.deepEqual(
    findings.map((f) => f.message),
    [],
  );
  assert.deepEqual(limits, []);
});
