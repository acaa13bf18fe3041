/** The places of members that lint counts on are those of the bundled headers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INCLUDES, parse } from '../../testing.ts';
import { OFFSET } from './layout.ts';

/** What the front end says of assertions that each member lies where it is said to lie. */
function complaints(offsets: Readonly<Record<string, number>>): readonly string[] {
  const lines = Object.entries(offsets).map(([name, bytes]) => {
    const [record, ...path] = name.split('.');
    return `_Static_assert(__builtin_offsetof(struct ${record}, ${path.join('.')}) == ${bytes}, "${name}");`;
  });
  return parse('layout.c', `${INCLUDES}#include <d4drvif.h>\n${lines.join('\n')}\n`).problems.map((one) => one.message);
}

test('each member lies where the headers have it', () => {
  assert.deepEqual(complaints(OFFSET), []);
  assert.equal(complaints({ '_IRP.UserBuffer': 0x78 }).length, 1);
});
