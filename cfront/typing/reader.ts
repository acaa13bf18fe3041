/**
 * A file read while it is typed: gives what `parseTranslationUnit` gives, and reads again only what a change can have
 * changed.
 *
 * Where an edit lies within one function's body and says nothing to the rest of the file, that body is read anew and all
 * else is taken from the last reading, with its places moved to the new text. The same is done for the declarations at file
 * scope in the lines of an edit, whose names nothing behind mentions. In a comment, between lines, and in what a
 * condition leaves out nothing is read anew. A brace that is missing is one of those
 * things where lines tell of the body's end (parse/open-body.ts). What makes it doubtful (a directive other than conditions,
 * a brace too many, a name that others see, a header that has changed) has the whole file read. While that is so since
 * something in one body has no end yet, the reading before is kept, for most of its trees will be those of the text again.
 * A reading belongs to its reader until the next one: older units are of no more use then.
 */
import { type InPieces, toEnd } from '../../base/in-pieces.ts';
import type { SourceFile } from '../../base/source.ts';
import type { DeclarationNode } from '../parse/ast.ts';
import { isOpen, leaveOpen } from '../parse/open-body.ts';
import { type FileReading, finish } from '../parse/parse-tokens.ts';
import { mayReread, reread } from '../parse/reread.ts';
import { type BodyMark, trailOf } from '../parse/trail.ts';
import { betterOf, type Readings, rereadForBoth, rereadWindowForBoth } from '../parse/two-layouts.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import { preprocessStretch, type Stretch } from '../preprocess/stretch.ts';
import type { Token } from '../tokenize/token.ts';
import { replaceTokens } from '../tokenize/tokenize.ts';
import type { ParseOptions, TranslationUnit } from '../unit.ts';
import { bodyMax, sourceOf, textOf } from './body-text.ts';
import { type Edit, editBetween, isHalfTyped } from './edit.ts';
import { type Move, moveReading } from './move.ts';
import { readingAll, unitOf } from './read-all.ts';
import { unreadText } from './unread-text.ts';
import { windowText } from './window-text.ts';

/** One for all files: the readings of those that were read last are kept. */
export interface Reader {
  /** The units of the same file that it gave before are of no more use. */
  readonly read: (file: SourceFile, options: ParseOptions) => TranslationUnit;
  /**
   * The same in pieces, between which other files may be read; of the same file one reading at a time. Who lets go of it
   * has the next text read from its first character. A header that changes between two pieces makes it outdated.
   */
  readonly reading: (file: SourceFile, options: ParseOptions) => InPieces<TranslationUnit>;
  /** Whether reading it now would give what its last reading gave: its text, its headers and where they lie are the same. */
  readonly isCurrent: (file: SourceFile, options: ParseOptions) => boolean;
}

interface Kept {
  readonly options: string;
  readonly source: Preprocessed;
  readonly readings: Readings;
}

/** Files whose last reading is kept: who types, types in one, and a second one that it is compared with or copied from. */
const filesMax = 2;

/** What is kept of a file. */
interface Slot {
  readonly latest: Kept;
  /**
   * The reading of a text before, from which the latest differs in one body, but so that all of it had to be read: what is
   * being typed there (a comment, a condition, a brace that was deleted) will have an end, and most of that text is back.
   */
  readonly base: Kept | undefined;
}

export function createReader(): Reader {
  /** By path; the last used one last. */
  const slots = new Map<string, Slot>();
  const keep = (path: string, slot: Slot): void => {
    slots.set(path, slot);
    for (const old of slots.keys()) if (slots.size > filesMax) slots.delete(old);
  };
  function* reading(file: SourceFile, options: ParseOptions): InPieces<TranslationUnit> {
    const slot = slots.get(file.path);
    // A reading that fails leaves nothing that the next could build upon.
    slots.delete(file.path);
    const { again, base } = readAgain(slot, file, options);
    if (again !== undefined) {
      keep(file.path, { latest: again.kept, base });
      return again.unit;
    }
    const { source, readings, unit } = yield* readingAll(file, options, 'kept');
    const latest = { options: optionsText(options), source: { ...source, tokens: [] }, readings };
    keep(file.path, { latest, base: mayLeadBack(base, latest, unit) ? base : undefined });
    return unit;
  }
  return {
    read: (file, options) => toEnd(reading(file, options)),
    reading,
    isCurrent(file, options) {
      const last = slots.get(file.path)?.latest;
      return last?.source.main === file && isSameAround(last, file, options);
    },
  };
}

function mayLeadBack(base: Kept | undefined, { readings }: Kept, unit: TranslationUnit): boolean {
  return base !== undefined && isHalfTyped(unit, bodiesOf(readings).length, bodiesOf(base.readings).length);
}

interface Again {
  readonly again: { readonly kept: Kept; readonly unit: TranslationUnit } | undefined;
  /** For the readings to come. */
  readonly base: Kept | undefined;
}

