/** Index, merge and report, on the fixtures: how a name is found, and what is told of it. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildDocIndex, lookupPages, similarNames } from './index.ts';
import { readDocPage } from './read.ts';
import { describeName, docsReport } from './report.ts';
import { docsReportText, nameReportText } from './report-text.ts';

const root = String(process.env.WSK_ROOT);
const folder = join(root, 'catalog/docs/fixtures');
const corpus = join(root, '../shared/docs-corpus');
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readDocPage(name, readFileSync(join(folder, name))));

/** A page of today about one function, with `lines` under its description. */
const reference = (header: string, name: string, lines: string): string =>
  `---\nUID: NC:${header}.${name}\nreq.header: ${header}.h\n---\n# ${name} callback function\n## -description\n${lines}\n`;

const index = buildDocIndex([
  ...fixtures,
  readDocPage(
    'today.md',
    reference(
      'lamp',
      'PFN_LAMP_SWITCH',
      'The **LampSwitch** function switches.\n## -parameters\n### -param Flags [in]\n#### LAMP_TODAY\nNew.\n## -remarks\nToday.\n## -see-also\n[LampNew](x)',
    ),
  ),
  readDocPage('free-a.md', reference('lamp', 'PFN_LAMP_FREE_A', 'The **LampFree** function frees A.')),
  readDocPage('free-b.md', reference('lamp', 'PFN_LAMP_FREE_B', 'The **LampFree** function frees B.')),
  readDocPage(
    'ctl.md',
    '---\nUID: NF:d4drvif.CTL_CODE\nreq.header: d4drvif.h\n---\n# CTL_CODE macro\n## -description\nIt is **CTL_CODE**.\n',
  ),
]);

test('a name is found as written first, then whatever the case', () => {
  assert.deepEqual(
    lookupPages(index, 'LampSwitch').map((p) => p.path),
    ['a-callback.md', 'today.md'],
  );
  assert.deepEqual(
    lookupPages(index, 'LAMPSWITCH').map((p) => p.path),
    ['a-callback.md', 'today.md'],
  );
  assert.deepEqual(
    lookupPages(index, 'PFN_LAMP_SWITCH').map((p) => p.path),
    ['a-callback.md', 'today.md'],
  );
  assert.deepEqual(lookupPages(index, 'pwpp_wrong'), []);
});

test('a call name that two APIs share gives both', () => {
  assert.deepEqual(
    lookupPages(index, 'LampFree').map((p) => p.names[0]),
    ['PFN_LAMP_FREE_A', 'PFN_LAMP_FREE_B'],
  );
  assert.equal(describeName(index, 'LampFree').apis.length, 2);
});

test("d4drvif.h's CTL_CODE answers to those who ask for the header, or when nobody else does", () => {
  assert.deepEqual(lookupPages(index, 'CTL_CODE'), []);
  assert.equal(lookupPages(index, 'CTL_CODE', { header: 'D4drvif.h' }).length, 1);
  assert.equal(describeName(index, 'CTL_CODE').apis.length, 1);
  const other = readDocPage(
    'wdm.md',
    '---\nUID: NF:wdm.CTL_CODE\nreq.header: wdm.h\n---\n# CTL_CODE macro\n## -description\nIt is **CTL_CODE**.\n',
  );
  const both = describeName(buildDocIndex([...index.pages, other]), 'CTL_CODE');
  assert.deepEqual(
    both.apis.map((api) => api.header),
    ['wdm.h'],
  );
});

test('pages of one API are merged: signature of old, text of today', () => {
  const [api] = describeName(index, 'LampSwitch').apis;
  assert.equal(api?.name, 'LampSwitch');
  assert.equal(api?.signature?.returnType, 'NTSTATUS LAMPAPI *');
  assert.equal(api?.remarks, 'Today.');
  assert.equal(api?.irql?.max, 'DISPATCH_LEVEL');
  assert.deepEqual(
    api?.parameters.map((p) => [p.name, p.type, p.direction]),
    [
      ['Lamp', 'PLAMP', 'in'],
      ['Flags', 'ULONG', 'in'],
      ['Colours', 'const VOID *', 'in'],
      ['Watts', 'ULONG *', 'out'],
    ],
  );
  assert.deepEqual(
    api?.parameters[1]?.values.map((v) => v.name),
    ['LAMP_TODAY', 'LAMP_SLOW', 'LAMP_FAST'],
  );
  assert.deepEqual(api?.seeAlso, ['LampNew', 'LampOpen', 'LAMP_STATE']);
  assert.deepEqual(
    api?.sources.map((s) => s.path),
    ['today.md', 'a-callback.md'],
  );
});

