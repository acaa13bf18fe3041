/**
 * A file read while it is typed: gives what `parseTranslationUnit` gives, and reads again only what a change can have
 * changed.
 *
 * Where an edit lies within one function's body and says nothing to the rest of the file, that body is read anew and all
 * else is taken from the last reading, with its places moved to the new text. A brace that is missing is one of those
 * things where lines tell of the body's end (parse/open-body.ts). What makes it doubtful (a directive other than conditions,
 * a brace too many, a name that others see, a header that has changed) has the whole file read. A reading belongs to its
 * reader until the next one: older units are of no more use then.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { DeclarationNode } from '../parse/ast.ts';
import { isOpen, leaveOpen } from '../parse/open-body.ts';
import { type FileReading, finish } from '../parse/parse-tokens.ts';
import { mayReread, reread } from '../parse/reread.ts';
import { type BodyMark, trailOf } from '../parse/trail.ts';
import { betterOf, type Readings, rereadForBoth } from '../parse/two-layouts.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { keepsDirectives, preprocessStretch, type Stretch } from '../preprocess/stretch.ts';
import type { Token } from '../tokenize/token.ts';
import { indexAt } from '../tokenize/token-index.ts';
import { hasSplices, replaceTokens, type TokenizedFile, tokenizeStretch } from '../tokenize/tokenize.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import { type Edit, editBetween } from './edit.ts';
import { type Move, moveReading } from './move.ts';
import { readAll, unitOf } from './read-all.ts';

/** One for all files: the readings of those that were read last are kept. */
export interface Reader {
  /** The units of the same file that it gave before are of no more use. */
  readonly read: (file: SourceFile, options: ParseOptions) => TranslationUnit;
}

export interface FileReader extends Reader {
  /** Whether reading it now would give what its last reading gave: its text, its headers and where they lie are the same. */
  readonly isCurrent: (file: SourceFile, options: ParseOptions) => boolean;
}

/** Tokens of a body that is read by itself: of a longer one there is little else in the file. */
const bodyMax = 20_000;

interface Kept {
  readonly options: string;
  readonly source: Preprocessed;
  readonly readings: Readings;
}

/** Files whose last reading is kept: who types, types in one, and a second one that it is compared with or copied from. */
const filesMax = 2;

export function createReader(): FileReader {
  /** By path; the last used one last. */
  const readings = new Map<string, Kept>();
  const keep = (path: string, kept: Kept): void => {
    readings.set(path, kept);
    for (const old of readings.keys()) if (readings.size > filesMax) readings.delete(old);
  };
  const readAgain = (file: SourceFile, options: ParseOptions): TranslationUnit | undefined => {
    const before = readings.get(file.path);
    // A reading that fails leaves nothing that the next could build upon.
    readings.delete(file.path);
    if (before === undefined || file === before.source.main || !isSameAround(before, file, options)) return undefined;
    const again = readEdited(before, file);
    const parsed = again === undefined ? undefined : betterOf(again.readings);
    // Somebody may still hold the older trees: a reading of the whole file makes tokens of its own.
    if (again === undefined || parsed === undefined) return undefined;
    replaceTokens(before.source.main, again.source.tokenized);
    keep(file.path, again);
    return unitOf(again.source, parsed);
  };
  return {
    read(file, options) {
      const again = readAgain(file, options);
      if (again !== undefined) return again;
      const { source, readings: made, unit } = readAll(file, options, 'kept');
      keep(file.path, { options: optionsText(options), source: { ...source, tokens: [] }, readings: made });
      return unit;
    },
    isCurrent(file, options) {
      const last = readings.get(file.path);
      return last?.source.main === file && isSameAround(last, file, options);
    },
  };
}

function optionsText({ defines, undefines, standard, forcedIncludes }: ParseOptions): string {
  return JSON.stringify([Object.entries(defines ?? {}), undefines, standard, forcedIncludes]);
}

/** Every header is still found where it was found; none was looked for whose answer nobody has kept. */
function isSameAround({ options: before, source }: Kept, file: SourceFile, options: ParseOptions): boolean {
  const { main, state } = source;
  const { include } = options;
  if (before !== optionsText(options) || file.path !== main.path || state.chain === undefined) return false;
  return state.chain.requests.every(({ request, result }) => {
    const now = include(request.from === main ? { ...request, from: file } : request);
    if (now.kind === 'missing') return result.kind === 'missing' && now.searched.join() === result.searched.join();
    return result.kind === 'found' && now.file === result.file && now.isSystem === result.isSystem;
  });
}

/** What was kept, for the new text; undefined where the whole file has to be read. */
function readEdited(kept: Kept, file: SourceFile): Kept | undefined {
  const { main } = kept.source;
  const read = readBody(kept, { ...editBetween(main.text, file.text), from: main, to: file });
  return read === undefined || main.lineStarts.length === file.lineStarts.length ? read?.kept : countedAnew(read);
}

