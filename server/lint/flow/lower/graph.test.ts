/** The shapes of control-flow graphs: which calls can follow which, for every C construct. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../../testing.ts';
import { namedFunction } from './call.ts';
import { buildGraph } from './graph.ts';
import { type Block, type Graph, successors } from './ir.ts';

const PRELUDE = 'int a(void); int b(void); int c(void); int d(void); int x; __declspec(noreturn) void never(void);\n';

function graphOf(body: string): Graph {
  const unit = parse('t.c', `${PRELUDE}int f(int n) {${body}}`);
  assert.deepEqual(
    unit.problems.map((p) => p.message),
    [],
  );
  const definition = unit.functions.find((fn) => fn.symbol.name === 'f');
  assert.ok(definition);
  return buildGraph(definition, { mayRaise: (callee) => callee?.name === 'a', lacksHeaders: false });
}

/** Every way through, up to once round each loop, as the names of the functions called; `-` where it returns. */
function ways(body: string): readonly string[] {
  const found = new Set<string>();
  const go = (block: Block, path: string, visits: ReadonlyMap<Block, number>): void => {
    const count = (visits.get(block) ?? 0) + 1;
    if (count > 2) return;
    let text = path;
    for (const instruction of block.instructions) {
      if (instruction.op === 'call') text += namedFunction(instruction.call.callee)?.name ?? '?';
    }
    const next = new Map(visits).set(block, count);
    if (block.end.kind === 'return') found.add(`${text}-`);
    else if (block.end.kind === 'stop') found.add(text);
    else for (const to of successors(block.end)) go(to, text, next);
  };
  go(graphOf(body).entry, '', new Map());
  return [...found].sort();
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['if and else', 'if (n) a(); else b(); return c();', ['ac-', 'bc-']],
  ['&& stops at the first 0', 'if (a() && b()) c(); return 0;', ['a-', 'ab-', 'abc-']],
  ['|| stops at the first 1', 'if (a() || b()) c(); return 0;', ['ab-', 'abc-', 'ac-']],
  ['! of a &&', 'if (!(a() && b())) c(); return 0;', ['ab-', 'abc-', 'ac-']],
  ['&& as a value', 'int v = a() && b(); return v ? c() : d();', ['abc-', 'abd-', 'ac-', 'ad-']],
  ['conditional', 'return n ? a() : b();', ['a-', 'b-']],
  ['GNU conditional', 'return a() ?: b();', ['a-', 'ab-']],
  ['comma', 'return (a(), b());', ['ab-']],
  ['statement expression', 'return ({ a(); if (n) b(); c(); });', ['abc-', 'ac-']],
  ['while', 'while (a()) b(); return c();', ['abac-', 'ac-']],
  ['do', 'do a(); while (b()); return c();', ['ababc-', 'abc-']],
  [
    'for with continue and break',
    'for (; a(); b()) { if (n) continue; if (x) break; c(); } return d();',
    ['abad-', 'acbad-', 'ad-'],
  ],
  [
    'switch falls through',
    'switch (n) { case 1: a(); case 2: b(); break; default: c(); } return d();',
    ['abd-', 'bd-', 'cd-'],
  ],
  [
    'switch that names all of an enumeration',
    'enum { ONE, TWO } e = n; switch (e) { case ONE: a(); break; case TWO: b(); } return c();',
    ['', 'ac-', 'bc-'],
  ],
  [
    'switch that names some of an enumeration',
    'enum { ONE, TWO } e = n; switch (e) { case ONE: a(); } return c();',
    ['ac-', 'c-'],
  ],
  ['switch without default', 'switch (n) { case 1: a(); } return b();', ['ab-', 'b-']],
  [
    'case inside a loop in the switch',
    'switch (n) { case 0: do { a(); case 1: b(); } while (x); } return c();',
    ['ababc-', 'abc-', 'babc-', 'bc-', 'c-'],
  ],
  [
    'goto forward and back',
    'again: a(); if (n) goto out; if (x) goto again; b(); out: return c();',
    ['aabc-', 'aac-', 'abc-', 'ac-'],
  ],
  ['no return after noreturn', 'if (n) never(); return a();', ['a-', 'never']],
  ['statements after return are not reached', 'return a(); b();', ['a-']],
  ['__finally after the body', '__try { b(); } __finally { c(); } return d();', ['bcd-']],
  ['__finally on return', '__try { if (n) return b(); } __finally { c(); } return d();', ['bc-', 'cd-']],
  ['__leave', '__try { if (n) __leave; b(); } __finally { c(); } return d();', ['bcd-', 'cd-']],
  [
    'goto out of two __finally',
    '__try { __try { goto out; } __finally { b(); } } __finally { c(); } out: return d();',
    ['bcd-'],
  ],
  ['break out of __finally in a loop', 'while (n) { __try { break; } __finally { b(); } } return d();', ['bd-', 'd-']],
  // c() raises nothing; an exception that the filter passes on ends the function.
  [
    '__except is reached from calls that raise, and from the start',
    '__try { b(); a(); c(); } __except (1) { d(); } return 0;',
    ['', 'b', 'bac-', 'bd-', 'd-'],
  ],
  [
    'an exception runs __finally on its way',
    '__try { __try { a(); } __finally { b(); } } __except (1) { c(); } return d();',
    ['abd-', 'b', 'bcd-'],
  ],
  [
    'memory may fault before the __try that has it is entered',
    '__try { n = *(int *)n; __try { a(); } __finally { b(); } } __except (1) { c(); } return d();',
    ['', 'abd-', 'b', 'bcd-', 'cd-'],
  ],
  [
    'a call that raises nothing is no such access',
    '__try { n = b(); __try { a(); } __finally { c(); } } __except (1) { d(); } return n;',
    ['bac-', 'bc', 'bcd-'],
  ],
  // Both sides of the question are ways of the graph: the states know which one is taken.
  [
    'an exception that goes to the caller is a way for a __finally that asks for it',
    '__try { a(); } __finally { _abnormal_termination() ? b() : c(); } return d();',
    ['abd-', 'acd-', 'b', 'c'],
  ],
  ['and for no other', '__try { a(); } __finally { b(); } return d();', ['abd-']],
];

