import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  const typeOf = (word: string): string => `PFN_${word.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
  assert.deepEqual(
    [...new Set(words)].filter((word) => !declared.has(word) && !declared.has(typeOf(word))),
    [],
  );
});
