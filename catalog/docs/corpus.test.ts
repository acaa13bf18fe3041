/**
 * All pages of the docs corpus: what must hold for every one of them, and facts of some, read by people.
 *
 * The corpus (../shared/docs-corpus) is Microsoft's text; it is read in place and never copied.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { buildDocIndex, kindCounts, lookupPages } from './index.ts';
import type { DocPage } from './page.ts';
import { readDocPage } from './read.ts';

const root = join(String(process.env.WSK_ROOT), '../shared/docs-corpus');
const missing = existsSync(root) ? false : '../shared/docs-corpus is not beside the checkout';
/** Facts of some pages, checked by eye: a path into the model, and what it must hold. */
const golden: Record<string, Record<string, unknown>> = JSON.parse(
  readFileSync(join(String(process.env.WSK_ROOT), 'catalog/docs/fixtures/corpus-facts.json'), 'utf8'),
);
const texts = new Map<string, string>();
let pages: DocPage[] = [];

/** Pages of a folder or file below the corpus. */
const below = (prefix: string): DocPage[] => pages.filter((page) => page.path.startsWith(prefix));

function page(path: string): DocPage {
  const found = pages.find((p) => p.path === path);
  assert.ok(found, path);
  return found;
}

function read(folder: string): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) read(path);
    else texts.set(path, readFileSync(join(root, path), 'utf8'));
  }
}

