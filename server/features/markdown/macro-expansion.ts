/**
 * What a use of a macro becomes: the tokens that the compiler reads in its place, with its arguments filled in.
 *
 * In: the place of the macro's name. Out: the text of the whole use, of what it becomes, and the number that this is. The
 * macros that can take part are written into a text of their own, which the preprocessor reads; their definitions are
 * those at the end of the file, but for the macro itself. It ends because each macro is written once.
 */
import { memo } from '../../../base/memo.ts';
import { positionAt, type Span, sourceFile } from '../../../base/source.ts';
import { createHeaderCache } from '../../../cfront/header-cache.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import { preprocess } from '../../../cfront/preprocess/preprocess.ts';
import type { Token } from '../../../cfront/tokenize/token.ts';
import { tokenizePart } from '../../../cfront/tokenize/tokenize.ts';
import type { MacroDefinition, ParseOptions, TranslationUnit } from '../../../cfront/unit.ts';

export interface MacroExpansion {
  /** The name, with its arguments. */
  readonly use: Span;
  /** '' where nothing is left. */
  readonly text: string;
  /** The number that it is, where it is made of numbers alone; reckoned when somebody asks. */
  readonly value: () => bigint | undefined;
}

/** Most uses are no longer than the first; one whose arguments are longer than the last is not shown. */
const useLengths = [240, 4000];
/** Macros that take part; more would make more text than a hover has place for. */
const macrosMax = 200;

/** The macros that are there before the first line are read once for all expansions. */
const alone: ParseOptions = { include: () => ({ kind: 'missing', searched: [] }), headers: createHeaderCache() };

/** What uses become, by unit and by the text of the use: the same few macros stand all over a driver. */
const expansionsIn = memo<TranslationUnit, Map<string, Expanded>>(() => new Map());

/** `made`: undefined where it is more than anybody reads, or counts how often something was asked for before. */
interface Expanded {
  readonly made: Omit<MacroExpansion, 'use'> | undefined;
  readonly dependsOnLine: boolean;
}

/** Undefined where the name is no call, as of a macro with parameters whose `(` is missing. */
export function macroExpansion(unit: TranslationUnit, macro: MacroDefinition, name: Span): MacroExpansion | undefined {
  const use = wholeUse(macro, name);
  if (use === undefined) return undefined;
  const written = name.file.text.slice(use.start, use.end);
  const expansions = expansionsIn(unit);
  // A name that is defined anew has other macros of that name.
  const key = `${macro.span?.start} ${macro.span?.file.path} ${written}`;
  let expansion = expansions.get(key);
  if (expansion === undefined) {
    expansion = expanded(unit, macro, use);
    if (!expansion.dependsOnLine) expansions.set(key, expansion);
  }
  return expansion.made === undefined ? undefined : { use, ...expansion.made };
}

function expanded(unit: TranslationUnit, macro: MacroDefinition, use: Span): Expanded {
  const taking = macrosIn(unit, macro, tokenizePart(use.file, use.start, use.end));
  if (taking === undefined) return { made: undefined, dependsOnLine: false };
  const body = bodyAlone(taking);
  const { tokens, dependsOnLine } = body === undefined ? preprocessed(taking, use) : { tokens: body };
  if (tokens === undefined) return { made: undefined, dependsOnLine: false };
  const text = tokensText(tokens);
  let value: { readonly of: bigint | undefined } | undefined;
  const made = { text, value: () => (value ??= { of: numberIn(unit, tokens, text) }).of };
  return { made, dependsOnLine: dependsOnLine === true };
}

/** What one macro becomes in whose body the preprocessor has nothing to do; undefined where it may have. */
function bodyAlone([macro, ...others]: readonly MacroDefinition[]): readonly Token[] | undefined {
  if (macro === undefined || others.length > 0 || macro.parameters !== undefined) return undefined;
  return macro.body.every(isLeftAlone) ? macro.body : undefined;
}

/** Names that are computed, or that the preprocessor obeys, begin with a `_`. */
function isLeftAlone({ kind, text }: Token): boolean {
  return (
    kind === 'number' || kind === 'char' || (kind === 'identifier' ? !text.startsWith('_') : /^[-()+]$/.test(text))
  );
}

interface PreprocessedUse {
  readonly tokens: readonly Token[] | undefined;
  readonly dependsOnLine?: boolean;
}

