/**
 * What is known of a name without any driver: the answer of `wsk docs NAME`, and the same that a hover over the name in
 * a driver shows. In: the catalog and a name, in any case, or a status as a number, which is what a log has of it. Out:
 * the name as it is spelt, Markdown, or names that are near to one that nobody knows. A file is made up that includes
 * the header which declares the name; only what leads to the name is read of it.
 */
import { nearestName } from '../../../base/nearest.ts';
import { sourceFile } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import { declaringHeader, declaringHeaders, headerToInclude } from '../../../catalog/declaring-headers.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type Analysis, wordAt } from '../analysis.ts';
import { type Hover, hover } from '../hover.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { lexicalPlace } from '../places/lexical-place.ts';
import { isMacroParameter, type NameAt, nameAt } from '../places/name-at.ts';
import { apiMarkdown, paragraphs } from './api-markdown.ts';
import { macroOfStatus } from './macro-markdown.ts';

export type Reference =
  | { readonly kind: 'known'; readonly name: string; readonly markdown: string }
  | { readonly kind: 'unknown'; readonly near: string | undefined };

/** What `referenceOf` may know: a C name, or a status in hexadecimal digits. */
export function isReference(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text) || isNumber(text);
}

function isNumber(text: string): boolean {
  return /^0x[\da-f]{1,8}$/i.test(text);
}

export function referenceOf(catalog: Catalog, asked: string): Reference {
  if (isNumber(asked)) {
    const status = macroOfStatus(unitFor(catalog, asked, undefined), BigInt(asked));
    return status === undefined ? { kind: 'unknown', near: undefined } : referenceOf(catalog, status.name);
  }
  const names = knownNames(catalog);
  const isKnown = names.has(asked) || declaringHeader(catalog, asked) !== undefined;
  const name = isKnown ? asked : sameInAnyCase(names, asked);
  if (name === undefined) return { kind: 'unknown', near: nearTo(asked, names) };
  const facts = catalog.byName(name);
  const parts = facts.flatMap((fact) => {
    const unit = unitFor(catalog, name, fact.header);
    // A function that is called through a table is declared by its pointer type only.
    const pointer = fact.typeName === undefined ? undefined : unit.symbols.get(fact.typeName);
    const type = pointer?.kind === 'typedef' ? functionTypeOf(pointer.type) : undefined;
    return type === undefined ? [] : [apiMarkdown(fact, type, catalog)];
  });
  if (parts.length > 0) return { kind: 'known', name, markdown: parts.join('\n\n') };
  const unit = unitFor(catalog, name, facts[0]?.header);
  const found = hover({ unit, catalog }, unit.file.text.length - 1);
  return found === undefined ? { kind: 'unknown', near: undefined } : { kind: 'known', name, markdown: found.markdown };
}

/**
 * What a name would be that the file does not know, since it lacks a header: `uint64_t` without stdint.h. Lower-case words
 * without a sign that they are meant so are more likely members or locals in text that was not understood.
 */
export function hoverWithoutHeader(analysis: Analysis, offset: number): Hover | undefined {
  const { unit, catalog } = analysis;
  const word = lexicalPlace(unit, offset).kind === 'code' ? wordAt(unit, offset) : undefined;
  if (word === undefined || isDeclared(nameAt(analysis, offset))) return undefined;
  const { text, span } = word;
  const isMember = /(?:\.|->)\s*$/.test(unit.file.text.slice(Math.max(0, span.start - 40), span.start));
  const isMeant = /[A-Z]|_t$/.test(text) || /^\s*\(/.test(unit.file.text.slice(span.end, span.end + 20));
  if (isMember || !isMeant || isMacroParameter(unit, offset, text)) return undefined;
  const header = declaringHeader(catalog, text);
  if (header === undefined) return undefined;
  const alone = readAfter(catalog, [header], text);
  const found = hover({ unit: alone, catalog }, alone.file.text.length - 1);
  if (found === undefined) return undefined;
  return { markdown: paragraphs(found.markdown, `Declared in \`${header}\`, which this file does not include`), span };
}

/** A call makes a function of a name that nobody declares. */
function isDeclared(found: NameAt | undefined): boolean {
  return found !== undefined && (found.kind !== 'symbol' || found.symbol.declarations.length > 0);
}

/** A file that ends with the name, after the headers of a driver and the one that declares it. */
function unitFor(catalog: Catalog, name: string, factHeader: string | undefined): TranslationUnit {
  const own = factHeader === undefined ? declaringHeader(catalog, name) : headerToInclude(factHeader);
  return readAfter(catalog, [...new Set(['ntifs.h', 'wsk.h', ...(own === undefined ? [] : [own])])], name);
}

function readAfter(catalog: Catalog, headers: readonly string[], name: string): TranslationUnit {
  const text = `${headers.map((header) => `#include <${header}>\n`).join('')}${name}`;
  return parseTranslationUnit(sourceFile('reference.c', text), {
    include: (request) => {
      const file = catalog.headerFile(request.name);
      return file === undefined
        ? { kind: 'missing', searched: [] }
        : { kind: 'found', file, isSystem: true, outline: catalog.outlineOf(file) };
    },
  });
}

/** What facts tell of and what headers declare. */
function knownNames(catalog: Catalog): ReadonlySet<string> {
  const facts = catalog.facts.flatMap(({ name, typeName }) => (typeName === undefined ? [name] : [name, typeName]));
  return new Set([...facts, ...declaringHeaders(catalog).keys()]);
}

/** Who asks on a command line often leaves out the capitals. */
function nearTo(asked: string, names: ReadonlySet<string>): string | undefined {
  const spelled = new Map([...names].map((name) => [name.toLowerCase(), name]));
  const near = nearestName(asked, names) ?? nearestName(asked.toLowerCase(), spelled.keys());
  return near === undefined ? undefined : (spelled.get(near) ?? near);
}

function sameInAnyCase(names: Iterable<string>, asked: string): string | undefined {
  const lower = asked.toLowerCase();
  for (const name of names) if (name.toLowerCase() === lower) return name;
  return undefined;
}
