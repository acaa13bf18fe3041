import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocLink } from '../page.ts';
import { inlineMarkdown, itemHeading, plainText } from './inline.ts';

const cases: readonly (readonly [source: string, markdown: string, why: string])[] = [
  ['The \n  <b>LampOn</b> function', 'The **LampOn** function', 'hard wraps are spaces'],
  ['a<b> b </b>c', 'a **b** c', 'spaces stand outside of marks'],
  ['a <b></b>b <i> </i>c', 'a b c', 'empty emphasis goes'],
  ['<b>a</b><b>b</b>', '**ab**', 'adjoining emphasis is one'],
  ['<b>ExAllocate<i>Xxx</i></b>', '**ExAllocate*Xxx***', 'emphasis nests'],
  ['<b>a', '**a**', 'emphasis ends with its paragraph'],
  ['a</b> c', 'a c', 'an end without a start goes'],
  ['&lt;= X &amp; &#39;y&#x27;&nbsp;z', "<= X & 'y' z", 'references are characters'],
  ['&WskAppDispatch; &amp', '&WskAppDispatch; &amp', 'what is no reference stays'],
  ['a <= b < c <d', 'a <= b < c \\<d', 'a < before a letter is escaped'],
  ['LIST<[LAMP](x.md)>', 'LIST\\<LAMP>', 'a < before a link is escaped'],
  ['<ntddk.h> and <FileName>', '\\<ntddk.h> and \\<FileName>', 'placeholders are no tags'],
  ['WSK\\_SOCKET \\[in\\] \\# 1', 'WSK_SOCKET [in] # 1', 'escapes that Markdown does not need go'],
  ['a \\* b', 'a \\* b', 'an escaped star stays escaped'],
  ['[**WSK\\_X**](x.md)', '**WSK_X**', 'a link is its text'],
  ['[a](b(v=vs.85).md "title") c', 'a c', 'targets hold parentheses and titles'],
  ['[a](</b c>) [d](<e> "title") [f](<no', 'a d [f](\\<no', 'targets in angle brackets'],
  ['[Lamps\nand more](/x)', 'Lamps and more', 'link texts wrap'],
  ['![a lamp](x.png)', '[a lamp]', 'an image is its text'],
  [
    'See: :::image type="content" source="images/a:b.svg" alt-text="A [big] lamp.":::.',
    'See: [A big lamp.].',
    'a picture of docfx is its text',
  ],
  [
    ':::image type="complex" source="x.png" alt-text="Lamp":::\nWords.\n:::image-end:::',
    '[Lamp] Words.',
    'and what stands in it',
  ],
  ['[!div class="nextstepaction"] Go on', 'Go on', 'a division of the layout'],
  ['When :::no-loc text="sleep, or":::, or :::row:::b', 'When sleep, or, or b', 'words that are not translated'],
  ['[!include[Old Lamps](../includes/old.md)]\na [!INCLUDE [x y](z.md)]b', 'a b', 'includes stand elsewhere'],
  ['[!VIDEO https://v.test/x] [!VIDEO 7c679c97-e011]', 'https://v.test/x', 'a video is its address'],
  ['[!NOTE]\nMind it', '**Note** Mind it', 'a note without its quotation'],
  ['use !obtrace or [!x] and a ::: b', 'use !obtrace or [!x] and a ::: b', 'what is like it stays'],
  ['[a] and [b](no', '[a] and [b](no', 'what is no link stays'],
  ['<a href="x">\n   Name</a>, or', 'Name, or', 'anchors wrap'],
  ['(\n  <a href="x">Name</a>)', '(Name)', 'no space after a parenthesis'],
  ['`a <b> &lt; *c*` d', '`a <b> < *c*` d', 'code is left alone'],
  ['``a`b``', '``a`b``', 'code with backticks'],
  [
    '_Irp_ but _In_ and _WSK_BUF and a_b_',
    '*Irp* but `_In_` and _WSK_BUF and a_b_',
    'underscores: emphasis, SAL, names',
  ],
  ['the **_Use_decl_annotations_** word', 'the **`_Use_decl_annotations_`** word', 'a SAL word keeps its ends'],
  ['a<br>b  \nc', 'a\nb\nc', 'line breaks'],
  ['2<sup>32</sup>', '2^32', 'powers'],
  ['<!-- gone -->a<!-- open', 'a', 'comments'],
  ['<https://x.test/y> z', 'https://x.test/y z', 'addresses'],
  ['a<text></text><span class="x">b</span>', 'ab', 'other tags go, their text stays'],
  ['<td data-raw-source="[&lt;b&gt;x](y)">z', 'z', 'markup inside of attributes'],
  ['<a href="x>y</a>', 'y', 'a quote that is never closed'],
];

for (const [source, markdown, why] of cases) {
  test(`inline: ${why}`, () => assert.equal(inlineMarkdown(source), markdown));
}

test('targets of links are collected', () => {
  const links: DocLink[] = [];
  inlineMarkdown('[**A**](a.md) <a href="b">\n B</a> [c]', links);
  assert.deepEqual(links, [
    { text: 'A', target: 'a.md' },
    { text: 'B', target: 'b' },
  ]);
});

test('plain text has no marks', () => {
  assert.equal(plainText('**a** *b* `c` 2 * 3 \\<d> \\*'), 'a b c 2 * 3 <d> *');
});

test('headings of items keep underscores', () => {
  assert.equal(itemHeading('<i>_x_</i> [in,\n out]'), '_x_ [in, out]');
  assert.equal(itemHeading('<a id="A"></a>A\\_B'), 'A_B');
});
