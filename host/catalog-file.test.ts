import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createCatalog } from '../catalog/catalog.ts';
import type { CatalogData } from '../catalog/model.ts';
import { loadCatalog } from './catalog-file.ts';

const dist = path.join(process.env.WSK_ROOT ?? '.', 'dist');

test('the catalog says the same whether its facts are read late or at once', () => {
  const text = readFileSync(path.join(dist, 'catalog.json'), 'utf8');
  assert.equal(text.split('\n').length, 2, 'facts have a line of their own');
  const data: CatalogData = JSON.parse(text);
  const [late, once] = [loadCatalog(dist), createCatalog(data)];
  assert.equal(late.header('wsk.h'), once.header('wsk.h'));
  assert.equal(late.libraryFile('generic-tables.c')?.text, once.libraryFile('generic-tables.c')?.text);
  assert.deepEqual(late.byName('WskSocket'), once.byName('WskSocket'));
  assert.deepEqual(late.byTypeName('PFN_WSK_SOCKET'), once.byTypeName('PFN_WSK_SOCKET'));
  assert.deepEqual(late.facts, data.facts);
  assert.deepEqual(late.declared, data.declared);
});
