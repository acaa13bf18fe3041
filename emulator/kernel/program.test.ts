/** Programs with a main: output, exit status, the C library. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from './fixtures/run-driver.ts';

function program(text: string): {
  readonly output: string;
  readonly status: number | undefined;
  readonly messages: readonly string[];
} {
  const run = runDriver(`#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n${text}`, { entry: 'main' });
  const { stop } = run.kernel.parts;
  const status = stop?.kind === 'exit' ? stop.status : run.entryStatus;
  return { output: run.kernel.output.join(''), status, messages: run.messages };
}

test('printf, puts and putchar write standard output; the value of main is the status', () => {
  const run = program(
    `int main(void) { int n = printf("a%d", 1); puts("b"); putchar('c'); fprintf(stdout, "%s", "d"); return n; }`,
  );
  assert.deepEqual(run, { output: 'a1b\ncd', status: 2, messages: [] });
});

test('exit ends the program after the functions of atexit, last first', () => {
  const run = program(`
void first(void) { printf("1"); }
void second(void) { printf("2"); }
int main(void) { atexit(first); atexit(second); printf("0"); exit(7); }`);
  assert.deepEqual(run, { output: '021', status: 7, messages: [] });
});

test('a string of millions of characters is as long as it is', () => {
  const run = program(`
int main(void) {
  char *p = malloc(3000002);
  memset(p, 'a', 3000000); p[3000000] = 0;
  strcat(p, "b");
  return printf("%d %c %d", (int)strlen(p), p[3000000], strchr(p, 'b') == p + 3000000) == 11 ? 0 : 1;
}`);
  assert.deepEqual(run, { output: '3000001 b 1', status: 0, messages: [] });
});

test('qsort and bsearch call the comparison of the program', () => {
  const run = program(`
int order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
int main(void) {
  int v[] = {5, 3, 9, 1, 1, 8, -2, 7}, i, key = 8; int *p;
  qsort(v, 8, sizeof v[0], order);
  for (i = 0; i < 8; i++) printf("%d ", v[i]);
  p = bsearch(&key, v, 8, sizeof v[0], order); printf("%d", (int)(p - v));
  key = 4; p = bsearch(&key, v, 8, sizeof v[0], order); printf(" %d", p == NULL);
  return 0;
}`);
  assert.deepEqual(run, { output: '-2 1 1 3 5 7 8 9 6 1', status: 0, messages: [] });
});

test('malloc, calloc, realloc and free are checked', () => {
  const run = program(`
int main(void) {
  char *p = malloc(4), *q = calloc(2, 4);
  memcpy(p, "abc", 4); p = realloc(p, 100); printf("%s%d", p, q[7]);
  free(p); free(q); free(NULL);
  return 0;
}`);
  assert.deepEqual(run, { output: 'abc0', status: 0, messages: [] });
  const twice = program(`int main(void) { char *p = malloc(4); free(p); free(p); return 0; }`);
  assert.match(twice.messages[0] ?? '', /freed already/);
});

test('_aligned_malloc, _msize and _countof', () => {
  const run = program(`
int main(void) {
  int n[7];
  for (size_t a = 1; a <= 4096; a *= 2) {
    char *p = _aligned_malloc(10, a);
    if ((size_t)p % a) printf("%d is not aligned", (int)a);
    p[9] = 1;
    _aligned_free(p);
  }
  char *p = malloc(33);
  printf("%d %d %d", (int)_msize(p), (int)_countof(n), _aligned_malloc(1, 3) == NULL);
  free(p);
  return 0;
}`);
  assert.deepEqual(run, { output: '33 7 1', status: 0, messages: [] });
});

test('sscanf reads numbers, words, sets', () => {
  const run = program(`
int main(void) {
  int a, n; unsigned x; char w[8], s[8], c; double d; long long q;
  n = sscanf(" 12 0x1f words,abc123 z 2.5 -9000000000", "%d %x %4s%*[^,],%[a-c]%*d %c %lf %lld", &a, &x, w, s, &c, &d, &q);
  printf("%d %d %x %s %s %c %.1f %lld", n, a, x, w, s, c, d, q);
  printf(" %d %d", sscanf("", "%d", &a), sscanf("x", "%d", &a));
  return 0;
}`);
  assert.deepEqual(run, { output: '7 12 1f word abc z 2.5 -9000000000 -1 0', status: 0, messages: [] });
});

test('bytes of UTF-8 come out as they went in', () => {
  const run = program('int main(void) { printf("h\\xc3\\xa9\\n"); return 0; }');
  assert.equal(Buffer.from(run.output, 'latin1').toString('utf8'), 'hé\n');
});
