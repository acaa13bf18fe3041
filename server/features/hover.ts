/**
 * Hover: what the thing under the cursor is. WSK, Dot4 and kernel APIs answer with their facts; the driver's own names
 * keep to what C says and to the contract of the callback that they implement, because a C/C++ extension beside us tells
 * about those too.
 */

import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import type { ApiFacts } from '../../catalog/model.ts';
import type {
  CSymbol,
  EnumConstantSymbol,
  FunctionSymbol,
  TypedefSymbol,
  VariableSymbol,
} from '../../cfront/parse/ast.ts';
import { declarationText } from '../../cfront/types/text.ts';
import type { EnumDefinition, RecordDefinition } from '../../cfront/types/types.ts';
import { type Analysis, wordAt } from './analysis.ts';
import { isMadeUp, isMadeUpMacro } from './cplusplus/made-up-names.ts';
import { isInPrelude } from './cplusplus/parse.ts';
import { functionIrql, irqlHere } from './driver/function-irql.ts';
import { roleOf, roleParameter } from './driver/roles.ts';
import {
  apiMarkdown,
  codeBlock,
  contractMarkdown,
  factText,
  paragraphs,
  parameterMarkdown,
  prototypeText,
  salText,
} from './markdown/api-markdown.ts';
import { poolTagMarkdown } from './markdown/constant-markdown.ts';
import { enumerationOf } from './markdown/enumeration.ts';
import { fitsMarkdown, macroMarkdown, macroOfStatus } from './markdown/macro-markdown.ts';
import { layoutText, recordFacts } from './markdown/records.ts';
import { salMeaning } from './markdown/sal.ts';
import { functionTypeOf } from './places/api-at.ts';
import { lexicalPlace } from './places/lexical-place.ts';
import { isMacroParameter, type NameAt, nameAt } from './places/name-at.ts';
import { functionAt } from './places/scope.ts';

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

export function hover(analysis: Analysis, offset: number): Hover | undefined {
  const { unit } = analysis;
  const include = unit.includes.find(({ isDirect, span }) => isDirect && offset >= span.start && offset <= span.end);
  if (include !== undefined) {
    const { file, span } = include;
    if (file === undefined) return undefined;
    const markdown = unit.isSystemFile(file)
      ? `\`${include.name}\`, a header that WSK Workbench brings along`
      : `\`${file.path}\``;
    return { markdown, span };
  }
  const lexical = lexicalPlace(unit, offset);
  if (lexical.kind === 'character') {
    const text = unit.file.text.slice(lexical.span.start + 1, lexical.span.end - 1);
    const markdown = poolTagMarkdown(text);
    return markdown === undefined ? undefined : { markdown, span: lexical.span };
  }
  if (lexical.kind === 'number') return statusOfNumber(analysis, offset);
  if (lexical.kind !== 'code') return undefined;
  const word = wordAt(unit, offset);
  if (word === undefined) return undefined;
  const markdown = wordMarkdown(analysis, offset, word);
  return markdown === undefined ? undefined : { markdown, span: word.span };
}

/** `0xC000000D`: the status of this number, for who has it from a log. */
function statusOfNumber(analysis: Analysis, offset: number): Hover | undefined {
  const { unit } = analysis;
  const before = /\w*$/.exec(unit.file.text.slice(Math.max(0, offset - 20), offset))?.[0] ?? '';
  const start = offset - before.length;
  const text = /^\w+/.exec(unit.file.text.slice(start, start + 20))?.[0] ?? '';
  if (!/^0x[4-9a-f][0-9a-f]{7}[ul]*$/i.test(text)) return undefined;
  const macro = macroOfStatus(unit, BigInt(text.slice(0, 10)));
  if (macro === undefined) return undefined;
  const span = { file: unit.file, start, end: start + text.length };
  return { markdown: macroMarkdown(analysis, macro, undefined), span };
}

function wordMarkdown(
  analysis: Analysis,
  offset: number,
  word: { readonly text: string; readonly span: Span },
): string | undefined {
  const found = nameAt(analysis, offset);
  if (found !== undefined && isOfView(found)) return undefined;
  if (found !== undefined) return withIrqlHere(analysis, offset, nameMarkdown(analysis, found, word.span));
  const meaning = salMeaning(word.text);
  if (meaning !== undefined) return `\`${word.text}\` ${meaning}`;
  const { catalog, unit } = analysis;
  if (isMacroParameter(unit, offset, word.text)) return undefined;
  const facts = catalog.byName(word.text)[0] ?? catalog.byTypeName(word.text);
  // Short lower-case words are more likely members or locals in text that was not understood.
  return facts === undefined || !/[A-Z]/.test(word.text) ? undefined : apiMarkdown(facts, undefined, catalog);
}

