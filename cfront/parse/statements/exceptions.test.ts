/** `__try` in all its nestings, and the questions about exceptions only where they have an answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, shownProblems } from '../testing.ts';

const cases: readonly (readonly [body: string, problems: string])[] = [
  ['__try { i = 1; __leave; } __except (1) { i = 2; }', ''],
  [
    '__try { __try { __leave; } __finally { i = 1; } } __except (GetExceptionCode() == 5 ? 1 : 0) { i = GetExceptionCode(); }',
    '',
  ],
  ['__try { } __except (f(GetExceptionCode(), GetExceptionInformation())) { }', ''],
  ['__try { } __finally { if (AbnormalTermination()) i = 1; }', ''],
  ['__try { } __except (1) { __try { } __finally { i = GetExceptionCode() + AbnormalTermination(); } }', ''],
  ['__try { for (;;) { if (i) __leave; break; } } __finally { }', ''],
  ['_try { _leave; } _finally { }', ''],
  ['i = GetExceptionCode();', '1:5 error misplaced-intrinsic'],
  ['__try { i = _exception_code(); } __except (1) { }', '1:13 error misplaced-intrinsic'],
  ['__try { } __except (1) { GetExceptionInformation(); }', '1:26 error misplaced-intrinsic'],
  ['__try { } __except (AbnormalTermination()) { }', '1:21 error misplaced-intrinsic'],
  ['__try { } __finally { GetExceptionCode(); }', '1:23 error misplaced-intrinsic'],
  ['__leave;', '1:1 error misplaced-jump'],
  ['__try { } __finally { __leave; }', '1:23 error misplaced-jump'],
  ['__try { }', '1:9 error expected-token'],
  ['__except (1) { }', '1:1 error unexpected-token'],
];

for (const [body, problems] of cases) {
  test(body, () =>
    assert.equal(
      shownProblems(parse(`#define BODY\nint i; int f(int, void *); void g(void) {\n${body}\n}`))
        .replace(/\b3:/g, '1:')
        .replace(/\b4:/g, '2:'),
      problems,
    ),
  );
}
