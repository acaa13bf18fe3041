/**
 * C++ text as words and signs with their places; comments, literals' insides and directives are passed over. It knows
 * just enough to find declarations and brackets, never fails, and ends because each step goes forward.
 */
import { literalEnd } from '../places/lexical-place.ts';

export interface Sign {
  /** A word, a number, one or several signs (`::`, `->`, `&&`), or a quote for a literal. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Scanned {
  readonly signs: readonly Sign[];
  /** For each bracket the index of its other half; -1 for what is no bracket or has none. */
  readonly match: readonly number[];
}

const several = /^(?:::|->|&&|\.\.\.)/;

export function scan(text: string): Scanned {
  const signs: Sign[] = [];
  const push = (start: number, end: number, what = text.slice(start, end)): number => {
    signs.push({ text: what, start, end });
    return end;
  };
  let isLineStart = true;
  for (let i = 0; i < text.length; ) {
    const c = text.charAt(i);
    if (c === '\n') isLineStart = true;
    if (/\s/.test(c)) i++;
    else if (text.startsWith('//', i)) i = lineEnd(text, i);
    else if (text.startsWith('/*', i)) i = behind(text, '*/', i + 2);
    else if (c === '#' && isLineStart) i = directiveEnd(text, i);
    else {
      isLineStart = false;
      const raw = /^(?:u8|[LuU])?R"([^\s()\\]{0,16})\(/.exec(text.slice(i, i + 24));
      if (raw !== null) i = push(i, behind(text, `)${raw[1]}"`, i + raw[0].length), '"');
      else if (c === '"' || c === "'") i = push(i, literalEnd(text, i).at, '"');
      else if (/[A-Za-z_$]/.test(c)) i = push(i, i + (/^[\w$]+/.exec(text.slice(i, i + 256))?.[0].length ?? 1));
      else if (/\d/.test(c))
        i = push(i, i + (/^(?:[eEpP][+-]|'(?=\w)|[\w.])+/.exec(text.slice(i, i + 256))?.[0].length ?? 1));
      else i = push(i, i + (several.exec(text.slice(i, i + 3))?.[0].length ?? 1));
    }
  }
  return { signs, match: brackets(signs) };
}

function brackets(signs: readonly Sign[]): readonly number[] {
  const match = signs.map(() => -1);
  const open: number[] = [];
  const opens: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  signs.forEach(({ text }, i) => {
    if (text === '(' || text === '[' || text === '{') open.push(i);
    const wanted = opens[text];
    if (wanted === undefined) return;
    // A brace closes what was forgotten inside it; another bracket without its half is left alone.
    const at = open.findLastIndex((o) => signs[o]?.text === wanted);
    if (at < 0 || (text !== '}' && at !== open.length - 1)) return;
    const half = open[at] ?? -1;
    open.length = at;
    match[i] = half;
    match[half] = i;
  });
  return match;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** A directive goes on where its line ends in `\`. */
function directiveEnd(text: string, from: number): number {
  let end = lineEnd(text, from);
  while (/\\\r?$/.test(text.slice(Math.max(from, end - 2), end)) && end < text.length) end = lineEnd(text, end + 1);
  return end;
}

function behind(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found + what.length;
}
