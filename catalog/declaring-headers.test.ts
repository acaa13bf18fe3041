/** Which header a driver includes for a name. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCatalog } from './catalog.ts';
import { declaredNames, declaringHeader } from './declaring-headers.ts';
import { readCatalogData } from './testing/data.ts';

const folder = join(process.env.WSK_ROOT ?? '.', 'catalog/headers');
const headers = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const catalog = createCatalog({ headers, facts: [] });

test('functions, types, constants and macros are found in what people include', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['WskRegister', 'wsk.h'],
    ['WSK_CLIENT_DISPATCH', 'wsk.h'],
    ['WSK_FLAG_LISTEN_SOCKET', 'wsk.h'],
    ['IoAllocateIrp', 'ntddk.h'],
    ['PIRP', 'ntddk.h'],
    ['STATUS_SUCCESS', 'ntddk.h'],
    ['NT_SUCCESS', 'ntddk.h'],
    ['RtlStringCchPrintfA', 'ntstrsafe.h'],
    ['printf', 'stdio.h'],
    ['uint64_t', 'stdint.h'],
    ['INT_MAX', 'limits.h'],
    ['RtlULongAdd', 'ntintsafe.h'],
    ['DOT4_DRIVER_CMD', 'd4drvif.h'],
    ['WdfRequestComplete', 'wdf.h'],
    ['PWDF_OBJECT_ATTRIBUTES', 'wdf.h'],
    ['EVT_WDF_TIMER', 'wdf.h'],
    ['WDF_DECLARE_CONTEXT_TYPE', 'wdf.h'],
    ['STATUS_WDF_BUSY', 'wdf.h'],
  ];
  for (const [name, header] of cases) assert.equal(declaringHeader(catalog, name), header, name);
});

test('a name of nobody’s, and a header that is not there', () => {
  for (const name of ['NoSuchName', 'WdfNoSuchName']) assert.equal(declaringHeader(catalog, name), undefined);
  assert.equal(declaringHeader(createCatalog({ headers: {}, facts: [] }), 'WskRegister'), undefined);
});

test('no name belongs to a part of a header', () => {
  for (const name of ['KeInitializeEvent', 'MmBuildMdlForNonPagedPool', 'ExAllocatePool2', 'InitializeListHead']) {
    assert.doesNotMatch(declaringHeader(catalog, name) ?? '', /_/, name);
  }
});

test('what the build has stored is what the headers say', () => {
  const built = readCatalogData();
  // The headers may be newer than the build: the same headers are read in both ways.
  const names = declaredNames(createCatalog({ headers: built.headers, facts: [] }));
  assert.deepEqual(built.declared, names);
  const stored = createCatalog({ headers: {}, facts: [], declared: names });
  for (const name of ['WskRegister', 'PIRP', 'NT_SUCCESS', 'memcpy', 'NoSuchName']) {
    assert.equal(declaringHeader(stored, name), declaringHeader(catalog, name), name);
  }
});
