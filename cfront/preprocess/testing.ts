/**
 * For tests only: texts in, tokens and problems out as short strings.
 *
 * Headers come from a map of names; `<sys/…>` counts as a bundled header.
 */
import { positionAt, type SourceFile, type Span, sourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { Token } from '../tokenize/token.ts';
import type { CStandard, IncludeResult, ParseOptions } from '../unit.ts';
import { preprocess } from './preprocess.ts';
import type { Preprocessed } from './result.ts';

export interface Setup {
  readonly headers?: Readonly<Record<string, string>>;
  readonly defines?: Readonly<Record<string, string>>;
  readonly undefines?: readonly string[];
  readonly standard?: CStandard;
}

export interface Read {
  readonly main: SourceFile;
  readonly result: Preprocessed;
}

export function read(text: string, setup: Setup = {}): Read {
  const files = new Map(Object.entries(setup.headers ?? {}).map(([name, header]) => [name, sourceFile(name, header)]));
  const include: ParseOptions['include'] = ({ name }): IncludeResult => {
    const file = files.get(name);
    if (file === undefined) return { kind: 'missing', searched: ['here', 'there'] };
    return { kind: 'found', file, isSystem: name.startsWith('sys/') };
  };
  const { defines = {}, undefines = [], standard } = setup;
  const main = sourceFile('main.c', text);
  return {
    main,
    result: preprocess(main, { include, defines, undefines, ...(standard === undefined ? {} : { standard }) }),
  };
}

/** Tokens with one space where there was white space; pragmas as `#pragma …;`. */
export function printed(tokens: readonly Token[]): string {
  let text = '';
  for (const token of tokens) {
    if (text !== '' && (token.afterSpace || token.startsLine)) text += ' ';
    text += token.kind === 'pragma' ? `[${token.text}]` : token.text;
  }
  return text.trim();
}

/** Just the tokens, one space between all of them: white space does not count. */
export function bare(tokens: readonly Token[]): string {
  return tokens
    .filter((token) => token.kind !== 'end')
    .map((token) => token.text)
    .join(' ');
}

/** `2:5 code "text it marks"`, with the file's name before it unless it is the main file. */
export function shownProblem({ code, span }: SyntaxProblem): string {
  return `${shownPlace(span)} ${code}`;
}

export function shownPlace(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  const file = span.file.path === 'main.c' ? '' : `${span.file.path} `;
  return `${file}${line + 1}:${column + 1} ${JSON.stringify(span.file.text.slice(span.start, span.end))}`;
}
