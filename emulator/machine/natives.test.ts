/** The border to natives: calls in both directions, waiting, ending, and what the call stack shows meanwhile. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestAddress, NativeResult } from './native.ts';
import { returns, returnsVoid } from './native.ts';
import { type Native, prepare, program, type Resume, type RunOptions, runProgram, runSource } from './testing.ts';

const DECLARATIONS =
  'i64 twice(int (*f)(int), int n); int native(int n); int wait(int n); void yieldNow(void); void stop(void); void finish(int n);\n';

/** Calls `f(n)`, then `f(that)`, and gives the sum. */
const twice: Native = (call) => ({
  kind: 'call',
  target: call.arguments.pointer(0),
  arguments: [call.arguments.int64(1)],
  frameLabel: 'twice',
  then: { name: 'afterFirst', state: { f: call.arguments.pointer(0) } },
});
const afterFirst: Resume = (_machine, _thread, state, value) => ({
  kind: 'call',
  target: state.f as GuestAddress,
  arguments: [value],
  frameLabel: 'twice',
  then: { name: 'afterSecond', state: { first: value } },
});
const afterSecond: Resume = (_machine, _thread, state, value) => returns((state.first as bigint) + value);
const wait: Native = (call): NativeResult => ({
  kind: 'block',
  frameLabel: 'wait',
  then: { name: 'woken', state: { n: call.arguments.int(0) } },
});
const woken: Resume = (_machine, _thread, state, value) => returns(BigInt(state.n as number) + value);

const OPTIONS: RunOptions = {
  natives: {
    twice,
    wait,
    native: (call) => returns(call.arguments.int(0) + 1),
    yieldNow: () => ({ kind: 'return', reschedule: true }),
    stop: () => ({ kind: 'stop' }),
    finish: (call) => ({ kind: 'end-thread', value: BigInt(call.arguments.int(0)) }),
  },
  continuations: { afterFirst, afterSecond, woken },
};

test('a native calls guest code and goes on with its result', () => {
  const run = runSource(
    `${DECLARATIONS}int inc(int n) { return n * 10; } int main() { return (int)twice(inc, 3); }`,
    OPTIONS,
  );
  assert.equal(run.result, 330n);
});

test('a native that calls a native', () => {
  const run = runSource(`${DECLARATIONS}int main() { return (int)twice(native, 3); }`, OPTIONS);
  assert.equal(run.result, 9n);
});

test('guest, native, guest, native, guest: the frames stand in order', () => {
  const linked = program(
    `${DECLARATIONS}int inner(int n) { return wait(n); }\nint outer(int n) { return (int)twice(inner, n); }\nint main() { return (int)twice(outer, 1); }`,
  );
  const { machine, thread } = prepare(linked, OPTIONS);
  assert.deepEqual(machine.run(thread, 1000), { kind: 'blocked' });
  const names = machine.frames(thread).map((frame) => frame.functionName);
  assert.deepEqual(names, ['wait', 'inner', 'twice', 'outer', 'twice', 'main']);
  assert.equal(machine.depth(thread), 3);
  assert.equal(
    new Set(
      machine
        .frames(thread)
        .filter((f) => f.symbol)
        .map((f) => f.base),
    ).size,
    3,
  );
  let value = 100n;
  for (let i = 0; i < 3; i++) {
    machine.resume(thread, value++);
    assert.deepEqual(machine.run(thread, 1000), { kind: 'blocked' });
  }
  machine.resume(thread, value);
  assert.deepEqual(machine.run(thread, 1000), { kind: 'ended' });
  // inner(1) = 101, inner(101) = 202: outer 303; inner(303) = 405, inner(405) = 508: outer 913; 303 + 913.
  assert.equal(thread.result, 1216n);
});

