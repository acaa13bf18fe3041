/** An outline that is made of an older one is the one that the unit's declarations would give. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceFile } from '../../../base/source.ts';
import { withHeaders } from '../../../catalog/testing/reading.ts';
import { createReader } from '../../../cfront/typing/reader.ts';
import { movedOutline } from './moved-outline.ts';
import { outlineOf } from './outline.ts';

const driver = `#include <ntddk.h>
#define LIMIT 4
typedef struct _CTX { ULONG Value; } CTX;
static ULONG Table[LIMIT];
VOID First(CTX *C) { C->Value = 1; }
VOID Second(CTX *C)
{
#if DBG
  C->Value = 2;
#endif
  First(C);
}
/* Of the third,
   in two lines. */

#define MORE 5
#if LIMIT > 4
#define LEFT_OUT 1
VOID Out(VOID);
#endif

VOID Third(VOID) { Table[0] = MORE; }
`;

/** What stands there, what takes its place, and whether the outline of the text before is of use. */
const rows: readonly (readonly [from: string, to: string, isOfUse: boolean])[] = [
  ['C->Value = 1;', '', true],
  ['C->Value = 1;', '/* not now */ C->Value = 3;', true],
  ['First(C);', 'if (C != NULL) {\n    First(C);\n  }', true],
  ['C->Value = 2;', 'C->Value = 22;', true],
  ['#if DBG', '#if 0', true],
  ['Table[0] = MORE;', 'Table[1] = MORE + 1;', true],
  ['Table[0] = MORE;', 'Table[1] = (', true],
  // Nothing but places.
  ['Of the third', 'Of the', true],
  ['two lines. */\n', 'two\n lines. */\n', true],
  ['*/\n\n#define', '*/\n\n\n  \n#define', true],
  ['#endif\n\nVOID', '#endif\nVOID', true],
  ['VOID Out(VOID);', '#define OUT 2\nVOID Out(ULONG', true],
  // What is declared, a directive, a body that ends elsewhere.
  ['ULONG Value;', 'ULONG Value, More;', false],
  ['LIMIT 4', 'LIMIT 5', false],
  ['C->Value = 1; }', 'C->Value = 1; } VOID Own(VOID) {}', false],
  ['#define MORE 5', 'VOID\n#define MORE 5', false],
];

for (const [from, to, isOfUse] of rows) {
  test(`${from} becomes ${to}`, () => {
    const reader = createReader();
    const before = outlineOf(reader.read(sourceFile('driver.c', driver), withHeaders));
    const unit = reader.read(
      sourceFile(
        'driver.c',
        driver.replace(from, () => to),
      ),
      withHeaders,
    );
    const moved = movedOutline(before, unit);
    assert.equal(moved !== undefined, isOfUse);
    const whole = outlineOf(unit);
    if (moved === undefined) return;
    assert.deepEqual(moved.outline.parts.map(plain), whole.outline.parts.map(plain));
    assert.equal(moved.outline.includesEnd, whole.outline.includesEnd);
    const bodies = ({ outline, definitions }: typeof whole) => outline.parts.map((part) => definitions.get(part));
    assert.ok(bodies(moved).every((definition, i) => definition === bodies(whole)[i]));
  });
}

function plain({ start, end, names, kind, body, isOpen }: ReturnType<typeof outlineOf>['outline']['parts'][number]) {
  return { start, end, names, kind, body, isOpen };
}
