import assert from 'node:assert/strict';
import test from 'node:test';
import { faded } from './faded.ts';
import { analyse, INCLUDES } from './testing.ts';

/** Each as `tag text`, lines joined. */
function check(fixture: string, ...expected: readonly string[]): void {
  const { analysis } = analyse(INCLUDES + fixture);
  const found = faded(analysis).map(({ span, tag }) => {
    return `${tag} ${span.file.text.slice(span.start, span.end).trim().replace(/\s+/g, ' ')}`;
  });
  assert.deepEqual(found, expected);
}

const allocation = 'void *f(void) { return ExAllocatePoolWithTag(NonPagedPoolNx, 8, 1); }\n';

test('functions that Microsoft advises against, with the advice', () => {
  check(allocation, 'deprecated ExAllocatePoolWithTag');
  const [first] = faded(analyse(INCLUDES + allocation).analysis);
  assert.match(first?.message ?? '', /^ExAllocatePoolWithTag is deprecated\. .*ExAllocatePool2/);
  check('void *g(void) { return ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, 1); }\n');
});

test('only where the name is that function', () => {
  check('/* ExAllocatePoolWithTag */\nchar *s = "ExAllocatePoolWithTag";\n');
  check('struct S { int ExAllocatePoolWithTag; };\nint f(struct S *s) { return s->ExAllocatePoolWithTag; }\n');
});

test('not where the compiler shall not tell of it, nor where what replaces it does not exist', () => {
  check(`#pragma warning(disable : 4996)\n${allocation}`);
  check(`#pragma warning(push)\n#pragma warning(disable: 4054 4996)\n${allocation}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT 0x0601\n${allocation}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT _WIN32_WINNT_WIN7\n${allocation}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT 0x0A00\n${allocation}`, 'deprecated ExAllocatePoolWithTag');
});

test('what conditions leave out, unless a missing header may decide', () => {
  check('#if 0\nint a;\n#else\nint b;\n#endif\n', 'unnecessary int a;');
  check('#include "missing.h"\n#if 0\nint a;\n#endif\n');
  check('#if 1\n#else\n\n#endif\n');
});

test('statements that nothing gets to', () => {
  check('int f(int n) { return n; n++; n--; }\n', 'unnecessary n++; n--;');
  check('int f(int n) { goto out; n++; out: return n; }\n', 'unnecessary n++;');
  check('int f(int n) { while (n) { if (n) { continue; n--; } break; } return n; }\n', 'unnecessary n--;');
  check(
    'int f(int n) { switch (n) { case 1: { return 1; break; } default: n = 2; break; case 3: n = 4; } return n; }\n',
  );
  check('int f(int n) { return n; { n = 1; again: n = 2; } }\n');
  check('int f(int n) { return n; ; }\n');
});
