/**
 * Markdown made shorter at a place where a reader may stop.
 *
 * In: Markdown and a number of characters. Out: whole blocks up to about that number: a table and a list end after a
 * row, code after a line with its fence closed, a paragraph after a sentence; nothing is cut inside a mark or a link.
 */
import { blocksOf } from './relink.ts';

export interface CutMarkdown {
  readonly text: string;
  readonly isCut: boolean;
}

export function cutMarkdown(markdown: string, charactersMax: number): CutMarkdown {
  if (markdown.length <= charactersMax) return { text: markdown, isCut: false };
  const kept: string[] = [];
  let left = charactersMax;
  for (const block of blocksOf(markdown)) {
    if (block.length > left) {
      const part = beginning(block, left);
      if (part !== '') kept.push(part);
      break;
    }
    kept.push(block);
    left -= block.length + 2;
  }
  // A heading with nothing below it says nothing.
  while (/^#{1,6} [^\n]*$/.test(kept.at(-1) ?? '')) kept.pop();
  return { text: kept.join('\n\n'), isCut: true };
}

/** What of a block fits; '' where too little would be left of it. */
function beginning(block: string, charactersMax: number): string {
  const fence = /^\s*(`{3,}|~{3,})/.exec(block)?.[1];
  const lines = block.split('\n');
  if (fence !== undefined || lines.length > 2) {
    const fitting = linesUpTo(lines, charactersMax);
    // A table's first two lines are its head; of code the fence is the first.
    if (fitting.length < 4) return fence === undefined && !block.startsWith('|') ? sentences(block, charactersMax) : '';
    return [...fitting, ...(fence === undefined ? [] : [fence])].join('\n');
  }
  return sentences(block, charactersMax);
}

function linesUpTo(lines: readonly string[], charactersMax: number): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > charactersMax;
  });
  return end < 0 ? lines : lines.slice(0, end);
}

/** Whole sentences of a paragraph that leave no mark open. */
function sentences(text: string, charactersMax: number): string {
  const head = text.slice(0, charactersMax);
  for (let end = lastStop(head, head.length); end > 0; end = lastStop(head, end - 1)) {
    const part = head.slice(0, end);
    if (isClosed(part)) return part;
  }
  return '';
}

/** Offset after the last full stop before `before`. */
function lastStop(text: string, before: number): number {
  for (let i = before - 1; i > 0; i--) {
    if ('.!?'.includes(text[i] ?? '') && /\s|^$/.test(text[i + 1] ?? '')) return i + 1;
  }
  return 0;
}

function isClosed(text: string): boolean {
  const count = (mark: RegExp): number => text.match(mark)?.length ?? 0;
  return (
    count(/\*\*/g) % 2 === 0 && count(/`/g) % 2 === 0 && count(/\[/g) === count(/\]/g) && count(/\(/g) === count(/\)/g)
  );
}
