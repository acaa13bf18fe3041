import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';
import { loadCatalog } from './catalog-file.ts';

const dist = path.join(process.env.WSK_ROOT ?? '.', 'dist');

test('the catalog says the same whether its facts are read late or at once', () => {
  const packed = (name: string) =>
    JSON.parse(brotliDecompressSync(readFileSync(path.join(dist, name))).toString('utf8'));
  const { later, ...texts } = packed('catalog.json.br');
  assert.equal(texts.facts, undefined, 'facts have a file of their own');
  const headers = { ...texts.headers, ...packed('kmdf.json.br') };
  assert.deepEqual(later, Object.keys(packed('kmdf.json.br')), 'the names of the headers that come later');
  const data: CatalogData = { ...texts, headers, ...packed('facts.json.br'), library: packed('library.json.br') };
  const [late, once] = [loadCatalog(dist), createCatalog(data)];
  assert.deepEqual(late.headerNames, once.headerNames);
  for (const name of ['wsk.h', 'wdf.h', 'WdfRequest.h', 'ddk/wdfio.h', 'wdfnone.h'])
    assert.equal(late.header(name), once.header(name), name);
  assert.equal(late.headerFile('wdf.h'), late.headerFile('WDF.H'));
  assert.equal(late.libraryFile('generic-tables.c')?.text, once.libraryFile('generic-tables.c')?.text);
  assert.deepEqual(late.byName('WskSocket'), once.byName('WskSocket'));
  assert.deepEqual(late.byTypeName('PFN_WSK_SOCKET'), once.byTypeName('PFN_WSK_SOCKET'));
  assert.deepEqual(late.facts, data.facts);
  assert.deepEqual(late.declared, data.declared);
});
