/**
 * Right C is read whatever its layout is: the first reading does not see where lines begin. Only where that finds errors
 * does a second one take the layout as a help. It counts where the syntax is broken; where only the meaning is wrong, the
 * reading with fewer errors does.
 *
 * Both read most of a text alike: whatever was read without a question about lines (mistakes/layout.ts). Where only bodies
 * are read otherwise, one parse stands for both readings: it has these bodies as who sees lines reads them, and of the
 * other reading it is known what is wrong in them. So a mistake in a body costs that body and not a second parse. Where
 * declarations at file scope are read otherwise, too (reread-declarations.ts), the one that does not see lines is followed
 * from there until it has lost.
 */
import { defined } from '../../base/assert.ts';
import type { InPieces } from '../../base/in-pieces.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { HeaderCache } from '../header-cache.ts';
import type { Preprocessed } from '../preprocess/result.ts';
import type { Token } from '../tokenize/token.ts';
import type { DeclarationNode } from './ast.ts';
import { isSeenAlike } from './mistakes/body-end.ts';
import { isOpen, leaveOpen } from './open-body.ts';
import { type FileReading, finish, type Parsed, parsingAll, type Use } from './parse-tokens.ts';
import { mayReread, reread, stopsAtHead } from './reread.ts';
import { type Loss, lossAt, rereadWindow, type Window } from './reread-declarations.ts';
import type { Layout, Parser } from './state.ts';
import { type BodyHead, type BodyMark, type StartMark, trailOf } from './trail.ts';

export interface Readings {
  /** Undefined where the other one stands for both. */
  readonly plain: FileReading | undefined;
  readonly laidOut: FileReading | undefined;
}

/** What the reading that does not see lines has found in a body. */
export interface InPlain {
  readonly errors: number;
  /** One of them is about the syntax. */
  readonly isBroken: boolean;
}

export function* parsingTokens(source: Preprocessed, headers: HeaderCache | undefined, use: Use): InPieces<Readings> {
  const plain = yield* parsingAll(source, headers, 'plain', use);
  if (errorsOf(plain.parsed.problems).length === 0) return { plain, laidOut: undefined };
  const laidOut = (): InPieces<FileReading> => parsingAll(source, headers, 'laid-out', use);
  const bodies = use === 'kept' ? bodiesReadOtherwise(plain.p) : undefined;
  if (bodies === undefined) return { plain, laidOut: yield* laidOut() };
  const joined = withLines(plain, bodies, []);
  if (joined !== undefined) return joined;
  // The parse has been changed.
  return { plain: yield* parsingAll(source, headers, 'plain', use), laidOut: yield* laidOut() };
}

/** The one that counts; undefined where only the reading that sees lines can tell, and it has not been made. */
export function betterOf({ plain, laidOut }: Readings): Parsed | undefined {
  if (plain === undefined || plain.open !== undefined) return laidOut?.parsed;
  const errors = errorsOf(plain.parsed.problems);
  if (errors.length === 0) return plain.parsed;
  if (laidOut === undefined) return undefined;
  return errors.some(isOfSyntax) || errorsOf(laidOut.parsed.problems).length <= errors.length
    ? laidOut.parsed
    : plain.parsed;
}

/** Lets go of what only reading a part again needs; what is kept for symbols that are looked up later is not the text. */
export function forgetText({ plain, laidOut }: Readings): void {
  for (const reading of [plain, laidOut]) if (reading !== undefined) reading.p.tokens = [reading.p.end];
}

/**
 * Reads a body again in the parse that stands for both readings, or for the one that does not see lines while nothing is
 * wrong. `tokens` are the body's; all places have been moved to the new text. Undefined where all of the file has to be
 * read; the parse is of no more use then.
 */
export function rereadForBoth(
  { p, own, inPlain: before, losses: known }: FileReading,
  mark: BodyMark,
  tokens: readonly Token[],
): Readings | undefined {
  const { head } = mark;
  const touched = touchedLosses(p, known, mark.first, mark.close);
  const found = isOpen(tokens) ? openInPlain(p, mark, tokens) : readInPlain(p, own, mark, tokens);
  if (found === undefined) return undefined;
  if (before === undefined) {
    // Where the function before ends may be seen otherwise now.
    if (!stopsAtHead(p, mark)) p.lineQuestions++;
    if (found.errors === 0) return { plain: { p, own, parsed: finish(p, own) }, laidOut: undefined };
    const bodies = bodiesReadOtherwise(p, new Map([[head, found]]));
    return bodies === undefined ? undefined : withLines({ p, own }, bodies, []);
  }
  const losses = foundAgain(p, own, known, touched);
  if (losses === undefined) return undefined;
  const inPlain = new Map(before);
  inPlain.delete(head);
  const isAlike = found.errors === 0 && bodyOf(p, head).lineQuestions === 0;
  if (!isAlike) inPlain.set(head, found);
  if (!isAlike && !readAs(p, own, head, 'laid-out')) return undefined;
  return judged(p, own, inPlain, losses);
}

