/**
 * Pragmas that change how the text after them is read: `pack`, `alloc_text`, `code_seg`, `warning`. All others (prefast,
 * comment, once …) say nothing to the parser.
 *
 * The token's text is what follows the word `pragma`; it is cut into words and punctuators here.
 */
import type { Token } from '../tokenize/token.ts';
import { applyWarning, type WarningState, warningState } from './warning-pragmas.ts';

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
  /** Section of code_seg in force. */
  codeSection: string | undefined;
  readonly codeStack: (string | undefined)[];
  /** Names of `#pragma deprecated`. */
  readonly deprecated: Set<string>;
  readonly warnings: WarningState;
}

export function pragmaState(): PragmaState {
  return {
    pack: packDefault,
    packStack: [],
    sections: new Map(),
    codeSection: undefined,
    codeStack: [],
    deprecated: new Set(),
    warnings: warningState(),
  };
}

export function copyOfPragmas(state: PragmaState): PragmaState {
  return {
    ...state,
    packStack: [...state.packStack],
    sections: new Map(state.sections),
    codeStack: [...state.codeStack],
    deprecated: new Set(state.deprecated),
    warnings: { ...state.warnings, stack: [...state.warnings.stack] },
  };
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
      applyCodeSegment(state, pragmaArguments(words));
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
function applyCodeSegment(state: PragmaState, words: readonly string[]): void {
  const section = words.find((word) => word.startsWith('"'));
  if (words[0] === 'push') {
    if (state.codeStack.length < stackMax) state.codeStack.push(state.codeSection);
  } else if (words[0] === 'pop') {
    state.codeSection = state.codeStack.pop();
  } else if (section === undefined) {
    state.codeSection = undefined;
  }
  if (section !== undefined) state.codeSection = unquote(section);
}

function unquote(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1) : word;
}
