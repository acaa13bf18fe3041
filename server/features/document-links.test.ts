import assert from 'node:assert/strict';
import test from 'node:test';
import { type DocumentLink, documentLinks } from './document-links.ts';
import { analyse } from './testing.ts';

test('headers that are there, own and bundled', () => {
  const { analysis } = analyse(
    '#include <wsk.h>\n# include "my.h" // my.h\n#include "gone.h"\n#define X "my.h"\n#include X\n#include\nint a;\n//- my.h\n#include <ntddk.h>\n',
  );
  assert.deepEqual(documentLinks(analysis).map(shown), ['wsk.h wsk-headers:wsk.h', 'my.h my.h']);
});

test('rules that a mark allows to be broken, in comments and in pragmas, and no word that is none', () => {
  const { analysis } = analyse(
    '// wsk-lint: allow irp-leak, mdl-leak kept by the queue\nint a; /* wsk-lint: deny irp-leak */\n' +
      '#pragma region wsk-lint: allow socket-leak closed below\nint b;\n#pragma endregion\nchar c[] = "wsk-lint: allow irp-leak";\n',
  );
  assert.deepEqual(documentLinks(analysis).map(shown), [
    'irp-leak rule irp-leak',
    'mdl-leak rule mdl-leak',
    'socket-leak rule socket-leak',
  ]);
});

function shown({ span, target }: DocumentLink): string {
  const text = span.file.text.slice(span.start, span.end);
  return target.kind === 'file' ? `${text} ${target.file.path}` : `${text} rule ${target.id}`;
}
