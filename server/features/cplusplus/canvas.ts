/** A text of which parts are painted over without a character moving: line breaks stay where they are. */
import type { Scanned } from './scan.ts';

export interface Canvas {
  /** Blanks the signs from one index to another (exclusive), and what is between them. */
  blank(from: number, to: number): void;
  /** Writes over the text from `start` and blanks the rest up to `end`; nothing where there is no room. */
  put(start: number, text: string, end: number): void;
  /** As it was. */
  original(start: number, end: number): string;
  /** As it is now. */
  painted(start: number, end: number): string;
  text(): string;
}

export function createCanvas(original: string, { signs }: Scanned): Canvas {
  const characters = original.split('');
  const paint = (start: number, end: number, text: string): void => {
    for (let i = start; i < end; i++) {
      if (!/[\r\n]/.test(characters[i] ?? '\n')) characters[i] = text[i - start] ?? ' ';
    }
  };
  return {
    blank(from, to) {
      const first = signs[from];
      const last = signs[Math.min(to, signs.length) - 1];
      if (first !== undefined && last !== undefined) paint(first.start, last.end, '');
    },
    put(start, text, end) {
      const room = original.slice(start, start + text.length);
      if (text.length <= end - start && !/[\r\n]/.test(room)) paint(start, end, text);
    },
    original: (start, end) => original.slice(start, end),
    painted: (start, end) => characters.slice(start, end).join(''),
    text: () => characters.join(''),
  };
}
