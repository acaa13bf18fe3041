/**
 * Names that the tree knows, by the place where they are spelt: uses, members and declarations of the driver's own
 * files. A name out of a macro's body is spelt in the `#define`; one that `##` has joined is spelt nowhere, and one out
 * of a bundled macro's body is not in a file of the driver: both are kept apart, because nothing can rename them.
 */
import type { InPieces } from '../../../base/in-pieces.ts';
import type { SourceFile, Span } from '../../../base/source.ts';
import type {
  Expression,
  FunctionDeclaration,
  TagDeclaration,
  TypedefDeclaration,
  VariableDeclaration,
} from '../../../cfront/parse/ast.ts';
import { children, nodePlace, stripConversions, type TreeNode } from '../../../cfront/parse/walk.ts';
import { place, type Token } from '../../../cfront/tokenize/token.ts';
import { indexAt } from '../../../cfront/tokenize/token-index.ts';
import { tokenize } from '../../../cfront/tokenize/tokenize.ts';
import type { CType, Field, RecordDefinition } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { type Entity, entityKey, entityName } from './entity.ts';
import { blockScope, functionScopes, type Scope } from './scopes.ts';

export type Role = 'declaration' | 'definition' | 'write' | 'read';

export interface Occurrence {
  readonly entity: Entity;
  readonly start: number;
  readonly end: number;
  readonly role: Role;
}

/** A list in braces and what it initialises. */
export interface ListPlace {
  readonly start: number;
  readonly type: CType;
}

/** What the tree says of one file. */
export interface FileNames {
  readonly occurrences: Map<number, Occurrence>;
  readonly scopes: Scope[];
  readonly lists: ListPlace[];
  /** `offsetof(T, …)`: the names behind the comma are members of T. */
  readonly offsets: { readonly span: Span; readonly record: RecordDefinition }[];
}

export interface TreeNames {
  readonly files: ReadonlyMap<SourceFile, FileNames>;
  /** Keys of what macros name by pieces or in bodies that are not the driver's, and the places where they do. */
  readonly made: ReadonlyMap<string, readonly Span[]>;
  /** Keys of what a place in a macro's body names that names something else elsewhere. */
  readonly ambiguous: ReadonlyMap<string, Span>;
}

/** What has been gathered on the way through the trees. */
interface Gathered {
  readonly unit: TranslationUnit;
  readonly files: Map<SourceFile, FileNames>;
  readonly made: Map<string, Span[]>;
  readonly ambiguous: Map<string, Span>;
  /** Names and members that an assignment changes. */
  readonly written: Set<Expression>;
}

/** In pieces: a declaration of the file's own is one. */
export function* treeNames(unit: TranslationUnit): InPieces<TreeNames> {
  const g: Gathered = { unit, files: new Map(), made: new Map(), ambiguous: new Map(), written: new Set() };
  const pending: TreeNode[] = [];
  for (const declaration of unit.declarations) {
    if (unit.isSystemFile(place(declaration.first).file)) continue;
    pending.push(declaration);
    // Parents come first, so that an assignment is known when its target is met.
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      visit(g, node);
      for (const below of children(node)) pending.push(below);
    }
    yield;
  }
  const { files, made, ambiguous } = g;
  return { files, made, ambiguous };
}

