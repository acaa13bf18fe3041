/** Fixes of the preprocessor's problems: the text before and after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyFix } from '../testing.ts';
import { read } from './testing.ts';

const cases: readonly (readonly [before: string, after: string])[] = [
  ['#inlcude <x.h>', '#include <x.h>'],
  ['#defin A 1', '#define A 1'],
  ['#pargma once', '#pragma once'],
  ['#if 1\n#elseif 2\n#endif', '#if 1\n#elif 2\n#endif'],
  ['#if 1\na', '#if 1\na\n#endif\n'],
  ['#if 0\na\n', '#if 0\na\n#endif\n'],
  ['#if 1\n#endif X', '#if 1\n#endif // X'],
  ['#if 0\n#else if 1\n#endif', '#if 0\n#elif 1\n#endif'],
  ['#if DBG = 1\n#endif', '#if DBG == 1\n#endif'],
  ['#if (DBG && (1)\n#endif', '#if (DBG && (1))\n#endif'],
  ['#if DBG)\n#endif', '#if DBG\n#endif'],
  ['#include x.h', '#include "x.h"'],
  ['#include <sys/x.h', '#include <sys/x.h>'],
  ['#include "x.h', '#include "x.h"'],
  ['#define A 1\n#define A 2', '#define A 1\n#undef A\n#define A 2'],
  ['#pragma once me', '#pragma once // me'],
  ['f("abc);', 'f("abc");'],
  ['x = "abc', 'x = "abc"'],
  ["c = 'a;", "c = 'a';"],
  ['a \\ \nb', 'a \\\nb'],
  ['f(\u201ca\u201d, \u2018b\u2019, 5 \u2013 2); // \u2013', 'f("a", \'b\', 5 - 2); // \u2013'],
  ['int\u00a0a\u00a0;\n\u00a0\u2003int b; // \u00a0', 'int a ;\n  int b; // \u00a0'],
];

test('fixes', () => {
  const headers = { 'x.h': '', 'sys/x.h': '' };
  for (const [before, after] of cases) {
    const { problems } = read(before, { headers }).result;
    assert.deepEqual(
      problems.map(({ fix }) => fix !== undefined),
      [true],
      `${before}: ${problems.map(({ message }) => message).join(' ')}`,
    );
    assert.equal(applyFix(before, problems[0]?.fix), after);
    assert.deepEqual(read(after, { headers }).result.problems, [], after);
  }
});
