/**
 * The bundled headers as one translation unit: structures, constants and prototypes that the kernel's functions need,
 * whatever the driver itself includes. Read once for each catalog.
 */
import { memo } from '../../base/memo.ts';
import { sourceFile } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { createHeaderCache } from '../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

const included = [
  'ntifs.h',
  'wsk.h',
  'ntstrsafe.h',
  'wdmsec.h',
  'ip2string.h',
  'netioapi.h',
  'netioddk.h',
  'd4drvif.h',
  'aux_klib.h',
  'bcrypt.h',
  'wmilib.h',
  'intrin.h',
];
const library = [
  'stdio.h',
  'stdlib.h',
  'string.h',
  'ctype.h',
  'wchar.h',
  'assert.h',
  'math.h',
  'setjmp.h',
  'errno.h',
  'time.h',
  'locale.h',
  'signal.h',
];

export const headersUnit = memo((catalog: Catalog): TranslationUnit => {
  const names = [...included, ...library].filter((name) => catalog.header(name) !== undefined);
  const text = names.map((name) => `#include <${name}>\n`).join('');
  return parseTranslationUnit(sourceFile('<headers>', text), {
    headers: createHeaderCache() /* so that only what is asked for is read */,
    include: ({ name }) => {
      const file = catalog.headerFile(name);
      return file === undefined
        ? { kind: 'missing', searched: ['the bundled headers'] }
        : { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
    },
  });
});
