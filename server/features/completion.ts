/**
 * Completion by place: members behind `.` and `->`, the constants that fit an argument, and otherwise the names of the
 * catalog and of the file. Order: what fits the place first, then the driver's own names, then the rest.
 */
import type { ApiFacts, ApiKind } from '../../catalog/model.ts';
import type { Expression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { findPath, nodePlace } from '../../cfront/parse/walk.ts';
import { namedFields } from '../../cfront/types/fields.ts';
import { declarationText, functionText, typeText } from '../../cfront/types/text.ts';
import type { CType } from '../../cfront/types/types.ts';
import { type Analysis, isInComment, wordAt } from './analysis.ts';
import { apiOfCall, functionTypeOf } from './api-at.ts';
import { apiMarkdown } from './api-markdown.ts';
import { callAt } from './call-at.ts';

export interface CompletionItem {
  readonly label: string;
  readonly kind: 'field' | 'method' | 'function' | 'constant' | 'type' | 'variable' | 'macro';
  /** One line beside the label. */
  readonly detail: string;
  readonly markdown: string;
  /** Smaller comes first. */
  readonly rank: number;
}

/** Items of one answer at most; the editor asks again while the word grows. */
const itemsMax = 400;

export function complete(analysis: Analysis, offset: number): readonly CompletionItem[] {
  if (isInComment(analysis.unit, offset) || isInString(analysis, offset)) return [];
  const members = memberItems(analysis, offset);
  if (members !== undefined) return members;
  const word = wordAt(analysis.unit, offset)?.text ?? '';
  const prefix = word.toLowerCase();
  const fitting = argumentItems(analysis, offset);
  const seen = new Set(fitting.map((item) => item.label));
  // Nothing typed yet: only what fits the place is of use.
  const others =
    prefix === '' ? [] : [...localItems(analysis, offset), ...fileItems(analysis), ...catalogItems(analysis)];
  const matching = others.filter((item) => {
    if (seen.has(item.label) || !item.label.toLowerCase().startsWith(prefix)) return false;
    seen.add(item.label);
    return true;
  });
  return [...fitting, ...matching].slice(0, itemsMax);
}

function isInString(analysis: Analysis, offset: number): boolean {
  const node = findPath(analysis.unit, offset).at(-1);
  if (node?.kind !== 'string') return false;
  const { start, end } = nodePlace(node);
  return offset > start && offset < end;
}

/** Members of what stands before `.` or `->`; undefined where the cursor is behind neither. */
function memberItems(analysis: Analysis, offset: number): readonly CompletionItem[] | undefined {
  const { text } = analysis.unit.file;
  const wordStart = wordAt(analysis.unit, offset)?.span.start ?? offset;
  if (!/(?:->|\.)\s*$/.test(text.slice(Math.max(0, wordStart - 80), wordStart))) return undefined;
  const node = findPath(analysis.unit, offset).findLast((n) => n.kind === 'member');
  if (node === undefined) return /\d\.$/.test(text.slice(0, wordStart)) ? undefined : [];
  const record = recordBehind(node.object);
  if (record === undefined) return [];
  return namedFields(record).map(({ field }) => fieldItem(analysis, field.name ?? '', field.type));
}

function recordBehind(object: Expression) {
  const type = object.type.kind === 'pointer' ? object.type.target : object.type;
  return type.kind === 'record' ? type.definition : undefined;
}

function fieldItem(analysis: Analysis, name: string, type: CType): CompletionItem {
  const facts = type.alias === undefined ? undefined : analysis.catalog.byTypeName(type.alias);
  const callable = functionTypeOf(type);
  const markdown = facts === undefined || callable === undefined ? '' : apiMarkdown(facts, callable, analysis.catalog);
  return { label: name, kind: callable === undefined ? 'field' : 'method', detail: typeText(type), markdown, rank: 0 };
}

/** The constants that the catalog lists for the parameter at the cursor, then variables of just its type. */
function argumentItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  const at = callAt(analysis.unit, offset);
  if (at === undefined) return [];
  const facts = apiOfCall(at.call, analysis.catalog);
  const parameter = functionTypeOf(at.call.callee.type)?.parameters[at.index];
  const name = parameter?.name ?? facts?.parameters?.[at.index]?.name;
  if (facts === undefined || name === undefined) return [];
  const fact = facts.parameters?.find((p) => p.name === name);
  const values = analysis.catalog.valuesOf(facts, name);
  const none: readonly string[] =
    fact?.reserved === true
      ? [parameter?.type.kind === 'pointer' ? 'NULL' : '0']
      : fact?.optional === true
        ? ['NULL']
        : [];
  return [...values, ...none].map((value, i) => {
    const known = analysis.catalog.byName(value)[0];
    return {
      label: value,
      kind: 'constant' as const,
      detail: `${facts.name}: ${name}`,
      markdown: known === undefined ? (fact?.note ?? '') : apiMarkdown(known, undefined, analysis.catalog),
      rank: i,
    };
  });
}

