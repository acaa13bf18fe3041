/**
 * A stretch of the main file, preprocessed again by itself: one function's body with its braces, or whole lines.
 *
 * In: what the preprocessor knew at the end of the whole file, and the stretch's raw tokens, among them no directives but
 * conditions that end in it. Macros are taken to be what they were where the stretch begins. Out: undefined where reading
 * it by itself could differ from reading it in its place, or where it says anything but its tokens, problems, uses of
 * macros and groups that are left out.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { LayeredMap } from '../layers.ts';
import type { Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import { limits } from './limits.ts';
import { readDownTo, readInArguments } from './preprocess.ts';
import { fileFrame, type State } from './state.ts';
import { isStray } from './strays.ts';

/** Raw tokens, and the indices of the `#` of their directives. */
export type RawStretch = Pick<TokenizedFile, 'tokens' | 'directives'>;

export interface Stretch {
  readonly tokens: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
  readonly macroUses: TranslationUnit['macroUses'];
  readonly inactive: TranslationUnit['inactive'];
  /** Where the number of a line is asked for. */
  readonly lineUses: readonly Span[];
}

const nothing: Stretch = { tokens: [], problems: [], macroUses: [], inactive: [], lineUses: [] };

/** `index` is that of the first raw token in the file. */
export function preprocessStretch(
  whole: State,
  file: SourceFile,
  { tokens: raw, directives, problems: lexical }: RawStretch & Pick<TokenizedFile, 'problems'>,
  index: number,
  form: 'body' | 'lines',
): Stretch | undefined {
  const first = raw[0];
  const last = raw[raw.length - 1];
  const changes = whole.macroChanges;
  const isLimited = whole.rawTokens > limits.rawTokensPerUnit / 2 || whole.spentInUnit > limits.tokensPerUnit / 2;
  if (changes === undefined || isLimited) return undefined;
  if (first === undefined || last === undefined) return form === 'lines' ? nothing : undefined;
  const macros = new LayeredMap(whole.macros.asLayer());
  for (const { index: at, name, before } of [...changes].reverse()) {
    if (at <= index) break;
    if (before === undefined) macros.delete(name);
    else macros.set(name, before);
  }
  const end: Token = { ...last, kind: 'end', text: '', start: last.end };
  const tokenized: TokenizedFile = { file, tokens: [...raw, end], comments: [], directives, problems: lexical };
  let hasRunOut = false;
  /* The answer would have to be asked again at each reading. */
  let asksForHeader = false;
  const include: ParseOptions['include'] = (request) => {
    asksForHeader = true;
    return whole.options.include(request);
  };
  const state: State = {
    ...whole,
    options: { ...whole.options, include },
    main: file,
    macros,
    output: [],
    problems: [],
    inactive: [],
    uses: new Map(),
    frames: [fileFrame(tokenized, { isSystem: false, link: undefined })],
    contexts: [],
    painted: new Set(),
    pendingSpace: false,
    pendingLine: false,
    spent: 0,
    readFileToken: () => {
      const token = readInArguments(state);
      hasRunOut ||= token.kind === 'end';
      return token;
    },
    journal: undefined,
    callFrame: undefined,
    reported: new Map(),
    chain: undefined,
    lineUses: [],
    countsUses: false,
    namesMain: false,
  };
  readDownTo(state, 0);
  const { output, problems, inactive, lineUses } = state;
  const open = output[0];
  const close = output[output.length - 1];
  const isWhole =
    form === 'lines' ||
    (open?.text === '{' && close?.text === '}' && close.start === last.start && close.file === file);
  const isPlain = output.every((token) => token.kind !== 'pragma' && token.kind !== 'end' && !isStray(token));
  const isInside = problems.every(
    ({ span }) => span.file === file && span.start >= first.start && span.end <= last.end,
  );
  if (hasRunOut || asksForHeader || !isWhole || !isPlain || !isInside) return undefined;
  if (state.countsUses || state.namesMain) return undefined;
  if (whole.problems.length + problems.length >= limits.problems) return undefined;
  const macroUses = [...state.uses.values()].sort((a, b) => a.span.start - b.span.start);
  return { tokens: output, problems, macroUses, inactive, lineUses };
}

/** What has an effect behind its line, or is told of there. */
const telling = new Set(
  'define undef include include_next import using pragma error warning line ident sccs'.split(' '),
);

/**
 * Whether all directives of a stretch are conditions that begin and end in it, or words that are no directive's, as one
 * that is being typed: none says anything to what follows.
 */
export function keepsDirectives({ tokens, directives }: RawStretch): boolean {
  let depth = 0;
  for (const at of directives) {
    const word = tokens[at + 1];
    if (word === undefined || word.startsLine) continue;
    if (/^if(?:n?def)?$/.test(word.text)) depth++;
    else if (word.text === 'endif') depth--;
    else if (/^el(?:se|if|ifn?def)$/.test(word.text)) {
      if (depth === 0) return false;
    } else if (telling.has(word.text) || word.kind !== 'identifier') return false;
    if (depth < 0) return false;
  }
  return depth === 0;
}
