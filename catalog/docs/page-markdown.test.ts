/** Rendering, and the light reading that the index is made of: on pages written here, and on all of the corpus. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { cutMarkdown } from './cut-markdown.ts';
import { readPageHead } from './head.ts';
import { hoverMarkdown, pageMarkdown } from './page-markdown.ts';
import { readDocPage } from './read.ts';
import { blocksOf, relinked } from './relink.ts';

const corpus = path.join(process.env['WSK_ROOT'] ?? '.', '../shared/docs-corpus');

const text = `---
UID: NS:gauge._GAUGE
title: GAUGE (gauge.h)
description: Learn more about: GAUGE
req.header: gauge.h
req.typenames: GAUGE, *PGAUGE
---

# GAUGE structure

## -description

The <b>GAUGE</b> structure is read by <a href="nf-gauge-gaugeread.md">GaugeRead</a>, and <i>this topic</i>:
see <a href="/windows-hardware/drivers/kernel/x">this topic</a>. GaugeRead &gt; all.

## -struct-fields

### -field Level

The level, a &lt;ULONG&gt;.

### -field Mode

#### GAUGE_FAST

Fast | wrong.

## -remarks

| A | B |
| --- | --- |
| <b>x</b> | y |

\`\`\`cpp
GaugeRead(a<b>c);
\`\`\`
`;
const page = readDocPage('/d/wdk-ddi-src/content/gauge/ns-gauge-_gauge.md', text);
const link = '[GaugeRead](https://learn.microsoft.com/windows-hardware/drivers/ddi/gauge/nf-gauge-gaugeread)';

test('a hover without facts of ours tells the members too', () => {
  const markdown = hoverMarkdown(page, { hasFacts: false });
  for (const expected of [
    `read by ${link}`,
    '`gauge.h`',
    '- `Level`: The level, a \\<ULONG>.',
    '| **x** | y |',
    'GaugeRead(a<b>c);',
  ])
    assert.ok(markdown.includes(expected), `${markdown}\nlacks ${expected}`);
  assert.ok(!markdown.includes('Learn more'));
  assert.ok(!hoverMarkdown(page, { hasFacts: true }).includes('`Level`'));
});

test('values stand behind what announces them, and a list keeps its notes', () => {
  const lamp = readDocPage(
    '/d/wdk-ddi-src/content/lamp/nf-lamp-lampopen.md',
    `---
UID: NF:lamp.LampOpen
title: LampOpen function (lamp.h)
description: Opens a lamp.
req.header: lamp.h
---

## -description

Opens.

## -parameters

### -param Kind

One of:

| Value | Meaning |
| --- | --- |
| LAMP_BIG | Big. |
| LAMP_SMALL | Small. |

## -returns

It returns STATUS_SUCCESS, or one of these:

| Return code | Description |
| --- | --- |
| STATUS_DARK | No light. |

There may be others.

## -remarks

1. Open it.

    > [!NOTE]
    > Mind the fuse.

2. Close it.
`,
  );
  const all = pageMarkdown(lamp);
  assert.match(all, /one of these:\n\n- \*\*STATUS_DARK\*\*: No light\.\n\nThere may be others\./);
  assert.match(all, /1\. Open it\.\n\n {3}> \*\*Note\*\* Mind the fuse\.\n2\. Close it\./);
  assert.match(hoverMarkdown(lamp, { hasFacts: false }), /- `Kind`: One of: \*\*LAMP_BIG\*\*, \*\*LAMP_SMALL\*\*/);
});

test('a control request: the names of its parameters, and nothing twice', () => {
  const option = readDocPage(
    '/d/windows-driver-docs-pr/network/so-lamp.md',
    `---
title: SO_LAMP
description: SO_LAMP
---

# SO_LAMP

The SO_LAMP socket option lights it. To light it, a WSK application calls the [**WskControlSocket**](/x) function with the following parameters.

| Parameter | Value |
| --- | --- |
| *RequestType* | **WskSetOption** |
| *ControlCode* | SO_LAMP |
| *Irp* | NULL |

A WSK application does not specify a pointer to an IRP for [**WskControlSocket**](/x).
`,
  );
  assert.equal(option.requests.length, 1);
  const markdown = hoverMarkdown(option, { hasFacts: false });
  assert.match(markdown, /\| RequestType \| WskSetOption \|\n\| ControlCode \| SO_LAMP \|/);
  for (const once of [/following parameters/g, /does not specify/g]) {
    assert.equal((markdown.match(once) ?? []).length, 1, markdown);
  }
});

