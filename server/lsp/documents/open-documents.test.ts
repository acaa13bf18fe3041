/** Open documents where paths have no case: what the client, a project and an `#include` spell differently is one file. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import { test } from 'node:test';
import { createCatalog } from '../../../catalog/catalog.ts';
import { type Configurations, createFileStore, createIncluder } from '../../../host/index.ts';
import { createOpenDocuments, type OpenDocuments } from './open-documents.ts';

const catalog = createCatalog({ headers: {}, facts: [] });

function documentsOf(flavour: nodePath.PlatformPath): OpenDocuments {
  const files = createFileStore(flavour);
  const include = createIncluder({ catalog, files, includePath: [], path: nodePath.posix });
  // Of all that a configuration says, reading asks for this.
  const configurations = { parseOptions: () => ({ include }) } as unknown as Configurations;
  return createOpenDocuments(catalog, files, () => configurations, flavour);
}

const main = 'file:///drv/main.c';
const header = 'file:///drv/Driver.h';

function opened(flavour: nodePath.PlatformPath): OpenDocuments {
  const documents = documentsOf(flavour);
  documents.open({ uri: header, languageId: 'c', version: 1, text: '#pragma once\ntypedef int number;\n' });
  const text = '#include "driver.h"\n#include "DRIVER.H"\nnumber x;\n';
  documents.open({ uri: main, languageId: 'c', version: 1, text });
  return documents;
}

test('a header that is open under another spelling is read as the editor holds it, once', () => {
  const documents = opened(nodePath.win32);
  assert.deepEqual(documents.analysis(main)?.unit.problems, []);
  assert.deepEqual(documents.includersOf(header), [main]);
  assert.equal(documents.uriAt('/DRV/driver.h'), header);
  assert.equal(documents.spelt('/DRV/driver.h'), nodePath.normalize('/drv/Driver.h'));
  assert.equal(documents.spelt('/DRV/other.h'), '/DRV/other.h');
  const changed = { uri: header, version: 2 };
  assert.deepEqual(documents.change(changed, [{ text: 'typedef int numbers;\n' }]), [main]);
  assert.notDeepEqual(documents.analysis(main)?.unit.problems, []);
});

test('elsewhere case tells files apart', () => {
  const documents = opened(nodePath.posix);
  const missing = documents.analysis(main)?.unit.problems.map(({ code }) => code) ?? [];
  assert.ok(missing.includes('include-not-found'));
  assert.deepEqual(documents.includersOf(header), []);
  assert.equal(documents.uriAt('/drv/driver.h'), undefined);
});

const inPieces = (): boolean => true;

/** The names of functions of the latest text, read in so many pieces. */
function readOn(documents: OpenDocuments, uri: string): { readonly pieces: number; readonly functions: string } {
  let pieces = 1;
  while (!documents.readOn(uri, inPieces)) pieces++;
  const functions = documents.analysis(uri)?.unit.functions.map(({ symbol }) => symbol.name) ?? [];
  return { pieces, functions: functions.join() };
}

/** Some functions, and one that uses what the header declares. */
const many = (count: number): string =>
  `#include "Driver.h"\n${Array.from({ length: count }, (_, i) => `void f${i}(void) { ; }\n`).join('')}number x;\n`;

test('a text that comes while one before it is read is read from there: nobody who types keeps it from being read', () => {
  const documents = opened(nodePath.posix);
  const change = (version: number, text: string): unknown => documents.change({ uri: main, version }, [{ text }]);
  change(2, many(20));
  const whole = readOn(documents, main).pieces;
  assert.ok(whole > 20);
  change(3, `int first;\n${many(20)}`);
  assert.equal(documents.readOn(main, inPieces), false);
  // A key in a body with each piece of the text that was begun.
  let typed = 0;
  for (; !documents.readOn(main, inPieces) && typed < 2 * whole; typed++)
    change(4 + typed, `int first;\n${many(20).replace('{ ; }', `{ ${' '.repeat(typed)} }`)}`);
  assert.ok(typed < whole + 3, `${typed} keys, ${whole} pieces`);
  const { pieces, functions } = readOn(documents, main);
  assert.equal(pieces, 1);
  assert.equal(functions.split(',').length, 20);
  assert.equal(documents.document(main)?.getText(), documents.analysis(main)?.unit.file.text);
});

test('a header that changes while a text is read is read as it is in the end', () => {
  const documents = opened(nodePath.posix);
  documents.change({ uri: main, version: 2 }, [{ text: many(20) }]);
  for (let i = 0; i < 10; i++) assert.equal(documents.readOn(main, inPieces), false);
  documents.change({ uri: header, version: 2 }, [{ text: 'typedef int numbers;\n' }]);
  readOn(documents, main);
  const problems = documents.analysis(main)?.unit.problems ?? [];
  assert.deepEqual(
    problems.map(({ severity }) => severity),
    ['error'],
  );
  // Another document that is no part of it has nothing read again.
  documents.change({ uri: main, version: 3 }, [{ text: `int first;\n${many(20)}` }]);
  documents.readOn(main, inPieces);
  documents.open({ uri: 'file:///drv/other.c', languageId: 'c', version: 1, text: 'int other;' });
  const { pieces } = readOn(documents, main);
  documents.change({ uri: main, version: 4 }, [{ text: `int second;\n${many(20)}` }]);
  assert.equal(pieces + 1, readOn(documents, main).pieces);
});

test('what is begun of a document that is closed is not gone on with', () => {
  const documents = opened(nodePath.posix);
  documents.readOn(main, inPieces);
  documents.close(main);
  assert.equal(documents.readOn(main, inPieces), true);
  documents.open({ uri: main, languageId: 'c', version: 1, text: 'void g(void) {}' });
  assert.equal(readOn(documents, main).functions, 'g');
});

test('C++ is read in pieces too, and shows its own text between them', () => {
  const documents = opened(nodePath.posix);
  const uri = 'file:///drv/main.cpp';
  const text = `class C { int a; int get() { return a; } };\n${many(5)}`;
  documents.open({ uri, languageId: 'cpp', version: 1, text });
  const { pieces, functions } = readOn(documents, uri);
  assert.ok(pieces > 5);
  assert.match(functions, /f0,f1,f2,f3,f4/);
  const older = documents.analysis(uri)?.unit.file;
  documents.change({ uri, version: 2 }, [{ text: `int first;\n${text}` }]);
  documents.readOn(uri, inPieces);
  assert.equal(older?.text, text);
});
