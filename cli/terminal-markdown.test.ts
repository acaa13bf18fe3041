/** Markdown in a terminal: marks, colours, and the ends of lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminalText } from './terminal-markdown.ts';

test('marks go, code is set in, links show where they lead', () => {
  const cases: [string, string][] = [
    ['## Why\n\nBecause.', 'Why\n\nBecause.'],
    ['**IRQL** \u2264 2  \nnext', 'IRQL \u2264 2\nnext'],
    ['```c\nint a;\n\n```\nb', '    int a;\n\nb'],
    ['see [a page](https://x.y/z_1) or `code`', 'see a page <https://x.y/z_1> or `code`'],
    ['one \\* two', 'one * two'],
  ];
  for (const [markdown, text] of cases) assert.equal(terminalText(markdown, false), text);
  assert.match(terminalText('`a` **b**', true), /36ma.*1mb/);
});

test('prose ends between words where the terminal does, code keeps its lines', () => {
  const cases: [string, number, string][] = [
    ['aaa bbb ccc ddd', 7, 'aaa bbb\nccc ddd'],
    ['- `A B`: ccc ddd', 9, '- `A B`:\n  ccc ddd'],
    ['[two words](https://x.y) end', 6, 'two words <https://x.y>\nend'],
    ['```\nint a = 12345;\n```', 6, '    int a = 12345;'],
    ['longerthanallthat b', 5, 'longerthanallthat\nb'],
  ];
  for (const [markdown, width, text] of cases) assert.equal(terminalText(markdown, false, width), text);
});