/** What only our view of C++ has: a class as a structure, a method as a pointer, a parameter of a template as a number. */
function isOfView(found: NameAt): boolean {
  switch (found.kind) {
    case 'symbol': {
      const { symbol } = found;
      const declared = symbol.declarations[0]?.first;
      return isMadeUp(symbol.name) || (symbol.kind === 'typedef' && declared !== undefined && isInPrelude(declared));
    }
    case 'record':
    case 'member':
      return isInPrelude(found.record.span);
    case 'macro':
      return isMadeUpMacro(found.macro);
    default:
      return false;
  }
}

/** Beside the highest IRQL of what is called, the one at which this place runs. */
function withIrqlHere(analysis: Analysis, offset: number, markdown: string | undefined): string | undefined {
  const line = markdown === undefined ? undefined : /^\*\*IRQL\*\* [^\n]*?(?= *$)/m.exec(markdown)?.[0];
  const here = line === undefined ? '' : irqlHere(analysis, offset);
  return line === undefined || here === '' ? markdown : markdown?.replace(line, () => `${line}; ${here}`);
}

function nameMarkdown(analysis: Analysis, found: NameAt, span: Span): string | undefined {
  switch (found.kind) {
    case 'symbol':
      return symbolMarkdown(analysis, found.symbol, span);
    case 'member':
      return memberMarkdown(analysis, found);
    case 'parameter': {
      const { type, name, annotations } = found.parameter;
      return codeBlock(salText(annotations) + declarationText(type, name ?? ''));
    }
    case 'macro':
      return macroMarkdown(analysis, found.macro, found.isUse ? span : undefined);
    case 'record':
      return recordMarkdown(analysis, found.record);
    case 'enum':
      return codeBlock(enumText(found.definition));
    case 'label':
      return undefined;
    default:
      return unreachable(found);
  }
}

function symbolMarkdown(analysis: Analysis, symbol: CSymbol, span: Span): string | undefined {
  switch (symbol.kind) {
    case 'variable':
      return variableMarkdown(analysis, symbol, span);
    case 'function':
      return functionMarkdown(analysis, symbol);
    case 'enum-constant':
      return enumConstantMarkdown(analysis, symbol);
    case 'typedef':
      return typedefMarkdown(analysis, symbol);
    default:
      return unreachable(symbol);
  }
}

