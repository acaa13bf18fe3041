/**
 * A unit's own copies of what shared headers declare, so that nothing shared is ever changed.
 *
 * Every symbol that the text mentions is copied with its declarations when it is looked up; from then on the unit knows
 * only the copy. At the end come the trees that mention a copied symbol, with the unit's symbols in them, and all that
 * the user's own headers define, because each file has its own. What nobody mentions stays shared. Records, enums,
 * types and tokens are never copied.
 */
import { append } from '../../../base/append.ts';
import type { CSymbol, DeclarationNode } from '../ast.ts';
import type { Parser } from '../state.ts';
import { type DeclarationItem, DeferredPart, type FunctionItem, type PartContents } from './deferred-part.ts';
import { addMentions, type Mentions } from './mentions.ts';

/** The unit's own copy of a symbol of a shared header. Constants of enums never change and stay shared. */
export function ownSymbol<S extends CSymbol>(p: Parser, symbol: S): S {
  if (symbol.kind === 'enum-constant') return symbol;
  const known = p.copies.get(symbol);
  if (known !== undefined) return known as S; /* a copy has the kind of its original */
  const copy: S = { ...symbol, declarations: [] };
  p.copies.set(symbol, copy);
  for (const node of symbol.declarations) {
    const own = { ...node, symbol: copy } as DeclarationNode; /* of the same kind, and so is its symbol */
    p.nodes.set(node, own);
    copy.declarations.push(own);
  }
  const { definition } = symbol as { readonly definition?: DeclarationNode };
  if (definition !== undefined) Object.assign(copy, { definition: p.nodes.get(definition) });
  return copy;
}

/** Sets what takes the place of a shared symbol that is looked up; undefined where nothing is copied any more. */
export function adoptSymbols(
  { file, linked }: Pick<Parser, 'file' | 'linked'>,
  adopt: (<S extends CSymbol>(symbol: S) => S) | undefined,
): void {
  file.names.adopt = adopt;
  linked.adopt = adopt;
}

/**
 * Copies what a copied symbol brings with it: its function's body or its initializer, and every function and variable
 * whose tree mentions it. With `everyUsers`, all functions and variables of the user's headers are copied too.
 */
export function copyBodies(p: Parser, { everyUsers }: { readonly everyUsers: boolean }): void {
  if (p.shared === undefined) return;
  const { mentions, usersDefinitions } = p.shared;
  if (everyUsers) for (const node of usersDefinitions) ownSymbol(p, node.symbol);
  /* The copies become more while they are gone through. */
  for (const symbol of p.copies.keys()) {
    if (symbol.kind !== 'function' && symbol.kind !== 'variable') continue;
    for (let at: Mentions | undefined = mentions; at !== undefined; at = at.below) {
      for (const node of at.nodes.get(symbol) ?? []) ownSymbol(p, node.symbol);
      for (const inner of at.inner.get(symbol) ?? []) ownSymbol(p, inner);
    }
  }
  copyTrees(p, p.nodes.values());
}

/** Gives copies of functions and variables trees of their own, with the parser's copies of symbols in them. */
export function copyTrees(p: Parser, nodes: Iterable<DeclarationNode>): void {
  const known = new Map<object, object>([...p.copies, ...p.nodes]);
  for (const own of nodes) {
    if (own.kind === 'function-definition') {
      const { parameters, locals, body } = own;
      Object.assign(own, copied({ parameters, locals, body }, known));
    } else if (own.kind === 'variable-declaration' && own.initializer !== undefined) {
      Object.assign(own, { initializer: copied(own.initializer, known) });
    }
  }
}

export interface Items {
  readonly declarations: readonly DeclarationItem[];
  readonly functions: readonly FunctionItem[];
}

/** What is declared, what is shared and the text's own, with copies in the place of what was copied. */
export function copiesInPlace(
  p: Parser,
  own: readonly DeclarationNode[],
): { readonly shared: Items; readonly own: Items } {
  adoptSymbols(p, undefined);
  for (const [symbol, copy] of p.copies) {
    if (p.file.names.get(symbol.name) === symbol) p.file.names.set(symbol.name, copy);
    if (copy.kind !== 'function' && copy.kind !== 'variable') continue;
    if (p.linked.get(symbol.name) === symbol) p.linked.set(symbol.name, copy);
  }
  const declarations: DeclarationItem[] = [];
  const functions: FunctionItem[] = [];
  let [declared, defined] = [0, 0];
  for (const { part, ...before } of p.parts) {
    append(declarations, own.slice(declared, before.declarations));
    declarations.push(part);
    append(functions, p.functions.slice(defined, before.functions));
    if (part.unread.part.hasTree) functions.push(part);
    declared = before.declarations;
    defined = before.functions;
  }
  append(declarations, own.slice(declared));
  append(functions, p.functions.slice(defined));
  return { shared: sharedInPlace(p), own: { declarations, functions } };
}