function visit(g: Gathered, node: TreeNode): void {
  switch (node.kind) {
    case 'name':
      use(g, node, { kind: 'symbol', symbol: node.symbol }, roleOf(g, node));
      break;
    case 'enum-constant':
      use(g, node, { kind: 'symbol', symbol: node.symbol }, 'read');
      break;
    case 'member':
      if (node.field?.name !== undefined) put(g, node.nameToken, memberOf(node.field, node.object), roleOf(g, node));
      break;
    case 'assign':
      g.written.add(leafOf(node.target));
      break;
    case 'increment':
      g.written.add(leafOf(node.operand));
      break;
    case 'sizeof':
      if (node.operator === 'offsetof' && node.ofType.kind === 'record') {
        const span = nodePlace(node);
        namesOf(g, span.file).offsets.push({ span, record: node.ofType.definition });
      }
      break;
    case 'variable-declaration':
      readVariable(g, node);
      if (node.initializer?.kind === 'list') noteList(g, node.initializer.first, node.symbol.type);
      break;
    case 'compound-literal':
      if (node.initializer.kind === 'list') noteList(g, node.initializer.first, node.symbol.type);
      break;
    case 'function-definition':
      put(g, node.nameToken, { kind: 'symbol', symbol: node.symbol }, 'definition');
      for (const scope of functionScopes(node, place(node.nameToken).file))
        addScope(g, place(node.nameToken).file, scope);
      break;
    case 'function-declaration':
      put(g, node.nameToken, { kind: 'symbol', symbol: node.symbol }, 'declaration');
      readPrototype(g, node);
      break;
    case 'typedef-declaration':
      put(g, node.nameToken, { kind: 'symbol', symbol: node.symbol }, 'definition');
      readPrototype(g, node);
      break;
    case 'enum-constant-declaration':
      put(g, node.nameToken, { kind: 'symbol', symbol: node.symbol }, 'definition');
      break;
    case 'tag-declaration':
      readTag(g, node);
      break;
    case 'compound':
    case 'for': {
      const { file } = place(node.first);
      addScope(g, file, blockScope(node, file));
      break;
    }
    default:
      break;
  }
}

function readTag(g: Gathered, node: TagDeclaration): void {
  const { definition, nameToken } = node;
  if (definition.kind === 'enum') {
    put(g, nameToken, { kind: 'enum', enumeration: definition.enumeration }, 'definition');
    return;
  }
  const { record } = definition;
  put(g, nameToken, { kind: 'record', record }, 'definition');
  const names = new Map<string, { readonly entity: Entity; readonly from: number }[]>();
  for (const field of record.fields ?? []) {
    if (field.name === undefined) continue;
    const entity: Entity = { kind: 'member', field, record };
    putAt(g, field.span, field.name, entity, 'declaration', field.span);
    names.set(field.name, [{ entity, from: 0 }]);
  }
  // The arguments of SAL words at members name other members.
  const span = nodePlace(node);
  addScope(g, span.file, { start: span.start, end: span.end, names, tags: new Map() });
}

function readPrototype(g: Gathered, node: FunctionDeclaration | TypedefDeclaration): void {
  const span = nodePlace(node);
  const parameters = functionTypeOf(node.symbol.type)?.parameters ?? [];
  const names = new Map<string, { readonly entity: Entity; readonly from: number }[]>();
  for (const { token, index } of parameters.length === 0 ? [] : parameterNames(node)) {
    const type = parameters[index]?.type;
    if (type === undefined) continue;
    const parameter = { name: token.text, type, annotations: [], span: token };
    const entity: Entity = { kind: 'parameter', parameter };
    put(g, token, entity, 'definition');
    names.set(token.text, [{ entity, from: 0 }]);
  }
  // The arguments of SAL words name other parameters.
  if (names.size > 0) addScope(g, span.file, { start: span.start, end: span.end, names, tags: new Map() });
}

function readVariable(g: Gathered, node: VariableDeclaration): void {
  const isDefinition = node.symbol.isParameter || node.symbol.definition === node;
  put(g, node.nameToken, { kind: 'symbol', symbol: node.symbol }, isDefinition ? 'definition' : 'declaration');
}

function noteList(g: Gathered, first: Token, type: CType): void {
  if (first.expansion === undefined) namesOf(g, first.file).lists.push({ start: first.start, type });
}

function roleOf(g: Gathered, node: Expression): Role {
  return g.written.has(node) ? 'write' : 'read';
}

