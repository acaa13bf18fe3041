/**
 * Functions of the kernel that are written in C: those that do little but call the driver's own callbacks, which C says
 * best. The linker asks for a function's file when something refers to it; no other driver pays for it.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { ParseOptions, TranslationUnit } from '../../cfront/unit.ts';

/** The names that each file defines. */
export const libraryFiles: Readonly<Record<string, readonly string[]>> = {
  'balanced-tables.c': [
    'RtlDeleteElementGenericTableAvl',
    'RtlEnumerateGenericTableAvl',
    'RtlEnumerateGenericTableWithoutSplayingAvl',
    'RtlGetElementGenericTableAvl',
    'RtlInitializeGenericTableAvl',
    'RtlInsertElementGenericTableAvl',
    'RtlInsertElementGenericTableFullAvl',
    'RtlIsGenericTableEmptyAvl',
    'RtlLookupElementGenericTableAvl',
    'RtlLookupElementGenericTableFullAvl',
    'RtlNumberGenericTableElementsAvl',
  ],
  'cancel-safe-queues.c': [
    'IoCsqInitialize',
    'IoCsqInitializeEx',
    'IoCsqInsertIrp',
    'IoCsqInsertIrpEx',
    'IoCsqRemoveIrp',
    'IoCsqRemoveNextIrp',
  ],
  'generic-tables.c': [
    'RtlDelete',
    'RtlDeleteElementGenericTable',
    'RtlEnumerateGenericTable',
    'RtlEnumerateGenericTableWithoutSplaying',
    'RtlGetElementGenericTable',
    'RtlInitializeGenericTable',
    'RtlInsertElementGenericTable',
    'RtlInsertElementGenericTableFull',
    'RtlIsGenericTableEmpty',
    'RtlLookupElementGenericTable',
    'RtlLookupElementGenericTableFull',
    'RtlNumberGenericTableElements',
    'RtlRealPredecessor',
    'RtlRealSuccessor',
    'RtlSplay',
    'RtlSubtreePredecessor',
    'RtlSubtreeSuccessor',
  ],
};

const fileOf = new Map(Object.entries(libraryFiles).flatMap(([file, names]) => names.map((name) => [name, file])));

/** Reads a function's file, once; undefined for functions that are in none. Places in it are Windows', not the driver's. */
export function createLibrary(
  catalog: Catalog,
  headers: NonNullable<ParseOptions['headers']>,
): (functionName: string) => TranslationUnit | undefined {
  const units = new Map<string, TranslationUnit>();
  return (functionName) => {
    const name = fileOf.get(functionName);
    const file = name === undefined ? undefined : catalog.libraryFile(name);
    if (name === undefined || file === undefined) return undefined;
    const known = units.get(name);
    if (known !== undefined) return known;
    const unit: TranslationUnit = {
      ...parseTranslationUnit(file, { headers, include: include(catalog) }),
      isSystemFile: () => true,
    };
    units.set(name, unit);
    return unit;
  };
}

function include(catalog: Catalog): ParseOptions['include'] {
  return ({ name }) => {
    const file = catalog.headerFile(name);
    return file === undefined
      ? { kind: 'missing', searched: ['the bundled headers'] }
      : { kind: 'found', file, isSystem: true };
  };
}
