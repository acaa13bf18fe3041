/**
 * What an editor strikes out or greys: names that Microsoft advises against, and text that no compiler or processor sees.
 *
 * In: an analysis. Out: spans of its file, each with why. None of them is a finding: they tell what a reader can do
 * without, and cost no severity. It is right because it is silent where the text does not say it all: behind a missing
 * header, for a system older than what stands in for a name, and where the driver turned the compiler's own warning off.
 */

import { append } from '../../base/append.ts';
import type { FindingTag } from '../../base/finding.ts';
import { memo } from '../../base/memo.ts';
import type { Span } from '../../base/source.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { FunctionDefinition, Statement } from '../../cfront/parse/ast.ts';
import { children, findPath, nodePlace, someNode, type TreeNode } from '../../cfront/parse/walk.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { wantsAdvice } from '../lint/body/advice.ts';
import { deprecatedPoolFunctions } from '../lint/rules/deprecated-pool-function/rule.ts';
import type { Analysis } from './analysis.ts';

export interface Faded {
  readonly span: Span;
  readonly tag: FindingTag;
  readonly message: string;
}

export function faded(analysis: Analysis): readonly Faded[] {
  return [...deprecatedNames(analysis), ...inactiveParts(analysis.unit), ...unreachable(analysis.unit)];
}

/** Functions and macros with advice against them that no rule of lint tells of, by name, and what finds them in a text. */
const advised = memo((catalog: Catalog) => {
  const why = new Map<string, string>();
  for (const { name, kind, deprecated } of catalog.facts)
    if (deprecated !== undefined && (kind === 'function' || kind === 'macro') && !deprecatedPoolFunctions.has(name))
      why.set(name, deprecated);
  return { why, pattern: new RegExp(`\\b(?:${[...why.keys()].join('|')})\\b`, 'g') };
});

function deprecatedNames({ unit, catalog }: Analysis): readonly Faded[] {
  const { file } = unit;
  const { why, pattern } = advised(catalog);
  if (why.size === 0 || !wantsAdvice(unit)) return [];
  return [...file.text.matchAll(pattern)].flatMap(({ 0: name, index }): Faded[] => {
    const span = { file, start: index, end: index + name.length };
    if (!isOfHeaders(unit, name, span)) return [];
    return [{ span, tag: 'deprecated', message: `${name} is deprecated. ${why.get(name) ?? ''}` }];
  });
}

/** The name means there what a bundled header declares. */
function isOfHeaders(unit: TranslationUnit, name: string, span: Span): boolean {
  const use = unit.macroUses.find((one) => one.span.file === span.file && one.span.start === span.start);
  if (use !== undefined) return use.macro.name === name && isBundled(unit, use.macro.span);
  const node = findPath(unit, span.start).at(-1);
  if (node?.kind !== 'name' || node.symbol.kind !== 'function' || node.symbol.name !== name) return false;
  const [declaration] = node.symbol.declarations;
  return nodePlace(node).start === span.start && declaration !== undefined && isBundled(unit, nodePlace(declaration));
}

function isBundled(unit: TranslationUnit, span: Span | undefined): boolean {
  return span !== undefined && unit.isSystemFile(span.file);
}

function inactiveParts({ file, inactive, includes }: TranslationUnit): readonly Faded[] {
  // What a missing header defines may be what a condition asks for.
  if (includes.some((include) => include.file === undefined)) return [];
  return inactive.flatMap((span): Faded[] => {
    const text = file.text.slice(span.start, span.end);
    if (span.file !== file || text.trim() === '') return [];
    return [{ span, tag: 'unnecessary', message: 'The conditions of the preprocessor leave this part out.' }];
  });
}

/** Statements behind one that goes elsewhere, up to a label that others may go to. */
function unreachable({ file, functions }: TranslationUnit): readonly Faded[] {
  const found: Faded[] = [];
  for (const definition of functions) {
    if (nodePlace(definition).file !== file) continue;
    for (const items of blocksOf(definition)) {
      const jump = items.findIndex(({ kind }) => jumps.has(kind));
      const behind = jump < 0 ? [] : items.slice(jump + 1);
      const label = behind.findIndex((item) => someNode(item, ({ kind }) => kind === 'label' || kind === 'case'));
      const dead = (label < 0 ? behind : behind.slice(0, label)).filter(({ kind }) => kind !== 'empty');
      const [first, last] = [dead[0], dead.at(-1)];
      // A `break` behind a `return` is a habit, and what declares something may be needed by what comes later.
      if (first === undefined || last === undefined || dead.every(({ kind }) => kind === 'break')) continue;
      if (dead.some(({ kind }) => kind === 'declaration' || kind === 'error')) continue;
      const [from, to] = [nodePlace(first), nodePlace(last)];
      if (from.file !== file || to.file !== file || to.end <= from.start) continue;
      found.push({
        span: { file, start: from.start, end: to.end },
        tag: 'unnecessary',
        message: 'The statement above goes elsewhere: nothing gets here.',
      });
    }
  }
  return found;
}

const jumps: ReadonlySet<Statement['kind']> = new Set(['return', 'goto', 'break', 'continue', 'leave']);

/** Statements that hold no others. */
const simple: ReadonlySet<TreeNode['kind']> = new Set(['expression', 'declaration', 'return', 'goto', 'empty']);

/** The statements of each block, outermost first; expressions are not looked through. */
function blocksOf({ body }: FunctionDefinition): readonly (readonly Statement[])[] {
  const found: (readonly Statement[])[] = [];
  const pending: TreeNode[] = [body];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'compound') found.push(next.items);
    if (!simple.has(next.kind)) append(pending, children(next));
  }
  return found;
}
