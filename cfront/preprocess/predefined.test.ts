/** What is defined before the first line, and what an edition of C changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CStandard } from '../unit.ts';
import { printed, read, type Setup, shownProblem } from './testing.ts';

function check(text: string, expected: string, setup: Setup = {}): void {
  const { result } = read(text, setup);
  assert.equal(printed(result.tokens), expected, `${setup.standard} ${text}`);
  assert.deepEqual(result.problems.map(shownProblem), []);
}

test('a debug build for x64 with the WDK', () => {
  check('_AMD64_ AMD64 _M_AMD64 _M_X64 _WIN64 _WIN32', '1 1 100 100 1 1');
  check('NTDDI_VERSION _WIN32_WINNT WINVER WINNT DBG POOL_NX_OPTIN', '0x0A00000C 0x0A00 0x0A00 1 1 1');
  check('DEPRECATE_DDK_FUNCTIONS MSC_NOOPT _KERNEL_MODE', '1 1 1');
  check('_MSC_VER _MSC_FULL_VER _MSC_EXTENSIONS _INTEGRAL_MAX_BITS', '1940 194033811 1 64');
});

test('what only old build environments or user mode define is not there', () => {
  for (const name of ['WIN32', 'STD_CALL', 'CONDITION_HANDLING', 'UNICODE', '_DEBUG', '__cplusplus', '__GNUC__']) {
    check(`#ifdef ${name}\nyes\n#else\nno\n#endif`, 'no');
  }
});

test('each can be taken away', () => {
  for (const name of ['_AMD64_', 'DBG', 'NTDDI_VERSION', '_MSC_VER', '__STDC_VERSION__', '__COUNTER__']) {
    check(`#ifdef ${name}\nyes\n#else\nno\n#endif`, 'no', { undefines: [name], standard: 'c11' });
  }
});

test('the edition of C', () => {
  const versions: readonly (readonly [CStandard | undefined, string])[] = [
    [undefined, '__STDC_VERSION__ __STDC__ 1'],
    ['c89', '__STDC_VERSION__ __STDC__ 1'],
    ['c99', '199901L 1 1'],
    ['c11', '201112L 1 0'],
    ['c17', '201710L 1 0'],
    ['c23', '202311L 1 0'],
  ];
  for (const [standard, expected] of versions) {
    check('__STDC_VERSION__ __STDC__ _MSVC_TRADITIONAL', expected, standard === undefined ? {} : { standard });
  }
});

test('the traditional preprocessor drops the comma before empty arguments, the conforming one as gcc does', () => {
  const text =
    '#define F(f,...) p(f, __VA_ARGS__)\n#define G(f,...) p(f, ##__VA_ARGS__)\n#define H(...) p(0, ##__VA_ARGS__)\n' +
    'F(1) F(1,) F(1,2) G(1) G(1,) G(1,2) H() H(1)';
  check(text, 'p(1) p(1) p(1, 2) p(1) p(1) p(1,2) p(0) p(0,1)');
  check(text, 'p(1, ) p(1, ) p(1, 2) p(1) p(1,) p(1,2) p(0) p(0,1)', { standard: 'c17' });
});

test('the compiler’s own macros stay as they are', () => {
  const { result } = read('#define __LINE__ 7\n#undef __FILE__\n__LINE__ __FILE__');
  assert.equal(printed(result.tokens), '3 "main.c"');
  assert.deepEqual(result.problems.map(shownProblem), [
    '1:9 "__LINE__" reserved-macro',
    '2:8 "__FILE__" reserved-macro',
  ]);
});

test('what a file is called', () => {
  check('#line 3 "z.c"\n__FILE__ __BASE_FILE__ __INCLUDE_LEVEL__', '"z.c" "main.c" 0');
  check('#include "x.h"\n__FILE__', '"x.h" "main.c" 1 "main.c"', {
    headers: { 'x.h': '__FILE__ __BASE_FILE__ __INCLUDE_LEVEL__' },
  });
});