/** The use where it stands, for macros that say so, behind the definitions. */
function preprocessed(taking: readonly MacroDefinition[], { file, start, end }: Span): PreprocessedUse {
  const line = `#line ${positionAt(file, start).line + 1} "${file.path.replace(/["\\]/g, '\\$&')}"`;
  const definitions = taking.map(definitionText).join('');
  const text = `${definitions}${line}\n${file.text.slice(start, end)}\n`;
  const { tokens, problems, state } = preprocess(sourceFile('expansion.c', text), alone);
  const isTooMuch = problems.some(({ code }) => code === 'macro-too-long' || code === 'macro-too-deep');
  if (isTooMuch || state.countsUses) return { tokens: undefined };
  return { tokens: tokens.filter(({ kind }) => kind !== 'end'), dependsOnLine: state.lineUses.length > 0 };
}

function wholeUse(macro: MacroDefinition, name: Span): Span | undefined {
  if (macro.parameters === undefined) return name;
  const { file, start } = name;
  for (const length of useLengths) {
    let depth = 0;
    for (const token of tokenizePart(file, name.end, Math.min(file.text.length, name.end + length))) {
      if (token.text === '(') depth++;
      else if (token.text === ')') depth--;
      if (depth === 0) return token.text === ')' ? { file, start, end: token.end } : undefined;
    }
  }
  return undefined;
}

/** The macro, and all that its body and the use can name; undefined where there are too many. */
function macrosIn(
  unit: TranslationUnit,
  macro: MacroDefinition,
  use: readonly Token[],
): readonly MacroDefinition[] | undefined {
  const found = new Map([[macro.name, macro]]);
  const add = (tokens: readonly Token[]): void => {
    for (const { kind, text } of tokens) {
      const named = kind === 'identifier' && !found.has(text) ? unit.macros.get(text) : undefined;
      // What has no place is computed, or known to every file.
      if (named?.span !== undefined) found.set(text, named);
    }
  };
  add(use);
  // A map's iteration meets what is added on the way.
  for (const { body } of found.values()) {
    add(body);
    if (found.size > macrosMax) return undefined;
  }
  return [...found.values()];
}

function definitionText(macro: MacroDefinition): string {
  return `#undef ${macro.name}\n#define ${macro.name}${parametersText(macro)} ${tokensText(macro.body)}\n`;
}

export function parametersText({ parameters, isVariadic }: MacroDefinition): string {
  if (parameters === undefined) return '';
  const isShown = parameters.at(-1)?.endsWith('...') === true;
  return `(${[...parameters, ...(isVariadic && !isShown ? ['...'] : [])].join(', ')})`;
}

export function tokensText(tokens: readonly Token[]): string {
  return tokens
    .map(({ kind, afterSpace, startsLine, text }) => {
      return (afterSpace || startsLine ? ' ' : '') + (kind === 'pragma' ? `__pragma(${text})` : text);
    })
    .join('')
    .trim();
}

/** Numbers, signs and casts to integers are the same everywhere: the front end reckons them as an enumerator. */
function numberIn(unit: TranslationUnit, tokens: readonly Token[], text: string): bigint | undefined {
  const types = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'number' || /^[-+*/%&|^~!<>=()?:]+$/.test(token.text)) continue;
    const symbol = unit.symbols.get(token.text);
    if (symbol?.kind !== 'typedef' || symbol.type.kind !== 'integer') return undefined;
    types.set(token.text, symbol.type.name);
  }
  if (!tokens.some(({ kind }) => kind === 'number')) return undefined;
  const typedefs = [...types].map(([name, type]) => `typedef ${type} ${name};\n`).join('');
  const constants = `enum { wsk_value = ${text}, wsk_isNegative = (${text}) < 0 };`;
  const read = parseTranslationUnit(sourceFile('value.c', `${typedefs}${constants}\n`), alone);
  const [value, isNegative] = ['wsk_value', 'wsk_isNegative'].map((name) => read.symbols.get(name));
  if (value?.kind !== 'enum-constant' || isNegative?.kind !== 'enum-constant' || read.problems.length > 0)
    return undefined;
  // An enumerator is signed, whatever it is made of.
  return value.value < 0n && isNegative.value === 0n ? BigInt.asUintN(32, value.value) : value.value;
}
