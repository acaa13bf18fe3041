/** The C library of programs with a main: math, files, jumps, errors; and what a program's mistakes are called. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from '../fixtures/run-driver.ts';

const HEADERS = ['stdio.h', 'stdlib.h', 'string.h', 'math.h', 'setjmp.h', 'errno.h', 'stdarg.h', 'intrin.h', 'time.h']
  .map((name) => `#include <${name}>\n`)
  .join('');

function check(name: string, body: string, expected: string, findings: readonly string[] = []): void {
  test(name, () => {
    const text = body.includes('int main') ? body : `int main(void) { ${body} return 0; }`;
    const run = runDriver(HEADERS + text, { entry: 'main' });
    assert.equal(run.kernel.output.join(''), expected);
    const shown = run.kernel.findings.map(({ rule, severity }) => `${severity} ${rule}`);
    assert.deepEqual(shown, findings, run.messages.join('\n'));
  });
}

// ---- math.h ----
check(
  'exact functions',
  'printf("%g %g %g %g %g", sqrt(2.25), floor(-1.5), ceil(-1.5), fabs(-3), fmod(-7.5, 2));',
  '1.5 -2 -1 3 -1.5',
);
check(
  'rounding of ties',
  'printf("%g %g %g %g %ld", round(2.5), rint(2.5), round(-0.5), trunc(-2.7), lround(-2.5));',
  '3 2 -1 -2 -3',
);
check(
  'series',
  'printf("%.6f %.6f %.6f %.6f", sin(2), exp(1), pow(2, 0.5), atan2(1, -1));',
  '0.909297 2.718282 1.414214 2.356194',
);
check(
  'functions of float round their result',
  'float f = sqrtf(2.0f); printf("%d", (double)f == (double)(float)sqrt(2));',
  '1',
);
check(
  'parts of a number',
  'int e; double i, f = frexp(10, &e); printf("%g %d %g", f, e, modf(-2.25, &i)); printf(" %g %g", i, ldexp(0.75, 3));',
  '0.625 4 -0.25 -2 6',
);
check(
  'what is no number',
  'printf("%d%d%d%d%d", isnan(NAN) != 0, isinf(INFINITY) != 0, isfinite(1.0) != 0, signbit(-0.0) != 0, isnan(1.0) != 0);',
  '11110',
);

// ---- files ----
check(
  'a file is read as it was written',
  'FILE *f = fopen("a", "w"); int c; char line[8]; fprintf(f, "%d\\n", 12); fputs("xy\\nz", f); fclose(f); f = fopen("a", "r"); ' +
    'while (fgets(line, sizeof line, f)) printf("[%s]", line); printf("%d", feof(f) != 0); rewind(f); c = getc(f); ungetc(c, f); printf("%c%c", c, fgetc(f)); fclose(f);',
  '[12\n][xy\n][z]111',
);
check(
  'positions, appending, both ways',
  'char b[8] = {0}; FILE *f = fopen("a", "wb+"); fwrite("abcdef", 1, 6, f); fseek(f, 2, SEEK_SET); fputc(\'X\', f); fseek(f, -1, SEEK_END); ' +
    'printf("%ld", ftell(f)); rewind(f); printf("%d%s", (int)fread(b, 2, 3, f), b); fclose(f); f = fopen("a", "a"); fputs("!", f); fclose(f); f = fopen("a", "r"); printf("%s", fgets(b, 8, f));',
  '53abXdefabXdef!',
);
check(
  'what was not written does not exist',
  'printf("%d %d ", fopen("none", "r") == NULL, errno == ENOENT); fclose(fopen("a", "w")); printf("%d %d %s", remove("a"), remove("a"), strerror(errno));',
  '1 1 0 -1 No such file or directory',
);
check(
  'nothing is read from standard input',
  'char b[4]; printf("%d %d", getc(stdin), fgets(b, 4, stdin) == NULL);',
  '-1 1',
);
check(
  'numbers out of a file',
  'int a, b; FILE *f = fopen("n", "w+"); fputs("4 5", f); rewind(f); printf("%d", fscanf(f, "%d %d", &a, &b)); printf("%d%d", a, b);',
  '245',
);
check('a closed file', 'FILE *f = fopen("a", "w"); fclose(f); fputc(1, f);', '', ['error bad-file']);

// ---- the rest ----
check(
  'setjmp and longjmp',
  'static jmp_buf place; static void fail(int n) { if (n) fail(n - 1); longjmp(place, 3); }\n' +
    'int main(void) { volatile int tries = 0; int r = setjmp(place); printf("%d", r); if (tries++ < 2) fail(2); return 0; }',
  '033',
);
check(
  'division with remainder',
  'lldiv_t d = lldiv(-7000000000LL, 2000000000LL); div_t e = div(7, -2); printf("%lld %lld %d %d", d.quot, d.rem, e.quot, e.rem);',
  '-3 -1000000000 -3 1',
);
check(
  'numbers in text',
  'char *end; printf("%ld ", strtol("99999999999", &end, 10)); printf("%d %s", errno == ERANGE, end); printf(" %g %g", strtod("0x1.8p1z", &end), strtod("-1e3", NULL)); printf("%s", end);',
  '2147483647 1  3 -1000z',
);
check('a copy of a string', 'char *s = _strdup("abc"); printf("%s", s); free(s);', 'abc');
check('stderr is no output', 'fprintf(stderr, "lost"); printf("kept");', 'kept');

// ---- undefined behaviour that a program goes on after ----
check(
  'uninitialised reads are warnings, each once',
  'int x, i, s = 0; for (i = 0; i < 3; i++) { int y; s = x; s += y; } printf("on");',
  'on',
  ['warning uninitialised-read', 'warning uninitialised-read'],
);
check('printing what was never written, too', 'char b[4]; b[3] = 0; printf("<%s>", b);', '<>', [
  'warning uninitialised-read',
]);
check('a shift by too much', 'int n = 33; printf("%d", 1 << n);', '2', ['warning shift-out-of-range']);
check(
  'variadic arguments of another type',
  'static double take(int n, ...) { va_list l; double d; va_start(l, n); d = va_arg(l, double); va_end(l); return d; }\nint main(void) { take(1, 1); printf("on"); return 0; }',
  'on',
  ['warning argument-mismatch'],
);
check(
  'and too few of them',
  'static int take(int n, ...) { va_list l; int d; va_start(l, n); d = va_arg(l, int); va_end(l); return d; }\nint main(void) { return take(1); }',
  '',
  ['error missing-argument'],
);
check(
  'too many for a list that was passed on',
  'static void show(const char *f, ...) { va_list l, m; va_start(l, f); va_copy(m, l); vprintf(f, l); vprintf(f, m); va_end(l); }\nint main(void) { show("%d %s %g;", 1, "two", 3.5); return 0; }',
  '1 two 3.5;1 two 3.5;',
);

// ---- time.h ----
check(
  'a run begins at the same moment, in UTC',
  'char s[64]; time_t t = time(0); strftime(s, sizeof s, "%Y-%m-%d %H:%M:%S %a %j %Z", gmtime(&t)); puts(s); printf("%d", (int)clock());',
  '2026-01-01 00:00:00 Thu 001 UTC\n0',
);
check(
  'dates of all centuries',
  'time_t t[] = { 0, 951782400, 4107542399, 32536799999 }; for (int i = 0; i < 4; i++) { struct tm *d = localtime(&t[i]); printf("%d-%d-%d %d:%d:%d w%d y%d; ", d->tm_year + 1900, d->tm_mon + 1, d->tm_mday, d->tm_hour, d->tm_min, d->tm_sec, d->tm_wday, d->tm_yday); }',
  '1970-1-1 0:0:0 w4 y0; 2000-2-29 0:0:0 w2 y59; 2100-2-28 23:59:59 w0 y58; 3001-1-19 7:59:59 w1 y18; ',
);
check(
  'mktime puts a date in order',
  'struct tm d = { .tm_year = 124, .tm_mon = 13, .tm_mday = 30, .tm_hour = 25 }; time_t t = mktime(&d); printf("%lld %d-%d-%d w%d", t, d.tm_year, d.tm_mon, d.tm_mday, d.tm_wday); d.tm_year = 60; printf(" %lld", mktime(&d));',
  '1740963600 125-2-3 w1 -1',
);
check(
  'formats of dates',
  'char s[128]; struct tm d = { 5, 4, 15, 3, 0, 121, 0, 2 }; strftime(s, sizeof s, "%c|%D|%I%p|%F|%T|%U %W %V %G|%#d|%e|%A %B|%u|%y%%", &d); puts(s); printf("%d", (int)strftime(s, 4, "%Y", &d));',
  'Sun Jan  3 15:04:05 2021|01/03/21|03PM|2021-01-03|15:04:05|01 00 53 2020|3| 3|Sunday January|7|21%\n0',
);
check('what is no date', 'time_t t = -1; printf("%d %d", gmtime(&t) == 0, errno == EINVAL);', '1 1');
check(
  'sorting keeps what was never written',
  'struct e { char k; int v; }; static int by(const void *a, const void *b) { return ((struct e *)a)->k - ((struct e *)b)->k; } int main(void) { struct e *e = malloc(3 * sizeof *e); for (int i = 0; i < 3; i++) e[i].k = (char)(3 - i); qsort(e, 3, sizeof *e, by); printf("%d%d%d", e[0].k, e[1].k, e[2].k); return 0; }',
  '123',
);

// ---- intrinsics ----
check(
  'wide multiplication and division',
  'unsigned __int64 h, r; printf("%llu %llu", __umulh(1ull << 63, 6), _umul128(~0ull, ~0ull, &h)); printf(" %llu %llu %llu", h, _udiv128(1, 5, 16, &r), r); printf(" %lld", __mulh(-1, 5));',
  '3 1 18446744073709551614 1152921504606846976 5 -1',
);
check('a quotient that does not fit', 'unsigned __int64 r; _udiv128(16, 0, 16, &r);', '', ['error division-overflow']);
check(
  'shifts of 128 bits',
  'printf("%llx %llx", __shiftleft128(0x8000000000000000, 1, 1), __shiftright128(0, 3, 1));',
  '3 8000000000000000',
);
check(
  'counts, scans, rotations',
  'unsigned long i; printf("%d %d %d ", (int)__popcnt64(~0ull), (int)_lzcnt_u32(1), (int)_tzcnt_u64(8)); printf("%d%lu ", _BitScanReverse64(&i, 0x8000000000000000), i); printf("%x %x", _rotl8(0x81, 1), _rotr16(1, 1));',
  '64 31 3 163 3 8000',
);
check(
  'string instructions',
  'unsigned char b[4]; unsigned short w[2]; __stosb(b, 7, 4); __stosw(w, 0x102, 2); __movsb(b, (unsigned char *)w, 3); printf("%d%d%d%d", b[0], b[1], b[2], b[3]);',
  '2127',
);
check(
  'interlocked operations of every size',
  'char c = 5; short s = 6; long l = 7; __int64 q = 8; printf("%d%d%ld%lld ", _InterlockedExchangeAdd8(&c, 1), _InterlockedXor16(&s, 3), _InterlockedAnd(&l, 3), _InterlockedOr64(&q, 1)); printf("%d%d%ld%lld", c, s, l, q);',
  '5678 6539',
);
check(
  '128 bits at once',
  '__declspec(align(16)) static __int64 t[2] = { 1, 2 }; __int64 c[2] = { 1, 2 }; printf("%d%lld%lld ", _InterlockedCompareExchange128(t, 4, 3, c), t[0], t[1]); printf("%d%lld", _InterlockedCompareExchange128(t, 9, 9, c), c[1]);',
  '134 04',
);
check(
  'misaligned for 128 bits',
  '__declspec(align(16)) static __int64 t[3]; __int64 c[2] = { 0 }; _InterlockedCompareExchange128(t + 1, 4, 3, c);',
  '',
  ['error misaligned-access'],
);
check(
  'misaligned for an interlocked operation',
  'static char b[16]; _InterlockedIncrement((long *)(b + 1)); printf("%d", b[1]);',
  '1',
  ['warning misaligned-access'],
);
check('what changes the processor is named', '__writecr0(__readcr0());', '', ['error not-emulated']);