test('a native may yield, stop the run, or end the thread', () => {
  const yielding = prepare(program(`${DECLARATIONS}int main() { yieldNow(); return 5; }`), OPTIONS);
  assert.deepEqual(yielding.machine.run(yielding.thread, 1000), { kind: 'yielded' });
  assert.deepEqual(yielding.machine.run(yielding.thread, 1000), { kind: 'ended' });
  assert.equal(yielding.thread.result, 5n);
  assert.deepEqual(runSource(`${DECLARATIONS}int main() { stop(); return 5; }`, OPTIONS).stop, { kind: 'stopped' });
  const finished = runSource(`${DECLARATIONS}int f(void) { finish(7); return 1; } int main() { return f(); }`, OPTIONS);
  assert.equal(finished.result, 7n);
});

test('arguments arrive as the prototype has them', () => {
  const seen: unknown[] = [];
  const look: Native = (call) => {
    const { arguments: a } = call;
    seen.push(a.count, a.int(0), a.uint(1), a.int64(2), a.uint64(3), a.bool(4), a.double(5), a.int64(6), a.uint64(7));
    seen.push(call.site.functionName, call.site.span?.file.text.slice(call.site.span.start, call.site.span.end));
    return returnsVoid;
  };
  runSource(
    'void look(i8 a, u32 b, i64 c, u64 d, _Bool e, double f, ...);\nint main() { look(-2, -1, -3, -4, 7, 2.5f, -5, 0xffffffffu); return 0; }',
    { natives: { look } },
  );
  const call = 'look(-2, -1, -3, -4, 7, 2.5f, -5, 0xffffffffu)';
  assert.deepEqual(seen, [8, -2, 0xffffffff, -3n, 0xfffffffffffffffcn, true, 2.5, -5n, 0xffffffffn, 'main', call]);
});

test('results are converted to the type of the prototype', () => {
  const wide: Native = () => returns(0x1_0000_01ffn);
  const half: Native = () => returns(0.1);
  const source =
    'typedef union { struct { u32 low; int high; } u; i64 quad; } LARGE; i8 wide8(void); u32 wide32(void); _Bool wideBool(void); LARGE wideRecord(void); float half(void);\n' +
    'int main() { print(wide8()); print(wide32()); print(wideBool()); print(wideRecord().u.high); print(half() == 0.1f); return 0; }';
  const natives = { wide8: wide, wide32: wide, wideBool: wide, wideRecord: wide, half };
  assert.deepEqual(runSource(source, { natives }).output, ['18446744073709551615', '511', '1', '1', '1']);
});

test('small records are passed by value, large ones by address', () => {
  const seen: bigint[] = [];
  const natives: Record<string, Native> = {
    take: (call, machine) => {
      seen.push(call.arguments.uint64(0), machine.memory.readU64((call.arguments.pointer(1) + 8n) as GuestAddress));
      return returnsVoid;
    },
  };
  runSource(
    'struct two { u32 a, b; }; struct three { i64 a, b, c; }; void take(struct two x, struct three y);\nint main() { struct two x = { 1, 2 }; struct three y = { 3, 4, 5 }; take(x, y); return 0; }',
    { natives },
  );
  assert.deepEqual(seen, [0x200000001n, 4n]);
});

test('natives have addresses, also those that only the kernel names', () => {
  const linked = program(
    `${DECLARATIONS}int (*table[2])(int) = { native, 0 }; int main() { return table[0](4) * 10 + table[1](5); }`,
  );
  const { machine, thread } = prepare(linked, {
    natives: { ...OPTIONS.natives, other: (call) => returns(call.arguments.int(0) * 2) },
  });
  const other = machine.functionAddress('other');
  assert.ok(other !== undefined);
  assert.equal(machine.functionAddress('other'), other);
  assert.equal(machine.functionAddress('nobody'), undefined);
  assert.deepEqual(machine.codeAt(other), { name: 'other', address: other, symbol: undefined, isNative: true });
  assert.equal(machine.codeAt(machine.functionAddress('main') as GuestAddress)?.isNative, false);
  const table = machine.globalAddress('table') as GuestAddress;
  machine.memory.writePointer((table + 8n) as GuestAddress, other);
  assert.deepEqual(machine.run(thread, 1000), { kind: 'ended' });
  assert.equal(thread.result, 60n);
});

