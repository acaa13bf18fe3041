/**
 * Behind the `&` that somebody has typed already, with or without a cast in front of it: what fits the place before it
 * and is written with that operator, without it.
 */
import type { CompletionItem } from './item.ts';

/** Casts in front of the operator are looked for so far back. */
const castMax = 200;

/** Offset of the operator, or of the cast in front of it; undefined where the word is no operand of one. */
export function addressAt(text: string, wordStart: number): number | undefined {
  const from = Math.max(0, wordStart - castMax);
  const found = /(?:[(,={?:!|]|\breturn\s)\s*((?:\(\s*(?:const\s+)?\w+[\s*]*\)\s*)?&\s*)$/.exec(
    text.slice(from, wordStart),
  );
  return found === null ? undefined : wordStart - (found[1] ?? '').length;
}

export function behindAddress(items: readonly CompletionItem[]): readonly CompletionItem[] {
  return items.flatMap((item) => {
    const { filterText: _, ...bare } = item;
    const label = /^(?:\(\w+\))?&(.+)$/.exec(item.label)?.[1];
    return label === undefined ? [] : [{ ...bare, label }];
  });
}
