/** Work is bounded whatever comes in, and where a bound was hit lint says so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMs } from '../../../test/support/effort.ts';
import { lintTexts, shown } from '../testing.ts';

const times = (n: number, make: (i: number) => string, between = '\n'): string =>
  Array.from({ length: n }, (_, i) => make(i)).join(between);

test('a function that is too long is said to be unchecked, and the others are checked', () => {
  const { findings, limits } = lintTexts(
    `int Long(int a) {\n${times(9_000, () => 'a = a + 1;')}\nreturn a; }\nPIRP F(VOID) { return IoAllocateIrp(0, FALSE); }`,
  );
  assert.deepEqual(findings.map(shown), ['9003 irp-stack-size']);
  assert.deepEqual(
    limits.map((limit) => limit.name),
    ['Long'],
  );
  assert.match(limits[0]?.message ?? '', /^Long was not checked to the end: it has too many statements\.$/);
});

test('a function with much memory and many ways is left in time, and said to be', () => {
  const { findings, limits } = lintTexts(
    `void F(int *b, int c) { int a[1200]; int i = 0; ${times(1_200, (i) => `a[${i}] = b[${i}];`)}
while (i < c) { i++; ${times(600, (i) => `if (b[${i}] == ${i}) a[${i}] = c;`)} } b[0] = a[b[1]]; }`,
  );
  assert.deepEqual(findings, []);
  assert.deepEqual(
    limits.map((limit) => limit.message),
    ['F was not checked to the end: there are too many ways through it.'],
  );
});

test('a function with too many ways is still seen to its end, as far as all its ways agree', () => {
  const { findings, limits } = lintTexts(`void F(int *b, int a) {
${times(6, (i) => `PIRP i${i} = a & ${1 << i} ? IoAllocateIrp(1, FALSE) : NULL;`)}
${times(150, (i) => `if (b[${i}] == ${i}) b[${i}] = a; else b[${i}] = 1;`)}
PIRP last = IoAllocateIrp(1, FALSE);
if (last == NULL) goto Out;
IoFreeIrp(last);
IoFreeIrp(last);
Out: ${times(6, (i) => `if (i${i} != NULL) IoFreeIrp(i${i});`)} }`);
  assert.deepEqual(findings.map(shown), ['161 irp-used-after-free']);
  assert.deepEqual(
    limits.map((limit) => limit.message),
    ['F was not checked way by way to the end: there are too many ways through it.'],
  );
});

const programs: Readonly<Record<string, string>> = {
  'a chain of calls as long as the file': `${times(400, (i) => `int F${i}(int a);`)}
${times(400, (i) => `int F${399 - i}(int a) { return ${i === 399 ? 'a' : `F${398 - i}(a)`}; }`)}`,
  'loops in loops': `void G(int); int F(int a) { ${times(25, () => 'for (int i = 0; i < a; i++) {', '')} G(a); ${'}'.repeat(25)} return a; }`,
  'goto in all directions': `int F(int a) { ${times(40, (i) => `L${i}: if (a == ${i}) goto L${(i * 7) % 40}; a++;`)} return a; }`,
  'many IRPs, each freed or not': `PIRP Kept[18]; void F(int a) { ${times(18, (i) => `PIRP i${i} = IoAllocateIrp(1, FALSE); if (a & ${1 << i}) { if (i${i}) IoFreeIrp(i${i}); } else Kept[${i}] = i${i};`)} }`,
  'many ways through many helpers': `static int H(int *p, int a) { if (a == 1) *p = 1; else if (a == 2) *p = 7; else return a; return *p; }
int F(int a, int *p) { int r = 0; ${times(60, () => 'r += H(p, a); if (r > 3) a++;')} return r; }`,
  'a switch with a thousand cases': `int F(int a) { switch (a) { ${times(1_000, (i) => `case ${i}: a += ${i}; break;`)} } return a; }`,
  'pointers that go on and on': `struct N { struct N *Next; PIRP Irp; }; void F(struct N *n) { while (n) { n = n->Next->Next; n->Next->Next->Irp = n->Irp; } }`,
};

for (const [name, text] of Object.entries(programs)) {
  test(name, () => {
    const { findings, limits } = lintTexts(text);
    assert.deepEqual(findings.map(shown), []);
    assert.deepEqual(limits, []);
  });
}

test('the same input gives the same output', () => {
  const text = programs['many IRPs, each freed or not'] ?? '';
  const broken = `${text}\n${text.replace('F(int', 'G(int').replaceAll('if (i', 'if (!i')}`;
  const once = lintTexts(broken).findings.map((f) => `${shown(f)} ${f.path.map((s) => s.span.start).join()}`);
  assert.ok(once.length > 0);
  assert.deepEqual(
    lintTexts(broken).findings.map((f) => `${shown(f)} ${f.path.map((s) => s.span.start).join()}`),
    once,
  );
});

/** Milliseconds of CPU for the text of so many, at best. */
function msOf(text: (count: number) => string, count: number): number {
  const given = text(count);
  return Math.min(...[1, 2, 3].map(() => cpuMs(() => lintTexts(given))));
}