/** The same for declarations at file scope. */
export function rereadWindowForBoth(
  { p, own, inPlain, losses: before }: FileReading,
  window: Window,
  tokens: readonly Token[],
): Readings | undefined {
  const { from, to } = window;
  const again = rereadWindow(p, own as DeclarationNode[], window, tokens); /* nobody else has the list */
  if (again === undefined) return undefined;
  const there = new Set(trailOf(p).starts.map(({ key }) => key));
  const others = (before ?? []).filter(
    ({ key }) => there.has(key) && key !== again.loss?.key && (from === to || key !== from.key),
  );
  const still = foundAgain(p, own, others, touchedLosses(p, others, from.index, again.end));
  if (still === undefined) return undefined;
  const found = again.loss === undefined ? [] : lossesFrom(p, own, again.loss, again.end);
  if (found === undefined) return undefined;
  const losses = inOrder(p, [...still, ...found]);
  if (inPlain !== undefined) {
    const heads = new Set(trailOf(p).bodies.map(({ head }) => head));
    return judged(p, own, new Map([...inPlain].filter(([head]) => heads.has(head))), losses);
  }
  const parsed = losses.length > 0 ? undefined : finish(p, own);
  if (parsed !== undefined && errorsOf(parsed.problems).length === 0)
    return { plain: { p, own, parsed }, laidOut: undefined };
  const bodies = bodiesReadOtherwise(p);
  return bodies === undefined ? undefined : withLines({ p, own }, bodies, losses);
}

/** Those that were found in tokens that are read again. */
function touchedLosses(
  p: Parser,
  losses: readonly Loss[] | undefined,
  first: number,
  last: number,
): ReadonlySet<Loss['key']> {
  const touches = ({ key, reach }: Loss): boolean => {
    const { index } = startOf(p, key);
    return index <= last && index + reach >= first;
  };
  return new Set((losses ?? []).filter(touches).map(({ key }) => key));
}

/** What is there of them now; undefined where it is not known that one still loses. */
function foundAgain(
  p: Parser,
  own: readonly DeclarationNode[],
  losses: readonly Loss[] = [],
  touched: ReadonlySet<Loss['key']>,
): readonly Loss[] | undefined {
  const now = losses.map((loss) => (touched.has(loss.key) ? lossAt(p, own, startOf(p, loss.key)) : loss));
  return now.every((loss) => loss !== undefined) ? now.filter((loss) => loss !== 'alike') : undefined;
}

/** One found in a window, and those of the declarations behind it there, each as if all before it were read alike. */
function lossesFrom(p: Parser, own: readonly DeclarationNode[], first: Loss, end: number): readonly Loss[] | undefined {
  const { index } = startOf(p, first.key);
  const others = trailOf(p).starts.filter((start) => start.index > index && start.index < end);
  const found = others.map((start) => lossAt(p, own, start));
  return found.every((loss) => loss !== undefined) ? [first, ...found.filter((loss) => loss !== 'alike')] : undefined;
}

function inOrder(p: Parser, losses: readonly Loss[]): readonly Loss[] {
  return losses.toSorted((a, b) => startOf(p, a.key).index - startOf(p, b.key).index);
}

function startOf(p: Parser, key: Loss['key']): StartMark {
  return defined(
    trailOf(p).starts.find((start) => start.key === key),
    'the start with that key',
  );
}

/**
 * The bodies that the two layouts may have read otherwise; undefined where something else may be, or one cannot be read
 * again.
 */
function bodiesReadOtherwise(
  p: Parser,
  known: ReadonlyMap<BodyHead, InPlain> = new Map(),
): ReadonlyMap<BodyHead, InPlain> | undefined {
  const bodies = new Map<BodyHead, InPlain>(known);
  let questions = 0;
  for (const mark of trailOf(p).bodies) {
    questions += mark.lineQuestions;
    const found = bodies.get(mark.head) ?? foundIn(p, mark);
    if (found.errors === 0 && mark.lineQuestions === 0) continue;
    if (!mayReread(p, mark, 'laid-out') || !isSeenAlike(p, mark.open, mark.close)) return undefined;
    bodies.set(mark.head, found);
  }
  return questions === p.lineQuestions ? bodies : undefined;
}

