/** What the machine catches: each case is a driver's mistake and the fault that names it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from './index.ts';
import { returns, returnsVoid } from './native.ts';
import { type Native, type RunOptions, runSource } from './testing.ts';

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
check('a variable that nobody defines', 'int main() { return missingGlobal; }', { kind: 'missing-variable' });

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
    detail: 'called as `int (int)`, defined as `int g(int a, int b)`; it is given 1 argument and takes 2',
  },
);
check(
  'more arguments than the function takes, where no prototype stands before the call',
  'int g(); int main() { return g(1, 2, 3); } int g(int a) { return a; }',
  {
    kind: 'call-mismatch',
    detail: 'called as `int ()`, defined as `int g(int a)`; it is given 3 arguments and takes 1',
  },
);
check(
  'a result of another type',
  'char g(void) { return 1; } int main() { i64 (*f)(void) = (i64 (*)(void))g; return (int)f(); }',
  {
    kind: 'call-mismatch',
    detail: 'called as `i64 (void)`, defined as `char g(void)`; the results differ',
  },
);
check(
  'an int where a pointer is expected',
  'int g(char *p) { return p != 0; } int main() { int (*f)(int) = (int (*)(int))g; return f(1); }',
  {
    kind: 'call-mismatch',
    detail: 'called as `int (int)`, defined as `int g(char *p)`; argument 1 is of another kind',
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
  detail: 'f, which needs 64 bytes: 438 calls deep; f takes 24,480 bytes in 437 frames, main 48 bytes',
});
check('too large a local', 'int f(void) { char a[25000]; a[0] = 1; return a[0]; } int main() { return f(); }', {
  kind: 'stack-overflow',
  detail: 'f, which needs 25,064 bytes (a takes 25,000): 1 call deep; main takes 56 bytes',
});
check(
  'a large local that fits',
  'int f(void) { char a[20000]; a[19999] = 1; return a[19999] - 1; } int main() { return f(); }',
  'nothing',
);
check('more than any stack has', 'int main() { char a[2000000000]; a[0] = 1; return a[0]; }', {
  kind: 'stack-overflow',
  detail: 'main, which needs 2,000,000,064 bytes (a takes 2,000,000,000)',
});
check('a row of an array of arrays', 'int main() { int a[2][3] = {0}, i = 3; return a[0][i]; }', {
  kind: 'index-out-of-bounds',
  detail: 'a[0][i]: index 3 of an array of 3',
});
check('of a parameter', 'int f(int a[][3]) { return a[0][4]; } int main() { int a[2][3] = {0}; return f(a); }', {
  kind: 'index-out-of-bounds',
});
check(
  'all rows may be walked over from the first element',
  'int main() { int a[2][3] = {0}, *p = &a[0][0], *q = a[0], *end = &a[0][3], s = 0; for (int i = 0; i < 6; i++) s += p[i] + q[i]; return s + (end == a[1]) - 1; }',
  'nothing',
);
for (const far of [
  'unsigned u = 3; int i = -4; return a[u + i]',
  'i64 i = 1ll << 40; return a[i]',
  'i64 i = 1ll << 40; s[i].x = 1',
]) {
  check(`an index that leads out of memory: ${far}`, `int a[5]; int main() { struct { int x; } s[2]; ${far}; }`, {
    kind: 'out-of-bounds',
  });
}
check('a debug break', 'int main() { __debugbreak(); return 0; }', { kind: 'breakpoint-instruction' });

const BLOCKS = 'int use(int *p) { return *p; } ';
check('a local of a block that was left', `${BLOCKS}int main() { int *p; { int x = 1; p = &x; } return use(p); }`, {
  kind: 'use-after-scope',
  region: 'local x of main',
});
check(
  'a local of a loop body, by break',
  'int main() { int *p = 0; for (;;) { int a[2] = {1}; p = a; break; } return p[0]; }',
  { kind: 'use-after-scope', region: 'local a of main' },
);
check(
  'by goto',
  'int main() { int *p; { int x = 1; p = &x; goto out; } out: return *p; }',
  // A label in the function's own block lets nobody into the inner one.
  { kind: 'use-after-scope' },
);
check(
  'a local of the turn before',
  'int main() { int *p = 0, i, s = 0; for (i = 0; i < 2; i++) { int x; if (i == 1) s += *p; x = i; p = &x; } return s; }',
  { kind: 'uninitialised-read' },
);
check('a compound literal after its block', 'int main() { int *p; { p = (int[]){ 1, 2 }; } return p[1]; }', {
  kind: 'use-after-scope',
});
check(
  'a block that is entered by a label keeps its objects',
  'int main() { int n = 0, *p; { int x; again: x = n; p = &x; n++; if (n < 3) goto again; } return n - 3; }',
  'nothing',
);
check(
  'a switch whose body declares',
  'int f(int n) { switch (n) { int x; case 1: x = 2; { int *p = &x; return *p; } } return 0; } int main() { return f(1) - 2; }',
  'nothing',
);
check(
  'locals of blocks in a loop live anew in each turn',
  'int main() { int i, s = 0; for (i = 0; i < 4; i++) { int x = i; int *p = &x; if (i == 2) continue; s += *p; } return s - 4; }',
  'nothing',
);
check(
  'a record out of a statement expression',
  `${POINT}int main() { struct point p = ({ struct point q; q.x = 1; q.c = 2; q.y = 3; q; }); return p.x + p.y - 4; }`,
  'nothing',
);
check('a const local is constant', 'int main() { const int n = 3; *(int *)&n = 4; return n; }', {
  kind: 'write-to-read-only',
});
check(
  'a const local is made anew in each turn',
  'int main() { int i, s = 0; for (i = 0; i < 3; i++) { const int n = i; const int *p = &n; s += *p; } return s - 3; }',
  'nothing',
);

const BUFFERS = 'struct buffers { char first[4]; char second[4]; int tail[1]; }; struct buffers b; ';
check('a member array overruns into the next member', `${BUFFERS}int main() { int i = 4; b.first[i] = 1; return 0; }`, {
  kind: 'index-out-of-bounds',
  detail: 'b.first[i] = 1: index 4 of an array of 4',
});
check('also by a constant', `${BUFFERS}int main() { return b.first[-1]; }`, { kind: 'index-out-of-bounds' });
check(
  'by a 64-bit index and a pointer',
  `${BUFFERS}int main() { struct buffers *p = &b; u64 i = 0x100000000; return p->second[i]; }`,
  { kind: 'index-out-of-bounds' },
);
check('its end may be pointed to', `${BUFFERS}int main() { return &b.first[4] != b.second; }`, 'nothing');
check(
  'a last array of one element stands for more',
  `${BUFFERS}int main() { struct buffers *p = allocate(64); int i; for (i = 0; i < 4; i++) p->tail[i] = i; return p->tail[3] - 3; }`,
  'nothing',
);

const COPYING =
  'void bytes(void *to, const void *from, int n) { char *d = to; const char *s = from; while (n--) *d++ = *s++; } ';
check(
  'bytes that were never written may be copied one by one',
  `${POINT}${COPYING}int main() { struct point p, q; p.x = 1; p.c = 2; p.y = 3; bytes(&q, &p, sizeof p); return q.y - 3; }`,
  'nothing',
);
check(
  'and stay what they are',
  `${POINT}${COPYING}int main() { struct point p, q; p.x = 1; p.c = 2; bytes(&q, &p, sizeof p); return q.y; }`,
  { kind: 'uninitialised-read', detail: 'q.y' },
);
check(
  'words too',
  `${POINT}int main() { struct point p, q; int i; p.x = 1; p.c = 2; p.y = 3; for (i = 0; i < 3; i++) ((u32 *)&q)[i] = ((u32 *)&p)[i]; return q.c - 2; }`,
  'nothing',
);

const VARIADIC =
  'int sum(int n, ...) { va_list list; int s = 0; va_start(list, n); while (n--) s += va_arg(list, int); va_end(list); return s; } ' +
  'double real(int n, ...) { va_list list; double d; va_start(list, n); d = va_arg(list, double); va_end(list); return d; } ' +
  'u64 wide(int n, ...) { va_list list; u64 d; va_start(list, n); d = va_arg(list, u64); va_end(list); return d; } ';
check('va_arg within the arguments', `${VARIADIC}int main() { return sum(2, 3, 4) - 7; }`, 'nothing');
check('va_arg past the arguments', `${VARIADIC}int main() { return sum(3, 3, 4); }`, {
  kind: 'missing-argument',
  detail: 'argument 3 of 2',
});
check('va_arg without any', `${VARIADIC}int main() { return sum(1); }`, { kind: 'missing-argument' });

/** What goes on after a warning: the fault that was asked about, and the result. */
function checkTolerated(name: string, source: string, expected: string): void {
  test(name, () => {
    const asked: string[] = [];
    const run = runSource(source, {
      tolerates: (_thread, fault) => {
        asked.push(`${fault.kind} ${fault.detail}`);
        return true;
      },
    });
    assert.equal([...asked, `= ${run.fault?.kind ?? run.result}`].join('; '), expected);
  });
}

