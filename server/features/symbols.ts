/**
 * Document symbols: the functions, variables, types and macros that a file itself declares, in order, with the members
 * of structures and the constants of enumerations below them. Structures without a tag are shown as their typedef, and
 * constants of enumerations without any name for themselves.
 */
import { append } from '../../base/append.ts';
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import type { VariableSymbol } from '../../cfront/parse/ast.ts';
import { nodePlace } from '../../cfront/parse/walk.ts';
import { place } from '../../cfront/tokenize/token.ts';
import { declarationText, expandedTypeText, functionText, typeText } from '../../cfront/types/text.ts';
import type { CType, EnumDefinition, RecordDefinition } from '../../cfront/types/types.ts';
import type { Analysis } from './analysis.ts';
import { isMadeUp, writtenName } from './cplusplus/made-up-names.ts';
import { isInClass, nested, qualifiedName, scopesIn } from './cplusplus/scopes.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly kind:
    | 'function'
    | 'variable'
    | 'type'
    | 'struct'
    | 'enum'
    | 'enum-member'
    | 'field'
    | 'macro'
    | 'namespace'
    | 'class'
    | 'method';
  readonly detail: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** `file`: the unit's own, or a header of the driver's. */
export function documentSymbols(analysis: Analysis, file?: SourceFile): readonly DocumentSymbol[] {
  return toEnd(readingSymbols(analysis, file));
}

/** Symbols that are made in one piece. */
const pieceLength = 250;

export function* readingSymbols({ unit }: Analysis, file: SourceFile = unit.file): InPieces<readonly DocumentSymbol[]> {
  const found: DocumentSymbol[] = [];
  const constants: DocumentSymbol[] = [];
  const shown = new Set<RecordDefinition | EnumDefinition>();
  const seen = new Set<string>();
  const scopes = scopesIn(unit, file);
  for (const node of unit.declarations) {
    const span = nodePlace(node);
    if (span.file !== file || !('nameToken' in node) || node.nameToken === undefined) continue;
    const nameSpan = place(node.nameToken);
    if (nameSpan.file !== file) continue;
    const { text } = node.nameToken;
    const isOfNobody = isMadeUp(text);
    const bare = isOfNobody ? writtenName(nameSpan) : text;
    const name = scopes.length === 0 ? bare : qualifiedName(nameSpan, bare);
    const add = (kind: DocumentSymbol['kind'], detail: string, type?: RecordDefinition | EnumDefinition): void => {
      const key = `${kind} ${name} ${nameSpan.start}`;
      if (seen.has(key)) return;
      seen.add(key);
      const isHere = type !== undefined && isWithin(type.span, span) && !shown.has(type);
      if (isHere) shown.add(type);
      const children = isHere ? partsOf(type, span) : [];
      (kind === 'enum-member' ? constants : found).push({ name, kind, detail, span, nameSpan, children });
    };
    switch (node.kind) {
      case 'function-definition':
        // All that have one made-up name are one symbol, with the type of one of them.
        add(
          'function',
          isOfNobody ? `${name}(${parametersText(node.parameters)})` : functionText(node.symbol.type, name),
        );
        break;
      case 'variable-declaration':
        add('variable', typeText(node.symbol.type));
        break;
      case 'typedef-declaration':
        add('type', expandedTypeText(node.symbol.type), untagged(node.symbol.type));
        break;
      case 'tag-declaration':
        if (node.definition.kind === 'enum') add('enum', '', node.definition.enumeration);
        else add('struct', '', node.definition.record);
        break;
      case 'enum-constant-declaration':
        add('enum-member', String(node.symbol.value));
        break;
      case 'function-declaration':
        // In C++ what a class declares is a part of it.
        if (isInClass(scopes, nameSpan)) {
          const text = functionText(node.symbol.type, name);
          // Constructors and destructors have no result.
          add('function', isOfNobody ? text.slice(text.indexOf(name)) : text);
        }
        break;
    }
    if (found.length % pieceLength === 0) yield;
  }
  const below = new Set(found.flatMap(({ children }) => children.map(({ nameSpan }) => nameSpan.start)));
  append(
    found,
    constants.filter(({ nameSpan }) => !below.has(nameSpan.start)),
  );
  for (const { name, span, parameters } of unit.macros.values()) {
    if (span?.file !== file) continue;
    const detail = parameters === undefined ? '' : `(${parameters.join(', ')})`;
    found.push({ name, kind: 'macro', detail, span, nameSpan: span, children: [] });
  }
  return nested(
    found.sort((a, b) => a.nameSpan.start - b.nameSpan.start),
    scopes,
    file,
  );
}

function parametersText(parameters: readonly VariableSymbol[]): string {
  return parameters.map(({ name, type }) => declarationText(type, name)).join(', ');
}

/** A structure or enumeration that only its typedef names. */
function untagged(type: CType): RecordDefinition | EnumDefinition | undefined {
  if (type.kind !== 'record' && type.kind !== 'enum') return undefined;
  return type.definition.tag === undefined ? type.definition : undefined;
}

/** Members or constants, those that a macro writes left out. Ends because a structure holds smaller ones. */
function partsOf(type: RecordDefinition | EnumDefinition, around: Span): readonly DocumentSymbol[] {
  if (!('fields' in type)) {
    return (type.constants ?? []).flatMap(({ name, value, span }) =>
      isWithin(span, around)
        ? [{ name, kind: 'enum-member' as const, detail: String(value), span, nameSpan: span, children: [] }]
        : [],
    );
  }
  return (type.fields ?? []).flatMap((field): readonly DocumentSymbol[] => {
    const inner = recordBelow(field.type);
    const isOwn = inner !== undefined && inner.tag === undefined && isWithin(inner.span, around);
    // What has no name is spread out, as C does.
    if (field.name === undefined) return isOwn ? partsOf(inner, around) : [];
    const { span } = field;
    if (!isWithin(span, around)) return [];
    const children = isOwn ? partsOf(inner, around) : [];
    const detail = isOwn ? '' : typeText(field.type);
    const whole = isOwn ? { ...span, start: Math.min(span.start, inner.span.start) } : span;
    return [{ name: field.name, kind: 'field', detail, span: whole, nameSpan: span, children }];
  });
}

function recordBelow(type: CType): RecordDefinition | undefined {
  if (type.kind === 'array') return recordBelow(type.element);
  return type.kind === 'record' ? type.definition : undefined;
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && inner.start >= outer.start && inner.end <= outer.end;
}
