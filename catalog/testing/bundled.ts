/**
 * For the catalog's tests: the bundled catalog as users get it, and what its C headers say, read by the front end.
 */
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { Annotation, CSymbol } from '../../cfront/parse/ast.ts';
import type { FunctionType } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { type Catalog, createCatalog } from '../catalog.ts';
import type { CatalogData, IrqlName } from '../model.ts';
import { readCatalogData } from './data.ts';

export { root } from './data.ts';

export const data: CatalogData = readCatalogData();
export const catalog: Catalog = createCatalog(data);

const files = new Map<string, SourceFile>();

/** Reads C text that includes bundled headers only. */
export function parseWithHeaders(text: string): TranslationUnit {
  return parseTranslationUnit(sourceFile('test.c', text), {
    include: ({ name }) => {
      const header = catalog.header(name);
      if (header === undefined) return { kind: 'missing', searched: ['the bundled headers'] };
      const file = files.get(name) ?? sourceFile(name, header);
      files.set(name, file);
      return { kind: 'found', file, isSystem: true };
    },
  });
}

/** All headers with declarations of the kernel's, WSK's and Dot4's. */
export const headers: TranslationUnit = parseWithHeaders(
  [
    'ntifs.h',
    'wsk.h',
    'wdf.h',
    'netioapi.h',
    'd4drvif.h',
    'ntstrsafe.h',
    'wdmsec.h',
    'bcrypt.h',
    'aux_klib.h',
    'wmilib.h',
    'wdmguid.h',
    'ntintsafe.h',
    'evntrace.h',
    'intrin.h',
    'ntddcdrm.h',
    'ntdddisk.h',
    'ntimage.h',
    'ntddkbd.h',
  ]
    .map((name) => `#include <${name}>\n`)
    .join(''),
);

export interface Prototype {
  readonly parameters: readonly string[];
  /** Bounds without a condition; undefined where no annotation says one. */
  readonly irql: { readonly min?: IrqlName; readonly max?: IrqlName };
  /** Some annotation depends on an argument. */
  readonly isConditional: boolean;
}

/** The prototype under a name: of a function, or of the type of a function or a pointer to one. */
export function prototypeOf(name: string): Prototype | undefined {
  const symbol = headers.symbols.get(name);
  const type = symbol && functionTypeOf(symbol);
  if (!symbol || !type) return undefined;
  const annotations = [...('annotations' in symbol ? symbol.annotations : []), ...type.annotations];
  const parameters = type.parameters.map((p) => p.name ?? '').filter((p) => p !== '');
  const isConditional = annotations.some((a) => a.name === '_When_' && words(a).includes('_IRQL_requires_max_'));
  return { parameters, irql: irqlOf(annotations), isConditional };
}

function functionTypeOf(symbol: CSymbol): FunctionType | undefined {
  if (symbol.kind !== 'function' && symbol.kind !== 'typedef') return undefined;
  if (symbol.type.kind === 'function') return symbol.type;
  if (symbol.type.kind === 'pointer' && symbol.type.target.kind === 'function') return symbol.type.target;
  return undefined;
}

const levels: ReadonlyMap<string, IrqlName> = new Map([
  ['0', 'PASSIVE_LEVEL'],
  ['1', 'APC_LEVEL'],
  ['2', 'DISPATCH_LEVEL'],
  ['15', 'HIGH_LEVEL'],
]);

function irqlOf(annotations: readonly Annotation[]): Prototype['irql'] {
  // The levels are macros, so what arrives is their number.
  const level = (name: string): IrqlName | undefined =>
    levels.get(annotations.find((a) => a.name === name)?.arguments[0]?.[0]?.text ?? '');
  const exact = level('_IRQL_requires_');
  const min = level('_IRQL_requires_min_') ?? exact;
  const max = level('_IRQL_requires_max_') ?? exact;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function words(annotation: Annotation): readonly string[] {
  return annotation.arguments.flatMap((argument) => argument.map((token) => token.text));
}