/** In parentheses a node begins with them; what a macro has put into them is looked for in its call. */
function use(g: Gathered, node: Expression, entity: Entity, role: Role): void {
  const name = entityName(entity);
  if (node.first.text === name || node.first.text !== '(') {
    put(g, node.first, entity, role);
    return;
  }
  const seen = place(node.first);
  if (seen.file === node.first.file && seen.start === node.first.start) {
    const { tokens } = tokenize(node.first.file);
    let at = indexAt(tokens, node.first.start);
    while (tokens[at]?.text === '(') at++;
    if (tokens[at]?.text === name) put(g, tokens[at], entity, role);
    return;
  }
  const isArgument = new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(
    seen.file.text.slice(seen.start, seen.end),
  );
  // An argument is a word like any other, which its surroundings explain.
  if (!isArgument && !g.unit.isSystemFile(seen.file)) addMade(g, entity, seen);
}

function put(g: Gathered, token: Token | undefined, entity: Entity, role: Role): void {
  if (token !== undefined) putAt(g, token, token.text, entity, role, place(token));
}

function putAt(g: Gathered, span: Span, text: string, entity: Entity, role: Role, seen: Span): void {
  const { file, start } = span;
  const isSpelt = file.text.startsWith(text, start) && span.end - start === text.length;
  if (!isSpelt || g.unit.isSystemFile(file)) {
    if (!g.unit.isSystemFile(seen.file)) addMade(g, entity, seen);
    return;
  }
  const { occurrences } = namesOf(g, file);
  const known = occurrences.get(start);
  if (known === undefined) occurrences.set(start, { entity, start, end: span.end, role });
  else if (entityKey(known.entity) !== entityKey(entity)) {
    g.ambiguous.set(entityKey(known.entity), span);
    g.ambiguous.set(entityKey(entity), span);
  }
}

function addMade(g: Gathered, entity: Entity, seen: Span): void {
  const key = entityKey(entity);
  const known = g.made.get(key);
  if (known === undefined) g.made.set(key, [seen]);
  else known.push(seen);
}

function addScope(g: Gathered, file: SourceFile, scope: Scope | undefined): void {
  if (scope !== undefined) namesOf(g, file).scopes.push(scope);
}

function namesOf(g: Gathered, file: SourceFile): FileNames {
  let names = g.files.get(file);
  if (names === undefined) {
    names = { occurrences: new Map(), scopes: [], lists: [], offsets: [] };
    g.files.set(file, names);
  }
  return names;
}

function memberOf(field: Field, object: Expression): Entity {
  const { type } = object;
  const inner = type.kind === 'pointer' ? type.target : type;
  return { kind: 'member', field, record: inner.kind === 'record' ? inner.definition : undefined };
}

/** The name or member that an assignment changes. */
function leafOf(target: Expression): Expression {
  let inner = stripConversions(target);
  // An element of an array is a part of it; what a pointer points to is not.
  while (inner.kind === 'index' && inner.base.kind === 'decay') inner = stripConversions(inner.base);
  return inner;
}

/**
 * Names in the parentheses behind a declared function's name, which the tree does not keep: the last word of each
 * parameter, or the one in `(*name)`. A list that macros write has none.
 */
function parameterNames({
  nameToken,
  last,
}: FunctionDeclaration | TypedefDeclaration): { readonly token: Token; readonly index: number }[] {
  const { tokens } = tokenize(nameToken.file);
  const found: { token: Token; index: number }[] = [];
  let depth = 0;
  let index = 0;
  let name: Token | undefined;
  let isPointer = false;
  let from = indexAt(tokens, nameToken.end);
  // `(*name)(…)`
  if (tokens[from]?.text === ')') from++;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.start > last.end || token.kind === 'end') break;
    if (depth === 0 && token.text !== '(') break;
    if (token.text === '(') {
      depth++;
      isPointer = depth === 2 && tokens[i + 1]?.text === '*';
    } else if (token.text === ')') depth--;
    else if (token.kind === 'identifier' && tokens[i + 1]?.text !== '(') {
      if (depth === 1 || (depth === 2 && isPointer && tokens[i + 1]?.text === ')')) name = token;
    }
    if (depth === 0 || (depth === 1 && token.text === ',')) {
      if (name !== undefined) found.push({ token: name, index });
      name = undefined;
      index++;
    }
  }
  return found;
}
