/** Open documents where paths have no case: what the client, a project and an `#include` spell differently is one file. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import { test } from 'node:test';
import { createCatalog } from '../../catalog/catalog.ts';
import { type Configurations, createFileStore, createIncluder } from '../../host/index.ts';
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
