/**
 * Which bundled header a driver has to include for a name: "WskRegister" is in wsk.h, "KSPIN_LOCK" in ntddk.h.
 *
 * In: the catalog. Out: a function from a name (function, type, constant, macro) to the header that people include for
 * it. The build reads all headers as one unit and stores what it finds beside them; a catalog that nobody built is read
 * when somebody asks for the first time.
 */
import { memo } from '../base/memo.ts';
import { type SourceFile, sourceFile } from '../base/source.ts';
import { parseTranslationUnit } from '../cfront/index.ts';
import { place } from '../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../cfront/unit.ts';
import type { Catalog } from './catalog.ts';

/**
 * What drivers include, the most common first: a name that several of them bring belongs to the first. Parts of these
 * headers (wdm_irp.h) and headers that only switch something (pshpack1.h) are not there.
 */
export const includable: readonly string[] =
  `ntddk.h wsk.h d4drvif.h d4iface.h stdint.h limits.h stdio.h ntstrsafe.h ntintsafe.h mstcpip.h ip2string.h netioddk.h
  netioapi.h wdmsec.h bcrypt.h aux_klib.h ntifs.h initguid.h TraceLoggingProvider.h intrin.h stdarg.h stddef.h
  inttypes.h string.h stdlib.h wchar.h ctype.h math.h float.h errno.h assert.h stdbool.h stdalign.h
  stdnoreturn.h ntddser.h`.split(/\s+/);

export function declaringHeader(catalog: Catalog, name: string): string | undefined {
  return declaringHeaders(catalog).get(name) ?? (ofKmdf.test(name) && kmdfWords(catalog).has(name) ? KMDF : undefined);
}

/** The header that people include for what facts say is in this one, which may be a part of it. */
export function headerToInclude(header: string): string {
  return /^wdf\w+\.h$/.test(header) ? KMDF : header;
}

const KMDF = 'wdf.h';
/** How all names of KMDF begin: its headers are only read for one that does. */
const ofKmdf = /^(?:(?:PC?|EVT_|PFN_|STATUS_)?WDF|Wdf)/;

const kmdfWords = memo((catalog: Catalog): ReadonlySet<string> => {
  const texts = catalog.headerNames.filter((name) => name.startsWith('wdf')).map((name) => catalog.header(name) ?? '');
  return new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
});

/** The header of every name that the bundled headers declare or define. */
export const declaringHeaders: (catalog: Catalog) => ReadonlyMap<string, string> = memo(
  (catalog) => storedHeaders(catalog) ?? readHeaders(catalog),
);

/** What the build stores: see `CatalogData.declared`. */
export function declaredNames(catalog: Catalog): Readonly<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const [name, header] of readHeaders(catalog)) {
    const others = names[header];
    names[header] = others === undefined ? name : `${others} ${name}`;
  }
  return names;
}

function storedHeaders({ declared }: Catalog): ReadonlyMap<string, string> | undefined {
  if (declared === undefined) return undefined;
  const headers = new Map<string, string>();
  for (const [header, names] of Object.entries(declared))
    for (const name of names.split(' ')) headers.set(name, header);
  return headers;
}

function readHeaders(catalog: Catalog): ReadonlyMap<string, string> {
  const main = sourceFile('<all headers>', includable.map((name) => `#include <${name}>\n`).join(''));
  const unit = parseTranslationUnit(main, {
    include: ({ name }) => {
      const file = catalog.headerFile(name);
      return file === undefined ? { kind: 'missing', searched: [] } : { kind: 'found', file, isSystem: true };
    },
  });
  const roots = rootsOf(unit);
  const headers = new Map<string, string>();
  const add = (name: string, file: SourceFile | undefined): void => {
    const header = file === undefined ? undefined : roots.get(file);
    if (header !== undefined && !headers.has(name)) headers.set(name, header);
  };
  for (const node of unit.declarations) {
    if ('symbol' in node) add(node.symbol.name, place(node.nameToken ?? node.first).file);
  }
  for (const [name, macro] of unit.macros) add(name, macro.span?.file);
  return headers;
}

/** From each file to the header of the list through which it came in first. */
function rootsOf(unit: TranslationUnit): ReadonlyMap<SourceFile, string> {
  const roots = new Map<SourceFile, string>();
  for (const { file, name, span, isDirect } of unit.includes) {
    if (file === undefined || roots.has(file)) continue;
    const root = isDirect ? name : roots.get(span.file);
    if (root !== undefined) roots.set(file, root);
  }
  return roots;
}
