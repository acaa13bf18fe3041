/**
 * Whether a function says the same after an edit of its body: in come both trees and the edit, out comes true where they
 * differ in nothing but what lint does not see. That is what stands between statements: blanks, comments, empty
 * statements, and a name that is being typed there.
 *
 * What stands outside of the edit has the same text, and where all statements around it are the same it means the same.
 * So the edit must lie between two statements of a block, and every node beyond it be of the same kind and at the place
 * to which the edit has moved it. Two statements on one line stay on one line, as rules tell those apart. It ends
 * because trees do.
 */
import { positionAt, type SourceFile } from '../../../base/source.ts';
import type { CompoundStatement, FunctionDefinition, Statement } from '../../../cfront/parse/ast.ts';
import { children, nodePlace, type TreeNode } from '../../../cfront/parse/walk.ts';
import type { Edit } from '../../../cfront/typing/edit.ts';
import { saysNothing } from '../flow/lower/statements.ts';

/** Where the text of a body begins. */
interface Origin {
  readonly file: SourceFile;
  readonly start: number;
}

interface Comparison {
  readonly from: Origin;
  readonly to: Origin;
  /** In offsets from the body's start. */
  readonly edit: Edit;
  /** An unknown name may be a macro of a header that is missing. */
  readonly lacksHeaders: boolean;
}

export function saysTheSame(old: FunctionDefinition, now: FunctionDefinition, comparison: Comparison): boolean {
  return isSame(comparison, old.body, now.body);
}

function isSame(c: Comparison, old: TreeNode, now: TreeNode): boolean {
  const [before, after] = [stretchOf(old, c.from), stretchOf(now, c.to)];
  if (old.kind !== now.kind || before === undefined || after === undefined) return false;
  if (movedBy(c.edit, before.start, 'start') !== after.start) return false;
  if (movedBy(c.edit, before.end, 'end') !== after.end) return false;
  if (isBeside(before, c.edit.start, c.edit.olderEnd) && isBeside(after, c.edit.start, c.edit.newerEnd))
    return hasSameShape(old, now);
  if (!isAround(before, c.edit.start, c.edit.olderEnd) || !isAround(after, c.edit.start, c.edit.newerEnd)) return false;
  if (old.kind === 'compound' && now.kind === 'compound') return isSameBlock(c, old, now);
  if (!structured.has(old.kind)) return false;
  const [olds, nows] = [children(old), children(now)];
  // What stands between the parts, as the semicolons of a `for`, is not looked at by itself.
  const isInside = nows.some((node) => isAround(stretchOf(node, c.to), c.edit.start, c.edit.newerEnd));
  return isInside && areSame(c, olds, nows);
}

/** Statements whose children may be blocks. */
const structured: ReadonlySet<TreeNode['kind']> = new Set<Statement['kind']>([
  ...(['if', 'while', 'do', 'for', 'switch', 'case', 'label', 'try-except', 'try-finally'] as const),
]);

function areSame(c: Comparison, olds: readonly TreeNode[], nows: readonly TreeNode[]): boolean {
  return olds.length === nows.length && olds.every((old, i) => isSame(c, old, nows[i] as TreeNode));
}

function isSameBlock(c: Comparison, old: CompoundStatement, now: CompoundStatement): boolean {
  const telling = ({ items }: CompoundStatement): readonly Statement[] =>
    items.filter((item) => !saysNothing(item, c.lacksHeaders));
  const [olds, nows] = [telling(old), telling(now)];
  return areSame(c, olds, nows) && breaks(c.from.file, olds).join() === breaks(c.to.file, nows).join();
}

/** For each two neighbours, whether a line ends between them. */
function breaks(file: SourceFile, items: readonly Statement[]): readonly boolean[] {
  return items.slice(1).map((item, i) => {
    const { end } = nodePlace(items[i] as Statement);
    return positionAt(file, end).line !== positionAt(file, nodePlace(item).start).line;
  });
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Offsets from the body's start; undefined for what stands elsewhere. */
function stretchOf(node: TreeNode, { file, start }: Origin): Stretch | undefined {
  const place = nodePlace(node);
  return place.file === file ? { start: place.start - start, end: place.end - start } : undefined;
}

function isBeside({ start, end }: Stretch, from: number, to: number): boolean {
  return end <= from || start >= to;
}

/** The stretch lies behind the first character and before the last one. */
function isAround(stretch: Stretch | undefined, from: number, to: number): boolean {
  return stretch !== undefined && stretch.start < from && to < stretch.end;
}

/** Of trees with the same text: they were read in the same way. */
function hasSameShape(old: TreeNode, now: TreeNode): boolean {
  if (old.kind !== now.kind) return false;
  if (old.kind === 'name' && now.kind === 'name' && old.symbol.name !== now.symbol.name) return false;
  if (old.kind === 'integer' && now.kind === 'integer' && old.value !== now.value) return false;
  const [olds, nows] = [children(old), children(now)];
  return olds.length === nows.length && olds.every((child, i) => hasSameShape(child, nows[i] as TreeNode));
}

/** Where an offset outside of an edit's older stretch stands after it. What begins at the stretch's end is behind it. */
function movedBy({ start, olderEnd, newerEnd }: Edit, offset: number, side: 'start' | 'end'): number {
  if (offset < start || (offset === start && (side === 'end' || olderEnd > start))) return offset;
  return offset >= olderEnd ? offset + newerEnd - olderEnd : start;
}