function localItems(analysis: Analysis, offset: number): readonly CompletionItem[] {
  const body = findPath(analysis.unit, offset).find((n): n is FunctionDefinition => n.kind === 'function-definition');
  if (body === undefined) return [];
  const visible = [
    ...body.parameters,
    ...body.locals.filter((l) => l.name !== '' && isDeclaredBefore(analysis, l.declarations[0], offset)),
  ];
  return visible.map((v) => ({
    label: v.name,
    kind: 'variable' as const,
    detail: declarationText(v.type, v.name),
    markdown: '',
    rank: 1000,
  }));
}

function isDeclaredBefore(
  analysis: Analysis,
  declaration:
    | {
        readonly first: Parameters<typeof nodePlace>[0]['first'];
        readonly last: Parameters<typeof nodePlace>[0]['last'];
      }
    | undefined,
  offset: number,
): boolean {
  if (declaration === undefined) return false;
  const span = nodePlace(declaration);
  return span.file === analysis.unit.file && span.start <= offset;
}

/** Functions, variables and types of the driver itself. */
function fileItems(analysis: Analysis): readonly CompletionItem[] {
  const items: CompletionItem[] = [];
  for (const symbol of analysis.unit.symbols.values()) {
    const declaration = symbol.declarations[0];
    if (declaration === undefined || analysis.unit.isSystemFile(declaration.first.file)) continue;
    const kind =
      symbol.kind === 'function'
        ? 'function'
        : symbol.kind === 'typedef'
          ? 'type'
          : symbol.kind === 'variable'
            ? 'variable'
            : 'constant';
    const detail = symbol.kind === 'function' ? functionText(symbol.type, symbol.name) : typeText(symbol.type);
    items.push({ label: symbol.name, kind, detail, markdown: '', rank: 2000 });
  }
  return items;
}

const kinds: Readonly<Record<ApiKind, CompletionItem['kind']>> = {
  function: 'function',
  'table-function': 'method',
  callback: 'type',
  structure: 'type',
  enumeration: 'type',
  macro: 'macro',
  constant: 'constant',
  'socket-option': 'constant',
  'socket-ioctl': 'constant',
  'client-control': 'constant',
  ioctl: 'constant',
};

/** Everything that the catalog knows and that can be written alone; functions of dispatch tables come as members. */
function catalogItems(analysis: Analysis): readonly CompletionItem[] {
  return analysis.catalog.facts
    .filter((facts) => facts.kind !== 'table-function')
    .map((facts) => catalogItem(analysis, facts));
}

function catalogItem(analysis: Analysis, facts: ApiFacts): CompletionItem {
  const symbol = analysis.unit.symbols.get(facts.name);
  const type = symbol?.kind === 'function' ? symbol.type : undefined;
  const label = facts.kind === 'callback' ? (facts.typeName ?? facts.name) : facts.name;
  return {
    label,
    kind: kinds[facts.kind],
    detail: facts.header,
    markdown: apiMarkdown(facts, type, analysis.catalog),
    rank: 3000,
  };
}
