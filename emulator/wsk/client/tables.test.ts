// Catalog, headers and emulator name the same WSK functions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../../catalog/testing/reading.ts';
import { namedFields } from '../../../cfront/types/fields.ts';
import { headersUnit } from '../../kernel/index.ts';
import { wskApis } from '../subsystem.ts';
import { categoryFunctions, providerFunctions } from './tables.ts';

const functionsOfTable = (type: string): string[] => {
  const symbol = headersUnit(catalog).symbols.get(type);
  assert.ok(symbol?.kind === 'typedef' && symbol.type.kind === 'record', `${type} is a structure of wsk.h`);
  return namedFields(symbol.type.definition).flatMap(({ field }) =>
    field.type.kind === 'pointer' && field.type.target.kind === 'function' ? [field.name ?? ''] : [],
  );
};

test('every entry of the dispatch tables in wsk.h is filled in', () => {
  assert.deepEqual([...providerFunctions].sort(), functionsOfTable('WSK_PROVIDER_DISPATCH').sort());
  for (const [category, functions] of Object.entries(categoryFunctions)) {
    const table = functionsOfTable(`WSK_PROVIDER_${category.toUpperCase()}_DISPATCH`);
    assert.deepEqual([...functions].sort(), table.sort(), category);
  }
});

test('every WSK function of the catalog is emulated, and nothing else', () => {
  const known = new Set(
    catalog.facts
      .filter(({ header, kind }) => header === 'wsk.h' && (kind === 'function' || kind === 'table-function'))
      .map(({ name }) => name),
  );
  assert.deepEqual(Object.keys(wskApis).sort(), [...known].sort());
});