test('a fault inside a native is a fault of the calling statement', () => {
  const linked = program('void poke(int *p);\nint main() {\n  int *p = 0;\n  poke(p);\n  return 0;\n}');
  const natives: Record<string, Native> = {
    poke: (call, machine) => {
      machine.memory.writeU32(call.arguments.pointer(0), 1);
      return returnsVoid;
    },
  };
  const run = runProgram(linked, { natives });
  assert.equal(run.fault?.kind, 'null-dereference');
  assert.equal(run.fault?.detail, 'poke(p)');
  assert.deepEqual(
    run.machine.frames(run.thread).map((f) => f.functionName),
    ['main'],
  );
});

test('a thread takes arguments, and two threads of one machine do not disturb each other', () => {
  const linked = program(
    `${DECLARATIONS}i64 work(char a, i64 b) { int i; i64 s = a; for (i = 0; i < 10; i++) s = s * 3 + b; return s; }`,
  );
  const { machine, thread } = prepare(linked, { entry: 'work', arguments: [0x1ffn, -5n] });
  const entry = machine.functionAddress('work') as GuestAddress;
  const second = machine.createThread({ name: 'second', entry, arguments: [2n, 7n] });
  const alone = (a: bigint, b: bigint): bigint => {
    let s = a;
    for (let i = 0; i < 10; i++) s = s * 3n + b;
    return s;
  };
  const isRunning = (): boolean => thread.state === 'ready' || second.state === 'ready';
  for (let i = 0; i < 100 && isRunning(); i++) machine.run(i % 2 === 0 ? thread : second, 3);
  assert.equal(thread.result, alone(-1n, -5n));
  assert.equal(second.result, alone(2n, 7n));
});

test('stacks of ended threads are used again, so that threads cost no memory', () => {
  const linked = program('int work(int n) { int a[4]; a[n & 3] = n; return a[n & 3]; }');
  const { machine } = prepare(linked, { entry: 'work', arguments: [1n], memoryLimit: 4 * 1024 * 1024 });
  const entry = machine.functionAddress('work') as GuestAddress;
  for (let i = 0; i < 500; i++) {
    const thread = machine.createThread({ name: `worker ${i}`, entry, arguments: [BigInt(i)] });
    assert.deepEqual(machine.run(thread, 100), { kind: 'ended' });
    assert.equal(thread.result, BigInt(i));
    machine.destroyThread(thread);
  }
});

test('a stack that is used again has the registers of a new one, however deep the last thread went', () => {
  const linked = program(
    `int wide(int a, int b, int c) { int d = a * 3 + b, e = b * 5 + c, f = c * 7 + d, g = d + e + f; return a + g * f; }
     int deep(int n) { int x = n * 2 + 1, y = wide(n, x, 1), z = wide(y, x, n); return n == 0 ? z : deep(n - 1) + x + y + z; }
     int shallow(int n) { return wide(n, n, n); }`,
  );
  const { machine } = prepare(linked, { entry: 'shallow', arguments: [1n] });
  for (let i = 0; i < 40; i++) {
    const entry = machine.functionAddress(i % 3 === 1 ? 'shallow' : 'deep') as GuestAddress;
    const thread = machine.createThread({ name: `worker ${i}`, entry, arguments: [BigInt((i * 7) % 60)] });
    const { words } = thread as unknown as { readonly words: Int32Array };
    assert.ok(
      words.every((word) => word === 0),
      `thread ${i}`,
    );
    assert.deepEqual(machine.run(thread, 100_000), { kind: 'ended' });
    // Its registers are not wiped before they are wanted again.
    assert.ok(words.some((word) => word !== 0));
    machine.destroyThread(thread);
  }
});
