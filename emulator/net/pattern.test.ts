// Patterns: what fits and how much of it, what does not and where, what is refused, and that nothing takes long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertQuick } from '../../test/support/effort.ts';
import { compilePattern, matchesAll, matchOn, startMatching } from './pattern.ts';
import { bytesOf } from './testing.ts';

/** Pattern, bytes, and "length", "more" or "!index of the first byte that does not fit". */
const cases: readonly (readonly [string, string, string])[] = [
  ['abc', 'abcd', '3'],
  ['abc', 'ab', 'more'],
  ['abc', 'axc', '!1'],
  ['', 'x', '0'],
  ['a+b', 'aaab', '4'],
  ['a+', 'aaa', '1'],
  ['a*b', 'b', '1'],
  ['ab?c', 'ac', '2'],
  ['a{2,3}b', 'aaab', '4'],
  ['a{2,3}b', 'ab', '!1'],
  ['a{2}b', 'aaab', '!2'],
  ['a{2,}b', 'aaaaab', '6'],
  ['(ab|cd)+!', 'abcdab!', '7'],
  ['(?:x|y)z', 'yz', '2'],
  ['[a-c]+\\d', 'abc7', '4'],
  ['[^,]+,', 'a b,', '4'],
  ['[]x]+;', ']x;', '3'],
  ['HTTP/1\\.[01] \\d{3} .*\\r\\n', 'HTTP/1.1 200 OK\r\nmore', '17'],
  ['\\x00\\xff', '\x00\xff', '2'],
  ['\\w+\\s\\S', 'ab_1 !', '6'],
  ['.', '\n', '!0'],
];
test('what fits', () => {
  for (const [text, bytes, wanted] of cases) {
    const pattern = compilePattern(text);
    assert.ok('program' in pattern, text);
    // In one piece, and byte by byte: the answer must be the same.
    const whole = matchOn(startMatching(pattern), bytesOf(bytes));
    const matching = startMatching(pattern);
    let pieces = matchOn(matching, bytesOf(''));
    for (let i = 1; i <= bytes.length && pieces.kind === 'more'; i++) {
      pieces = matchOn(matching, bytesOf(bytes.slice(0, i)));
    }
    for (const result of [whole, pieces]) {
      const actual =
        result.kind === 'match' ? String(result.length) : result.kind === 'more' ? 'more' : `!${result.at}`;
      assert.equal(actual, wanted, `${text} on ${JSON.stringify(bytes)}`);
    }
  }
});

test('a whole datagram', () => {
  const pattern = compilePattern('a+b?');
  assert.ok('program' in pattern);
  assert.equal(matchesAll(pattern, bytesOf('aab')).kind, 'match');
  assert.deepEqual(matchesAll(pattern, bytesOf('aabb')), { kind: 'mismatch', at: 3 });
  assert.deepEqual(matchesAll(pattern, bytesOf('')), { kind: 'mismatch', at: 0 });
});

test('what is refused, and where', () => {
  const wrong: readonly (readonly [string, number])[] = [
    ['a(b', 3],
    ['a)b', 1],
    ['*a', 0],
    ['a**', 2],
    ['[abc', 4],
    ['[z-a]', 4],
    ['a{3,2}', 1],
    ['^a', 0],
    ['a$', 1],
    ['\\q', 2],
    ['(((a{1000}){1000}){1000})', 0],
  ];
  for (const [text, at] of wrong) {
    const result = compilePattern(text);
    assert.ok('message' in result, text);
    assert.equal(result.at, at, `${text}: ${result.message}`);
  }
});

test('no pattern takes long', () => {
  const pattern = compilePattern('(a|a)*(a|aa)*(a*)*b');
  assert.ok('program' in pattern);
  const bytes = bytesOf('a'.repeat(20_000));
  assertQuick(2000, () => assert.equal(matchOn(startMatching(pattern), bytes).kind, 'more'));
});
