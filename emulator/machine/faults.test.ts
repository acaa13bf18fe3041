/** What the machine catches: each case is a driver's mistake and the fault that names it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from './index.ts';
import { returns, returnsVoid } from './native.ts';
import { type Native, type RunOptions, runSource } from './testing/run-source.ts';

const allocate: Native = (call, machine) => {
  const size = Number(call.arguments.uint64(0));
  const region = machine.memory.allocate({ size, kind: 'pool', label: 'pool block', isUninitialised: true });
  return returns(region?.start ?? 0n);
};
const release: Native = (call, machine) => {
  const region = machine.memory.regionAt(call.arguments.pointer(0));
  if (region !== undefined) machine.memory.free(region);
  return returnsVoid;
};
const copy: Native = (call, machine) => {
  machine.memory.copy(call.arguments.pointer(0), call.arguments.pointer(1), Number(call.arguments.uint64(2)));
  return returnsVoid;
};
const raiseIrql: Native = (_call, machine) => {
  machine.irql = 2;
  return returnsVoid;
};
const pagedBlock: Native = (_call, machine) =>
  returns(machine.memory.allocate({ size: 8, kind: 'pool', label: 'paged block', isPaged: true })?.start ?? 0n);
const NATIVES = { allocate, release, copy, raiseIrql, pagedBlock };
const DECLARATIONS =
  'void *allocate(u64 size); void release(void *p); void copy(void *to, const void *from, u64 n); void raiseIrql(void); void *pagedBlock(void); int undefinedFunction(int); extern int missingGlobal;\n';

interface Expected {
  readonly kind: Fault['kind'];
  readonly detail?: string;
  readonly region?: string;
  /** Source text of the statement at which the thread stands. */
  readonly at?: string;
}

function check(name: string, source: string, expected: Expected | 'nothing', options: RunOptions = {}): void {
  test(name, () => {
    const run = runSource(DECLARATIONS + source, { natives: NATIVES, ...options });
    if (expected === 'nothing') {
      assert.equal(run.stop.kind, 'ended', `${run.fault?.kind} ${run.fault?.detail}`);
      return;
    }
    assert.equal(run.fault?.kind, expected.kind, `${run.stop.kind} ${run.fault?.detail}`);
    if (expected.detail !== undefined) assert.equal(run.fault?.detail, expected.detail);
    if (expected.region !== undefined) assert.equal(run.fault?.region?.label, expected.region);
    const span = run.machine.frames(run.thread)[0]?.span;
    if (expected.at !== undefined) assert.equal(span?.file.text.slice(span.start, span.end), expected.at);
  });
}

const POINT = 'struct point { int x; char c; int y; };\n';

check('a null pointer', 'int main() { int *p = 0; return *p; }', { kind: 'null-dereference', at: 'return *p;' });
check('a member of null', `${POINT}int main() { struct point *p = 0; p->y = 1; return 0; }`, {
  kind: 'null-dereference',
  detail: 'p->y = 1',
});
check('a wild address', 'int main() { int *p = (int *)0x123456789abc; *p = 1; return 0; }', { kind: 'wild-address' });
check('a hole in kernel memory', 'int main() { return *(int *)0xffff800003000000; }', { kind: 'wild-address' });
check('an address that is no data', 'int main() { return *(int *)main; }', { kind: 'wild-address' });
check('just past the end of a pool block', 'int main() { char *p = allocate(10); p[10] = 1; return 0; }', {
  kind: 'out-of-bounds',
  region: 'pool block',
});
check('just before a pool block', 'int main() { char *p = allocate(10); p[-1] = 1; return 0; }', {
  kind: 'out-of-bounds',
  region: 'pool block',
});
check('a word that straddles the end', 'int main() { char *p = allocate(10); *(int *)(p + 8) = 1; return 0; }', {
  kind: 'out-of-bounds',
});
check('freed memory', 'int main() { int *p = allocate(8); *p = 1; release(p); return *p; }', {
  kind: 'use-after-free',
  region: 'pool block',
});
check(
  'past a local array',
  'int f(int n) { int a[4]; int b[4]; a[n] = 1; b[0] = 2; return a[n]; } int main() { return f(4); }',
  {
    kind: 'out-of-bounds',
    region: 'local a of f',
  },
);
check('before a local array', 'int f(int n) { int b[4], a[4]; a[n] = 1; return b[3]; } int main() { return f(-1); }', {
  kind: 'out-of-bounds',
  region: 'local a of f',
});
check('past a global array', 'int table[4]; int after; int main() { int i = 4; table[i] = 1; return after; }', {
  kind: 'out-of-bounds',
  region: 'global table',
});
check('past a local scalar by its address', 'int main() { int x = 1; int *p = &x; return p[1]; }', {
  kind: 'out-of-bounds',
});
check(
  'a local of a function that returned',
  'int *f(void) { int x = 1; int *p = &x; return p; } int main() { return *f(); }',
  {
    kind: 'use-after-return',
  },
);
check('a string literal is constant', 'int main() { char *s = "abc"; s[0] = 1; return 0; }', {
  kind: 'write-to-read-only',
});
check('a const global is constant', 'const int limit = 3; int main() { *(int *)&limit = 4; return limit; }', {
  kind: 'write-to-read-only',
});
check('pageable memory at DISPATCH_LEVEL', 'int main() { int *p = pagedBlock(); *p = 1; raiseIrql(); return *p; }', {
  kind: 'paged-at-raised-irql',
  region: 'paged block',
});

