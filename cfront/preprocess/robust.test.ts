/** Hostile and broken text: it ends soon, nothing is thrown, and places stay inside the files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertQuick } from '../../test/support/effort.ts';
import type { SyntaxProblem } from '../errors.ts';
import { place, type Token } from '../tokenize/token.ts';
import { printed, read } from './testing.ts';

const codes = (text: string): readonly string[] => read(text).result.problems.map(({ code }) => code);

test('bombs of macros are given up, and what follows is read', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `#define D${i + 1} D${i} D${i}\n`).join('');
  const object = read(`#define D0 x\n${doubling}a D60 b\n#define OK 1\nOK`);
  assert.deepEqual(
    object.result.problems.map(({ code }) => code),
    ['macro-too-long'],
  );
  assert.equal(printed(object.result.tokens), 'a b 1');
  assert.equal(place({ ...(object.result.tokens[1] as Token) }).start, object.main.text.indexOf(' b') + 1);

  const calls = Array.from({ length: 60 }, (_, i) => `#define F${i + 1}(x) F${i}(x x)\n`).join('');
  assert.deepEqual(codes(`#define F0(x) x\n${calls}F60(a)`), ['macro-too-long']);
  const paste = Array.from({ length: 60 }, (_, i) => `#define P${i + 1}(x) P${i}(x##x)\n`).join('');
  assert.ok(codes(`#define P0(x) x\n${paste}P60(a)`).length > 0);
  const text = Array.from({ length: 60 }, (_, i) => `#define S${i + 1}(x) S${i}(#x#x)\n`).join('');
  assert.ok(codes(`#define S0(x) x\n${text}S60("")`).length > 0);
  assert.deepEqual(codes(`#define D0 1\n${doubling}#if D60\n#endif`).slice(0, 1), ['macro-too-long']);
});

test('a hundred uses that are too long take little more time than the first few', () => {
  const doubling = Array.from({ length: 60 }, (_, i) => `#define D${i + 1} D${i} D${i}\n`).join('');
  const text = `#define D0 1\n${doubling}${'D60\n'.repeat(100)}`;
  assertQuick(1500, () => assert.equal(codes(text).length, 100));
});

test('depth does not overflow the stack', () => {
  const deep = 20_000;
  assert.deepEqual(codes(`#define F(x) x\n${'F('.repeat(deep)}1${')'.repeat(deep)}`), ['macro-too-long']);
  assert.deepEqual(codes(`#define F(x) x\n${'F('.repeat(150)}1${')'.repeat(150)}`), ['macro-too-deep']);
  const chain = Array.from({ length: deep }, (_, i) => `#define C${i + 1}(x) C${i}(x)\n`).join('');
  assert.equal(printed(read(`#define C0(x) x\n${chain}C${deep}(7)`).result.tokens), '7');
  assert.ok(codes(`#define F(x) x\n${'F('.repeat(deep)}`).includes('macro-call-unclosed'));
  assert.deepEqual(codes('#if 1\n'.repeat(deep)).length, 1000);
  assert.deepEqual(codes(`#if ${'1?'.repeat(deep)}\n#endif`), ['bad-condition']);
  assert.deepEqual(codes(`#if ${'1+'.repeat(deep)}1\n#endif`), []);
  assert.deepEqual(codes(`#define F(x) x\n${'F(F(F(1)))\n'.repeat(deep)}`), []);
  assert.equal(codes(`#define V(...) ${'__VA_OPT__('.repeat(deep)}\nV(1)`).length, 0);
});

const seedText = `#include "x.h"
#ifndef A
#define A(x, ...) #x x##1 __VA_ARGS__ , ##__VA_ARGS__
#define B(y) A(y, B(y)) __pragma(p(y))
#define C (C + B(1))
#endif /* A */
#if defined(A) && (A(1) + 0x10u >= 3 ? 1 : 0) || __has_include("x.h")
B(A(C, 2), 'x') "s\\n" L'w' _Pragma("q") \\
  C __LINE__ __FILE__
#elif C < 2
# pragma once
#else
#error don't
#endif
int f(void) { return B(
#ifdef C
1
#endif
) ? .5e+3 : 0x1Fui64; } // end
#undef A
#line 5 "z"
A(1) C B(,)
`;
const header = '#pragma once\n#define H(x) x\n#if 0\nx\n#else\nstatic int h = H(1);\n#endif\n#include "y.h"\n';

test('thousands of mutants: nothing thrown, every place inside its file', () => {
  let seed = 20_261;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const scraps = [
    '#',
    '##',
    '(',
    ')',
    ',',
    '"',
    "'",
    '\n',
    '\\\n',
    '/*',
    '*/',
    '//',
    '#if 0\n',
    '#endif\n',
    '#else\n',
    '#define ',
    'B(',
    'A',
    'C',
    ' ',
    '\0',
    '\ufeff',
    '@',
    'é',
    '__VA_OPT__(',
    '#include "x.h"\n',
    '...',
    'defined',
    '9',
    '\r',
  ];
  const mutated = (text: string): string => {
    let out = text;
    for (let n = 1 + below(4); n > 0; n--) {
      const at = below(out.length + 1);
      const kind = below(4);
      if (kind === 0) out = out.slice(0, at) + out.slice(at + 1 + below(8));
      else if (kind === 1) out = out.slice(0, at) + (scraps[below(scraps.length)] as string) + out.slice(at);
      else if (kind === 2) {
        const from = below(out.length + 1);
        out = out.slice(0, at) + out.slice(from, from + below(30)) + out.slice(at);
      } else out = out.slice(0, at) + String.fromCharCode(below(256)) + out.slice(at + 1);
    }
    return out;
  };
  for (let i = 0; i < 3000; i++) {
    const text = mutated(seedText);
    const { result } = read(text, { headers: { 'x.h': below(4) === 0 ? mutated(header) : header } });
    assert.equal(result.tokens.at(-1)?.kind, 'end');
    for (const token of result.tokens) checkPlace(token, text);
    for (const problem of result.problems) checkProblem(problem, text);
    let last = 0;
    for (const { start, end } of result.inactive) {
      assert.ok(start >= last && end > start && end <= text.length, text);
      last = end;
    }
  }
});

function checkPlace(token: Token, text: string): void {
  const at = place(token);
  assert.ok(at.start >= 0 && at.end >= at.start && at.end <= at.file.text.length, text);
  assert.ok(token.start >= 0 && token.end <= token.file.text.length, text);
}

function checkProblem(problem: SyntaxProblem, text: string): void {
  const { start, end, file } = problem.span;
  assert.ok(start >= 0 && end >= start && end <= file.text.length, `${problem.code}: ${text}`);
  assert.match(problem.message, /^.{5,}$/su);
}

test('a run leaves nothing behind in macros that files share', () => {
  const headers = { 'x.h': '#define F(x) x\n#define G F(G)\n' };
  for (const text of ['#include "x.h"\nF(', '#include "x.h"\nG F(F(F(1))) G']) {
    const first = read(text, { headers });
    assert.equal(printed(read(text, { headers }).result.tokens), printed(first.result.tokens));
  }
});
