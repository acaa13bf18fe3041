/**
 * The pages in fixtures/, in words of our own: two or more of each dialect, with the traps that real pages hold. They
 * prove the reader where the corpus is not beside the checkout. Each row names what must come out of one page.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DocPage } from './page.ts';
import { readDocPage } from './read.ts';

const folder = join(String(process.env.WSK_ROOT), 'catalog/docs/fixtures');
const read = (name: string): DocPage => readDocPage(name, readFileSync(join(folder, name)));

/** What a page says, in short: enough to see everything that a dialect's reader decides. */
function digest(page: DocPage): Record<string, unknown> {
  const values = (list: DocPage['parameters'][number]['values']): string[] =>
    list.map((v) => `${v.name}${v.value === undefined ? '' : `=${v.value}`}: ${v.description}`);
  const digested = {
    is: `${page.dialect} ${page.kind}`,
    names: page.names,
    title: page.title,
    header: [page.header, page.includeHeader].filter((h) => h !== undefined).join(' + '),
    minimumOs: page.minimumOs,
    irql: page.irql && [page.irql.text, page.irql.min, page.irql.max, page.irql.conditional].map(String).join(' | '),
    library: [page.library, page.dll].filter((l) => l !== undefined).join(' + '),
    summary: page.summary,
    description: page.description,
    returnType: page.signature?.returnType,
    declares: page.signature?.declares,
    typed: page.signature?.parameters.map((p) =>
      [p.annotation, p.type, p.name].filter((t) => t !== undefined).join(' | '),
    ),
    members: page.signature?.members.map((m) => [m.type, m.name, m.value].filter((t) => t !== undefined).join(' | ')),
    parameters: page.parameters.map((p) => [
      `${p.name} ${p.direction ?? '-'}${p.optional ? ' optional' : ''}${p.reserved ? ' reserved' : ''}: ${p.description}`,
      ...values(p.values),
    ]),
    fields: page.fields.map((f) => [
      `${f.name}${f.value === undefined ? '' : `=${f.value}`}${f.direction ? ` ${f.direction}` : ''}: ${f.description}`,
      ...values(f.values),
    ]),
    returns: page.returns && [page.returns.text, ...values(page.returns.codes)],
    remarks: page.remarks,
    ioctl: page.ioctl,
    requests: page.requests.map(({ line: _line, purpose: _purpose, ...rows }) => Object.values(rows).join(' | ')),
    irp: page.irpRules.map((rule) => rule.use),
    categories: page.appliesTo?.categories,
    sections: page.sections.map((s) => [`${s.title}: ${s.text}`, ...values(s.values)]),
    seeAlso: page.seeAlso,
    keywords: page.keywords,
    code: page.codeBlocks.map((c) => `${c.language}@${c.line}: ${c.text}`),
    problems: page.problems.map((p) => `${p.line} ${p.code}`),
  };
  const said = Object.entries(digested).filter(
    ([, v]) => v !== undefined && v !== '' && !(Array.isArray(v) && v.length === 0) && !isEmptyRecord(v),
  );
  return Object.fromEntries(said);
}

function isEmptyRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

// UPDATE_GOLDEN=1 writes what the reader says now; read the difference before you keep it.
if (process.env.UPDATE_GOLDEN) {
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const digests = Object.fromEntries(pages.sort().map((name) => [name, digest(read(name))]));
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(digests, null, 2)}\n`);
}

const expected: Record<string, Record<string, unknown>> = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);

for (const name of Object.keys(expected)) {
  test(`fixture ${name}`, () => assert.deepEqual(JSON.parse(JSON.stringify(digest(read(name)))), expected[name]));
}

test('every dialect has two fixtures or more', () => {
  const dialects = Object.keys(expected).map((name) => read(name).dialect);
  for (const dialect of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) {
    assert.ok(dialects.filter((d) => d === dialect).length >= 2, `dialect ${dialect}`);
  }
});

test('line ends and byte order marks change nothing', () => {
  for (const name of Object.keys(expected)) {
    const text = readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/, '');
    const unix = text.replaceAll('\r\n', '\n');
    const lines = (t: string): unknown => ({ ...digest(readDocPage(name, t)) });
    assert.deepEqual(lines(unix.replaceAll('\n', '\r\n')), lines(unix), name);
    assert.deepEqual(lines(`\uFEFF${unix}`), lines(unix), name);
  }
});

test('a page is plain data', () => {
  for (const name of Object.keys(expected)) {
    const page = read(name);
    assert.deepEqual(JSON.parse(JSON.stringify(page)), page, name);
  }
});

test('the span of a code block is its text on the page', () => {
  const text = readFileSync(join(folder, 'd-guide.md'), 'utf8');
  const [block] = readDocPage('d-guide.md', text).codeBlocks;
  assert.ok(block);
  const raw = text.slice(block.span.start, block.span.end);
  assert.equal(raw.replaceAll('&#39;', "'").trimEnd(), block.text);
});
