/**
 * Directives as `gcc -E` reads them: generated conditions of `#if`, and text with line ends, splices and comments in odd
 * places. Microsoft's compiler gives the same in all of them; where it does not, see expand.test.ts.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { assertQuick } from '../../test/support/effort.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import { bare, read } from './testing.ts';

const skip = spawnSync('gcc', ['--version']).status === 0 ? false : 'gcc is not installed';

function byGcc(input: string): string {
  const run = spawnSync('gcc', ['-E', '-P', '-w', '-std=gnu2x', '-'], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return bare(tokenize(sourceFile('gcc', run.stdout)).tokens);
}

/** Expressions from a seed: all operators, signed and unsigned, character constants, macros and `defined`. */
function conditions(count: number): readonly string[] {
  let seed = 11;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const pick = (from: string): string => from.split(' ')[below(from.split(' ').length)] as string;
  const value = (): string =>
    pick(
      "0 1 2 7 63 64 -1 1u 0x7fffffffffffffff 0xffffffffffffffffu 'a' '\\xff' 'ab' NONE ONE TWO defined(ONE) defined(NONE) 0x10L 017ull 0b11",
    );
  const expression = (depth: number): string => {
    if (depth === 0) return value();
    switch (below(6)) {
      case 0:
        return `${pick('- ~ ! +')}(${expression(depth - 1)})`;
      case 1:
        return `(${expression(depth - 1)} ? ${expression(depth - 1)} : ${expression(depth - 1)})`;
      default:
        return `${wrapped(depth)} ${pick('+ - * / % << >> < > <= >= == != & | ^ && ||')} ${wrapped(depth)}`;
    }
  };
  const wrapped = (depth: number): string =>
    below(2) === 0 ? `(${expression(depth - 1)})` : expression(below(2) === 0 ? depth - 1 : 0);
  return Array.from({ length: count }, () => expression(1 + below(4)));
}

test('generated conditions hold as by gcc', { skip }, () => {
  const text = conditions(2000)
    .map((condition, i) => `#if ${condition}\nyes_${i}\n#else\nno_${i}\n#endif\n`)
    .filter((part) => read(`#define ONE 1\n#define TWO (ONE+1)\n${part}`).result.problems.length === 0);
  assert.ok(text.length > 1500, String(text.length));
  const whole = `#define ONE 1\n#define TWO (ONE+1)\n${text.join('')}`;
  const expected = byGcc(whole).split(' ');
  const own = bare(read(whole).result.tokens).split(' ');
  assert.equal(own.length, expected.length);
  own.forEach((answer, i) => {
    assert.equal(answer, expected[i], text[i] ?? '');
  });
});

const layouts = [
  '#define A \\\n 1 \\\n + 2\nA\n',
  '#def\\\nine A 1\n#i\\\nf A\nyes\n#en\\\ndif\n',
  '# /* c */ define /* d */ A /* e */ (1) // f\nA /* \n */ A\n',
  '#define F(x /* c */, \\\n y) x /* d\n e */ y\nF(1 /* , */, 2)\n',
  '#if 0\nit\'s " /* open\n*/ \'x\n#if "\n#endif\n# what is this\n#else\nno /* x\n#endif */ yes\n#endif\n',
  '/* a */ # define A 1 /* b */\nA\n',
  '#define S(x) #x\nS(a\n  b) S("a\\\nb") S( "\\"" \'\\\'\' )\n',
  '#ifdef A\n#elifdef B\n#elifndef C\nyes\n#else\nno\n#endif\n',
  '#if 1\n#if 0\n#elif 1\na\n#else\nb\n#endif\n#else\n#if 1\nc\n#endif\n#endif\n',
  '#if (0x10u-0x11) > 0 && \\\n !defined X\nyes\n#endif\n',
  '#define E\n#if defined E && E + 1\nyes\n#endif\n',
  '#define D defined(E)\n#define E\n#if D\nyes\n#endif\n',
  '#define H(x) (x)\n#if H(1) && H (0x1) == H(\\\n1)\nyes\n#endif\n',
  'a\f b\v c\n\f#define A 1\nA\n',
  '#define A 1 //\\\n 2\nA\n',
  '#define L(x) x\nL(a\n#undef L\n#define L(x) [x]\nb) L(c)\n',
  '#if 1 /* 2\n3 */ + 1\nyes\n#endif\n',
  '#define X(a) a a\nX(X(X(X(1))))\n#undef X\nX(1)\n',
];

test('line ends, splices and comments in odd places', { skip }, () => {
  for (const text of layouts) {
    const expected = byGcc(text);
    for (const ends of ['\n', '\r\n']) {
      const own = read(text.replaceAll('\n', ends)).result;
      assert.equal(bare(own.tokens).replaceAll('\r', ''), expected, JSON.stringify(text));
      assert.deepEqual(own.problems, [], text);
    }
  }
});

test('old and mixed line ends, a byte order mark, and the mark that ends files of the DOS age', () => {
  const text = '\ufeff#define A 1\r#if A\n\ryes\r\n#endif\r\x1a';
  const { result } = read(text);
  assert.equal(bare(result.tokens), 'yes');
  assert.deepEqual(result.problems, []);
});

test('very long lines and many nested conditions are read in time', () => {
  const long = `#define A ${'1 + '.repeat(100_000)}1\nA\n#if ${'1 + '.repeat(50_000)}1\nyes\n#endif\n`;
  const deep = `${'#if 1\n#else\n#endif\n#if 1\n'.repeat(5000)}x\n${'#endif\n'.repeat(5000)}`;
  const chain = `#if 0\n${'#elif 0\n'.repeat(20_000)}#else\nx\n#endif`;
  assertQuick(5000, () => {
    assert.deepEqual(read(long).result.problems, []);
    assert.deepEqual(read(deep).result.problems, []);
    assert.equal(bare(read(chain).result.tokens), 'x');
  });
});
