/**
 * The heading of a parameter: name and annotation.
 *
 * In: what stands after `-param`: `Client [in]`, `<i>Irp</i> [in, out]`, `ControlInfo [In_reads_bytes_opt]`,
 * `Adapter [_In_]`, `x [in[`, `unnamedParam1:`. Out: the name as C has it, direction, whether it is optional, and
 * what of the annotation was not understood.
 */
import type { Direction } from '../page.ts';

export interface ParameterHeading {
  readonly name: string;
  readonly direction?: Direction;
  readonly optional: boolean;
  /** The annotation, where it says nothing that is known. */
  readonly odd?: string;
}

/** Reads a heading that is free of tags and references. */
export function readParameterHeading(text: string): ParameterHeading {
  const bracket = text.search(/\s*\\?\[(?=\s*_{0,2}[a-z])/i);
  const head = bracket < 0 ? text : text.slice(0, bracket);
  const name = head
    .replace(/[:\s]+$/, '')
    .replace(/\s+(?=\[\w*\]$)/, '')
    .trim();
  if (bracket < 0) return { name, optional: false };
  const annotation = text
    .slice(bracket)
    .replace(/^\s*\\?\[/, '')
    .replace(/\\?[[\]]\s*$/, '')
    .trim();
  return { name, ...readAnnotation(annotation) };
}

/** Direction and optionality of `in, optional`, `_Inout_opt_`, `out, retval`, `In, reads(n)`. */
export function readAnnotation(annotation: string): { direction?: Direction; optional: boolean; odd?: string } {
  const text = annotation.toLowerCase();
  const optional = /\bopt(?:ional)?\b|_opt(?:_|\b)|opt$/.test(text);
  const words = text.replace(/\(.*$/s, '').split(/[^a-z]+/);
  const has = (word: string): boolean => words.includes(word);
  const inOut = has('inout') || (has('in') && (has('out') || has('outptr')));
  if (inOut) return { direction: 'in-out', optional };
  if (has('out') || has('outptr') || has('retval')) return { direction: 'out', optional };
  if (has('in')) return { direction: 'in', optional };
  return optional ? { optional } : { optional, odd: annotation };
}

/** Is it a name that C could have: also `...`, `a.b`, `Name[]`, `Class::Method`. */
export function isParameterName(name: string): boolean {
  return /^(?:\.\.\.|[A-Za-z_]\w*(?:(?:\.|->|::)[A-Za-z_]\w*|\[[^[\]]*\])*(?:,\s*\.\.\.)?)$/.test(name);
}