/** The same from keystroke to keystroke, as long as no more is copied. */
function sharedInPlace(p: Parser): Items {
  const known = sharedItems.get(p);
  if (known?.copies === p.copies.size && known.nodes === p.nodes.size) return known.items;
  const declarations = (p.shared?.declarations ?? []).flatMap((item): readonly DeclarationItem[] => {
    const copied = copiedContents(p, item);
    if (copied !== undefined) return copied.declarations.map((node) => inPlace(p, node));
    return [item instanceof DeferredPart ? item : inPlace(p, item)];
  });
  const functions = (p.shared?.functions ?? []).flatMap((item): readonly FunctionItem[] => {
    const copied = copiedContents(p, item);
    if (copied !== undefined) return copied.functions.map((node) => inPlace(p, node));
    return [item instanceof DeferredPart ? item : inPlace(p, item)];
  });
  const items = { declarations, functions };
  sharedItems.set(p, { copies: p.copies.size, nodes: p.nodes.size, items });
  return items;
}

const sharedItems = new WeakMap<Parser, { readonly copies: number; readonly nodes: number; readonly items: Items }>();

/** The parser's copy of a node, or the node. */
export function inPlace<N extends DeclarationNode>(p: Parser, node: N): N {
  return (p.nodes.get(node) as N | undefined) ?? node; /* a copy has the kind of its original */
}

/** What a part declares, if some of it has been copied. */
function copiedContents(p: Parser, item: DeclarationItem): PartContents | undefined {
  const contents = item instanceof DeferredPart ? item.contents() : undefined;
  return contents?.declarations.some((node) => p.nodes.has(node)) === true ? contents : undefined;
}

/** What the trees of all declarations mention, if `own` are the latest of them and the parser has just ended. */
export function mentionsIn(p: Parser, all: readonly DeclarationNode[], own: readonly DeclarationNode[]): Mentions {
  /* Where the trees of older headers have been copied, what is known of them is about their originals. */
  const isIntact = !copiesTrees(p);
  const mentions: Mentions = { nodes: new Map(), inner: new Map(), below: isIntact ? p.shared?.mentions : undefined };
  addMentions(mentions, isIntact ? own : all);
  return mentions;
}

/** Some function or variable of a header before has been copied, and so have been the trees that mention it. */
export function copiesTrees(p: Parser): boolean {
  return [...p.copies.keys()].some(({ kind }) => kind === 'function' || kind === 'variable');
}

/**
 * A copy of a part of a tree with all nodes and local symbols below it. What is in `known` is replaced by its copy; what
 * is not part of the tree stays: tokens, types, fields, symbols of the file.
 */
function copied<T extends object>(value: T, known: Map<object, object>): T {
  const copy = known.get(value);
  if (copy !== undefined) return copy as T; /* a copy is of the type of its original */
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const item of value) list.push(isObject(item) ? copied(item, known) : item);
    return list as unknown as T; /* the same items, each of its type */
  }
  if (!isPartOfTree(value)) return value;
  const own = { ...value } as Record<string, unknown>; /* to go over its properties by name */
  known.set(value, own);
  for (const key in own) {
    const part = own[key];
    if (isObject(part)) own[key] = copied(part, known);
  }
  return own as unknown as T; /* the same properties, each of its type */
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * Tokens have `startsLine`, types `isConst`, fields and definitions `span`, annotations `arguments` and no `kind`. Of the
 * symbols, locals are part of the tree.
 */
function isPartOfTree(value: object): boolean {
  if ('startsLine' in value || 'isConst' in value || 'span' in value || 'lineStarts' in value) return false;
  if ('arguments' in value && !('kind' in value)) return false;
  if (!('declarations' in value && 'name' in value)) return true;
  return 'linkage' in value && value.linkage === 'none';
}
