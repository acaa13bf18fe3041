/** What a changed page of the documentation is reported as, and that the corpus says nothing that is not known. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DocPage } from './docs/page.ts';
import { readDocPage } from './docs/read.ts';
import { docsChanges, docsChangesText, oldestSystem, unknownChanges } from './docs-changes.ts';
import type { ApiFacts } from './model.ts';
import { data, prototypeOf, root } from './testing/bundled.ts';

const facts: ApiFacts = {
  name: 'KeOpenGate',
  kind: 'function',
  header: 'wdm.h',
  summary: 'Lets the next one through.',
  irql: { max: 'DISPATCH_LEVEL' },
  returns: [{ name: 'STATUS_SUCCESS', meaning: 'Open.' }],
  minimumOs: 'Windows 7',
  page: 'NF:wdm.KeOpenGate',
};
const lines = [
  '---',
  'UID: NF:wdm.KeOpenGate',
  'title: KeOpenGate function (wdm.h)',
  'description: Opens.',
  'req.header: wdm.h',
  'req.target-min-winverclnt: Available starting with Windows 7.',
  'req.irql: "<= DISPATCH_LEVEL"',
  '---',
  '# KeOpenGate function',
  '## -description',
  'Opens.',
  '## -parameters',
  '### -param Gate [in]',
  'The gate.',
  '## -returns',
  '| Return code | Description |',
  '| --- | --- |',
  '| **STATUS_SUCCESS** | Open. |',
  '| **STATUS_DEVICE_BUSY** | Busy. |',
];

const values = 'The gate.\n\n| Value | Meaning |\n| --- | --- |\n| GATE_OPEN | Open. |\n| GATE_SHUT | Shut. |';

/** The diff for one page in which one text stands for another. */
function diff(ours: ApiFacts, from = '', to = ''): string {
  const bytes = new TextEncoder().encode(lines.join('\n').replace(from, to));
  const page = readDocPage('nf-wdm-keopengate.md', bytes);
  const side = { facts: [ours], parametersOf: () => ['Gate'] };
  return docsChangesText(docsChanges(side, [page]))
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
    .join('\n');
}

describe('a page against its facts', () => {
  const agreed: ApiFacts = {
    ...facts,
    returns: [...(facts.returns ?? []), { name: 'STATUS_DEVICE_BUSY', meaning: 'No.' }],
  };
  const cases: [string, string, string, string][] = [
    ['nothing', '', '', ''],
    ['the IRQL', '<= DISPATCH_LEVEL', 'PASSIVE_LEVEL', '-irql: DISPATCH_LEVEL\n+irql: PASSIVE_LEVEL'],
    ['the IRQL, with a condition', '<= DISPATCH_LEVEL', 'PASSIVE_LEVEL (see Remarks section)', ''],
    ['the header', 'req.header: wdm.h', 'req.header: ntddk.h', '-header: wdm.h\n+header: ntddk.h'],
    ['a parameter', '-param Gate', '-param Door', '-parameters: Gate\n+parameters: Door'],
    ['the oldest system', 'Windows 7', 'Windows 8', '-minimum OS: Windows 7\n+minimum OS: Windows 8'],
    ['a status less', '| **STATUS_DEVICE_BUSY** | Busy. |', '', ''],
  ];
  for (const [what, from, to, expected] of cases)
    test(`${what} has changed`, () => {
      const head = expected === '' ? '' : '@@ NF:wdm.KeOpenGate @@\n';
      assert.equal(diff(agreed, from, to), head + expected);
    });
  test('what only the page says is news too', () => {
    const { irql: _irql, minimumOs: _minimumOs, ...silent } = agreed;
    assert.equal(diff(silent), '@@ NF:wdm.KeOpenGate @@\n+irql: DISPATCH_LEVEL\n+minimum OS: Windows 7');
  });
  test('a value more of a parameter whose values are known', () => {
    const known: ApiFacts = { ...agreed, parameters: [{ name: 'Gate', values: ['GATE_OPEN'] }] };
    assert.equal(diff(known, 'The gate.', values), '@@ NF:wdm.KeOpenGate @@\n+values: GATE_SHUT');
    assert.equal(diff(agreed, 'The gate.', values), '');
  });
  test('STATUS_XXX is no status', () => {
    assert.equal(diff(agreed, 'STATUS_DEVICE_BUSY', 'STATUS_XXX'), '');
  });
  test('a status more is reported with those that are known', () => {
    assert.match(diff(facts), /^-statuses: STATUS_SUCCESS\n\+statuses: STATUS_SUCCESS, STATUS_DEVICE_BUSY$/m);
  });
  test('a page that is gone, and a new one of a header that the catalog has as a whole', () => {
    const side = { facts: [{ ...facts, page: 'NF:wdm.KeShutGate' }], parametersOf: () => undefined };
    const text = lines.join('\n');
    const here = readDocPage('a.md', new TextEncoder().encode(text));
    const fresh = readDocPage('b.md', new TextEncoder().encode(text.replaceAll('wdm', 'wsk')));
    const index = readDocPage('ddi/wdm/index.md', new TextEncoder().encode('---\nUID: NA:wdm\n---\n# wdm.h header'));
    const news = (pages: readonly DocPage[]): string[] =>
      docsChanges(side, pages).map((c) => `${c.uid} ${c.subject} ${c.ours === '' ? 'new' : 'gone'}`);
    assert.deepEqual(news([here, fresh, index]), ['NF:wdm.KeShutGate page gone', 'NF:wsk.KeOpenGate page new']);
    assert.deepEqual(news([here]), [], 'a part of a checkout');
  });
});

test('the first system of a text', () => {
  const texts = [
    'Available in Windows Vista and later',
    'Windows 10, version 1703',
    'Windows 10 (version 22h2)',
    'soon',
    '',
  ];
  const expected = ['Windows Vista', 'Windows 10, version 1703', 'Windows 10, version 22H2', undefined, undefined];
  assert.deepEqual(texts.map(oldestSystem), expected);
});

test('a list of known differences takes out what it names, and nothing else', () => {
  const change = (uid: string, subject: 'irql' | 'header') => ({ uid, subject, ours: 'a', theirs: 'b' });
  const all = [change('NF:wdm.KeA', 'irql'), change('NF:wdm.KeA', 'header'), change('NF:wdm.KeAb', 'irql')];
  const left = (list: string): string =>
    unknownChanges(all, list)
      .map((c) => `${c.uid} ${c.subject}`)
      .join(', ');
  assert.equal(left('# NF:wdm.KeA irql: no'), 'NF:wdm.KeA irql, NF:wdm.KeA header, NF:wdm.KeAb irql');
  assert.equal(left('NF:wdm.KeA irql: why\r\n'), 'NF:wdm.KeA header, NF:wdm.KeAb irql');
  assert.equal(left('NF:wdm.Ke* irql: why'), 'NF:wdm.KeA header');
});

const corpus = join(root, '../shared/docs-corpus');
const skip = existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout';

test('the corpus differs from the catalog only where the list says why', { skip }, () => {
  const pages = readdirSync(corpus, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith('.md') && /^(?:ddi|conceptual)[\\/]/.test(path))
    .map((path) => readDocPage(path, readFileSync(join(corpus, path))));
  assert.ok(pages.length > 300, `${pages.length}`);
  const ours = { facts: data.facts, parametersOf: (f: ApiFacts) => prototypeOf(f.typeName ?? f.name)?.parameters };
  const list = readFileSync(join(root, 'catalog/docs-differences.txt'), 'utf8');
  assert.equal(docsChangesText(unknownChanges(docsChanges(ours, pages), list)), docsChangesText([]));
});
