/** Places as people read them in the console: file name and line, from 1. */
import { positionAt, type Span } from '../base/source.ts';

/** "listen.c:41"; "" where there is no place. */
export function shortPlace(span: Span | undefined): string {
  if (span === undefined) return '';
  const name = span.file.path.split(/[\\/:]/).pop() ?? span.file.path;
  return `${name}:${positionAt(span.file, span.start).line + 1}`;
}

/** `text (listen.c:41)`. */
export function withPlace(text: string, span: Span | undefined): string {
  return span === undefined ? text : `${text} (${shortPlace(span)})`;
}
