/**
 * Hover: what the thing under the cursor is. WSK, Dot4 and kernel APIs answer with their facts; the driver's own names
 * keep to what C says, because the C/C++ extension beside us tells about those too.
 */
import type { Span } from '../../base/source.ts';
import type { ApiFacts } from '../../catalog/model.ts';
import type { Expression } from '../../cfront/parse/ast.ts';
import { findPath } from '../../cfront/parse/walk.ts';
import { declarationText, expandedTypeText, functionText, recordText } from '../../cfront/types/text.ts';
import type { Field, FunctionType, RecordDefinition } from '../../cfront/types/types.ts';
import type { MacroDefinition } from '../../cfront/unit.ts';
import { type Analysis, isInComment, wordAt } from './analysis.ts';
import { apiOf, functionTypeOf } from './api-at.ts';
import { apiMarkdown, codeBlock } from './api-markdown.ts';

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

export function hover(analysis: Analysis, offset: number): Hover | undefined {
  const { unit } = analysis;
  const word = wordAt(unit, offset);
  if (word === undefined || isInComment(unit, offset)) return undefined;
  const markdown =
    expressionHover(analysis, offset, word.text) ??
    macroHover(analysis, offset, word.text) ??
    nameHover(analysis, word.text);
  return markdown === undefined ? undefined : { markdown, span: word.span };
}

/** The innermost name or member under the cursor that is spelt like the word. */
function expressionHover(analysis: Analysis, offset: number, word: string): string | undefined {
  const path = findPath(analysis.unit, offset);
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i];
    if (node === undefined) continue;
    if (node.kind === 'name' && node.symbol.name === word) return namedHover(analysis, node);
    if (node.kind === 'member' && node.name === word) return memberHover(analysis, node);
    if (node.kind === 'enum-constant' && node.symbol.name === word) {
      return withFacts(analysis, word, codeBlock(`${word} = ${node.symbol.value}`));
    }
  }
  return undefined;
}

function namedHover(analysis: Analysis, node: Expression & { readonly kind: 'name' }): string {
  const facts = analysis.catalog.byName(node.symbol.name)[0];
  if (facts !== undefined) return apiMarkdown(facts, functionTypeOf(node.symbol.type), analysis.catalog);
  const { symbol } = node;
  if (symbol.kind === 'variable') {
    const api = apiOf(node, analysis.catalog);
    const own = codeBlock(declarationText(symbol.type, symbol.name));
    return api === undefined ? own : `${own}\n\n${apiMarkdown(api, functionTypeOf(symbol.type), analysis.catalog)}`;
  }
  const role = symbol.roleType === undefined ? undefined : analysis.catalog.byTypeName(symbol.roleType);
  const own = codeBlock(functionText(symbol.type, symbol.name));
  return role === undefined ? own : `${own}\n\n\`${symbol.roleType}\`: ${role.summary}`;
}

function memberHover(analysis: Analysis, node: Expression & { readonly kind: 'member' }): string {
  const api = apiOf(node, analysis.catalog);
  if (api !== undefined) return apiMarkdown(api, functionTypeOf(node.type), analysis.catalog);
  const record = recordOf(node.object);
  const own = codeBlock(`${declarationText(node.type, node.name)};  // offset ${node.offset}${bitsText(node.field)}`);
  const note = record === undefined ? undefined : memberNote(analysis, record, node.name);
  return note === undefined ? own : `${own}\n\n${note}`;
}

function bitsText(field: Field | undefined): string {
  return field?.bits === undefined ? '' : `, ${field.bits.width} bits from bit ${field.bits.offset}`;
}

function recordOf(object: Expression): RecordDefinition | undefined {
  const type = object.type.kind === 'pointer' ? object.type.target : object.type;
  return type.kind === 'record' ? type.definition : undefined;
}

function memberNote(analysis: Analysis, record: RecordDefinition, member: string): string | undefined {
  const facts = recordFacts(analysis, record);
  return facts?.members?.find((m) => m.name === member)?.note;
}

function recordFacts(analysis: Analysis, record: RecordDefinition): ApiFacts | undefined {
  const name = record.typedefName ?? record.tag;
  return name === undefined ? undefined : (analysis.catalog.byName(name)[0] ?? analysis.catalog.byTypeName(name));
}

function macroHover(analysis: Analysis, offset: number, word: string): string | undefined {
  const use = analysis.unit.macroUses.find(
    ({ span, macro }) => macro.name === word && offset >= span.start && offset <= span.start + word.length,
  );
  const macro = use?.macro ?? analysis.unit.macros.get(word);
  return macro === undefined ? undefined : withFacts(analysis, word, codeBlock(macroText(macro)));
}

function macroText(macro: MacroDefinition): string {
  const parameters =
    macro.parameters === undefined ? '' : `(${[...macro.parameters, ...(macro.isVariadic ? ['...'] : [])].join(', ')})`;
  const body = macro.body
    .map((token) => (token.afterSpace ? ' ' : '') + token.text)
    .join('')
    .trim();
  const shown = body.length > 200 ? `${body.slice(0, 200)} …` : body;
  return `#define ${macro.name}${parameters} ${shown}`.trimEnd();
}

/** Types, functions named in declarations, and what the catalog alone knows. */
function nameHover(analysis: Analysis, word: string): string | undefined {
  const { unit, catalog } = analysis;
  const symbol = unit.symbols.get(word);
  const facts = catalog.byName(word)[0] ?? catalog.byTypeName(word);
  if (symbol?.kind === 'typedef') {
    const type = functionTypeOf(symbol.type);
    if (facts !== undefined && type !== undefined) return apiMarkdown(facts, type, catalog);
    const own = codeBlock(`typedef ${expandedTypeText(symbol.type)} ${word};`);
    return facts === undefined ? own : `${own}\n\n${apiMarkdown(facts, undefined, catalog)}`;
  }
  if (symbol?.kind === 'function') {
    const type: FunctionType = symbol.type;
    if (facts !== undefined) return apiMarkdown(facts, type, catalog);
    return codeBlock(functionText(type, word));
  }
  if (facts !== undefined) return apiMarkdown(facts, undefined, catalog);
  const record = unit.records.get(word);
  return record === undefined ? undefined : codeBlock(recordText(record));
}

function withFacts(analysis: Analysis, word: string, own: string): string {
  const facts = analysis.catalog.byName(word)[0];
  return facts === undefined ? own : `${own}\n\n${apiMarkdown(facts, undefined, analysis.catalog)}`;
}