checkTolerated(
  'a double where an int is passed',
  `${VARIADIC}int main() { return real(1, 5) == 5; }`,
  'argument-mismatch argument 1 was passed as an integer of 32 bits, and is taken as a double; = 0',
);
checkTolerated(
  '64 bits where 32 are passed',
  `${VARIADIC}int main() { wide(1, 5); return 0; }`,
  'argument-mismatch argument 1 was passed as an integer of 32 bits, and is taken as 64 bits; = 0',
);
checkTolerated('the low half of 64 bits is no mistake', `${VARIADIC}int main() { return sum(1, 5LL); }`, '= 5');
checkTolerated(
  'a shift by too many bits uses the low ones, and is asked about once',
  'int main() { int i, s = 0; for (i = 32; i < 34; i++) s += 1 << i; return s; }',
  'shift-out-of-range 32; = 3',
);
checkTolerated(
  'also of 64 bits, and by a negative count',
  'int main() { u64 one = 1; int n = -1; return one << n >> 63 == 1; }',
  'shift-out-of-range -1; = 1',
);
checkTolerated(
  'an uninitialised register counts as written from then on',
  'int main() { int x, y; if (x == y) x = 5; x = 7; return x; }',
  'uninitialised-read x; uninitialised-read y; = 7',
);
checkTolerated(
  'so does memory, which holds zero',
  'int main() { int a[2]; a[0] = 3; return a[0] + a[1] + a[1]; }',
  'uninitialised-read a[1]; = 3',
);

test('values and places of the expression at fault are told', () => {
  const run = runSource('int table[4]; int main() { int i = 9; double d = 0.5; return table[i] + (int)d; }');
  assert.equal(run.fault?.values, 'i = 9');
  const span = run.fault?.span;
  assert.equal(span?.file.text.slice(span.start, span.end), 'table[i]');
});
test('a member of a null pointer is named with its offset', () => {
  const run = runSource(
    'struct s { int a; struct { int b, c; } in; }; int main() { struct s *p = 0; return p->in.c; }',
  );
  assert.equal(run.fault?.member, 'member c at offset 0x8 of a null pointer');
});
test('a return address prints as function and offset', () => {
  const run = runSource(
    'void *_ReturnAddress(void); void where(void) { print((u64)_ReturnAddress()); } int main() { where(); return 0; }',
  );
  assert.match(run.machine.codeAt(BigInt(run.output[0] ?? 0) as never)?.name ?? '', /^main \+ 0x[1-9a-f]/);
});
check('an assumption that is false', 'int main() { __assume(0); return 0; }', { kind: 'unreachable-code' });
check('a fast fail without a kernel', 'int main() { __fastfail(3); return 0; }', {
  kind: 'fast-fail',
  detail: '__fastfail(3)',
});
