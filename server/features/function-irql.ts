/**
 * The IRQL at which a function of the driver runs, as its annotations or the callback that it implements say; and the
 * IRQL at a place in it, where a call before that place has surely raised it.
 */
import type { CallExpression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { findPath, nodePlace, stripConversions, type TreeNode, walk } from '../../cfront/parse/walk.ts';
import type { Token } from '../../cfront/tokenize/token.ts';
import type { Analysis } from './analysis.ts';
import { irqlText } from './api-markdown.ts';
import { roleOf } from './roles.ts';
import { functionAt } from './scope.ts';

/** `IRQL ≤ DISPATCH_LEVEL`; undefined where nothing says it. */
export function functionIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): string | undefined {
  return annotatedIrql(symbol.annotations) ?? roleIrql(analysis, symbol);
}

const raises = /^(?:Ke|Ex|Io)(?:Acquire\w*SpinLock\w*|Raise\w*Irql\w*)$/;
const lowers = /^(?:Ke|Ex|Io)(?:Release\w*SpinLock\w*|LowerIrql)$/;

/** What to tell beside the highest IRQL of something that is called at the offset; '' where nothing is known. */
export function irqlHere(analysis: Analysis, offset: number): string {
  const around = functionAt(analysis, offset);
  if (around === undefined || offset < nodePlace(around.body).start) return '';
  const raised = raisedBy(analysis, around, offset);
  if (raised.kind === 'unknown') return '';
  if (raised.kind === 'by') return `here DISPATCH_LEVEL, since \`${raised.name}\``;
  const own = functionIrql(analysis, around.symbol);
  return own === undefined ? '' : `here ${own.replace(/^IRQL (?:= )?/, '')}, by \`${around.symbol.name}\``;
}

type Raised = { readonly kind: 'no' | 'unknown' } | { readonly kind: 'by'; readonly name: string };

/**
 * The call that has raised the level: the last that changes it, as text goes, stands in a block around the place, so that
 * every way there leads through it. With jumps back, or with a change in a branch, nothing is known.
 */
function raisedBy(analysis: Analysis, { body }: FunctionDefinition, offset: number): Raised {
  const path = findPath(analysis.unit, offset);
  const loop = path.find(({ kind }) => kind === 'while' || kind === 'do' || kind === 'for');
  const start = loop === undefined ? offset : nodePlace(loop).end;
  let last: { readonly call: CallExpression; readonly name: string } | undefined;
  let isInLoop = false;
  walk(body, (node) => {
    if (node.kind !== 'call') return;
    const callee = stripConversions(node.callee, { casts: true });
    const name = callee.kind === 'name' ? callee.symbol.name : '';
    const span = nodePlace(node);
    if (!(raises.test(name) || lowers.test(name)) || span.start >= start) return;
    if (loop !== undefined && span.start >= nodePlace(loop).start) isInLoop = true;
    else if (span.end < offset && (last === undefined || nodePlace(last.call).start < span.start))
      last = { call: node, name };
  });
  if (isInLoop) return { kind: 'unknown' };
  if (last === undefined) return { kind: 'no' };
  const found: { readonly call: CallExpression; readonly name: string } = last;
  // After a release the level is what it was before, which only the whole way tells.
  if (lowers.test(found.name)) return { kind: 'unknown' };
  const isBefore = path.some((node) => node.kind === 'compound' && node.items.some((item) => isThe(item, found.call)));
  return isBefore ? { kind: 'by', name: found.name } : { kind: 'unknown' };
}

/** The statement is the call, or stores what it returns. */
function isThe(item: TreeNode, call: CallExpression): boolean {
  let isFound = false;
  if (item.kind !== 'expression' && item.kind !== 'declaration') return false;
  walk(item, (node) => {
    if (node === call) isFound = true;
  });
  return isFound;
}

function roleIrql(analysis: Analysis, symbol: FunctionDefinition['symbol']): string | undefined {
  const irql = roleOf(analysis, symbol)?.irql;
  return irql === undefined ? undefined : `IRQL ${irqlText(irql)}`;
}

/** A level is a macro, of which people read the name. */
function written({ text, expansion }: Token): string {
  let outermost = expansion;
  while (outermost?.outer !== undefined) outermost = outermost.outer;
  return outermost?.macro ?? text;
}

/** SAL at the function, or at the role by which it is declared. */
function annotatedIrql(annotations: FunctionDefinition['annotations']): string | undefined {
  const level = (name: string): string | undefined => {
    const found = annotations.find((annotation) => annotation.name === name);
    return found?.arguments[0]?.map(written).join('');
  };
  const same = level('_IRQL_requires_');
  if (same !== undefined) return `IRQL = ${same}`;
  const min = level('_IRQL_requires_min_');
  const max = level('_IRQL_requires_max_');
  if (min !== undefined && min === max) return `IRQL = ${min}`;
  if (max === undefined) return min === undefined ? undefined : `IRQL ≥ ${min}`;
  return min === undefined ? `IRQL ≤ ${max}` : `${min} ≤ IRQL ≤ ${max}`;
}
