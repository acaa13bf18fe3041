import test from 'node:test';
import { check, type Files } from './testing/check-shared.ts';

/** Lines of headers and files; `%` stands for a small number. */
const lines = [
  '#define M% 1',
  '#define M% 2',
  '#define F%(x) x + M%',
  '#define M% F%(M%)',
  '#undef M%',
  '#ifdef M%',
  '#ifndef M%',
  '#if M% > 1',
  '#else',
  '#endif',
  '#include "h%.h"',
  '#include "h%.h"',
  '#include "h%.h"',
  '#include <s%.h>',
  '#include "missing%.h"',
  '#pragma once',
  'int level% = __INCLUDE_LEVEL__;',
  '#pragma pack(push, %)',
  '#pragma pack(pop)',
  '#pragma warning(disable: 4091)',
  '#pragma push_macro("M%")',
  '#pragma pop_macro("M%")',
  '#pragma alloc_text(PAGE, fn%)',
  '__pragma(pack(2))',
  'M%',
  'typedef int T%;',
  'typedef struct tag% T%;',
  'typedef struct tag% { char c; int i; } S%;',
  'struct tag%;',
  'struct tag% { char c; struct tag% *next; };',
  'enum e% { A%, B% = M% };',
  'extern int v%;',
  'int v% = F%(1);',
  'static int w% = __COUNTER__;',
  'int fn%(int a);',
  'int fn%(int a) { return a + v% + fn%(a); }',
  'static inline int in%(void) { static int n; extern int v%; return n + fn%(v%); }',
  '_Must_inspect_result_ int fn%(_In_ int a);',
  'int *p% = &v%;',
  'int use%(struct tag% *t) { return t->c + in%(); }',
  'T% t%;',
  'int;',
  'int half%',
  'unknown% u%;',
  'unknown% *uf%(missing% a);',
  'static inline int un%(void) { return other%(1) + nam% + vv%; }',
  'static inline int ul%(struct tag% *t) { return t->d + t->c; }',
  'int bad%[;',
  'struct broken% { int x }',
  'F%;',
  'UNKNOWN_MACRO%(x)',
  '#define unknown%(x) x',
  '#define vvv% 1',
  ';',
];

/** A small generator with a fixed sequence for each seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Bundled headers have no mistakes: what they name is there. */
const linesOfSystem = lines.filter((line) => /^(?:#|typedef|struct|extern|int fn%\(int a\);|_Must)/.test(line));

function randomText(next: (below: number) => number, count: number, from = lines): string {
  const chosen = Array.from({ length: count }, () => from[next(from.length)] ?? '');
  return `${chosen.map((line) => line.replace(/%/g, () => `${next(3)}`)).join('\n')}\n`;
}

test('random headers are shared as if they were read each time', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed);
    const files: Record<string, string> = {};
    for (const name of ['h0.h', 'h1.h', 'h2.h']) files[name] = randomText(next, 1 + next(6));
    for (const name of ['<s0.h>', '<s1.h>']) files[name] = randomText(next, 1 + next(6), linesOfSystem);
    for (const name of ['g0.h', 'g1.h', 'g2.h']) {
      const guard = name.replace('.', '_');
      const around = [`#ifndef ${guard}\n#define ${guard}\n`, '#endif\n'];
      const includes = Array.from({ length: 1 + next(2) }, () => `#include "${'gh'[next(2)]}${next(3)}.h"\n`).join('');
      files[name] = around.join(`${randomText(next, next(2))}${includes}${randomText(next, next(4))}`);
    }
    for (const name of ['main1.c', 'main2.c', 'main3.c', 'main4.c']) {
      const includes = Array.from({ length: 1 + next(3) }, () => `#include "${'gh'[next(2)]}${next(3)}.h"\n`).join('');
      files[name] = (next(2) === 0 ? randomText(next, 1) : '') + includes + randomText(next, next(7));
    }
    check(`seed ${seed} ${JSON.stringify(files)}`, files satisfies Files);
  }
});