// Four times as many: about four times as long, not sixteen.
const repeated: Readonly<Record<string, readonly [number, (count: number) => string]>> = {
  'statements that can not be read': [
    1_750,
    (count) => `int F(int a) {\n${times(count, () => 'a = 1 + ;')}\nreturn a; }`,
  ],
  'calls in a row, each of which reads through pointers and tables': [
    100,
    (count) => `struct N { struct N *Next; int *Table; int At; }; extern int Next(int);
static int Read(struct N *n, int *out) { int i = Next(n->At); if (n->Next->Table[i] != i) *out += n->Next->At; return n->Table[Next(i)]; }
int F(struct N *n) { int a = 0; ${times(count, () => 'Read(n, &a);')} return a; }`,
  ],
  'functions that call one another, each of which changes something else': [
    60,
    (count) => `struct N { struct N *Next; int Of[999]; }; extern int Next(int);
static void F0(struct N *n) { n->Next->Next->Of[0] = Next(0); }
${times(count, (i) => `static void F${i + 1}(struct N *n) { F${i}(n); n->Next->Next->Of[${i + 1}] = Next(${i}); F${i}(n->Next); }`)}
void G(struct N *n) { F${count}(n); }`,
  ],
};

for (const [name, [count, text]] of Object.entries(repeated)) {
  test(`${name} cost no more the more of them there are`, () => {
    msOf(text, count);
    const [few, many] = [msOf(text, count), msOf(text, 4 * count)];
    assert.ok(many < few * 9 + 50, `${few} ms, then ${many} ms`);
  });
}

test('a helper with too many ways may release the lock that it names, and no other', () => {
  const { findings } = lintTexts(`typedef struct _E { ERESOURCE Lock; ERESOURCE Other; int Count; } E;
PVOID Kept[14];
static NTSTATUS Drop(E *e, int a) { ${times(14, (i) => `if (a & ${1 << i}) ExFreePool(Kept[${i}]);`, ' ')}
  if (a > 7) return STATUS_UNSUCCESSFUL; ExReleaseResourceLite(&e->Lock); return STATUS_SUCCESS; }
NTSTATUS All(E *e, int a) { ExAcquireResourceExclusiveLite(&e->Lock, TRUE);
  if (e->Count == 0) {
    if (NT_SUCCESS(Drop(e, a))) return STATUS_SUCCESS;
    ExReleaseResourceLite(&e->Lock); return STATUS_UNSUCCESSFUL; }
  ExReleaseResourceLite(&e->Lock); return STATUS_SUCCESS; }
NTSTATUS Forgets(E *e, int a) { ExAcquireResourceExclusiveLite(&e->Other, TRUE);
  if (!NT_SUCCESS(Drop(e, a)))
    return STATUS_UNSUCCESSFUL;
  ExReleaseResourceLite(&e->Other); return STATUS_SUCCESS; }`);
  assert.deepEqual(findings.map(shown), ['12 resource-held-at-return']);
});

test('what a helper has changed is not what it was, where it has changed more than callers are told one by one', () => {
  const findings = (change: string, places: number): readonly string[] =>
    lintTexts(`typedef struct { PVOID Buffer; int Of[400]; } A; typedef struct { A *First; } P; extern int Next(int); extern PVOID Make(void);
static void Change(P *p) { ExFreePool(p->First->Buffer); ${times(places, (i) => `p->First->Of[${i}] = Next(${i});`, ' ')} ${change} }
void Use(P *p) { Change(p);
  RtlZeroMemory(p->First->Buffer, 8); }`).findings.map(shown);
  assert.deepEqual(findings('', 0), ['4 use-after-free']);
  for (const places of [3, 300]) assert.deepEqual(findings('p->First->Buffer = Make();', places), []);
});
