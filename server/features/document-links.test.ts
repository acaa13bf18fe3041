import assert from 'node:assert/strict';
import test from 'node:test';
import { documentLinks } from './document-links.ts';
import { analyse } from './testing.ts';

test('headers that are there, own and bundled', () => {
  const { analysis } = analyse(
    '#include <wsk.h>\n# include "my.h" // my.h\n#include "gone.h"\n#define X "my.h"\n#include X\n#include\nint a;\n//- my.h\n#include <ntddk.h>\n',
  );
  assert.deepEqual(
    documentLinks(analysis).map(({ span, target }) => `${span.file.text.slice(span.start, span.end)} ${target.path}`),
    ['wsk.h wsk-headers:wsk.h', 'my.h my.h'],
  );
});
