import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointerTypeOf } from '../cfront/table-functions.ts';
import { declaringHeaders } from './declaring-headers.ts';
import { driverCounterpart, programNames } from './program-names.ts';
import { catalog } from './testing/reading.ts';

test('names for programs are declared by no bundled header, what drivers have in their place by one', () => {
  const declared = declaringHeaders(catalog);
  assert.deepEqual(
    programNames.filter((name) => declared.has(name)),
    [],
  );
  assert.ok(programNames.length > 100);
  const words = programNames.flatMap((name) => driverCounterpart(name)?.match(/\w*[A-Z]\w+/g) ?? []);
  // WSK's functions are members of tables, whose types are declared.
  assert.deepEqual(
    [...new Set(words)].filter((word) => !declared.has(word) && !declared.has(pointerTypeOf(word))),
    [],
  );
});
