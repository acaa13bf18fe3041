/** Formats against arguments: what each conversion takes, and what is nobody's mistake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '../testing.ts';

const before = `
typedef unsigned short wchar_t;
typedef struct _UNICODE_STRING { unsigned short Length, MaximumLength; wchar_t *Buffer; } UNICODE_STRING, *PUNICODE_STRING;
typedef struct _STRING { unsigned short Length, MaximumLength; char *Buffer; } ANSI_STRING;
typedef union _LARGE_INTEGER { __int64 QuadPart; } LARGE_INTEGER;
int print(_In_z_ _Printf_format_string_ const char *format, ...);
int wprint(int level, _Printf_format_string_ const wchar_t *format, ...);
int other(const char *format, ...);
enum e { E };
struct bits { unsigned __int64 few : 9, many : 40; unsigned small : 3; } bits;
void f(PUNICODE_STRING u, UNICODE_STRING v, ANSI_STRING a, __int64 q, void *p, wchar_t *w, const char *s, unsigned long n,
       LARGE_INTEGER li, unsigned char b, double d, enum e e, unsigned short h) {
`;

const cases: readonly (readonly [call: string, messages: string])[] = [
  ['print("%d %i %o %u %x %X %c %ld %hd %hhx", n, b, e, h, n, n, b, n, h, b);', ''],
  ['print("%I64d %lld %Iu %zu %jd %td %I32d", q, q, q, q, q, q, n);', ''],
  ['print("%5.2f %-*d %.*s %% %p %p", d, 3, n, 4, s, p, q);', ''],
  ['print("%s %hs %S %ls %ws", s, s, w, w, w); wprint(0, L"%s %S %hs %ws", w, s, s, w);', ''],
  ['print("%wZ %Z %lZ", u, &a, &v); wprint(1, L"%wZ %Z", u, u); print("%wZ %s", p, p);', ''],
  ['print("%I64d %x %p %f", li, li, li, li); print("%y", 1, 2); print(s, 1); other("%s", 1); print("%n", &n);', ''],
  ['print("%llx %d %lld %d", bits.few, bits.few, bits.many, bits.small);', ''],
  ['print("%lld", bits.small);', "'%lld' wants an integer of 8 bytes; this is 'unsigned int'."],
  ['print("%s", nobody); print("%d", nobody);', 'error'],
  [
    'print("%s", unseen(1));',
    "'unseen' is not declared; it is taken for a function that returns int. No bundled header has it: include the header of yours that declares it.",
  ],
  ['print("%d", q);', "'%d' wants an integer of 4 bytes; this is 'long long'."],
  ['print("%I64d", n);', "'%I64d' wants an integer of 8 bytes; this is 'unsigned long'."],
  ['print("%x", p);', "'%x' wants an integer of 4 bytes; this is 'void *'."],
  ['print("%p", b);', "'%p' wants a pointer; this is 'unsigned char'."],
  ['print("%f", n);', "'%f' wants a floating-point number; this is 'unsigned long'."],
  ['print("%d", d);', "'%d' wants an integer of 4 bytes; this is 'double'."],
  ['print("%s", u);', "'%s' wants a pointer to characters of 1 byte; this is 'PUNICODE_STRING'."],
  ['print("%s", w);', "'%s' wants a pointer to characters of 1 byte; this is 'wchar_t *'."],
  ['wprint(0, L"%s", s);', "'%s' wants a pointer to characters of 2 bytes; this is 'const char *'."],
  ['print("%s", n);', "'%s' wants a pointer to characters of 1 byte; this is 'unsigned long'."],
  ['print("%wZ", v);', "'%wZ' wants a pointer to UNICODE_STRING; this is 'UNICODE_STRING'."],
  ['print("%Z", u);', "'%Z' wants a pointer to STRING; this is 'PUNICODE_STRING'."],
  ['print("%wZ", w);', "'%wZ' wants a pointer to UNICODE_STRING; this is 'wchar_t *'."],
  ['print("%*d", q, n);', "'*' wants an integer of 4 bytes; this is 'long long'."],
  ['print("%d %d", n);', 'The format of print wants 2 arguments, only 1 follows.'],
  ['print("%d");', 'The format of print wants 1 argument, none follows.'],
  ['print("%d" "%d", n, n, n);', 'The format of print uses only 2 of 3 arguments.'],
  ['print("", n);', 'The format of print uses no argument.'],
  ['\n#pragma warning(disable: 4477)\nprint("%d", q);', ''],
];

for (const [call, messages] of cases) {
  test(call, () => {
    const { problems } = parse(`${before}${call}\n}\n`);
    const shown = problems.map(({ severity, message }) => (severity === 'warning' ? message : severity));
    assert.equal(shown.join(' '), messages);
  });
}
