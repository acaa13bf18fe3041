/**
 * Which page of the user's docs belongs to the word under the cursor.
 *
 * In: an analysis and an offset. Out: the names to look up, the one that says most first, and where the catalog knows it
 * the page's UID; undefined for what is the driver's own, which no page describes. A name that nothing declares (the API
 * of a header that is not there) is looked up as it is spelt. Nothing is looked up here: this is plain data.
 */

import { unreachable } from '../../../base/assert.ts';
import type { Span } from '../../../base/source.ts';
import type { ApiFacts } from '../../../catalog/model.ts';
import type { CSymbol } from '../../../cfront/parse/ast.ts';
import type { CType, EnumDefinition, RecordDefinition } from '../../../cfront/types/types.ts';
import { type Analysis, wordAt } from '../analysis.ts';
import { roleOf } from '../driver/roles.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { lexicalPlace } from '../places/lexical-place.ts';
import { type NameAt, nameAt } from '../places/name-at.ts';
import { enumerationOf } from './enumeration.ts';
import { recordFacts } from './records.ts';

export interface Documented {
  readonly names: readonly string[];
  readonly uid: string | undefined;
  /** A member or enumerator of what the names say. */
  readonly member: string | undefined;
  /** Our catalog tells about it too. */
  readonly hasFacts: boolean;
  readonly span: Span;
}

type Names = Omit<Documented, 'span'>;

export function documentedAt(analysis: Analysis, offset: number): Documented | undefined {
  if (lexicalPlace(analysis.unit, offset).kind !== 'code') return undefined;
  const word = wordAt(analysis.unit, offset);
  if (word === undefined) return undefined;
  const found = nameAt(analysis, offset);
  const names = found === undefined ? unknownName(analysis, word.text) : namesOf(analysis, found);
  return names === undefined || names.names.length === 0 ? undefined : { ...names, span: word.span };
}

/** Short words and words in lower case are rather locals in text that was not understood. */
function unknownName({ catalog }: Analysis, name: string): Names | undefined {
  const facts = catalog.byName(name)[0] ?? catalog.byTypeName(name);
  if (facts !== undefined) return factsNames(facts, name);
  return name.length > 3 && /[A-Z]/.test(name) ? plain(name) : undefined;
}

function namesOf(analysis: Analysis, found: NameAt): Names | undefined {
  const { catalog } = analysis;
  switch (found.kind) {
    case 'symbol':
      return symbolNames(analysis, found.symbol);
    case 'member': {
      const api = apiOfType(analysis, found.field.type);
      if (api !== undefined) return factsNames(api, api.typeName ?? api.name);
      const names = recordNames(analysis, found.record);
      return names === undefined ? undefined : { ...names, member: found.field.name };
    }
    case 'macro': {
      const facts = catalog.byName(found.macro.name)[0];
      if (facts !== undefined) return factsNames(facts, found.macro.name);
      return isOwn(analysis, found.macro.span) ? undefined : plain(found.macro.name);
    }
    case 'record':
      return recordNames(analysis, found.record);
    case 'enum':
      return enumNames(analysis, found.definition, undefined);
    case 'parameter':
    case 'label':
      return undefined;
    default:
      return unreachable(found);
  }
}

function symbolNames(analysis: Analysis, symbol: CSymbol): Names | undefined {
  const { catalog, unit } = analysis;
  switch (symbol.kind) {
    case 'function': {
      const declared = symbol.declarations[0]?.first.file;
      const isHere = symbol.definition !== undefined || declared === unit.file;
      const facts = isHere ? roleOf(analysis, symbol) : catalog.byName(symbol.name)[0];
      if (facts !== undefined) return factsNames(facts, isHere ? (facts.typeName ?? facts.name) : symbol.name);
      return isHere ? undefined : plain(symbol.name);
    }
    case 'variable': {
      const api = apiOfType(analysis, symbol.type);
      return api === undefined ? undefined : factsNames(api, api.typeName ?? api.name);
    }
    case 'enum-constant': {
      const definition = enumerationOf(symbol);
      return definition === undefined ? undefined : enumNames(analysis, definition, symbol.name);
    }
    case 'typedef': {
      const facts = catalog.byTypeName(symbol.name) ?? catalog.byName(symbol.name)[0];
      if (facts !== undefined) return factsNames(facts, symbol.name);
      const { type } = symbol;
      const record = type.kind === 'pointer' ? type.target : type;
      const behind =
        record.kind === 'record'
          ? recordNames(analysis, record.definition)
          : record.kind === 'enum'
            ? enumNames(analysis, record.definition, undefined)
            : undefined;
      if (symbol.declarations[0]?.first.file === unit.file) return undefined;
      return behind === undefined ? plain(symbol.name) : { ...behind, names: unique([symbol.name, ...behind.names]) };
    }
    default:
      return unreachable(symbol);
  }
}

/** The page's own name stands first; the catalog's names after it, since two APIs can share what is called. */
function factsNames(facts: ApiFacts, spelt: string): Names {
  const { page } = facts;
  const uid = page?.includes(':') === true ? page : undefined;
  const paged = uid?.slice(uid.indexOf('.') + 1);
  const guide = page === undefined || uid !== undefined ? undefined : guideName(page);
  const names = [paged, spelt, facts.typeName, facts.name, guide].filter((name) => name !== undefined);
  return { names: unique(names), uid, member: undefined, hasFacts: true };
}

/** `network/so-reuseaddr` is about SO_REUSEADDR. */
function guideName(page: string): string {
  return (page.split('/').at(-1) ?? '').replaceAll('-', '_').toUpperCase();
}

function recordNames(analysis: Analysis, record: RecordDefinition): Names | undefined {
  if (isOwn(analysis, record.span)) return undefined;
  const facts = recordFacts(analysis.catalog, record);
  const named = [record.tag, record.typedefName].filter((name) => name !== undefined);
  if (facts === undefined) return named.length === 0 ? undefined : plain(...named);
  const known = factsNames(facts, named[0] ?? facts.name);
  return { ...known, names: unique([...known.names, ...named]) };
}

function enumNames(analysis: Analysis, definition: EnumDefinition, member: string | undefined): Names | undefined {
  if (isOwn(analysis, definition.span)) return undefined;
  const named = [definition.tag, definition.typedefName].filter((name) => name !== undefined);
  return named.length === 0 ? undefined : { ...plain(...named), member };
}

function apiOfType({ catalog }: Analysis, type: CType): ApiFacts | undefined {
  if (type.alias === undefined || functionTypeOf(type) === undefined) return undefined;
  return catalog.byTypeName(type.alias);
}

/** Declared in the driver's file itself. Its own headers are not told apart from foreign ones: no page has their names. */
function isOwn({ unit }: Analysis, span: Span | undefined): boolean {
  return span === undefined || span.file === unit.file;
}

function plain(...names: readonly string[]): Names {
  return { names: unique(names), uid: undefined, member: undefined, hasFacts: false };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