test('the table of each request stands behind the sentence that announces it', () => {
  const table = (type: string): string =>
    `| Parameter | Value |\n| --- | --- |\n| *RequestType* | **${type}** |\n| *ControlCode* | SO_LAMP |\n`;
  const option = readDocPage(
    '/d/windows-driver-docs-pr/network/so-lamp.md',
    `---\ntitle: SO_LAMP\ndescription: SO_LAMP\n---\n\n# SO_LAMP\n\nA lamp. To light it, WskControlSocket is called so:\n\n${table('WskSetOption')}
To look at it, WskControlSocket is called so:\n\n${table('WskGetOption')}\nIt is dark at first.\n`,
  );
  for (const markdown of [pageMarkdown(option), hoverMarkdown(option, { hasFacts: true })]) {
    assert.match(markdown, /To light it[\s\S]*WskSetOption[\s\S]*To look at it[\s\S]*WskGetOption[\s\S]*dark at first/);
    assert.doesNotMatch(markdown, /\*\*Remarks\*\*/);
  }
});

test('a member alone', () => {
  assert.match(
    hoverMarkdown(page, { hasFacts: true, member: 'Mode' }),
    /^\*\*Mode\*\* in \[[\s\S]*- \*\*GAUGE_FAST\*\*: Fast \| wrong\.$/,
  );
  assert.equal(hoverMarkdown(page, { hasFacts: true, member: 'Other' }), '');
});

test('a member that is announced by a colon is told with what follows', () => {
  const withMode = (below: string): string =>
    hoverMarkdown(
      readDocPage('/d/m.md', text.replace('The level, a &lt;ULONG&gt;.', `The level, one of these:\n\n${below}`)),
      { hasFacts: false },
    );
  assert.match(
    withMode('- **GAUGE_LOW**\n\n    below.\n\n- GAUGE_HIGH: above.'),
    /`Level`: The level, one of these: \*\*GAUGE_LOW\*\*, \*{0,2}GAUGE_HIGH\b/,
  );
  assert.match(withMode('- It rises.\n- It falls.'), /`Level`: The level, one of these: …\n/);
});

test('a page is titled as people call what it is about', () => {
  const send = readDocPage(
    '/d/s.md',
    text
      .replaceAll('NS:gauge._GAUGE', 'NC:gauge.PFN_GAUGE_READ')
      .replace('title: GAUGE', 'title: PFN_GAUGE_READ')
      .replace('The <b>GAUGE</b> structure', 'The <b>GaugeRead</b> function'),
  );
  assert.match(pageMarkdown(send), /^# GaugeRead: PFN_GAUGE_READ \(gauge\.h\)\n/);
});

test('the whole page', () => {
  const markdown = pageMarkdown(page);
  assert.match(markdown, /^# GAUGE \(gauge\.h\)\n\n`gauge\.h` · \[On learn\.microsoft\.com\]\(https:/);
  for (const heading of ['## Members', '### `Level`', '## Remarks', '## Requirements'])
    assert.ok(markdown.includes(`\n${heading}\n`), heading);
});

test('cells of several columns and rows leave those behind and below them in their places', () => {
  const rows = [
    '<tr><th colspan="2" rowspan="2">Second</th><th colspan="4">First</th></tr>',
    '<tr><td colspan="2">A</td><td colspan="2">B</td></tr>',
    '<tr><td rowspan="2">C</td><td>d</td><td>1</td><td>2</td><td>3</td><td>4</td></tr>',
    '<tr><td>e</td><td>5</td><td>6</td><td>7</td><td>8</td></tr>',
  ];
  const markdown = pageMarkdown(
    readDocPage('/d/t.md', `---\ntitle: t\n---\n\n# t\n\n<table>${rows.join('')}</table>\n`),
  );
  assert.deepEqual(
    markdown.split('\n').filter((line) => line.startsWith('|')),
    [
      '| Second |  | First |  |  |  |',
      '| --- | --- | --- | --- | --- | --- |',
      '| Second |  | A |  | B |  |',
      '| C | d | 1 | 2 | 3 | 4 |',
      '| C | e | 5 | 6 | 7 | 8 |',
    ],
  );
});

test('code in a cell is code on one line', () => {
  const cell = '<pre><code>\n  &lt;Lamp&gt;\n    on\n</code></pre>';
  const guide = `---\ntitle: t\n---\n\n# t\n\n<table><tr><th>XML</th></tr><tr><td>${cell}</td></tr></table>\n`;
  assert.match(pageMarkdown(readDocPage('/d/t.md', guide)), /^\| `<Lamp> on` \|$/m);
});

test('a list in a cell keeps its items apart on one line', () => {
  const item = (text: string): string => `<li><p>${text}</p></li>`;
  const cells = [
    `<p>One of these:</p><ul>${item('The lamp is on.')}${item('The lamp is <b>hot</b>.')}</ul><p>Wait.</p>`,
    `<ol>${item('Press.')}${item(`Look: <ul>${item('red')}${item('green')}</ul>`)}</ol>`,
    `<ul>${item('Only this.')}</ul>`,
  ];
  const rows = cells.map((cell) => `<tr><td>${cell}</td></tr>`).join('');
  const guide = `---\ntitle: t\n---\n\n# t\n\n<table><tr><th>Why</th></tr>${rows}</table>\n`;
  const markdown = pageMarkdown(readDocPage('/d/t.md', guide));
  assert.deepEqual(
    markdown.split('\n').filter((line) => line.startsWith('|')),
    [
      '| Why |',
      '| --- |',
      '| One of these: • The lamp is on. • The lamp is **hot**. Wait. |',
      '| 1. Press. 2. Look: red; green |',
      '| Only this. |',
    ],
  );
});

for (const [markdown, expected] of [
  ['Call Abc_D and Abc_D.', 'Call [Abc_D](u) and Abc_D.'],
  ['**Abc_D** and `Abc_D`', '[**Abc_D**](u) and `Abc_D`'],
  ['Abc_DE, xAbc_D, a/Abc_D', 'Abc_DE, xAbc_D, a/Abc_D'],
  ['[Abc_D](v)', '[Abc_D](v)'],
  ['```c\nAbc_D\n\nAbc_D\n```', '```c\nAbc_D\n\nAbc_D\n```'],
  ['see here\n\nsee here', 'see [here](h)\n\nsee here'],
  ['Abc_D\n\nAbc_D', '[Abc_D](u)\n\n[Abc_D](u)'],
  ['of \\<Root> element', 'of [\\<Root> element](r)'],
] as const) {
  test(`links put back into ${JSON.stringify(markdown)}`, () => {
    const links = [
      { text: 'Abc_D', address: 'u' },
      { text: 'here', address: 'h' },
      { text: 'a[', address: 'x' },
      { text: '<Root> element', address: 'r' },
    ];
    assert.equal(relinked(markdown, links), expected);
  });
}

for (const [markdown, max, expected] of [
  ['Short.', 10, 'Short.'],
  ['One sentence. And another one.', 20, 'One sentence.'],
  ['A **bold. thing** is. Here.', 22, 'A **bold. thing** is.'],
  ['First.\n\n### Head\n\nSecond is longer than that.', 22, 'First.'],
  ['```c\na;\nb;\nc;\nd;\ne;\n```', 18, '```c\na;\nb;\nc;\nd;\n```'],
  ['| a |\n| --- |\n| 1 |\n| 2 |\n| 3 |', 28, '| a |\n| --- |\n| 1 |\n| 2 |'],
  ['no stop in it at all', 8, ''],
] as const) {
  test(`${JSON.stringify(markdown)} cut to ${max}`, () => assert.equal(cutMarkdown(markdown, max).text, expected));
}

test('code keeps its blank lines', () => {
  assert.deepEqual(blocksOf('a\n\n```\nb\n\nc\n```\n\nd'), ['a', '```\nb\n\nc\n```', 'd']);
});

/** What must not be left outside of code: tags, references, links that lead nowhere. */
const leftOver = /(?<!\\)<\/?[a-z!][^>]*>|&(?:nbsp|lt|gt|amp|quot|#\d+);|\]\((?!https?:)[^)]*\)/i;

test('every page of the corpus: clean Markdown, and the light reading tells the same', (t) => {
  if (!existsSync(corpus)) {
    t.skip('../shared/docs-corpus is not beside the checkout');
    return;
  }
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|txt)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  assert.ok(files.length > 500, `saw only ${files.length} pages`);
  for (const file of files) {
    const bytes = readFileSync(file);
    const whole = readDocPage(file, bytes);
    const head = readPageHead(file, bytes);
    const { names, kind, dialect, title } = whole;
    const { header = '', uid = '' } = whole;
    const light = {
      names: head.names,
      kind: head.kind,
      dialect: head.dialect,
      title: head.title,
      header: head.header,
      uid: head.uid,
    };
    assert.deepEqual(light, { names, kind, dialect, title, header, uid }, file);
    for (const markdown of [
      hoverMarkdown(whole, { hasFacts: true }),
      hoverMarkdown(whole, { hasFacts: false }),
      pageMarkdown(whole),
    ]) {
      const bare = markdown.replace(/(`{3,})[\s\S]*?\1/g, '').replace(/(`+)[^`]+\1/g, '');
      const found = leftOver.exec(bare);
      assert.equal(
        found?.[0],
        undefined,
        `${file}: ${bare.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 60)}`,
      );
      assert.equal((markdown.match(/^ *```/gm) ?? []).length % 2, 0, `${file} leaves code open`);
    }
    assert.ok(hoverMarkdown(whole, { hasFacts: true }).length < 12_000, file);
  }
});

test('a full stop in place of a description is none', () => {
  const bare =
    "---\nDescription: '.'\ntitle: 'LAMP\\_ACT structure'\n---\n\n# LAMP\\_ACT structure\n\n## Members\n\nOne.\n";
  const page = readDocPage('lamp-act.md', Buffer.from(bare));
  assert.deepEqual([page.dialect, page.summary], ['G', '']);
  assert.doesNotMatch(pageMarkdown(page), /^\.$/m);
});