/** The text as one that differs in a body from what is kept. */
function readAgain(slot: Slot | undefined, file: SourceFile, options: ParseOptions): Again {
  let base: Kept | undefined;
  for (const kept of slot === undefined ? [] : [slot.latest, slot.base]) {
    if (kept === undefined || file === kept.source.main || !isSameAround(kept, file, options)) continue;
    const { main } = kept.source;
    const now = readEdited(kept, file);
    const parsed = typeof now === 'string' ? undefined : betterOf(now.readings);
    if (typeof now !== 'string' && parsed !== undefined) {
      // Somebody may still hold the older trees: a reading of the whole file makes tokens of its own.
      replaceTokens(main, now.source.tokenized);
      const unit = unitOf(now.source, parsed);
      const other = kept === slot?.latest ? slot.base : undefined;
      const isOfUse = other !== undefined && mayLeadBack(other, now, unit) && isInOneBody(other, file);
      return { again: { kept: now, unit }, base: isOfUse ? other : undefined };
    }
    if (now === 'elsewhere' && isInOneBody(kept, file)) base = kept;
  }
  return { again: undefined, base };
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

/** Why all of a file has to be read: `elsewhere` leaves what was kept as it is, `spoilt` makes it useless. */
type Refusal = 'elsewhere' | 'spoilt';

/** What was kept, for the new text. */
function readEdited(kept: Kept, file: SourceFile): Kept | Refusal {
  const { main } = kept.source;
  const edit = { ...editIn(kept, file), from: main, to: file };
  const alone = moveOnly(kept, edit) ?? readBody(kept, edit);
  /* What all is read for in one body has an end later on, and most of this text is back then. */
  const read = alone === 'elsewhere' && !isInOneBody(kept, file) ? readWindow(kept, edit) : alone;
  if (typeof read === 'string') return read;
  return main.lineStarts.length === file.lineStarts.length ? read.kept : (countedAnew(read) ?? 'spoilt');
}

/** A text that has come back is the same in any body. */
function editIn({ source: { main }, readings }: Kept, { text }: SourceFile): Edit {
  const [mark] = bodiesOf(readings);
  if (text !== main.text || mark === undefined) return editBetween(main.text, text);
  return { start: mark.start, olderEnd: mark.start, newerEnd: mark.start };
}

/** The texts are the same but for the inside of one body and the brace behind it. */
function isInOneBody(kept: Kept, file: SourceFile): boolean {
  const { start, olderEnd } = editIn(kept, file);
  return bodiesOf(kept.readings).some((body) => body.start <= start && olderEnd <= body.end);
}

/** From behind the one brace to behind the other. */
function bodiesOf({ plain, laidOut }: Readings): readonly { readonly start: number; readonly end: number }[] {
  const p = (plain ?? laidOut)?.p;
  if (p === undefined) return [];
  return trailOf(p).bodies.map(({ open, close }) => ({
    start: p.tokens[open]?.end ?? 0,
    end: p.tokens[close]?.end ?? 0,
  }));
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
    if (typeof next === 'string' || (tokens += next.tokens) > countedMax) return undefined;
    last = next;
  }
}

/** A body that was read again: where it ends, and how many tokens it has. */
interface ReadBody {
  readonly kept: Kept;
  readonly end: number;
  readonly tokens: number;
}

/** Where nobody reads what is edited, what was read has other places. */
function moveOnly({ options, source, readings }: Kept, edit: Omit<Move, 'body'>): ReadBody | undefined {
  const each = [readings.plain, readings.laidOut];
  const problems = each.flatMap((reading) => reading?.p.problems ?? []);
  const unread = unreadText(source, edit, problems);
  if (unread === undefined) return undefined;
  const { move, text, stretch } = unread;
  moveReading(move, source, readings);
  const [plain, laidOut] = each.map((reading) =>
    reading === undefined || reading.open !== undefined
      ? reading
      : { ...reading, parsed: finish(reading.p, reading.own) },
  );
  const kept = { options, source: sourceOf(source, move, text, stretch), readings: { plain, laidOut } };
  return { kept, end: move.body.end + edit.newerEnd - edit.olderEnd, tokens: 0 };
}

/** Reads the body with the whole edit. */
function readBody({ options, source, readings }: Kept, edit: Edit & Pick<Move, 'from' | 'to'>): ReadBody | Refusal {
  const each = [readings.plain, readings.laidOut].flatMap((reading): readonly BodyOf[] => {
    const mark = reading === undefined ? undefined : bodyAround(reading, source.main, edit);
    return reading === undefined ? [] : [{ reading, mark }];
  });
  const place = placeOf(each);
  if (place === undefined) return 'elsewhere';
  const move: Move = { ...edit, body: place };
  const text = textOf(source, move);
  if (text === undefined) return 'elsewhere';
  moveReading(move, source, readings);
  /* Macros of the file itself speak of the new text now. */
  const stretch = preprocessStretch(source.state, edit.to, text.raw, text.first, 'body');
  if (stretch === undefined || stretch.tokens.length > bodyMax) return 'spoilt';
  const again = rereadIn(each, stretch);
  if (again === undefined) return 'spoilt';
  const kept = { options, source: sourceOf(source, move, text, stretch), readings: again };
  return { kept, end: place.end + edit.newerEnd - edit.olderEnd, tokens: stretch.tokens.length };
}

/** Reads the declarations at file scope in the lines of the edit. */
function readWindow({ options, source, readings }: Kept, edit: Edit & Pick<Move, 'from' | 'to'>): ReadBody | Refusal {
  const { plain, laidOut } = readings;
  const reading = plain === undefined || laidOut === undefined ? (plain ?? laidOut) : undefined;
  const found = reading === undefined ? undefined : windowText(source, reading, edit);
  if (reading === undefined || found === undefined) return 'elsewhere';
  const { window, move, text } = found;
  moveReading(move, source, readings);
  const stretch = preprocessStretch(source.state, edit.to, text.raw, text.first, 'lines');
  if (stretch === undefined) return 'spoilt';
  const again = rereadWindowForBoth(reading, window, stretch.tokens);
  if (again === undefined) return 'spoilt';
  const kept = { options, source: sourceOf(source, move, text, stretch), readings: again };
  return { kept, end: move.body.end + edit.newerEnd - edit.olderEnd, tokens: stretch.tokens.length };
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

/** A body that says nothing to the rest of the file, read in each of the readings. */
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
