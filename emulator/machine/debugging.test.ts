/** Pausing, budgets, frames, variables: what a debugger does with a machine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine, VariableHome } from './index.ts';
import { type FinishedRun, prepare, program, runProgram } from './testing.ts';

const LOOP = 'int main() {\n  int i, s = 0;\n  for (i = 0; i < 5; i++)\n    s += i;\n  return s;\n}';

type Started = Pick<FinishedRun, 'machine' | 'thread'>;

function textOfStatement(machine: Machine, statement: number | undefined): string {
  const info = statement === undefined ? undefined : machine.program.statements[statement];
  return info === undefined ? '' : info.span.file.text.slice(info.span.start, info.span.end);
}

const here = ({ machine, thread }: Started): string => textOfStatement(machine, machine.currentStatement(thread));

test('every statement, condition and step is one statement', () => {
  const started = prepare(program(LOOP));
  started.machine.pauseAlways = true;
  const seen = [here(started)];
  while (started.machine.run(started.thread, 1000).kind === 'paused') seen.push(here(started));
  const turn = ['i < 5', 's += i;', 'i++'];
  const expected = ['s = 0', 'i = 0;', ...turn, ...turn, ...turn, ...turn, ...turn, 'i < 5', 'return s;'];
  assert.deepEqual(
    seen.slice(1).map((text) => text.replace(/^.*?(s = 0|i = 0;)$/, '$1')),
    expected,
  );
  assert.equal(started.machine.statements, expected.length);
});

test('a budget ends exactly, and running on loses nothing', () => {
  const linked = program(LOOP);
  const whole = runProgram(linked);
  for (const budget of [1, 2, 3, 7]) {
    const { machine, thread } = prepare(linked);
    let runs = 0;
    for (;;) {
      const before = machine.statements;
      const stop = machine.run(thread, budget);
      if (stop.kind === 'ended') break;
      assert.deepEqual(stop, { kind: 'budget' });
      assert.equal(machine.statements - before, budget);
      assert.ok(runs++ < 100);
    }
    assert.equal(thread.result, 10n);
    assert.equal(machine.statements, whole.machine.statements);
  }
});

test('a mark pauses before its statement, and running goes past it', () => {
  const started = prepare(program(LOOP));
  const { machine, thread } = started;
  const index = machine.program.statements.findIndex(
    (s, i) => s !== undefined && textOfStatement(machine, i) === 's += i;',
  );
  machine.pauseMarks[index] = 1;
  let pauses = 0;
  while (machine.run(thread, 1000).kind === 'paused') {
    assert.equal(here(started), 's += i;');
    const [i] = machine.locals(thread, 0).filter((v) => v.name === 'i');
    assert.ok(i !== undefined);
    assert.deepEqual(machine.home(thread, 0, i), { kind: 'register', value: BigInt(pauses), isInitialised: true });
    pauses++;
  }
  assert.equal(pauses, 5);
});

test('a mark that is declined costs nothing but the question', () => {
  const { machine, thread } = prepare(program(LOOP));
  machine.pauseMarks.fill(1);
  let asked = 0;
  machine.shouldPause = () => {
    asked++;
    return false;
  };
  assert.deepEqual(machine.run(thread, 1000), { kind: 'ended' });
  assert.equal(asked, machine.statements);
});

test('an endless loop without a body still obeys the budget', () => {
  for (const source of [
    'for (;;) ;',
    'for (;;) {}',
    'while (1) {}',
    'do {} while (1);',
    'again: goto again;',
    'while (1);',
  ]) {
    const run = runProgram(program(`int main() { ${source} return 0; }`), { budget: 500 });
    assert.deepEqual(run.stop, { kind: 'budget' }, source);
  }
});

const SCOPES = `int total = 3;
int f(int a, i8 b) {
  static int count = 7;
  int a2 = a + 1;
  struct { int x, y; } point = { 1, 2 };
  for (int i = 0; i < 2; i++) {
    i64 a2 = -5;
    int late;
    total += (int)a2;
    late = 1;
  }
  return a2;
}
int main() { return f(4, -2); }`;

/** Runs to the first statement with this text. */
function stopAt(source: string, text: string): Started {
  const { machine, thread } = prepare(program(source));
  machine.pauseAlways = true;
  machine.shouldPause = (_thread, statement) => textOfStatement(machine, statement) === text;
  assert.equal(machine.run(thread, 10_000).kind, 'paused');
  return { machine, thread };
}