/** Tokens of bodies that are read again since they say the number of a line: of more, all is read. */
const countedMax = 4000;

/** Reads those bodies behind one that has more lines now, or fewer. Ends because each lies behind the one before. */
function countedAnew(first: ReadBody): Kept | undefined {
  const { main } = first.kept.source;
  let tokens = 0;
  for (let last = first; ; ) {
    const uses = last.kept.source.state.lineUses.filter(({ start }) => start > last.end);
    if (uses.length === 0) return last.kept;
    const start = Math.min(...uses.map((use) => use.start));
    const next = readBody(last.kept, { start, olderEnd: start, newerEnd: start, from: main, to: main });
    tokens += next?.tokens ?? 0;
    if (next === undefined || tokens > countedMax) return undefined;
    last = next;
  }
}

/** A body that was read again: where it ends, and how many tokens it has. */
interface ReadBody {
  readonly kept: Kept;
  readonly end: number;
  readonly tokens: number;
}

/** Reads the body with the whole edit. */
function readBody({ options, source, readings }: Kept, edit: Edit & Pick<Move, 'from' | 'to'>): ReadBody | undefined {
  const each = [readings.plain, readings.laidOut].flatMap((reading): readonly BodyOf[] => {
    const mark = reading === undefined ? undefined : bodyAround(reading, source.main, edit);
    return reading === undefined ? [] : [{ reading, mark }];
  });
  const place = placeOf(each);
  if (place === undefined) return undefined;
  const move: Move = { ...edit, body: place };
  const text = textOf(source, move);
  if (text === undefined) return undefined;
  moveReading(move, source, readings);
  /* Macros of the file itself speak of the new text now. */
  const stretch = preprocessStretch(source.state, edit.to, text.raw, text.first);
  if (stretch === undefined || stretch.tokens.length > bodyMax) return undefined;
  const again = rereadIn(each, stretch);
  if (again === undefined) return undefined;
  const kept = { options, source: sourceOf(source, move, text, stretch), readings: again };
  return { kept, end: place.end + edit.newerEnd - edit.olderEnd, tokens: stretch.tokens.length };
}

/** The body with the whole edit between its braces. */
function bodyAround({ p }: FileReading, main: SourceFile, { start, olderEnd }: Edit): BodyMark | undefined {
  return trailOf(p).bodies.find((mark) => {
    const open = p.tokens[mark.open];
    const close = p.tokens[mark.close];
    if (open === undefined || close === undefined || !isBrace(open, main, '{') || !isBrace(close, main, '}'))
      return false;
    return open.end <= start && olderEnd <= close.start;
  });
}

/** A brace as it is written in the text, not a digraph and not what a macro made. */
function isBrace({ file, start, end, expansion }: Token, main: SourceFile, text: string): boolean {
  return file === main && expansion === undefined && file.text.slice(start, end) === text;
}

/** A reading, and its body with the edit. */
interface BodyOf {
  readonly reading: FileReading;
  readonly mark: BodyMark | undefined;
}

/** From brace to brace; undefined where the body cannot be read by itself. */
function placeOf(each: readonly BodyOf[]): Move['body'] | undefined {
  const places = each.map(({ reading: { p }, mark }) => {
    if (mark === undefined || !mayReread(p, mark, p.layout)) return undefined;
    return { start: p.tokens[mark.open]?.start ?? 0, end: p.tokens[mark.close]?.end ?? 0 };
  });
  const [place, other = place] = places;
  // Where braces are missing, lines tell of another end.
  return place?.start === other?.start && place?.end === other?.end ? place : undefined;
}

/** The new body's raw tokens, and which of the older ones they stand for. */
interface NewText {
  readonly raw: TokenizedFile;
  readonly first: number;
  readonly behind: number;
}

function textOf(source: Preprocessed, { from, to, body, olderEnd, newerEnd, start }: Move): NewText | undefined {
  const { tokenized, state, includes } = source;
  const by = newerEnd - olderEnd;
  const end = body.end + by;
  if (state.countsUses || hasSplices(from, body.start, body.end) || hasSplices(to, body.start, end)) {
    return undefined;
  }
  if (includes.some(({ span }) => span.file === from && span.start > body.start)) return undefined;
  const raw = tokenizeStretch(to, body.start, end);
  const [open] = raw.tokens;
  const close = raw.tokens[raw.tokens.length - 1];
  if (open?.text !== '{' || close?.text !== '}' || close.end !== end || close.start < start) return undefined;
  if (!keepsDirectives(raw) || raw.problems.length > 0 || raw.tokens.length > bodyMax) return undefined;
  const first = indexAt(tokenized.tokens, body.start);
  const behind = indexAt(tokenized.tokens, body.end);
  const directives = tokenized.directives.filter((index) => index > first && index < behind);
  if (!keepsDirectives({ tokens: tokenized.tokens, directives })) return undefined;
  if (tokenized.problems.some(({ span }) => isIn(body, span.start))) return undefined;
  const older = tokenized.tokens[first] as Token;
  const tokens = [{ ...open, startsLine: older.startsLine, afterSpace: older.afterSpace }, ...raw.tokens.slice(1)];
  return { raw: { ...raw, tokens }, first, behind };
}

