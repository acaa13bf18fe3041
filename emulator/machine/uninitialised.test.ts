/** Never written or only padding: what a driver may copy, pass on and look at, and what it must not read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { returns } from './native.ts';
import { type Native, runSource } from './testing.ts';

const allocate: Native = (call, machine) => {
  const size = Number(call.arguments.uint64(0));
  return returns(
    machine.memory.allocate({ size, kind: 'pool', label: 'pool block', isUninitialised: true })?.start ?? 0n,
  );
};

const PRELUDE = `void *allocate(u64 size);
typedef struct { u8 k; u32 v; } E;
static int sum(void *p, int n) { u8 *b = p; int i, s = 0; for (i = 0; i < n; i++) s += b[i]; return s; }
static void swap(void *x, void *y, int n) { u8 *a = x, *b = y; int i; for (i = 0; i < n; i++) { u8 t = a[i]; a[i] = b[i]; b[i] = t; } }
`;

/** `expected` is the text of the expression that reads what was never written; undefined where nothing does. */
function check(name: string, source: string, expected?: string): void {
  test(name, () => {
    const run = runSource(PRELUDE + source, { natives: { allocate } });
    assert.equal(run.fault?.kind, expected === undefined ? undefined : 'uninitialised-read', run.fault?.detail);
    assert.equal(run.fault?.detail, expected);
  });
}

// Padding, by the type that the memory was made for.
check('padding of a local', 'int main() { E e; e.k = 1; e.v = 2; return sum(&e, sizeof e); }');
check(
  'of an array of them',
  'int main() { E e[2]; for (int i = 0; i < 2; i++) { e[i].k = 1; e[i].v = 2; } return sum(e, sizeof e); }',
);
check(
  'of a local whose life begins again',
  'int main() { int s = 0; for (int i = 0; i < 3; i++) { E e; e.k = 1; e.v = 2; s += sum(&e, sizeof e); } return s; }',
);
check(
  'of a record in a record',
  'int main() { struct { E e; u8 last; } o; o.e.k = 1; o.e.v = 2; o.last = 3; return sum(&o, sizeof o); }',
);
check(
  'of a union, where no member has the byte',
  'int main() { union { u8 a[5]; u32 b; } u; for (int i = 0; i < 5; i++) u.a[i] = 1; return sum(&u, sizeof u); }',
);
check('of a pool block', 'int main() { E *e = allocate(sizeof *e); e->k = 1; e->v = 2; return sum(e, sizeof *e); }');
check(
  'of an array in one',
  'int main() { E *e = (E *)allocate(2 * sizeof *e); e[0].k = e[1].k = 1; e[0].v = e[1].v = 2; return sum(e, 2 * sizeof *e); }',
);
check(
  'of what follows a header',
  'struct h { u64 n; E e[1]; }; int main() { struct h *h = allocate(sizeof *h + sizeof(E)); h->n = 2; h->e[0].k = h->e[1].k = 1; h->e[0].v = h->e[1].v = 2; return sum(h, 24); }',
);
check(
  'of a block that a function of the driver hands on',
  'void *get(u64 n) { return allocate(n); } int main() { E *e = get(sizeof *e); e->k = 1; e->v = 2; return sum(e, sizeof *e); }',
);
check(
  'and of its copy',
  'int main() { E *e = allocate(sizeof *e), c; e->k = 1; e->v = 2; c = *e; return sum(&c, sizeof c); }',
);
check('a member is no padding', 'int main() { E e; e.v = 2; return sum(&e, sizeof e); }', 'b[i]');
check('nor one of a pool block', 'int main() { E *e = allocate(sizeof *e); e->k = 1; return e->v; }', 'e->v');
check('an array of bytes has none', 'int main() { u8 *e = allocate(8); e[0] = 1; return sum(e, 2); }', 'b[i]');
check(
  'a member is unwritten again when its life begins',
  'int main() { int s = 0; for (int i = 0; i < 2; i++) { E e; if (i == 0) e.v = 2; s += e.v; sum(&e.v, 4); } return s; }',
  'e.v',
);

// What only goes from one place to another.
check(
  'bytes may be exchanged through a variable',
  'int main() { E a, b; a.k = 1; b.v = 2; swap(&a, &b, sizeof a); return a.v + b.k; }',
);
check('and keep their state', 'int main() { E a, b; a.k = 1; b.v = 2; swap(&a, &b, sizeof a); return b.v; }', 'b.v');
check(
  'words too, with an assignment',
  'int main() { u32 s[2], d[2], t; s[0] = 1; for (int i = 0; i < 2; i++) { t = s[i]; d[i] = t; } return d[0]; }',
);
check(
  'and through pointers that step',
  'int main() { char s[2], d[2], t, *p = s, *q = d; s[0] = 1; for (int i = 0; i < 2; i++) { t = *p++; *q++ = t; } return d[0]; }',
);
check(
  'to a constant element of a static array',
  'static u8 d[2]; int main() { u8 *s = allocate(2); u8 t = s[0]; d[1] = t; return d[0]; }',
);
check(
  'the state arrives there',
  'int main() { u8 *s = allocate(2); u8 d[2]; u8 t = s[0]; d[1] = t; return d[1]; }',
  'd[1]',
);
check(
  'a test of the variable is a read',
  'int main() { char *s = allocate(2), d[2], t; t = s[0]; if (t) d[0] = t; return 0; }',
  's[0]',
);

// Records by value.
check('a record with a hole may be passed', 'int f(E e) { return e.v; } int main() { E e; e.v = 1; return f(e); }');
check(
  'the callee finds the member that was left out',
  'int f(E e) { return e.k; } int main() { E e; e.v = 1; return f(e); }',
  'e.k',
);
check(
  'also three calls further down',
  'int h(E e) { return e.k; } int g(E e) { return h(e); } int f(int a, E e) { return g(e); } int main() { E e; e.v = 1; return f(1, e); }',
  'e.k',
);
check(
  'a later call of the same function is another one',
  'int f(E e) { return e.v; } int main() { E a, b; a.k = 1; b.k = b.v = 1; f(b); b = a; return f(a); }',
  'e.v',
);
check(
  'what is written after all is written',
  'int f(E e) { return e.v; } int main() { E a; a.k = 1; int (*p)(E) = f; a.v = 3; f(a); return p(a) - 3; }',
);