function homeOf({ machine, thread }: Started, name: string, occurrence = 0): VariableHome {
  const symbol = machine.locals(thread, 0).filter((v) => v.name === name)[occurrence];
  assert.ok(symbol !== undefined, `${name} is in scope`);
  return machine.home(thread, 0, symbol);
}

test('locals are those in scope, inner blocks first', () => {
  const outer = stopAt(SCOPES, 'return a2;');
  assert.deepEqual(
    outer.machine
      .locals(outer.thread, 0)
      .map((v) => v.name)
      .sort(),
    ['a', 'a2', 'b', 'count', 'point'],
  );
  const inner = stopAt(SCOPES, 'total += (int)a2;');
  const names = inner.machine.locals(inner.thread, 0).map((v) => v.name);
  assert.deepEqual(names.slice(0, 3).sort(), ['a2', 'i', 'late'].sort());
  assert.equal(names.filter((name) => name === 'a2').length, 2);
  assert.deepEqual(homeOf(inner, 'a2'), { kind: 'register', value: -5n, isInitialised: true });
  assert.deepEqual(homeOf(inner, 'a2', 1), { kind: 'register', value: 5n, isInitialised: true });
  assert.deepEqual(homeOf(inner, 'b'), { kind: 'register', value: -2n, isInitialised: true });
  const late = homeOf(inner, 'late');
  assert.equal(late.kind === 'register' && late.isInitialised, false);
});

test('objects in memory have an address', () => {
  const { machine, thread } = stopAt(SCOPES, 'return a2;');
  const point = homeOf({ machine, thread }, 'point');
  assert.ok(point.kind === 'memory');
  assert.deepEqual([...(machine.memory.peek(point.address, 8) ?? [])], [1, 0, 0, 0, 2, 0, 0, 0]);
  const count = homeOf({ machine, thread }, 'count');
  assert.ok(count.kind === 'memory' && machine.memory.readU32(count.address) === 7);
  const total = machine.globalAddress('total');
  assert.ok(total !== undefined && machine.memory.readI32(total) === 3 - 10);
});

test('a local can be changed', () => {
  const { machine, thread } = stopAt(SCOPES, 'return a2;');
  const symbol = machine.locals(thread, 0).find((v) => v.name === 'a2');
  assert.ok(symbol !== undefined && machine.setLocal(thread, 0, symbol, 0x1_0000_002an));
  machine.pauseAlways = false;
  assert.deepEqual(machine.run(thread, 1000), { kind: 'ended' });
  assert.equal(thread.result, 42n);
});

test('so can a local in memory, a global and a float', () => {
  const source =
    'int g = 1;\nint main() {\n  i16 x = 2, *p = &x;\n  float f = 1.5f;\n  return *p * 100 + g * 10 + (int)(f * 2);\n}';
  const { machine, thread } = stopAt(source, 'return *p * 100 + g * 10 + (int)(f * 2);');
  const symbols = new Map(machine.locals(thread, 0).map((v) => [v.name, v]));
  const [x, f] = [symbols.get('x'), symbols.get('f')];
  assert.ok(x !== undefined && f !== undefined);
  assert.deepEqual(machine.home(thread, 0, f), { kind: 'register', value: 0x3fc00000n, isInitialised: true });
  assert.ok(machine.setLocal(thread, 0, x, -3n) && machine.setLocal(thread, 0, f, 0x40200000n));
  machine.pauseAlways = false;
  machine.run(thread, 1000);
  assert.equal(thread.result, -285n);
});

test('a caller stands at the statement with the call, and its locals are its own', () => {
  const { machine, thread } = stopAt(
    'int g(int n) {\n  return n;\n}\nint main() {\n  int x = 6;\n  x += g(x * 2);\n  return x;\n}',
    'return n;',
  );
  const frames = machine.frames(thread);
  assert.deepEqual(
    frames.map((f) => f.functionName),
    ['g', 'main'],
  );
  const span = frames[1]?.span;
  assert.equal(span?.file.text.slice(span.start, span.end), 'x += g(x * 2);');
  const [x] = machine.locals(thread, 1);
  assert.ok(x?.name === 'x');
  assert.deepEqual(machine.home(thread, 1, x), { kind: 'register', value: 6n, isInitialised: true });
  assert.equal(machine.depth(thread), 2);
});

test('the frames of a recursion differ', () => {
  const { machine, thread } = stopAt(
    'int f(int n) { if (n == 0) return 0; return f(n - 1) + 1; } int main() { return f(3); }',
    'return 0;',
  );
  const bases = machine.frames(thread).map((f) => f.base);
  assert.equal(new Set(bases).size, 5);
});

