/**
 * What the preprocessor knows while it reads one translation unit, and the small operations on it that all parts use.
 *
 * The state is one plain record that the functions of this folder share. Nothing outlives a call of `preprocess`.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import type { LayeredMap } from '../layers.ts';
import { place, type Token } from '../tokenize/token.ts';
import type { TokenizedFile } from '../tokenize/tokenize.ts';
import type { IncludeDirective, MacroDefinition, ParseOptions } from '../unit.ts';
import type { Chain, LinkStart } from './chain.ts';
import { limits } from './limits.ts';
import { isListed, type Macro } from './macro.ts';

/** An `#if` whose `#endif` has not come yet. */
export interface Condition {
  /** The `#` of the directive that opened it. */
  readonly hash: Token;
  /** As written, for messages: "#ifdef DBG". */
  readonly spelling: string;
  /** One of its groups has been taken, so no other can be. */
  wasTaken: boolean;
  elseHash: Token | undefined;
}

/** A file that is being read. */
export interface FileFrame {
  readonly tokenized: TokenizedFile;
  readonly tokens: readonly Token[];
  readonly isSystem: boolean;
  next: number;
  conditions: Condition[];
  /** Parts whose lexical problems do not count: skipped groups and the text of `#error`. In order of place. */
  quiet: Span[];
  /** From `#line`: added to a line's own number (from 1). */
  lineShift: number;
  /** From `#line`; undefined means the path. */
  presumedName: string | undefined;
  unclosedCalls: number;
  /** Set where what reading this file does may be shared. */
  readonly link: LinkStart | undefined;
}

/** A file that nothing has been read of. */
export function fileFrame(
  tokenized: TokenizedFile,
  { isSystem, link }: Pick<FileFrame, 'isSystem' | 'link'>,
): FileFrame {
  return {
    tokenized,
    tokens: tokenized.tokens,
    isSystem,
    next: 0,
    conditions: [],
    quiet: [],
    lineShift: 0,
    presumedName: undefined,
    unclosedCalls: 0,
    link,
  };
}

/** Tokens that stand before the rest of the file: a macro's result, or an argument on its own. */
export interface Context {
  readonly tokens: readonly Token[];
  next: number;
  /** The macro that is not to be expanded again while this is read. */
  readonly macro: Macro | undefined;
  /** Reading does not go on behind its end: arguments and directive lines are expanded on their own. */
  readonly isBarrier: boolean;
}

export interface State {
  readonly main: SourceFile;
  readonly options: ParseOptions;
  readonly macros: LayeredMap<Macro>;
  readonly output: Token[];
  readonly problems: SyntaxProblem[];
  readonly includes: IncludeDirective[];
  readonly inactive: Span[];
  readonly uses: Map<number, { readonly span: Span; readonly macro: MacroDefinition }>;

  readonly frames: FileFrame[];
  readonly files: Set<SourceFile>;
  readonly systemFiles: Set<SourceFile>;
  /** Files that said `#pragma once`. */
  readonly onceFiles: Set<SourceFile>;
  /** Files that include themselves without end. */
  readonly cyclicFiles: Set<SourceFile>;
  readonly missingHeaders: Set<string>;
  /** Of `#pragma push_macro`. */
  readonly savedMacros: Map<string, (Macro | undefined)[]>;
  rawTokens: number;

  readonly contexts: Context[];
  /** Names that were met while their macro was disabled: they stay plain for good. */
  readonly painted: Set<Token>;
  /** White space of names that expanded to nothing; the next token takes it over. */
  pendingSpace: boolean;
  pendingLine: boolean;
  /** Tokens of the current use of a macro in the file, and of all uses. */
  spent: number;
  spentInUnit: number;
  /** The current use has run into a limit and is being given up. */
  isAborting: boolean;
  argumentDepth: number;
  /** Set while `#if` is expanded, where `defined` and `__has_include` mean something. */
  isInCondition: boolean;
  counter: number;

  /** The next raw token of the current file with directives carried out; at its end the `end` token, repeatedly. */
  readonly readFileToken: () => Token;
  /** The file in which the call began whose arguments are being read; headers inside it end without ending the call. */
  callFrame: FileFrame | undefined;
  /** Former values of macros while a call that may not end is read. */
  journal: { readonly name: string; readonly before: Macro | undefined }[] | undefined;
  readonly reported: Map<SourceFile, Set<string>>;
  /** Headers that are shared with other readings; undefined where none are. */
  readonly chain: Chain | undefined;
  /** Some token says what the main file is called. */
  namesMain: boolean;
  /** Where the main file asks for the number of a line. */
  readonly lineUses: Span[];
  /** Some token of the main file is a number that counts such tokens. */
  countsUses: boolean;
  /** What the main file has done to macros, in order; undefined once something else has taken it back. */
  macroChanges: MacroChange[] | undefined;
}

