/** Memory of a program is read once; what was read first and checked may be another value the second time. */
import { memo } from '../../../../base/memo.ts';
import { positionAt } from '../../../../base/source.ts';
import { nodePlace, type TreeNode, walk } from '../../../../cfront/parse/walk.ts';
import type { Touch } from '../../flow/facts/kernel.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { pathTo, siteKey } from '../../flow/state/where.ts';
import { placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const doubleFetch: Rule = {
  id: 'double-fetch',
  severity: 'warning',
  docRules: [],
  also: ['SDV DoubleFetch', 'CWE-367'],
  summary: 'Memory of a program is copied once, and the copy is checked and used.',
  acts: ['touch'],
  act: (action, { state, fn, report }) => {
    if (action.kind !== 'touch' || !action.isRead) return;
    const block = state.kernel.blocks.get(action.pointer.key);
    if (block?.kind !== 'user' || isAsked(fn, action)) return;
    const earlier = block.reads.find((read) => overlaps(read, action) && lineOf(read) !== lineOf(action));
    if (earlier === undefined) return;
    report({
      where: action.where,
      message:
        'This memory is read a second time, and the program that it belongs to can change it in between: what was checked of the first value does not hold for the second.',
      path: [...pathTo(earlier.where, 'It is read here first'), ...pathTo(action.where, 'It is read here once more')],
      once: siteKey(action.where),
    });
  },
};

/** Reads on one line belong together, as those of a condition do. */
function lineOf({ where }: Touch): string {
  const { file, start } = nodePlace(where.node);
  return `${file.path}:${positionAt(file, start).line}`;
}

/** Where the bytes are known by their distance from the start of the memory. */
function overlaps(a: Touch, b: Touch): boolean {
  const [one, other] = [bytesOf(a), bytesOf(b)];
  return one !== undefined && other !== undefined && one.start < other.end && other.start < one.end;
}

function bytesOf({ at, bytes }: Touch): { readonly start: number; readonly end: number } | undefined {
  const [step, more] = placeAt(at)?.steps ?? [];
  if (more !== undefined || step?.kind === 'index') return undefined;
  const start = step?.bytes ?? 0;
  return { start, end: bytes === undefined ? Number.POSITIVE_INFINITY : start + bytes };
}

/** The read only decides where to go on: what it finds is used nowhere. */
function isAsked({ definition }: FunctionInfo, { where }: Touch): boolean {
  return partsOfConditions(definition.body).has(where.node);
}

const partsOfConditions = memo((body: FunctionInfo['definition']['body']): ReadonlySet<unknown> => {
  const parts = new Set<unknown>();
  walk(body, (node) => {
    const condition = conditionOf(node);
    if (condition !== undefined)
      walk(condition, (part) => {
        parts.add(part);
      });
  });
  return parts;
});

function conditionOf(node: TreeNode): TreeNode | undefined {
  switch (node.kind) {
    case 'if':
    case 'while':
    case 'do':
    case 'for':
    case 'switch':
    case 'conditional':
      return node.condition;
    default:
      return undefined;
  }
}