/** Its value, what its own facts or those of its enumeration say, and where it fits. */
function enumConstantMarkdown({ catalog }: Analysis, symbol: EnumConstantSymbol): string {
  const { name, value } = symbol;
  const facts = catalog.byName(name)[0];
  const title = enumTitle(symbol);
  const own = codeBlock(`${name} = ${value}${title === undefined ? '' : `  // ${title}`}`);
  const around = title === undefined ? undefined : (catalog.byName(title)[0] ?? catalog.byTypeName(title));
  const note = around?.members?.find((member) => member.name === name);
  return paragraphs(
    own,
    facts === undefined ? parameterMarkdown(note) : contractMarkdown(facts, undefined, catalog),
    fitsMarkdown(catalog, name),
  );
}

/** The enumeration that a constant belongs to: its type says only int. */
function enumTitle(constant: EnumConstantSymbol): string | undefined {
  const { tag, typedefName } = enumerationOf(constant) ?? {};
  return typedefName ?? (tag === undefined ? undefined : `enum ${tag}`);
}

/** A local function pointer tells its API; a callback's parameter what it gets. */
function variableMarkdown(analysis: Analysis, symbol: VariableSymbol, span: Span): string {
  const { catalog } = analysis;
  const own = codeBlock(declarationText(symbol.type, symbol.name));
  const callable = functionTypeOf(symbol.type);
  const api =
    callable === undefined || symbol.type.alias === undefined ? undefined : catalog.byTypeName(symbol.type.alias);
  if (api !== undefined) return paragraphs(own, apiMarkdown(api, callable, catalog));
  if (!symbol.isParameter) return own;
  const around = functionAt(analysis, span.start);
  const known = around === undefined ? undefined : roleParameter(analysis, around, symbol);
  return paragraphs(own, known?.fact.note === undefined ? '' : `\`${known.role.name}\`: ${factText(known.fact.note)}`);
}

/** An API with its facts; the driver's own function with the contract of its callback. */
function functionMarkdown(analysis: Analysis, symbol: FunctionSymbol): string | undefined {
  const { catalog } = analysis;
  const declared = symbol.declarations[0];
  const isOwn = declared !== undefined && !analysis.unit.isSystemFile(declared.first.file);
  const facts = isOwn ? undefined : catalog.byName(symbol.name)[0];
  if (facts !== undefined) return apiMarkdown(facts, symbol.type, catalog);
  // Called and never declared: the type that C makes up for it would only mislead.
  if (declared === undefined) return undefined;
  const own = codeBlock(prototypeText(symbol.name, symbol.type));
  const role = roleOf(analysis, symbol);
  if (role === undefined) return paragraphs(ownIrql(analysis, symbol), own);
  const title = role.typeName === undefined || role.typeName === role.name ? '' : ` (\`${role.typeName}\`)`;
  // What its requests or its own annotations say is closer than the role, which stands for all routines of its kind.
  const isPassive = functionIrql(analysis, symbol)?.only === 'PASSIVE_LEVEL';
  const known: ApiFacts = isPassive ? { ...role, irql: { max: 'PASSIVE_LEVEL' } } : role;
  return paragraphs(own, `Implements \`${role.name}\`${title}`, contractMarkdown(known, symbol.type, catalog));
}

/** What the driver's own annotations say, in the form of the catalog's functions. */
function ownIrql(analysis: Analysis, symbol: FunctionSymbol): string {
  const said = functionIrql(analysis, symbol)?.text;
  return said === undefined
    ? ''
    : `**IRQL** ${said.replace(/^IRQL (?:= )?/, '').replace(/ \u2264 IRQL \u2264 /, ' to ')}`;
}

function typedefMarkdown(analysis: Analysis, symbol: TypedefSymbol): string {
  const { catalog } = analysis;
  const { type, name } = symbol;
  const facts = catalog.byTypeName(name) ?? catalog.byName(name)[0];
  const callable = functionTypeOf(type);
  if (facts !== undefined && callable !== undefined) return apiMarkdown(facts, callable, catalog);
  const { alias: _, ...bare } = type;
  const own = `typedef ${declarationText(bare, name)};`;
  const record = type.kind === 'record' ? type.definition : undefined;
  const target = type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition : undefined;
  if (record !== undefined) return recordMarkdown(analysis, record);
  if (type.kind === 'enum') return paragraphs(codeBlock(enumText(type.definition)), factsOrNothing(analysis, name));
  if (target === undefined) return paragraphs(codeBlock(own), factsOrNothing(analysis, name));
  return paragraphs(codeBlock(own), recordMarkdown(analysis, target));
}

function factsOrNothing({ catalog }: Analysis, name: string): string {
  const facts = catalog.byTypeName(name) ?? catalog.byName(name)[0];
  return facts === undefined ? '' : contractMarkdown(facts, undefined, catalog);
}

/** Facts first where there are some: the members of the kernel's structures matter less than what they are for. */
function recordMarkdown({ catalog }: Analysis, record: RecordDefinition): string {
  const layout = record.fields === undefined || isHandle(record) ? '' : codeBlock(layoutText(record));
  const facts = recordFacts(catalog, record);
  if (facts !== undefined) return paragraphs(contractMarkdown(facts, undefined, catalog), layout);
  return layout === '' && !isHandle(record) ? codeBlock(layoutText(record)) : layout;
}

/** What DECLARE_HANDLE makes of a name: a structure that nobody looks into. */
function isHandle({ tag, fields }: RecordDefinition): boolean {
  return tag?.endsWith('__') === true && fields?.length === 1 && fields[0]?.name === 'unused';
}

function enumText({ tag, typedefName, constants }: EnumDefinition): string {
  const shown = (constants ?? []).slice(0, 24).map((c) => `    ${c.name} = ${c.value}`);
  const rest = (constants?.length ?? 0) - shown.length;
  if (rest > 0) shown.push(`    // and ${rest} more`);
  return `enum ${tag ?? typedefName ?? ''} {\n${shown.join(',\n')}\n};`;
}

function memberMarkdown(analysis: Analysis, { field, offset, record }: NameAt & { readonly kind: 'member' }): string {
  const { catalog } = analysis;
  const callable = functionTypeOf(field.type);
  const api =
    field.type.alias === undefined || callable === undefined ? undefined : catalog.byTypeName(field.type.alias);
  if (api !== undefined) return apiMarkdown(api, callable, catalog);
  const bits = field.bits === undefined ? '' : `, ${field.bits.width} bits from bit ${field.bits.offset}`;
  const own = codeBlock(
    `${salText(field.annotations)}${declarationText(field.type, field.name ?? '')};  // offset ${offset}${bits}`,
  );
  return paragraphs(own, parameterMarkdown(recordFacts(catalog, record)?.members?.find((m) => m.name === field.name)));
}
