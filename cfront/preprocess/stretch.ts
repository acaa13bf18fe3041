/**
 * A stretch of the main file, preprocessed again by itself: one function's body with its braces.
 *
 * In: what the preprocessor knew at the end of the whole file, and the stretch's raw tokens, with no directive among
 * them. Macros are taken to be what they were where the stretch begins. Out: undefined where reading it by itself could
 * differ from reading it in its place, or where it says anything but its tokens, problems and uses of macros.
 */
import type { SourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { LayeredMap } from '../layers.ts';
import type { Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import type { TranslationUnit } from '../unit.ts';
import { limits } from './limits.ts';
import { readDownTo, readInArguments } from './preprocess.ts';
import { fileFrame, type State } from './state.ts';

export interface Stretch {
  readonly tokens: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
  readonly macroUses: TranslationUnit['macroUses'];
  /** A token in it is the number of its line. */
  readonly namesLine: boolean;
}

/** `index` is that of the first raw token in the file. */
export function preprocessStretch(
  whole: State,
  file: SourceFile,
  raw: readonly Token[],
  index: number,
): Stretch | undefined {
  const first = raw[0];
  const last = raw[raw.length - 1];
  const changes = whole.macroChanges;
  const isLimited = whole.rawTokens > limits.rawTokensPerUnit / 2 || whole.spentInUnit > limits.tokensPerUnit / 2;
  if (first === undefined || last === undefined || changes === undefined || isLimited) return undefined;
  const macros = new LayeredMap(whole.macros.asLayer());
  for (const { index: at, name, before } of [...changes].reverse()) {
    if (at <= index) break;
    if (before === undefined) macros.delete(name);
    else macros.set(name, before);
  }
  const end: Token = { ...last, kind: 'end', text: '', start: last.end };
  const tokenized: TokenizedFile = { file, tokens: [...raw, end], comments: [], directives: [], problems: [] };
  let hasRunOut = false;
  const state: State = {
    ...whole,
    main: file,
    macros,
    output: [],
    problems: [],
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
    namesLine: false,
    countsUses: false,
    namesMain: false,
  };
  readDownTo(state, 0);
  const { output, problems } = state;
  const open = output[0];
  const close = output[output.length - 1];
  const isWhole = open?.text === '{' && close?.text === '}' && close.start === last.start && close.file === file;
  const isPlain = output.every(({ kind }) => kind !== 'pragma' && kind !== 'unknown' && kind !== 'end');
  const isInside = problems.every(
    ({ span }) => span.file === file && span.start >= first.start && span.end <= last.end,
  );
  if (hasRunOut || !isWhole || !isPlain || !isInside || state.countsUses || state.namesMain) return undefined;
  if (whole.problems.length + problems.length >= limits.problems) return undefined;
  const macroUses = [...state.uses.values()].sort((a, b) => a.span.start - b.span.start);
  return { tokens: output, problems, macroUses, namesLine: state.namesLine };
}
