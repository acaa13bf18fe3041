/**
 * Pragmas that change how the text after them is read: `pack`, `alloc_text`, `code_seg` and its like, `warning`. All
 * others (prefast, comment, once …) say nothing to the parser.
 *
 * The token's text is what follows the word `pragma`; it is cut into words and punctuators here.
 */
import type { Token } from '../tokenize/token.ts';
import { applyWarning, type WarningState, warningState } from './mistakes/warning-pragmas.ts';

/** No `#pragma pack` in force: x64's limit of 16 bytes. */
const packDefault = 16;
/** Pushes beyond this are ignored: a file that does so is broken. */
const stackMax = 1000;

/** What is added here must be copied in `copyOfPragmas`: states behind headers are shared. */
export interface PragmaState {
  pack: number;
  readonly packStack: { readonly name: string | undefined; readonly pack: number }[];
  /** Function name to section, of `alloc_text`. */
  readonly sections: Map<string, string>;
  /** The sections in force; each pragma has its own stack. */
  readonly segments: Readonly<Record<SegmentPragma, SegmentState>>;
  /** Names of `#pragma deprecated`. */
  readonly deprecated: Set<string>;
  readonly warnings: WarningState;
}

/** Of functions; of variables with an initializer, without one, and of constants. */
export type SegmentPragma = 'code_seg' | 'data_seg' | 'bss_seg' | 'const_seg';

export interface SegmentState {
  section: string | undefined;
  readonly stack: (string | undefined)[];
}

export function pragmaState(): PragmaState {
  return {
    pack: packDefault,
    packStack: [],
    sections: new Map(),
    segments: {
      code_seg: { section: undefined, stack: [] },
      data_seg: { section: undefined, stack: [] },
      bss_seg: { section: undefined, stack: [] },
      const_seg: { section: undefined, stack: [] },
    },
    deprecated: new Set(),
    warnings: warningState(),
  };
}

export function copyOfPragmas(state: PragmaState): PragmaState {
  return {
    ...state,
    packStack: [...state.packStack],
    sections: new Map(state.sections),
    segments: {
      code_seg: copyOfSegment(state.segments.code_seg),
      data_seg: copyOfSegment(state.segments.data_seg),
      bss_seg: copyOfSegment(state.segments.bss_seg),
      const_seg: copyOfSegment(state.segments.const_seg),
    },
    deprecated: new Set(state.deprecated),
    warnings: { ...state.warnings, stack: [...state.warnings.stack] },
  };
}

function copyOfSegment({ section, stack }: SegmentState): SegmentState {
  return { section, stack: [...stack] };
}

/** `next` is the token behind the pragma. */
export function applyPragma(state: PragmaState, token: Token, next: Token): void {
  const words = token.text.match(/[A-Za-z_]\w*|\d\w*|"[^"]*"|[^\s\w]/g) ?? [];
  switch (words[0]) {
    case 'pack':
      applyPack(state, pragmaArguments(words));
      return;
    case 'alloc_text': {
      const [section, ...names] = pragmaArguments(words);
      if (section !== undefined) for (const name of names) state.sections.set(name, unquote(section));
      return;
    }
    case 'warning':
      applyWarning(state.warnings, pragmaArguments(words), next);
      return;
    case 'code_seg':
    case 'data_seg':
    case 'bss_seg':
    case 'const_seg':
      applySegment(state.segments[words[0]], pragmaArguments(words));
      return;
    case 'deprecated':
      for (const name of pragmaArguments(words)) state.deprecated.add(unquote(name));
      return;
    default:
      return;
  }
}

/** The words between the parentheses, commas left out. */
function pragmaArguments(words: readonly string[]): string[] {
  return words.slice(1).filter((word) => word !== '(' && word !== ')' && word !== ',' && word !== ';');
}

/** `pack()`, `pack(n)`, `pack(push[, name][, n])`, `pack(pop[, name][, n])`. */
function applyPack(state: PragmaState, words: readonly string[]): void {
  const size = words.find((word) => /^\d/.test(word));
  const name = words.find((word) => /^[A-Za-z_]/.test(word) && word !== 'push' && word !== 'pop');
  if (words[0] === 'push') {
    if (state.packStack.length < stackMax) state.packStack.push({ name, pack: state.pack });
  } else if (words[0] === 'pop') {
    popPack(state, name);
  } else if (words.length === 0) {
    state.pack = packDefault;
  }
  if (size !== undefined) {
    const bytes = Number(size);
    if ([1, 2, 4, 8, 16].includes(bytes)) state.pack = bytes;
  }
}

/** A named pop takes everything pushed since that name; an unknown name pops nothing. */
function popPack(state: PragmaState, name: string | undefined): void {
  const stack = state.packStack;
  let index = stack.length - 1;
  if (name !== undefined) while (index >= 0 && stack[index]?.name !== name) index--;
  const found = stack[index];
  if (found === undefined) return;
  state.pack = found.pack;
  stack.length = index;
}

/** `code_seg("PAGE")`, `code_seg()`, `code_seg(push[, name], "PAGE")`, `code_seg(pop)`. */
function applySegment(state: SegmentState, words: readonly string[]): void {
  const section = words.find((word) => word.startsWith('"'));
  if (words[0] === 'push') {
    if (state.stack.length < stackMax) state.stack.push(state.section);
  } else if (words[0] === 'pop') {
    state.section = state.stack.pop();
  } else if (section === undefined) {
    state.section = undefined;
  }
  if (section !== undefined) state.section = unquote(section);
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1) : word;
}
