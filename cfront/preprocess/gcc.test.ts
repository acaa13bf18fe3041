/**
 * The same tokens as `gcc -E`, an oracle that nobody here wrote: on chosen hard cases and on a few hundred generated
 * sets of macros. Left out are the ways in which Microsoft's compiler differs (a comma before empty arguments).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { sourceFile } from '../../base/source.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import { bare, read } from './testing.ts';

const hasGcc = spawnSync('gcc', ['--version']).status === 0;

/** What gcc makes of each text; all go through one run, told apart by marks. */
function byGcc(texts: readonly string[], names: readonly string[]): readonly string[] {
  const undefine = names.map((name) => `#undef ${name}\n`).join('');
  const input = texts.map((text, i) => `begin_${i}\n${text}\nend_${i}\n${undefine}`).join('');
  const run = spawnSync('gcc', ['-E', '-P', '-w', '-std=gnu11', '-'], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  return texts.map((_, i) => {
    const part = run.stdout.split(`begin_${i}\n`)[1]?.split(`end_${i}`)[0] ?? '';
    return bare(tokenize(sourceFile('gcc', part)).tokens);
  });
}

const hard = [
  '#define f(a) a*g\n#define g(a) f(a)\nf(2)(9) g(f)(1)',
  '#define EMPTY\n#define DEFER(id) id EMPTY\n#define A() 123\nDEFER(A)() EXPAND(DEFER(A)())\n#define EXPAND(...) __VA_ARGS__\nEXPAND(DEFER(A)())',
  '#define CAT(a, ...) a ## __VA_ARGS__\n#define IIF(c) CAT(IIF_, c)\n#define IIF_0(t, ...) __VA_ARGS__\n#define IIF_1(t, ...) t\nIIF(0)(a, b) IIF(1)(a, b)',
  '#define EVAL(...) E1(E1(E1(__VA_ARGS__)))\n#define E1(...) E2(E2(__VA_ARGS__))\n#define E2(...) __VA_ARGS__\n#define EMPTY()\n#define DEF(m) m EMPTY()\n#define OBS(...) __VA_ARGS__ DEF(EMPTY)()\n#define R() REC\n#define REC(n) n OBS(R)()(n x)\nEVAL(REC(1))',
  '#define x x1 y\n#define y y1 x\nx y',
  '#define f(x) #x x x##1\n#define a b\nf(a) f() f( a  b ) f("q\\n" \'"\')',
  '#define N 1\n#define S(x) #x\n#define X(x) S(x)\n#define P(a,b) a##b\nX(P(N,N)) S(P(N,N))',
  '#define F(a,...) a __VA_OPT__(- __VA_ARGS__ #a) end\nF(1) F(1,2) F(1,2,3)',
  '#define L (\n#define R )\n#define F(x) [x]\nF L 1 R F( L ) F((,))',
  '#define h(x) x(\n#define g(x) <x>\nh(g) 3)',
  '#define t(x) (x)\n#define u t\n#define v u\nv (v (1)) v\n(2)',
  '#if (-1 >> 1) == -1 && 0xffffffffffffffff > 0 && (2 || 1/0) && -1 > 0u\nyes\n#endif',
  '#define foo() bar\nfoo foo() foo ()\n#undef foo\nfoo()',
  'a+++b -->c ...x 0x1p+3 1e-5f .5.6 a.b..c <<=>>= "a\\"b" L\'x\' %:define',
  '#define glue(x,y) x##y\nglue(<,<=) glue(-,>) glue(0x,1F) glue(L,"a") glue(.,5) glue(a,1)',
];

/** A generator of its own, so that the cases are the same on every run. */
function generated(count: number): readonly string[] {
  let seed = 7;
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  const pick = (from: readonly string[]): string => from[below(from.length)] as string;
  const names = ['a', 'b', 'c', 'f', 'g', 'h'];
  const body = (params: readonly string[], length: number): string => {
    const out: string[] = [];
    let open = 0;
    for (let i = 0; i < length; i++) {
      const kind = below(12);
      if (kind < 3) out.push(pick(names));
      else if (kind < 6 && params.length > 0) out.push(pick(params));
      else if (kind === 6 && open > 0) open -= out.push(')') > 0 ? 1 : 0;
      else if (kind === 7 && params.length > 0) out.push(`#${pick(params)}`);
      else if (kind === 8 && i > 0 && i < length - 1 && out.at(-1) !== '##')
        out.push('##', pick([...params, ...names]));
      else if (kind === 9) open += out.push(`${pick(['f', 'g', 'h'])}(`) > 0 ? 1 : 0;
      else out.push(pick(['1', 'x', '+', '"s"', params.includes('__VA_ARGS__') ? '-' : ',']));
    }
    return out.concat(Array.from({ length: open }, () => ')')).join(pick([' ', '  ']));
  };
  const headers = [[], ['p'], ['p', 'q'], ['p', '__VA_ARGS__'], ['__VA_ARGS__']];
  return Array.from({ length: count }, () => {
    const defines = names.map((name) => {
      const params = name < 'f' ? undefined : (headers[below(headers.length)] as readonly string[]);
      const shown = params === undefined ? '' : `(${params.join(',').replace('__VA_ARGS__', '...')})`;
      return `#define ${name}${shown} ${body(params ?? [], 1 + below(6))}\n`;
    });
    return `${defines.join('')}${body([], 4 + below(10))}\n`;
  });
}

test('chosen cases expand as by gcc', { skip: hasGcc ? false : 'gcc is not installed' }, () => {
  const names = [...new Set(hard.join('\n').match(/(?<=#define )\w+/g))];
  const expected = byGcc(hard, names);
  hard.forEach((text, i) => {
    assert.equal(bare(read(text).result.tokens), expected[i], text);
  });
});

test('generated macros expand as by gcc', { skip: hasGcc ? false : 'gcc is not installed' }, () => {
  const cases = generated(600)
    .map((text) => ({ text, result: read(text).result }))
    .filter(({ result }) => result.problems.length === 0);
  assert.ok(cases.length > 200, String(cases.length));
  const expected = byGcc(
    cases.map(({ text }) => text),
    ['a', 'b', 'c', 'f', 'g', 'h'],
  );
  cases.forEach(({ text, result }, i) => {
    assert.equal(bare(result.tokens), expected[i], text);
  });
});
