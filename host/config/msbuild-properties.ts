/**
 * Properties of an MSBuild project: `$(Name)` in texts, filled in from what the project has set so far and from the
 * environment. Names have no case. A property function (`$([System.IO.Path]::Combine(…))`) is not evaluated.
 */
import { variable } from './paths.ts';

export interface PropertyTable {
  readonly values: Map<string, string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Characters that have been filled in so far. */
  spent: number;
}

export function setProperty(table: PropertyTable, name: string, value: string): void {
  table.values.set(name.toLowerCase(), value);
}

/** A text longer than this is cut: properties that contain themselves twice double each time. */
const lengthMax = 100_000;
/** Characters filled in for one project; a hostile one gets no further. */
const spentMax = 20_000_000;

/** The text with its properties filled in; what nobody set stays as `$(NAME)`, so that it can be told of. */
export function expand(text: string, table: PropertyTable): string {
  let expanded = '';
  let at = 0;
  while (expanded.length < lengthMax && table.spent < spentMax) {
    const start = text.indexOf('$(', at);
    if (start < 0) break;
    const end = closing(text, start + 2);
    const value = propertyValue(text.slice(start + 2, end).trim(), table);
    expanded += text.slice(at, start) + (value ?? text.slice(start, end + 1));
    table.spent += value?.length ?? 0;
    at = end + 1;
  }
  return (expanded + text.slice(at)).slice(0, lengthMax);
}

/** The text without properties that nobody set: in a condition they are nothing. */
export function withoutUnknown(text: string): string {
  let known = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('$(', at);
    if (start < 0) return known + text.slice(at);
    known += text.slice(at, start);
    at = closing(text, start + 2) + 1;
  }
}

/** The first `$(NAME)` of a text. */
export function unknownIn(text: string): string {
  const start = text.indexOf('$(');
  return start < 0 ? text : text.slice(start, closing(text, start + 2) + 1);
}

function propertyValue(name: string, { values, environment }: PropertyTable): string | undefined {
  if (!/^[\w.-]+$/.test(name)) return undefined;
  return values.get(name.toLowerCase()) ?? variable(environment, name);
}

/** Position of the parenthesis that closes what was opened before `from`; the text's end where there is none. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
  }
  return text.length;
}

/** `%3B` and its likes, which MSBuild reads last. */
export function unescaped(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** A list as MSBuild writes it: parts between semicolons, without blanks around them, none of them empty. */
export function listOf(text: string): readonly string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
