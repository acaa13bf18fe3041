/** What the views of declarations, heads and bodies share while they paint. */
import type { Canvas } from './canvas.ts';
import type { Scanned } from './scan.ts';

export interface Work extends Scanned {
  readonly canvas: Canvas;
  readonly classes: Map<string, ClassNames>;
  readonly templates: Set<string>;
  /** Parameters of templates that are types. */
  readonly parameters: Set<string>;
  readonly scopes: Scope[];
}

/** A namespace or a class that the view takes away around what it holds, by offsets. */
export interface Scope {
  readonly kind: 'namespace' | 'class';
  readonly name: string;
  readonly nameStart: number;
  readonly start: number;
  /** Behind its brace; of one without, the end of what is around. */
  readonly end: number;
}

/** What a class declares, as C. */
export interface ClassNames {
  /** `PIRP irp_` */
  readonly fields: Map<string, string>;
  /** The result of a method by its name. */
  readonly methods: Map<string, string>;
}

/** `T x{ a }` and `T x{}`: the brace moves by one where there is room for the `=`. */
export function bracedValue({ signs, match, canvas }: Work, open: number): void {
  const close = match[open] ?? -1;
  const start = signs[open]?.start ?? 0;
  if (close < 0) return;
  if (/\s/.test(canvas.original(start + 1, start + 2))) canvas.put(start, '={', start + 2);
  else if (/\s/.test(canvas.original(start - 1, start))) canvas.put(start - 1, '={', start + 1);
  else canvas.blank(open, close + 1);
}
