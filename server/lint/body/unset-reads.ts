/**
 * Reads of a local variable to which no way from the function's start has given a value, whatever conditions say.
 *
 * In: an analysed function. Out: none where somebody may give it a value whom the tree does not show: a macro that is not
 * defined here, a handler of exceptions, or what a condition of the preprocessor leaves out.
 */
import { memo } from '../../../base/memo.ts';
import type { FunctionDefinition, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { hasError, nodePlace, stripConversions, type TreeNode, walk } from '../../../cfront/parse/walk.ts';
import type { UnsetRead } from '../flow/lower/unset.ts';
import type { FunctionInfo } from '../flow/run/session.ts';
import { localVariable, nodesIn, standsAlone } from './nodes.ts';
import { hasHandlers } from './tries.ts';

/** The first of each variable, as the text stands. */
export function unsetReads({ analysis, analysed, definition }: FunctionInfo): readonly UnsetRead[] {
  if (typeof analysis === 'string' || analysis.unset.length === 0 || hasHandlers(analysed)) return [];
  const first = new Map<VariableSymbol, UnsetRead>();
  for (const read of analysis.unset) {
    const { variable, node } = read;
    const other = first.get(variable);
    if (other !== undefined && nodePlace(other.node).start <= nodePlace(node).start) continue;
    if (isMeant(analysed, read) && !mayBeLeftOut(definition, variable)) first.set(variable, read);
  }
  return [...first.values()];
}

/** Not where it is only mentioned to keep the compiler quiet, nor where somebody unknown has it, who may be a macro. */
function isMeant(definition: FunctionDefinition, { variable, node }: UnsetRead): boolean {
  const read = stripConversions(node as Parameters<typeof stripConversions>[0], { casts: true });
  if ((read.kind === 'name' && standsAlone(definition, read)) || strangersIn(definition).has(variable)) return false;
  return nodesIn(definition, 'assign').every(
    ({ target, value }) => stripConversions(value, { casts: true }) !== read || localVariable(target) !== variable,
  );
}

/** Variables in calls of what is not declared, of unknown types, and in what the front end knows by itself. */
const strangersIn = memo((definition: FunctionDefinition): ReadonlySet<VariableSymbol> => {
  const found = new Set<VariableSymbol>();
  const note = (node: TreeNode): void => {
    if (node.kind === 'name' && node.symbol.kind === 'variable') found.add(node.symbol);
  };
  walk(definition.body, (node) => {
    if (node.kind === 'builtin' || node.kind === 'va-arg') walk(node, note);
    else if (node.kind === 'expression' && hasError(node.expression)) walk(node, note);
    // What a pointer of unknown type leads to, others may give a value by way of it.
    else if (node.kind === 'cast' && node.type.kind === 'error') walk(node, note);
    else if (node.kind === 'variable-declaration' && node.symbol.type.kind === 'error') {
      found.add(node.symbol);
      if (node.initializer !== undefined) walk(node, note);
    } else if (
      (node.kind === 'if' || node.kind === 'while' || node.kind === 'do' || node.kind === 'switch') &&
      hasError(node.condition)
    )
      walk(node.condition, note);
  });
  return found;
});

/** Where the text has lines that are left out, they may give it one. */
function mayBeLeftOut({ body }: FunctionDefinition, { name }: VariableSymbol): boolean {
  const { file, start, end } = nodePlace(body);
  const text = file.text.slice(start, end);
  if (!/^[ \t]*#[ \t]*(?:if|el)/m.test(text)) return false;
  return new RegExp(`\\b${name}\\b\\)*[ \\t\\r\\n]*=(?!=)|&[ \\t(]*${name}\\b`).test(text);
}
