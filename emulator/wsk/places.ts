/** Places for messages: "listen.c:41". */
import { positionAt, type Span } from '../../base/source.ts';

/** File name without its folders, and the line from 1; "an unknown place" where the kernel made the call. */
export function placeText(span: Span | undefined): string {
  if (span === undefined) return 'an unknown place';
  const name = span.file.path.split(/[\\/]/).pop() ?? span.file.path;
  return `${name}:${positionAt(span.file, span.start).line + 1}`;
}