/** What is known of the whole text, with what the body gives now. All places have been moved. */
function sourceOf(source: Preprocessed, move: Move, { raw, first, behind }: NewText, stretch: Stretch): Preprocessed {
  const { tokenized, state } = source;
  const { from, to } = move;
  const added = raw.tokens.length - (behind - first);
  const comments = withBody(move, tokenized.comments, raw.comments, (span) => span);
  const requests = state.chain?.requests.map(({ request, result }) =>
    request.from === from ? { request: { ...request, from: to }, result } : { request, result },
  );
  const changes = state.macroChanges?.map((change) =>
    change.index <= first ? change : { ...change, index: change.index + added },
  );
  return {
    ...source,
    main: to,
    tokens: [],
    comments,
    problems: [...source.problems.filter(({ span }) => !isReplaced(move, span)), ...stretch.problems],
    macroUses: withBody(move, source.macroUses, stretch.macroUses, ({ span }) => span),
    inactive: withBody(move, source.inactive, stretch.inactive, (span) => span),
    state: {
      ...state,
      main: to,
      lineUses: [...withBody(move, state.lineUses, stretch.lineUses, (span) => span)],
      macroChanges: changes,
      chain: state.chain === undefined || requests === undefined ? undefined : { ...state.chain, requests },
    },
    tokenized: {
      ...tokenized,
      file: to,
      tokens: replaced(tokenized.tokens as Token[], first, behind, raw.tokens) /* nobody else has the list */,
      comments,
      directives: [
        ...tokenized.directives.filter((index) => index < first),
        ...raw.directives.map((index) => index + first),
        ...tokenized.directives.flatMap((index) => (index < behind ? [] : index + added)),
      ],
    },
  };
}

/** The list itself with other tokens in it: a copy of a long one costs more than all of the body. */
function replaced(tokens: Token[], first: number, behind: number, now: readonly Token[]): readonly Token[] {
  tokens.splice(first, behind - first, ...now);
  return tokens;
}

/** A list in order of place, with the new body's items in the place of the older one's, which have not been moved. */
function withBody<T>(move: Move, items: readonly T[], inBody: readonly T[], spanOf: (item: T) => Span): readonly T[] {
  const outside = items.filter((item) => !isReplaced(move, spanOf(item)));
  const count = outside.findIndex((item) => spanOf(item).start >= move.body.start);
  return count < 0 ? [...outside, ...inBody] : [...outside.slice(0, count), ...inBody, ...outside.slice(count)];
}

/** It belongs to the body's older text: it has not been moved. Where nothing moves, its place tells. */
function isReplaced({ from, to, body }: Move, { file, start }: Span): boolean {
  return file === from && (from !== to || isIn(body, start));
}

function isIn({ start, end }: Move['body'], offset: number): boolean {
  return offset >= start && offset < end;
}

function rereadIn(each: readonly BodyOf[], stretch: Stretch): Readings | undefined {
  const [one, other] = each;
  const tokens = one === undefined ? undefined : tokensFor(one, stretch);
  if (one?.mark === undefined || tokens === undefined) return undefined;
  if (other === undefined) return rereadForBoth(one.reading, one.mark, tokens);
  const [plain, laidOut] = [rereadAlone(one, tokens), rereadAlone(other, tokens)];
  return plain === undefined || laidOut === undefined ? undefined : { plain, laidOut };
}

function tokensFor({ reading: { p }, mark }: BodyOf, stretch: Stretch): readonly Token[] | undefined {
  const older = mark === undefined ? undefined : p.tokens[mark.open];
  const [first, ...rest] = stretch.tokens;
  if (first === undefined || older === undefined) return undefined;
  return [{ ...first, startsLine: older.startsLine, afterSpace: older.afterSpace }, ...rest];
}

function rereadAlone({ reading, mark }: BodyOf, tokens: readonly Token[]): FileReading | undefined {
  const { p, own, open } = reading;
  if (mark === undefined) return undefined;
  const isStillOpen = open !== undefined && open !== mark.definition;
  if (p.layout === 'plain' && isOpen(tokens)) {
    return !isStillOpen && leaveOpen(p, mark, tokens) ? { ...reading, open: mark.definition } : undefined;
  }
  if (!reread(p, own as DeclarationNode[], mark, tokens, p.layout)) return undefined; /* nobody else has the list */
  return isStillOpen ? reading : { ...reading, parsed: finish(p, own), open: undefined };
}