/** A macro before the main file's token with this index changed it. */
export interface MacroChange {
  readonly index: number;
  readonly name: string;
  readonly before: Macro | undefined;
}

/** Adds a problem unless the same one is known for that place or there are too many. */
export function report(state: State, problem: SyntaxProblem): void {
  const { file, start } = problem.span;
  const key = `${start} ${problem.code}`;
  const keys = state.reported.get(file);
  if (keys?.has(key)) return;
  if (keys === undefined) state.reported.set(file, new Set([key]));
  else keys.add(key);
  if (state.problems.length < limits.problems) state.problems.push(problem);
}

/** Defines a name, or removes its definition with `undefined`. */
export function setMacro(state: State, name: string, macro: Macro | undefined): void {
  const before = state.macros.get(name);
  state.journal?.push({ name, before });
  state.macroChanges?.push({ index: state.frames[0]?.next ?? 0, name, before });
  if (state.chain !== undefined && topFrame(state)?.isSystem === false) {
    state.chain.effects.set(name, macro);
    state.chain.ownNames.add(name);
  }
  if (macro === undefined) state.macros.delete(name);
  else state.macros.set(name, macro);
}

/** Notes a use of a macro where its name is written in the main file itself, also inside another one's arguments. */
export function noteUse(state: State, name: Token, macro: Macro): void {
  if (name.file !== state.main || !isListed(macro) || state.uses.has(name.start)) return;
  const at = place(name);
  if (at.file !== name.file || at.start !== name.start || at.end !== name.end) return;
  state.uses.set(name.start, { span: at, macro: macro.definition });
}

export function topFrame(state: State): FileFrame | undefined {
  return state.frames[state.frames.length - 1];
}

/** What a macro call that may fail must be able to take back. */
export interface Mark {
  readonly frame: FileFrame;
  readonly next: number;
  readonly conditions: readonly Condition[];
  readonly conditionStates: readonly (readonly [boolean, Token | undefined])[];
  readonly quiet: number;
  readonly inactive: number;
  readonly problems: number;
  readonly lineShift: number;
  readonly presumedName: string | undefined;
  readonly counter: number;
  /** Lengths: `#include` can stand inside the call. */
  readonly frames: number;
  readonly includes: number;
  readonly onceFiles: number;
  readonly missingHeaders: number;
}

/** Remembers how far the current file has been read; from here on changes of macros are noted. */
export function mark(state: State, frame: FileFrame): Mark {
  state.journal = [];
  state.callFrame = frame;
  return {
    frame,
    next: frame.next,
    conditions: [...frame.conditions],
    conditionStates: frame.conditions.map((c) => [c.wasTaken, c.elseHash] as const),
    quiet: frame.quiet.length,
    inactive: state.inactive.length,
    problems: state.problems.length,
    lineShift: frame.lineShift,
    presumedName: frame.presumedName,
    counter: state.counter,
    frames: state.frames.length,
    includes: state.includes.length,
    onceFiles: state.onceFiles.size,
    missingHeaders: state.missingHeaders.size,
  };
}

/** Goes back to a mark: directives that were carried out since then have not happened. */
export function restore(state: State, to: Mark): void {
  const { frame } = to;
  state.callFrame = undefined;
  state.frames.length = to.frames;
  state.includes.length = to.includes;
  truncate(state.onceFiles, to.onceFiles);
  truncate(state.missingHeaders, to.missingHeaders);
  frame.next = to.next;
  frame.conditions = [...to.conditions];
  to.conditions.forEach((condition, i) => {
    [condition.wasTaken, condition.elseHash] = to.conditionStates[i] as readonly [boolean, Token | undefined];
  });
  frame.quiet.length = to.quiet;
  frame.lineShift = to.lineShift;
  frame.presumedName = to.presumedName;
  state.inactive.length = to.inactive;
  state.counter = to.counter;
  for (const problem of state.problems.splice(to.problems)) {
    state.reported.get(problem.span.file)?.delete(`${problem.span.start} ${problem.code}`);
  }
  const journal = state.journal ?? [];
  state.journal = undefined;
  if (journal.length > 0) state.macroChanges = undefined;
  for (const { name, before } of journal.reverse()) {
    if (before === undefined) state.macros.delete(name);
    else state.macros.set(name, before);
  }
}

/** Forgets a mark whose call has been read. */
export function settle(state: State): void {
  state.journal = undefined;
  state.callFrame = undefined;
}

/** Takes out what was added after a set had `size` members: sets keep their order. */
function truncate<T>(set: Set<T>, size: number): void {
  if (set.size === size) return;
  for (const member of [...set].slice(size)) set.delete(member);
}