test('a fault leaves everything as it was before the statement failed', () => {
  const run = runProgram(program('int main() {\n  int a = 1, *p = 0;\n  a = 2;\n  a = *p + 1;\n  return a;\n}'));
  assert.equal(run.fault?.kind, 'null-dereference');
  const symbol = run.machine.locals(run.thread, 0).find((v) => v.name === 'a');
  assert.ok(symbol !== undefined);
  assert.deepEqual(run.machine.home(run.thread, 0, symbol), { kind: 'register', value: 2n, isInitialised: true });
  assert.equal(here(run), 'a = *p + 1;');
});

const PLACES = `int calls;
int g(int n) { calls = calls + n; return calls; }
int main() {
  int a = 1;
  a = g(a);
  a = a + 10;
  { int own[2]; own[0] = a; a = g(own[0]); }
  __try { a = a + 100; } __finally { a = a + 1000; }
  for (int i = 0; i < 2; i++) { a = a + 5; }
  return a;
}`;

const jumps: readonly (readonly [from: string, to: string, refusal: RegExp | undefined, result: bigint | undefined])[] =
  [
    ['a = g(a);', 'a = a + 10;', undefined, 1121n],
    ['a = a + 10;', 'return a;', undefined, 1n],
    ['return a;', 'a = g(a);', undefined, 3388n],
    ['a = a + 10;', 'a = a + 5;', undefined, undefined],
    ['a = a + 10;', 'own[0] = a;', undefined, undefined],
    ['return a;', 'own[0] = a;', /own does not exist there/, undefined],
    ['a = a + 10;', 'a = a + 100;', /__try/, undefined],
    ['a = a + 1000;', 'return a;', /__try/, undefined],
    ['a = a + 10;', 'return calls;', /another function/, undefined],
  ];

for (const [from, to, refusal, result] of jumps) {
  test(`a thread before \`${from}\` ${refusal === undefined ? 'goes on at' : 'refuses to go on at'} \`${to}\``, () => {
    const { machine, thread } = stopAt(PLACES, from);
    const target = machine.program.statements.findIndex((_, i) => textOfStatement(machine, i) === to);
    const refused = machine.jump(thread, target);
    if (refusal !== undefined) {
      assert.match(refused ?? 'it went there', refusal);
      assert.equal(textOfStatement(machine, machine.currentStatement(thread)), from);
      return;
    }
    assert.equal(refused, undefined);
    assert.equal(textOfStatement(machine, machine.currentStatement(thread)), to);
    if (result === undefined) return;
    machine.pauseAlways = false;
    assert.equal(machine.run(thread, 10_000).kind, 'ended');
    assert.equal(thread.result, result);
  });
}

const beginnings: readonly (readonly [body: string, at: string, after: string, begins: boolean])[] = [
  ['a = a + 1; return a;', 'a = a + 1;', 'unknown', true],
  ['a = a + 1; return a;', 'return a;', 'less-deep', false],
  ['do { a = a + 1; } while (a < 5); return a;', 'a = a + 1;', 'less-deep', true],
  ['do { a = a + 1; } while (a < 5); return a;', 'a = a + 1;', 'unknown', false],
  ['do { a = a + 1; } while (a < 5); return a;', 'a = a + 1;', 'a < 5', false],
  ['do { a = a + 1; } while (a < 5); return a;', 'a = a + 1;', 'return a;', true],
  ['while (a < 5) a = a + 1; return a;', 'a < 5', 'less-deep', true],
  ['while (a < 5) a = a + 1; return a;', 'a < 5', 'a = a + 1;', false],
  ['while (a < 5) a = a + 1; return a;', 'a < 5', 'return a;', true],
  ['while (a < 5) a = a + 1; return a;', 'a = a + 1;', 'less-deep', false],
  ['for (;;) { a = a + 1; if (a > 5) break; continue; } return a;', 'a = a + 1;', 'continue;', false],
];

for (const [body, at, after, begins] of beginnings) {
  test(`\`${at}\` of \`${body}\` after ${after} ${begins ? 'begins a call' : 'begins none'}`, () => {
    const { machine, thread } = stopAt(`int f(int a) { ${body} } int main() { return f(1); }`, at);
    const known = after === 'less-deep' || after === 'unknown';
    const last = machine.program.statements.findIndex((_, i) => textOfStatement(machine, i) === after);
    assert.equal(machine.beginsCall(thread, known ? after : last), begins);
  });
}
