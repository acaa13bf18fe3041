/**
 * A printf format as a list of pieces: plain text, trace names (%!STATUS!), conversions. A driver prints by the same few
 * formats again and again, so the list of each is made once (`FormatPieces`).
 */

export type FormatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'trace'; readonly name: string }
  | { readonly kind: 'conversion'; readonly conversion: WrittenConversion };

export interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly size: string;
  readonly type: string;
}

/** As the format has it: '*' asks an argument. */
export interface WrittenConversion extends Omit<Conversion, 'width' | 'precision'> {
  readonly width: number | '*';
  readonly precision: number | '*' | undefined;
}

/** Lists by their formats. */
export type FormatPieces = Map<string, readonly FormatPiece[]>;

/** A program may make formats without end; the lists of so many are kept. */
const keptMax = 2_000;

export function piecesOf(known: FormatPieces, format: string): readonly FormatPiece[] {
  const found = known.get(format);
  if (found !== undefined) return found;
  const pieces = readPieces(format);
  if (known.size < keptMax) known.set(format, pieces);
  return pieces;
}

/** Ends because each round goes on in the format. A conversion that the format breaks off in is left out. */
function readPieces(format: string): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at);
    if (percent !== at) pieces.push({ kind: 'text', text: format.slice(at, percent < 0 ? undefined : percent) });
    if (percent < 0) break;
    const name = /^%!([A-Za-z_][\w.]*)!/.exec(format.slice(percent, percent + 80));
    if (name?.[1] !== undefined) {
      pieces.push({ kind: 'trace', name: name[1] });
      at = percent + name[0].length;
      continue;
    }
    const { conversion, end } = readConversion(format, percent + 1);
    at = end;
    if (conversion.type === '') break;
    pieces.push({ kind: 'conversion', conversion });
  }
  return pieces;
}

function readConversion(
  format: string,
  start: number,
): { readonly conversion: WrittenConversion; readonly end: number } {
  let at = start;
  let flags = '';
  while ('-+ #0'.includes(format[at] ?? '?')) flags += format[at++];
  const number = (): number | '*' | undefined => {
    if (format[at] === '*') {
      at++;
      return '*';
    }
    const digits = /^\d+/.exec(format.slice(at, at + 10))?.[0];
    if (digits === undefined) return undefined;
    at += digits.length;
    return Number(digits);
  };
  const width = number() ?? 0;
  let precision: number | '*' | undefined;
  if (format[at] === '.') {
    at++;
    precision = number() ?? 0;
  }
  const size = /^(I64|I32|I|ll|hh|h|l|w|z|j|t|L)/.exec(format.slice(at, at + 3))?.[0] ?? '';
  at += size.length;
  return { conversion: { flags, width, precision, size, type: format[at] ?? '' }, end: at + 1 };
}