check('an uninitialised local', 'int main() { int x; return x; }', { kind: 'uninitialised-read', detail: 'x' });
check('uninitialised on one path', 'int f(int n) { int x; if (n) x = 1; return x; } int main() { return f(0); }', {
  kind: 'uninitialised-read',
  detail: 'x',
});
check(
  'initialised on the path taken',
  'int f(int n) { int x; if (n) x = 1; return x; } int main() { return f(1) - 1; }',
  'nothing',
);
check(
  'a local of an earlier turn of the loop',
  'int main() { int i, s = 0; for (i = 0; i < 2; i++) { int x; if (i == 0) x = 1; s += x; } return s; }',
  {
    kind: 'uninitialised-read',
    detail: 'x',
  },
);
check(
  'a loop that assigns before it reads',
  'int main() { int x, i; for (i = 0; i < 3; i++) { x = i; } return x - 2; }',
  'nothing',
);
check('an uninitialised member', `${POINT}int main() { struct point p; p.x = 1; return p.y; }`, {
  kind: 'uninitialised-read',
  detail: 'p.y',
});
check(
  'an uninitialised local array in a loop',
  'int main() { int i; for (i = 0; i < 2; i++) { int a[2]; if (i == 1) return a[0]; a[0] = 1; } return 0; }',
  {
    kind: 'uninitialised-read',
  },
);
check('uninitialised pool memory', 'int main() { int *p = allocate(8); return *p; }', {
  kind: 'uninitialised-read',
  region: 'pool block',
});
check(
  'copying a record with padding',
  `${POINT}int main() { struct point p, q; p.x = 1; p.c = 2; p.y = 3; q = p; return q.x - 1; }`,
  'nothing',
);
check(
  'copying carries what was never written',
  `${POINT}int main() { struct point p, q; p.x = 1; q = p; return q.y; }`,
  {
    kind: 'uninitialised-read',
  },
);
check(
  'a copy by a native too',
  `${POINT}int main() { struct point p, q; p.x = 1; copy(&q, &p, sizeof p); return q.y; }`,
  {
    kind: 'uninitialised-read',
  },
);
check(
  'jumping over an initialiser',
  'int f(int n) { if (n) goto past; int x = 1; past: return x; } int main() { return f(1); }',
  {
    kind: 'uninitialised-read',
    detail: 'x',
  },
);
check('a variable that nobody defines', 'int main() { return missingGlobal; }', { kind: 'uninitialised-read' });

check('division by zero', 'int main() { int a = 4, bytes = 0; return a / bytes; }', {
  kind: 'division-by-zero',
  detail: 'bytes',
});
check('remainder by zero, 64 bits', 'int main() { u64 a = 4; int n = 0; a %= n * 2; return 0; }', {
  kind: 'division-by-zero',
  detail: 'n * 2',
});
check('the least value divided by -1', 'int main() { int a = -2147483647 - 1, b = -1; return a / b; }', {
  kind: 'division-overflow',
});
check(
  'the least 64-bit value modulo -1',
  'int main() { i64 a = -0x7fffffffffffffff - 1, b = -1; return a % b == 0; }',
  {
    kind: 'division-overflow',
  },
);
check('dividing by a constant zero', 'int main() { int a = 1; return a / 0; }', {
  kind: 'division-by-zero',
  detail: '0',
});

check('a call of no function', 'int main() { int (*f)(void) = (int (*)(void))0x1234; return f(); }', {
  kind: 'bad-call',
});
check('a call through null', 'int main() { int (*f)(void) = 0; return f(); }', { kind: 'bad-call', detail: 'f()' });
check(
  'a call of a function of another shape',
  'int g(int a, int b) { return a + b; } int main() { int (*f)(int) = (int (*)(int))g; return f(1); }',
  {
    kind: 'call-mismatch',
    detail: 'g',
  },
);
check(
  'an int where a pointer is expected',
  'int g(char *p) { return p != 0; } int main() { int (*f)(int) = (int (*)(int))g; return f(1); }',
  {
    kind: 'call-mismatch',
  },
);
check('a result that nobody gives', 'int f(int n) { if (n) return 1; } int main() { return f(0); }', {
  kind: 'no-return-value',
});
check(
  'a missing result that nobody wants',
  'int f(int n) { if (n) return 1; } int main() { f(0); return 0; }',
  'nothing',
);
check('a function that nobody defines', 'int main() { return undefinedFunction(3); }', {
  kind: 'missing-function',
  detail: 'undefinedFunction',
  at: 'return undefinedFunction(3);',
});
check('a missing function that is not called', 'int main() { if (0) undefinedFunction(3); return 0; }', 'nothing');
check('endless recursion', 'int f(int n) { return f(n + 1) + 1; } int main() { return f(0); }', {
  kind: 'stack-overflow',
  detail: 'f',
});
check('too large a local', 'int f(void) { char a[25000]; a[0] = 1; return a[0]; } int main() { return f(); }', {
  kind: 'stack-overflow',
  detail: 'f',
});
check(
  'a large local that fits',
  'int f(void) { char a[20000]; a[19999] = 1; return a[19999] - 1; } int main() { return f(); }',
  'nothing',
);
check('a debug break', 'int main() { __debugbreak(); return 0; }', { kind: 'breakpoint-instruction' });
