/**
 * All C at hand, read with headers that are shared and without: the samples, the lint rules' pages, the conformance
 * programs, Microsoft's WSK echo sample where WSK_ECHO_SAMPLE names it, and edits of them. Nothing may differ. Of the
 * rules' pages one in four is read, all with WSK_ALL_SOURCES=1.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { createHeaderCache, type HeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { freezeShared } from '../../cfront/testing/frozen.ts';
import { assertSameUnit } from '../../cfront/testing/same-unit.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';
import { loadCatalog } from '../../host/catalog-file.ts';

const root = String(process.env.WSK_ROOT);
const catalog = loadCatalog(join(root, 'dist'));

interface Source {
  readonly name: string;
  readonly text: string;
}

const own = new Map<string, SourceFile>(
  ['check.h'].map((name) => [name, sourceFile(name, readFileSync(join(root, 'test/c', name), 'utf8'))]),
);

const include: ParseOptions['include'] = ({ name }) => {
  const file = own.get(name);
  if (file !== undefined) return { kind: 'found', file, isSystem: false };
  const bundled = catalog.headerFile(name);
  return bundled === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file: bundled, isSystem: true };
};

function read({ name, text }: Source, headers?: HeaderCache): TranslationUnit {
  const options = headers === undefined ? { include } : { include, headers };
  return parseTranslationUnit(sourceFile(name, text), options);
}

function filesIn(folder: string, ending: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }));
}

const includes = '#include <ntddk.h>\n#include <wsk.h>\n';

const pageStep = process.env.WSK_ALL_SOURCES === undefined ? 4 : 1;
const pages = filesIn('server/lint/rules', 'rule.md').filter((_, i) => i % pageStep === 0);
const rulePages = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/```c\r?\n([\s\S]*?)```/g)]
    .slice(0, 1)
    .map((match, i) => ({ name: `${name}.${i}.c`, text: includes + match[1] })),
);

const drivers = filesIn('samples', '.c');
const echo = process.env.WSK_ECHO_SAMPLE;
const corpus = [
  ...drivers,
  ...filesIn('test/c', '.c'),
  ...rulePages,
  ...(echo === undefined || echo === '' ? [] : [{ name: 'wsksmple.c', text: readFileSync(echo, 'latin1') }]),
];

test('all C at hand is read with shared headers as without them', () => {
  const cache = createHeaderCache();
  for (const source of corpus) read(source, cache);
  freezeShared(cache);
  for (const source of corpus) assertSameUnit(read(source, cache), read(source), source.name);
});

/** Small changes as typing makes them, at places that the number chooses. */
function edited(text: string, seed: number): string {
  const at = (seed * 7919) % text.length;
  const pieces = ['', ';', '{', '}', '"', 'x', '#include <wdm.h>\n', '\n#define A\n', 'struct _IRP {', '*/', '(', '\n'];
  const piece = pieces[seed % pieces.length] ?? '';
  return text.slice(0, at) + piece + text.slice(at + (seed % 3));
}

test('edits are read with shared headers as without them', () => {
  const cache = createHeaderCache();
  for (const source of drivers) {
    read(source, cache);
    freezeShared(cache);
    for (let seed = 1; seed <= 6; seed++) {
      const changed = { ...source, text: edited(source.text, seed) };
      assertSameUnit(read(changed, cache), read(changed), `${source.name}, edit ${seed}`);
    }
    for (const cut of [40, 80, 200]) {
      const changed = { ...source, text: source.text.slice(source.text.indexOf('#include'), cut) };
      assertSameUnit(read(changed, cache), read(changed), `${source.name}, ${cut} characters`);
    }
  }
});

test('the bundled headers are shared in any order', () => {
  const names = ['ntddk.h', 'wsk.h', 'ntifs.h', 'ntstrsafe.h', 'd4drvif.h', 'wdm.h', 'bcrypt.h'];
  const cache = createHeaderCache();
  const orders = names.map((_, i) => [...names.slice(i), ...names.slice(0, i)]);
  for (const order of [...orders, ...orders.map((o) => [...o].reverse())]) {
    const source = {
      name: 'order.c',
      text: `${order.map((name) => `#include <${name}>\n`).join('')}NTSTATUS status;\n`,
    };
    assertSameUnit(read(source, cache), read(source), order.join(' '));
  }
});