test('a value tells whose it is', () => {
  const report = describeName(index, 'LAMP_SLOW');
  assert.equal(report.found, true);
  assert.deepEqual(
    report.uses.map((use) => [use.of, use.api, use.description]),
    [['parameter Flags', 'LampSwitch', 'Takes a second, so that eyes can follow.']],
  );
  assert.deepEqual(
    describeName(index, 'LampModeOn').uses.map((use) => [use.of, use.api, use.value]),
    [['enumerator', '_LAMP_MODE', '0x1']],
  );
  assert.ok(describeName(index, 'STATUS_PENDING').uses.some((use) => use.of === 'return code'));
});

test('a name that nobody knows gives those that resemble it', () => {
  const report = describeName(index, 'LampSwich');
  assert.deepEqual([report.found, report.apis, report.uses], [false, [], []]);
  assert.deepEqual(report.similar, ['LampSwitch']);
  assert.deepEqual(similarNames(index, 'x', 5), []);
});

test('pages that link to a name mention it', () => {
  assert.deepEqual(
    describeName(index, 'LampSwitch').mentionedBy.map((m) => m.path),
    ['b-callback.md', 'c-callback.md', 'd-guide.md'],
  );
});

test('the report counts pages and kinds and lists problems', () => {
  const report = docsReport(fixtures);
  assert.equal(report.pages, fixtures.length);
  assert.equal(report.kinds.callback, 3);
  assert.ok(report.problems.some((p) => p.file === 'c-function.md' && p.line === 29 && p.code === 'unclosed-fence'));
  assert.match(docsReportText(report), /^\d+ pages: .*callback 3.*\n/);
  assert.match(docsReportText(report), /\nc-function\.md:29: .* \[unclosed-fence\]\n/);
});

test('texts for a terminal: no marks, at most 100 columns', () => {
  for (const name of [
    'LampSwitch',
    'LAMP_STATE',
    'SO_LAMP_GLOW',
    'IOCTL_LAMP_READ',
    'LAMP_SLOW',
    'Switching Lamps',
    'nothing',
  ]) {
    const text = nameReportText(describeName(index, name));
    assert.doesNotMatch(text.replace(/\*[A-Z]|[A-Z]\w* \*/g, ''), /\*\*|`/, name);
    for (const line of text.split('\n')) assert.ok(line.length <= 100 || line.includes('|'), line);
  }
  assert.match(
    nameReportText(describeName(index, 'LampSwitch')),
    /^LampSwitch {2}\(callback\)\nalso {6}PFN_LAMP_SWITCH\nheader {4}lamp\.h/,
  );
  assert.match(nameReportText(describeName(index, 'LampSwich')), /Did you mean LampSwitch\?/);
});

test('WskSocket in the corpus', {
  skip: existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout',
}, () => {
  const paths = [
    'ddi/wsk/nc-wsk-pfn_wsk_socket.md',
    'ddi-2017/wsk/nc-wsk-pfn-wsk-socket.md',
    'conceptual/network/creating-sockets.md',
  ];
  const pages = paths.map((path) => readDocPage(path, readFileSync(join(corpus, path))));
  const report = describeName(buildDocIndex(pages), 'WskSocket');
  const json = JSON.stringify(report);
  for (const word of [
    'DISPATCH_LEVEL',
    'WSK_FLAG_STREAM_SOCKET',
    'OwningThread',
    'STATUS_PENDING',
    'WSK_CLIENT_LISTEN_DISPATCH',
  ]) {
    assert.ok(json.includes(word), word);
  }
  const [api] = report.apis;
  assert.equal(api?.parameters.length, 11);
  assert.ok(api?.parameters.every((p) => p.type && p.annotation && p.description));
  assert.deepEqual(
    report.mentionedBy.map((m) => m.title),
    ['Creating Sockets'],
  );
});