describe('docs corpus', { skip: missing }, () => {
  before(() => {
    read('');
    texts.delete('README.md');
    pages = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, text]) => readDocPage(path, text));
  });

  test('all 534 pages, by dialect and kind', () => {
    assert.equal(pages.length, 534);
    const dialects: Record<string, number> = {};
    for (const { dialect } of pages) dialects[dialect] = (dialects[dialect] ?? 0) + 1;
    assert.deepEqual(dialects, { A: 79, C: 326, D: 2, E: 75, F: 28, G: 19, 'header-index': 5 });
    assert.deepEqual(kindCounts(pages), {
      callback: 77,
      'client-control': 7,
      enumeration: 4,
      function: 203,
      guide: 74,
      index: 5,
      ioctl: 38,
      macro: 24,
      reference: 3,
      'socket-ioctl': 13,
      'socket-option': 8,
      structure: 78,
    });
  });

  test('every reference page has name, kind, header, title and description', () => {
    for (const p of pages.filter((q) => q.uid !== undefined && q.kind !== 'index')) {
      assert.ok(p.names[0], p.path);
      assert.ok(p.header?.endsWith('.h'), p.path);
      assert.ok(p.title, p.path);
      // The three pages about DOT4_ACTIVITY are empty.
      assert.ok(p.description !== '' || p.names.includes('DOT4_ACTIVITY'), p.path);
    }
  });

  test('the problems are the ones that the pages have', () => {
    const counts: Record<string, number> = {};
    for (const p of pages) for (const { code } of p.problems) counts[code] = (counts[code] ?? 0) + 1;
    assert.deepEqual(counts, { 'doubled-text': 46, 'no-description': 3, 'odd-name': 2, 'unlike-signature': 2 });
    const unlike = pages.filter((p) => p.problems.some((q) => q.code === 'unlike-signature')).map((p) => p.names[0]);
    // A macro's own names, a parameter without a type, and a comma that is missing in the page.
    assert.deepEqual(unlike, ['KeRaiseIrql', 'KeWaitForMultipleObjects']);
  });

  test('parameters and members: each heading once and in order', () => {
    for (const p of pages.filter((q) => q.dialect === 'A' || q.dialect === 'C')) {
      const headings = (texts.get(p.path) ?? '').split(/\r?\n/).filter((line) => /^### -(?:param|field) /.test(line));
      // In 2017, values have the same heading, with an anchor or inside of a table cell.
      const own = headings
        .filter(
          (line) => p.dialect === 'C' || /<i>/.test(line) || (line.startsWith('### -field <b>') && !isCell(p, line)),
        )
        .map((line) =>
          line
            .replace(/^### -(?:param|field) /, '')
            .replace(/<\/?[bi]>/g, '')
            .replace(/\s+\[.*$/, '')
            .trim(),
        );
      const found = [...p.parameters, ...p.fields].map((item) => item.name);
      assert.deepEqual(found, own, p.path);
    }
  });

  test('in 2017, what is no parameter is a value of one', () => {
    for (const p of below('ddi-2017/')) {
      const text = (texts.get(p.path) ?? '').replace(/(<a [^<>]*>)\n\s*/g, '$1');
      const headings = text.match(/^### -(?:param|field) .*$/gm) ?? [];
      const values = [...p.parameters, ...p.fields].flatMap((item) => item.values.map((v) => v.name));
      const all = [...p.parameters.map((q) => q.name), ...p.fields.map((f) => f.name), ...values];
      for (const heading of headings) {
        const name = heading
          .replace(/<[^>]*>/g, '')
          .replace(/^### -\w+ /, '')
          .replace(/\s+\[.*$/, '')
          .trim();
        assert.ok(all.includes(name), `${p.path}: ${name}`);
      }
    }
  });

  test('no markup is left in any text', () => {
    const markup =
      /<\/?(?:p|b|i|a|dd|dt|dl|td|tr|th|table|div|em|strong|ul|ol|li|br|text|col|colgroup)\b[^<>]*>|&(?:lt|gt|amp|nbsp|quot|#\d+);|\\_|\u00A0|\]\(|\r/;
    for (const p of pages) {
      for (const text of prose(p)) assert.doesNotMatch(text.replace(/```[\s\S]*?```/g, ''), markup, p.path);
      for (const name of [...p.names, ...p.seeAlso]) assert.doesNotMatch(name, /[<>*`]|&\w+;|\s\s/, p.path);
    }
  });

  test('every word of a page comes out somewhere', () => {
    // What the model says by its structure: headings of tables and sections, row labels, notes.
    const structural = new Set(
      'RequestType ControlCode Level InputSize InputBuffer OutputSize OutputBuffer OutputSizeReturned Parameter Value Meaning Description Return code Flag Flags Allows Input Output Buffer Length IMPORTANT NOTE WARNING CAUTION Related articles include D4drvif D4iface In_reads_bytes_opt In_opt Inout Out_opt optional Reserved callback structure function macro IOCTL enumeration'.split(
        ' ',
      ),
    );
    const lost: string[] = [];
    for (const p of pages) {
      const said = new Set(
        words(
          JSON.stringify([
            ...prose(p),
            p.names,
            p.title,
            p.requirements,
            p.seeAlso,
            p.links,
            p.codeBlocks.map((c) => c.text),
            p.requests,
          ]),
        ),
      );
      // Of a picture its text is shown; how docfx writes it down is no word of the page.
      const shown = body(texts.get(p.path) ?? '').replace(/:::image\b.*?\balt-text="([^"]*)".*?:::/g, '$1');
      for (const word of words(shown)) {
        if (!said.has(word) && !structural.has(word)) lost.push(`${p.path}: ${word}`);
      }
    }
    assert.deepEqual(lost, []);
  });

  test('directions are known, and what has none is reserved', () => {
    for (const p of pages.filter((q) => q.header === 'wsk.h')) {
      for (const parameter of p.parameters) {
        assert.ok(parameter.direction !== undefined || parameter.reserved, `${p.path}: ${parameter.name}`);
      }
    }
  });

  test('IRQL of every call of wsk.h', () => {
    for (const p of pages.filter((q) => q.header === 'wsk.h' && (q.kind === 'callback' || q.kind === 'function'))) {
      if (p.names[0] === 'PFN_WSK_SEND_MESSAGES') assert.equal(p.irql, undefined);
      else assert.ok(p.irql?.max === 'DISPATCH_LEVEL' || p.irql?.max === 'PASSIVE_LEVEL', `${p.path}: ${p.irql?.text}`);
    }
  });

  test('PFN_WSK_X is called WskX', () => {
    const callbacks = pages.filter((q) => q.kind === 'callback' && q.header === 'wsk.h');
    assert.equal(callbacks.length, 29 + 32 + 1);
    for (const p of callbacks) {
      const words = (p.names[0] ?? '').replace(/^PFN_WSK_/, '').split('_');
      const expected = `Wsk${words.map((w) => w.charAt(0) + w.slice(1).toLowerCase()).join('')}`;
      assert.equal(p.callName, expected.startsWith('WskRelease') ? 'WskRelease' : expected, p.path);
      assert.ok(p.names.includes(p.callName ?? ''));
    }
  });

  test('remarks are not doubled, and those of 2017 are as long as those of today', () => {
    for (const p of pages) {
      const paragraphs = p.remarks.split('\n\n').filter((text) => text.length > 60);
      assert.equal(new Set(paragraphs).size, paragraphs.length, p.path);
    }
    const today = buildDocIndex(below('ddi/'));
    for (const old of below('ddi-2017/wsk/')) {
      const [now] = lookupPages(today, old.names[0] ?? '');
      if (!now || old.remarks === '') continue;
      const ratio = now.remarks.length / old.remarks.length;
      assert.ok(ratio > 0.7 && ratio < 1.7, `${old.path}: ${ratio}`);
    }
  });

  test('2017 and today name the same parameters, members and values of wsk.h, with five exceptions', () => {
    const today = buildDocIndex(below('ddi/wsk/'));
    const differences: string[] = [];
    for (const old of below('ddi-2017/wsk/')) {
      const [now] = lookupPages(today, old.names[0] ?? '');
      if (!now) continue;
      const [a, b] = [old, now].map((p) => [...p.parameters, ...p.fields].map((q) => q.name).join(' '));
      if (a !== b) differences.push(old.names[0] ?? '');
      const values = [old, now].map((p) => [...p.parameters, ...p.fields].map((q) => q.values.map((v) => v.name)));
      if (a === b) assert.deepEqual(values[0], values[1], old.path);
    }
    // Two names were corrected; three dispatch tables have gained members.
    assert.deepEqual(differences.sort(), [
      'PFN_WSK_CLIENT_EVENT',
      'PFN_WSK_RECEIVE_FROM',
      '_WSK_PROVIDER_CONNECTION_DISPATCH',
      '_WSK_PROVIDER_DATAGRAM_DISPATCH',
      '_WSK_PROVIDER_STREAM_DISPATCH',
    ]);
  });

  test('signatures of 2017 have the described parameters', () => {
    const signed = below('ddi-2017/wsk/').filter((p) => p.kind === 'callback' || p.kind === 'function');
    assert.equal(signed.length, 34);
    for (const p of signed) {
      assert.deepEqual(
        p.signature?.parameters.map((q) => q.name),
        p.parameters.map((q) => q.name),
        p.path,
      );
      assert.ok(
        p.signature?.parameters.every((q) => q.type && q.annotation),
        p.path,
      );
      assert.match(p.signature?.returnType ?? '', /^(?:NTSTATUS|VOID|WSK_INSPECT_ACTION)\b/, p.path);
    }
  });

  for (const [path, facts] of Object.entries(golden)) {
    test(`facts of ${path}`, () => {
      const p = page(path);
      for (const [what, expected] of Object.entries(facts))
        assert.deepEqual(JSON.parse(JSON.stringify(look(p, what) ?? null)), expected, what);
    });
  }
});

/** A heading of 2017 that stands inside a table cell is a value. */
function isCell(p: DocPage, heading: string): boolean {
  const text = texts.get(p.path) ?? '';
  return (
    /<dl>\s*$/.test(text.slice(0, text.indexOf(heading))) &&
    /<td[^>]*>(?:<a [^>]*><\/a>)*<dl>\s*$/.test(text.slice(0, text.indexOf(heading)))
  );
}

function prose(p: DocPage): string[] {
  const items = [
    ...p.parameters,
    ...p.fields,
    ...(p.returns ? [{ name: '', description: p.returns.text, values: p.returns.codes }] : []),
    ...p.sections.map((s) => ({ name: s.title, description: s.text, values: s.values })),
  ];
  return [
    p.summary,
    p.description,
    p.remarks,
    ...Object.values(p.ioctl),
    ...p.irpRules.map((r) => r.text),
    ...items.flatMap((i) => [
      i.name,
      i.description,
      ...i.values.flatMap((v) => [v.name, v.value ?? '', v.description]),
    ]),
  ];
}

/** The body of a page without tags, targets and marks, by other means than the reader's. */
function body(text: string): string {
  return text
    .replace(/^\uFEFF?---[\s\S]*?\n---/, '')
    .split('\n')
    .filter(
      (line) =>
        !line.includes('wsddocfb') &&
        !/^#+ (?:-[\w-]+|.*\b(?:Requirements|See also|Remarks|Members|Syntax|Return value|Status block)\b.*)\s*$/i.test(
          line,
        ) &&
        !line.includes('[!include'),
    )
    .join('\n')
    .replace(/^#+ -\w+/gm, '')
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[a-z/][^<>]*>/gi, '')
    .replace(/\]\([^()]*(?:\([^()]*\)[^()]*)*\)/g, ']')
    .replace(/&[a-z#0-9]+;/g, ' ')
    .replace(/[*\\]/g, '')
    .replace(/\b_(\w+?)_\b/g, '$1');
}

function words(text: string): string[] {
  return (
    text
      .replace(/\\[nt]/g, ' ')
      .replace(/[*\\]/g, '')
      .match(/[A-Za-z0-9]\w{2,}[A-Za-z0-9]/g) ?? []
  );
}

/** A dotted path into a page; `[]name` maps a list. */
function look(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((v, key) => {
    if (v === undefined || v === null) return undefined;
    if (key.startsWith('[]')) return (v as Record<string, unknown>[]).map((item) => item[key.slice(2)]);
    return (v as Record<string, unknown>)[key];
  }, value);
}
