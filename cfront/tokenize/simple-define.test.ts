import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { readSimpleMacro } from '../preprocess/simple-macro.ts';
import { simpleDefineEnd } from './simple-define.ts';
import type { Token } from './token.ts';
import { tokenize, tokenizeBundled } from './tokenize.ts';

/** The text that is taken as one token, up to the end of its line; '' where none is. */
function taken(line: string): string {
  return line.slice(0, Math.max(0, simpleDefineEnd(`${line}\n`, 0)));
}

test('object-like macros on one line are taken whole', () => {
  for (const line of [
    '#define A',
    '#define A 1',
    '# define A 1',
    '#\tdefine\tA\t1  ',
    '#define A ((NTSTATUS)0xC0000001L)',
    '#define A (1 / 2)',
    '#define A struct { int x[3]; }',
    '#define define 1',
  ])
    assert.equal(taken(line), line);
});

test('what the lexer or the preprocessor has more to say of is not', () => {
  for (const line of [
    '#define A(x) x',
    '#define A "text"',
    "#define A 'c'",
    '#define A 1 /* why */',
    '#define A 1 // why',
    '#define A a ## b',
    '#define A %: b',
    '#define A \\',
    '#define A$B 1',
    '#define A @',
    '#define A é',
    '#define defined 1',
    '#define 1 2',
    '#undef A',
    '#defineA 1',
  ])
    assert.equal(taken(line), '', line);
  assert.equal(simpleDefineEnd('#define A 1', 0), -1, 'no line break behind it');
});

test('bundled headers have the same tokens either way', () => {
  const folder = join(process.env.WSK_ROOT ?? '.', 'catalog/headers');
  let count = 0;
  for (const name of readdirSync(folder)) {
    const file = sourceFile(name, readFileSync(join(folder, name), 'utf8'));
    const plain = tokenize(file);
    const bundled = tokenizeBundled(file);
    let at = 0;
    for (const token of bundled.tokens) {
      if (token.kind !== 'define') {
        assert.deepEqual(token, plain.tokens[at++]);
        continue;
      }
      count++;
      const { definition } = readSimpleMacro(token);
      const [hash, word, macro] = plain.tokens.slice(at, at + 3) as [Token, Token, Token];
      assert.deepEqual([hash.start, hash.startsLine, word.text], [token.start, true, 'define']);
      assert.deepEqual(
        [macro.text, macro.start, macro.end],
        [definition.name, definition.span?.start, definition.span?.end],
      );
      assert.deepEqual(definition.body, plain.tokens.slice(at + 3, at + 3 + definition.body.length));
      at += 3 + definition.body.length;
    }
    assert.equal(at, plain.tokens.length, name);
    assert.deepEqual([bundled.comments, bundled.problems], [plain.comments, plain.problems]);
    assert.equal(bundled.directives.length, plain.directives.length);
  }
  assert.ok(count > 2000, 'most definitions are simple');
});
