/**
 * Ways through the tree for those who read it: children in source order, the chain of nodes at an offset, and
 * expressions without what C inserted. Every function here ends because the tree is finite and has no cycles.
 */
import { unreachable } from '../../base/assert.ts';
import { memo } from '../../base/memo.ts';
import type { SourceFile, Span } from '../../base/source.ts';
import { place } from '../tokenize/token.ts';
import type { DeclarationNode, Expression, Initializer, InitializerList, Statement } from './ast.ts';
import { isImplicitCall } from './expressions/constants.ts';
import { nodePlace } from './node-place.ts';

export { constantValue } from './expressions/constants.ts';
export { nodePlace } from './node-place.ts';

export type TreeNode = DeclarationNode | Statement | Expression | InitializerList;

/** The nodes directly below a node, in the order in which they are written. */
export function children(node: TreeNode): readonly TreeNode[] {
  switch (node.kind) {
    // declarations
    case 'variable-declaration':
      return node.initializer === undefined ? [] : [initializerNode(node.initializer)];
    case 'function-definition':
      return [...node.parameters.flatMap((parameter) => parameter.declarations), node.body];
    case 'function-declaration':
    case 'typedef-declaration':
    case 'tag-declaration':
    case 'enum-constant-declaration':
    case 'static-assert':
    case 'error-declaration':
      return [];
    case 'list':
      return node.entries.map((entry) => entry.value);
    // statements
    case 'compound':
      return node.items;
    case 'expression':
      return [node.expression];
    case 'declaration':
      return node.declarations;
    case 'if':
      return node.otherwise === undefined ? [node.condition, node.then] : [node.condition, node.then, node.otherwise];
    case 'while':
      return [node.condition, node.body];
    case 'do':
      return [node.body, node.condition];
    case 'for':
      return present(node.initial, node.condition, node.step, node.body);
    case 'switch':
      return [node.condition, node.body];
    case 'case':
    case 'label':
      return [node.body];
    case 'return':
      return present(node.value);
    case 'try-except':
      return [node.body, node.filter, node.handler];
    case 'try-finally':
      return [node.body, node.handler];
    case 'goto':
    case 'break':
    case 'continue':
    case 'leave':
    case 'empty':
      return [];
    case 'error':
      return 'parts' in node ? node.parts : [];
    // expressions
    case 'integer':
    case 'float':
    case 'string':
    case 'name':
    case 'enum-constant':
      return [];
    case 'unary':
    case 'address-of':
    case 'dereference':
    case 'increment':
    case 'cast':
    case 'convert':
    case 'decay':
      return [node.operand];
    case 'binary':
    case 'logical':
    case 'comma':
      return [node.left, node.right];
    case 'assign':
      return [node.target, node.value];
    case 'conditional':
      return present(node.condition, node.then, node.otherwise);
    case 'call':
      return [node.callee, ...node.arguments];
    case 'member':
      return [node.object];
    case 'index':
      return [node.base, node.index];
    case 'sizeof':
      return present(node.operand);
    case 'compound-literal':
      return [initializerNode(node.initializer)];
    case 'statement-expression':
      return [node.body];
    case 'va-arg':
      return [node.list];
    case 'builtin':
      return node.arguments;
    default:
      return unreachable(node);
  }
}

/** A part of the expression could not be read: what else is wrong with it follows from that. */
export function hasError(e: Expression): boolean {
  return someNode(e, (node) => {
    if (node.kind === 'call' && isImplicitCall(node)) return true;
    return node.kind === 'error' || ('type' in node && node.type.kind === 'error');
  });
}

/** Calls `visit` for the node and everything below it, parents first. A visit that gives false skips what is below. */
export function walk(node: TreeNode, visit: (node: TreeNode) => unknown): void {
  const stack: TreeNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (visit(next) === false) continue;
    const below = children(next);
    for (let i = below.length - 1; i >= 0; i--) stack.push(below[i] as TreeNode);
  }
}

/** Whether the node or something below it is so. */
export function someNode(node: TreeNode, isSo: (node: TreeNode) => boolean): boolean {
  const stack: TreeNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (isSo(next)) return true;
    for (const below of children(next)) stack.push(below);
  }
  return false;
}

/** The expression inside the conversions that C inserted, and inside casts as written if wanted. */
export function stripConversions(e: Expression, options: { readonly casts?: boolean } = {}): Expression {
  let inner = e;
  while (inner.kind === 'convert' || inner.kind === 'decay' || (options.casts === true && inner.kind === 'cast')) {
    inner = inner.operand;
  }
  return inner;
}

/** Parts of a translation unit that `findPath` looks at. */
export interface PathSource {
  readonly file: SourceFile;
  readonly declarations: readonly DeclarationNode[];
}

/**
 * The nodes around an offset of the main file, outermost first; empty between declarations. An offset right behind a
 * node still belongs to it, and blanks behind a call or member that is being typed belong to that.
 */
