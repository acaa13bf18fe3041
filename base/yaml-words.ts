/**
 * What is wrong with YAML, for people who do not know its grammar: the library's errors in, one problem out. That is the
 * first in the text, because most others follow from it.
 */

/** An error as the library has it. */
interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

export interface YamlProblem {
  /** A sentence. */
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export function firstYamlProblem(errors: readonly YamlError[], text: string): YamlProblem | undefined {
  // At one place, what was met first.
  const first = errors.reduce<YamlError | undefined>(
    (best, error) => (best === undefined || error.pos[0] < best.pos[0] ? error : best),
    undefined,
  );
  if (first === undefined) return undefined;
  const [start, end] = first.pos;
  return { message: words(first, text.slice(start, start + 100)), start, end };
}

/** `here` begins where the error is. */
function words({ code, message }: YamlError, here: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'A tab indents this line; YAML takes spaces only.';
    case 'DUPLICATE_KEY':
      return `${/^[^\s:,{}[\]]+/.exec(here)?.[0] ?? 'This key'} stands here a second time; a key may stand once in a mapping.`;
    case 'BAD_INDENT':
      return closingBracket(message) ?? 'This is indented less or more than what it belongs to.';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'This is neither a key with a `:` nor the rest of the line above: a `:` or `-` is missing, or spaces before it.';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'This can not stand on the same line as its key: write it on a line of its own, indented, or put text with a `:` in quotes.';
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
      return '`*` begins a reference to an anchor, which there is not; put text with a `*` in quotes.';
    case 'BAD_SCALAR_START':
      return `Text can not begin with ${here.charAt(0)}; put it in quotes.`;
    case 'BAD_DQ_ESCAPE':
      return 'This means nothing behind a backslash in double quotes: write `\\\\` for a backslash, or use single quotes.';
    case 'MULTIPLE_DOCS':
      return 'A second document begins here; the file holds one.';
    case 'MISSING_CHAR':
      return missing(message);
    default:
      return sentence(message);
  }
}

function missing(message: string): string {
  const bracket = closingBracket(message);
  if (bracket !== undefined) return bracket;
  if (/closing .*quote/.test(message)) return 'The closing quote is missing.';
  if (/followed by map values/.test(message)) return 'A `:` is missing behind this key.';
  if (message.startsWith('Missing ,')) return 'A `,` is missing between two items.';
  return sentence(message);
}

function closingBracket(message: string): string | undefined {
  const bracket = /end with an? (.)/.exec(message)?.[1];
  return bracket === undefined
    ? undefined
    : `The closing \`${bracket}\` is missing before this, or the lines up to it are not indented.`;
}

/** The library's own words, where it has a better name for it than we. */
function sentence(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/\.?$/, '.');
}