/** The parse becomes that of who sees lines. */
function withLines(
  { p, own }: Pick<FileReading, 'p' | 'own'>,
  bodies: ReadonlyMap<BodyHead, InPlain>,
  losses: readonly Loss[],
): Readings | undefined {
  p.layout = 'laid-out';
  for (const head of bodies.keys()) if (!readAs(p, own, head, 'laid-out')) return undefined;
  return judged(p, own, bodies, losses);
}

/** Goes back to the other reading where that has nothing wrong any more; undefined where it is the one that counts. */
function judged(
  p: Parser,
  own: readonly DeclarationNode[],
  inPlain: ReadonlyMap<BodyHead, InPlain>,
  losses: readonly Loss[],
): Readings | undefined {
  const parsed = finish(p, own);
  const errors = errorsOf(parsed.problems);
  const [loss] = losses;
  if (loss !== undefined) {
    const laidOut = { p, own, parsed, inPlain, losses };
    return isLost(p, inPlain, loss, errors.length) ? { plain: undefined, laidOut } : undefined;
  }
  const ofBodies = new Set([...inPlain.keys()].flatMap((head) => problemsIn(p, bodyOf(p, head))));
  const common = errors.filter((problem) => !ofBodies.has(problem));
  const found = [...inPlain.values()];
  const count = found.reduce((sum, body) => sum + body.errors, common.length);
  if (count === 0) {
    for (const head of inPlain.keys()) if (!readAs(p, own, head, 'plain')) return undefined;
    p.layout = 'plain';
    return { plain: { p, own, parsed: finish(p, own) }, laidOut: undefined };
  }
  const isBroken = common.some(isOfSyntax) || found.some((body) => body.isBroken);
  if (!isBroken && errors.length > count) return undefined;
  return { plain: undefined, laidOut: { p, own, parsed, inPlain } };
}

/** The reading that does not see lines has no fewer errors up to there than the other one in all, or one of syntax. */
function isLost(p: Parser, inPlain: ReadonlyMap<BodyHead, InPlain>, { key, errors }: Loss, others: number): boolean {
  const { index, counts } = startOf(p, key);
  const bodies = [...inPlain].flatMap(([head, found]) => {
    const mark = bodyOf(p, head);
    return mark.open < index ? [{ found, problems: problemsIn(p, mark) }] : [];
  });
  const ofBodies = new Set(bodies.flatMap(({ problems }) => problems));
  const common = errorsOf(p.problems.slice(0, counts.problems)).filter((problem) => !ofBodies.has(problem));
  if ([...common, ...errors].some(isOfSyntax) || bodies.some(({ found }) => found.isBroken)) return true;
  return bodies.reduce((sum, { found }) => sum + found.errors, common.length + errors.length) >= others;
}

function readInPlain(
  p: Parser,
  own: readonly DeclarationNode[],
  mark: BodyMark,
  tokens: readonly Token[],
): InPlain | undefined {
  return reread(p, own as DeclarationNode[], mark, tokens, 'plain') ? foundIn(p, bodyOf(p, mark.head)) : undefined;
}

/** Without lines, all that follows a body that is not closed lies inside of it, so that nobody needs to read it. */
function openInPlain(p: Parser, mark: BodyMark, tokens: readonly Token[]): InPlain | undefined {
  return leaveOpen(p, mark, tokens) ? { errors: 1, isBroken: true } : undefined;
}

/** The same tokens, read once more. */
function readAs(p: Parser, own: readonly DeclarationNode[], head: BodyHead, layout: Layout): boolean {
  const mark = bodyOf(p, head);
  const tokens = p.tokens.slice(mark.open, mark.close + 1);
  return reread(p, own as DeclarationNode[], mark, tokens, layout); /* nobody else has the list */
}

function bodyOf(p: Parser, head: BodyHead): BodyMark {
  return defined(
    trailOf(p).bodies.find((mark) => mark.head === head),
    'the body with that head',
  );
}

function foundIn(p: Parser, mark: BodyMark): InPlain {
  const errors = errorsOf(problemsIn(p, mark));
  return { errors: errors.length, isBroken: errors.some(isOfSyntax) };
}

function problemsIn(p: Parser, { before, after }: BodyMark): readonly SyntaxProblem[] {
  return p.problems.slice(before.problems, after.problems);
}

function errorsOf(problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  return problems.filter(({ severity }) => severity === 'error');
}

/** It is about the form of a text, not about its meaning. */
function isOfSyntax({ code }: SyntaxProblem): boolean {
  return /^(expected-|unexpected-token|elided-code|trailing-comma|misplaced-|too-deep|not-supported)/.test(code);
}
