/** Behind `goto`: the labels of the function, those ahead of the place first, since that is where drivers clean up. */
import { nodePlace, walk } from '../../../cfront/parse/walk.ts';
import type { Analysis } from '../analysis.ts';
import { lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { functionAt } from '../places/scope.ts';
import { type CompletionItem, ranks } from './item.ts';

/** Undefined where no label is wanted. */
export function labelItems(analysis: Analysis, wordStart: number): readonly CompletionItem[] | undefined {
  const { text } = analysis.unit.file;
  if (wordBefore(text, lastCodeBefore(text, wordStart) + 1) !== 'goto') return undefined;
  const around = functionAt(analysis, wordStart);
  const labels: { readonly name: string; readonly at: number }[] = [];
  if (around !== undefined) {
    walk(around.body, (node) => {
      if (node.kind === 'label') labels.push({ name: node.name, at: nodePlace(node).start });
      return true;
    });
  }
  const isBehind = ({ at }: { readonly at: number }): number => Number(at < wordStart);
  return labels
    .toSorted((a, b) => isBehind(a) - isBehind(b) || a.at - b.at)
    .map(({ name }, i) => ({ label: name, kind: 'constant', detail: 'label', rank: ranks.fitting + i }));
}
