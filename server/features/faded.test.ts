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

const mapping = 'void *f(PMDL m) { return MmMapLockedPages(m, KernelMode); }\n';

test('functions that Microsoft advises against, with the advice', () => {
  check(mapping, 'deprecated MmMapLockedPages');
  const [first] = faded(analyse(INCLUDES + mapping).analysis);
  assert.match(first?.message ?? '', /^MmMapLockedPages is deprecated\. .*MmMapLockedPagesSpecifyCache/);
  check('void *g(PMDL m) { return MmMapLockedPagesSpecifyCache(m, KernelMode, MmCached, NULL, FALSE, 0); }\n');
  // A rule of lint tells of these.
  check('void *h(void) { return ExAllocatePoolWithTag(NonPagedPoolNx, 8, 1); }\n');
});

test('only where the name is that function', () => {
  check('/* MmMapLockedPages */\nchar *s = "MmMapLockedPages";\n');
  check('struct S { int MmMapLockedPages; };\nint f(struct S *s) { return s->MmMapLockedPages; }\n');
});

test('not where the compiler shall not tell of it, nor where what replaces it does not exist', () => {
  check(`#pragma warning(disable : 4996)\n${mapping}`);
  check(`#pragma warning(push)\n#pragma warning(disable: 4054 4996)\n${mapping}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT 0x0601\n${mapping}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT _WIN32_WINNT_WIN7\n${mapping}`);
  check(`#undef _WIN32_WINNT\n#define _WIN32_WINNT 0x0A00\n${mapping}`, 'deprecated MmMapLockedPages');
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