export function findPath(unit: PathSource, offset: number): TreeNode[] {
  const path: TreeNode[] = [];
  const { file } = unit;
  const reached = codeEndBefore(file.text, offset);
  let next: TreeNode | undefined = declarationAt(unit, offset, reached);
  while (next !== undefined) {
    path.push(next);
    next = childAt(children(next), file, offset, reached);
  }
  return path;
}

/** The first of `findPath`. `reached` is where the code before the offset ends. */
export function declarationAt(
  unit: PathSource,
  offset: number,
  reached = codeEndBefore(unit.file.text, offset),
): DeclarationNode | undefined {
  const { nodes, places } = ownDeclarations(unit);
  return childAt(nodes, unit.file, offset, reached, places);
}

/** Those of the main file, in order. */
export function mainDeclarations(unit: PathSource): readonly DeclarationNode[] {
  return ownDeclarations(unit).nodes;
}

interface Placed {
  readonly nodes: readonly DeclarationNode[];
  readonly places: readonly Span[];
}

/** The same with their places, found once for a unit: nearly all declarations stand in headers. */
const ownDeclarations = memo((unit: PathSource): Placed => {
  const nodes = unit.declarations.filter((node) => place(node.first).file === unit.file);
  return { nodes, places: nodes.map(nodePlace) };
});

/** Offset behind the last character before `offset` that is no blank. */
function codeEndBefore(text: string, offset: number): number {
  let end = Math.min(offset, text.length);
  while (end > 0 && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}

/**
 * The smallest of the nodes around the offset: several declarators of one declaration overlap. Nodes that begin in a
 * macro's body all have the place of its invocation, `memcpy` and `(a)` in `memcpy((a), (b), (n))`: of those the one that
 * leads to what is written at the offset. A node that ends before `reached` has other text between itself and the
 * offset, which a block without its `}` takes in. `places` are those of the nodes where they are known.
 */
function childAt<N extends TreeNode>(
  nodes: readonly N[],
  file: SourceFile,
  offset: number,
  reached: number,
  places?: readonly Span[],
): N | undefined {
  let best: N | undefined;
  let bestLength = Number.POSITIVE_INFINITY;
  let before: N | undefined;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as N;
    if (isBehind(node, file, offset)) continue;
    const span = places?.[i] ?? nodePlace(node);
    if (span.file !== file || offset < span.start) continue;
    if (offset <= span.end) {
      // Of two neighbours that touch at the offset, the later one: `f(|x)` is in x.
      const length = span.end - span.start;
      const isLater = best !== undefined && nodePlace(best).end === offset && span.start === offset;
      const isNearer = () => best !== undefined && narrowestAt(node, file, offset) < narrowestAt(best, file, offset);
      if (length < bestLength || isLater || (length === bestLength && isNearer())) {
        best = node;
        bestLength = length;
      }
    } else before = node;
  }
  if (best !== undefined || before === undefined) return best;
  // A block that a later neighbour follows has ended all the same, so that only the last one can be open.
  const missing = missingEnd(before);
  const isOpen = missing === 'block' || (missing === 'part' && nodePlace(before).end >= reached);
  return isOpen ? before : undefined;
}

/** The length of the shortest text that holds the offset, of the node, what is below it and the names of members. */
function narrowestAt(node: TreeNode, file: SourceFile, offset: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  const holds = (span: Span): boolean => {
    const isHere = span.file === file && offset >= span.start && offset <= span.end;
    if (isHere) shortest = Math.min(shortest, span.end - span.start);
    return isHere;
  };
  walk(node, (below) => {
    if (below.kind === 'member' && below.nameToken !== undefined) holds(place(below.nameToken));
    return holds(nodePlace(below));
  });
  return shortest;
}

/** What most neighbours are, and is seen without a look at macros: written itself, behind the offset. */
function isBehind({ first, last }: TreeNode, file: SourceFile, offset: number): boolean {
  if (first.expansion !== undefined || last.expansion !== undefined || first.file !== file) return false;
  return offset < first.start && offset < last.start;
}

/** The node ends in a block without its `}`, or in a call without its `)` or a member without its name. */
function missingEnd(node: TreeNode): 'block' | 'part' | undefined {
  let at: TreeNode | undefined = node;
  while (at !== undefined) {
    if (at.kind === 'compound' && at.last.text !== '}') return 'block';
    if ((at.kind === 'call' && !at.closed) || (at.kind === 'member' && at.nameToken === undefined)) return 'part';
    const below: readonly TreeNode[] = children(at);
    at = below[below.length - 1];
  }
  return undefined;
}

function initializerNode(initializer: Initializer): TreeNode {
  return initializer.kind === 'list' ? initializer : initializer.value;
}

function present(...nodes: readonly (TreeNode | undefined)[]): TreeNode[] {
  return nodes.filter((node) => node !== undefined);
}