for (const [name, body, expected] of cases) {
  test(name, () => {
    assert.deepEqual(ways(body), [...expected].sort());
  });
}

test('loop heads are found, for goto loops too', () => {
  const heads = (body: string): number => graphOf(body).blocks.filter((block) => block.isLoopHead).length;
  assert.equal(heads('while (n) a(); return 0;'), 1);
  assert.equal(heads('again: if (a()) goto again; return 0;'), 1);
  assert.equal(heads('if (n) a(); return 0;'), 0);
  assert.equal(heads('for (;;) { while (n) a(); }'), 2);
});

test('what stands in a loop comes before what follows it, and only that may run again', () => {
  const calls = (body: string): string =>
    graphOf(body)
      .blocks.flatMap(({ instructions, isRepeated }) =>
        instructions.flatMap((i) =>
          i.op === 'call' ? [`${namedFunction(i.call.callee)?.name}${isRepeated ? '*' : ''}`] : [],
        ),
      )
      .join(' ');
  assert.equal(calls('while (n) a(); b();'), 'a* b');
  assert.equal(calls('while (n) { do { a(); } while (c()); b(); } d();'), 'a* c* b* d');
  assert.equal(calls('again: a(); if (n) goto again; b(); while (n) c(); d();'), 'a* b c* d');
  // Two ways into one loop: either label may be its head.
  assert.equal(calls('if (n) goto second; first: a(); second: b(); if (n) goto first; d();'), 'b* a* d');
});

test('loops may be nested as deep as jumps can make them', () => {
  const labels = Array.from({ length: 120 }, (_, i) => `l${i}: if (a()) goto l${(i * 7) % 120}; if (b()) goto l0;`);
  const { blocks } = graphOf(`${labels.join(' ')} return d();`);
  assert.ok(blocks.every((block, order) => block.order === order));
  assert.deepEqual(
    blocks
      .filter(({ isRepeated }) => !isRepeated)
      .map(({ instructions }) => instructions.some(({ op }) => op === 'call')),
    [false, false, true],
  );
});

test('text that could not be read is an instruction of its own', () => {
  const unit = parse('t.c', `${PRELUDE}int f(int n) { a(); ... b(); return n; }`);
  const definition = unit.functions.find((fn) => fn.symbol.name === 'f');
  assert.ok(definition);
  const ops = buildGraph(definition, { mayRaise: () => false, lacksHeaders: false }).entry.instructions.map(
    (i) => i.op,
  );
  assert.ok(ops.indexOf('call') < ops.indexOf('anything') && ops.indexOf('anything') < ops.lastIndexOf('call'));
});

test('an unknown name changes nothing, unless a header is missing that may define it; an unknown size never does', () => {
  const count = (body: string, lacksHeaders: boolean): number => {
    const unit = parse('t.c', `${PRELUDE}int f(int n) { ${body} return n; }`);
    const definition = unit.functions.find((fn) => fn.symbol.name === 'f');
    assert.ok(definition);
    const { instructions } = buildGraph(definition, { mayRaise: () => false, lacksHeaders }).entry;
    return instructions.filter(({ op }) => op === 'anything').length;
  };
  assert.deepEqual([count('a(); what; b();', false), count('a(); what; b();', true)], [0, 1]);
  assert.deepEqual([count('n = n + what;', false), count('n = n + what;', true)], [0, 1]);
  assert.deepEqual([count('n = sizeof(what);', false), count('n = sizeof(what);', true)], [0, 0]);
  // A pointer in a variable of unknown type may lead to whatever is computed from it.
  assert.deepEqual(count('what p = (what)&n;', true), 1);
  // Half-typed, without a semicolon: no macro yet.
  assert.deepEqual([count('a(); wha\n b();', false), count('a(); wha\n b();', true)], [0, 0]);
});
