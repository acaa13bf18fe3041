/**
 * A macro's body with the arguments filled in (C11 6.10.3.1 to 6.10.3.3).
 *
 * In: a macro's plan, its arguments, the token that names it. Out: the tokens that take the call's place, before they
 * are read again. It ends because it walks the plan once; its result is limited by the count that `spend` keeps.
 */
import type { SyntaxProblem } from '../errors.ts';
import { type Expansion, place, spellingPlace, type Token } from '../tokenize/token.ts';
import { limits } from './limits.ts';
import { type Macro, type Piece, planOf } from './macro.ts';
import { pasted, stringized, withOrigin } from './paste.ts';

export interface Argument {
  readonly raw: readonly Token[];
  /** With its own macros expanded; made when it is first wanted. */
  expanded: readonly Token[] | undefined;
  /** It was not written at all, not even as nothing between two commas. */
  readonly isMissing: boolean;
}

export interface Call {
  readonly macro: Macro;
  readonly name: Token;
  readonly expansion: Expansion;
  readonly arguments: readonly Argument[];
  /** Microsoft's traditional preprocessor drops a comma before empty arguments, however it is written. */
  readonly isTraditional: boolean;
  readonly expand: (argument: Argument) => readonly Token[];
  /** Counts tokens; false when there have been too many. */
  readonly spend: (count: number) => boolean;
  readonly report: (problem: SyntaxProblem) => void;
  /** Whether a token may no longer be expanded; copies of it must be noted. */
  readonly isPainted: (token: Token) => boolean;
  readonly paint: (token: Token) => void;
}

export function substitute(call: Call): readonly Token[] {
  const { macro, name, expansion } = call;
  const out: Token[] = [];
  if (macro.parameters === undefined && !macro.definition.body.some((token) => token.text === '##')) {
    const { body } = macro.definition;
    if (!call.spend(body.length)) return out;
    for (const token of body) out.push(withOrigin(token, expansion, false, token.afterSpace));
  } else fill(call, planOf(macro), out);
  const first = out[0];
  if (first !== undefined && (first.startsLine !== name.startsLine || first.afterSpace !== name.afterSpace)) {
    out[0] = copy(call, first, first.expansion, name.startsLine, name.afterSpace);
  }
  return out;
}

function copy(
  call: Call,
  token: Token,
  expansion: Expansion | undefined,
  startsLine: boolean,
  afterSpace: boolean,
): Token {
  const made = withOrigin(token, expansion, startsLine, afterSpace);
  if (call.isPainted(token)) call.paint(made);
  return made;
}

/** Appends what the pieces make. */
function fill(call: Call, pieces: readonly Piece[], out: Token[]): void {
  /* The current chain of `##`: where in `out` it began, and whether white space stands before its first piece. */
  let chain = 0;
  let chainSpace = false;
  let isPasting = false;
  for (let p = 0; p < pieces.length; p++) {
    const piece = pieces[p] as Piece;
    if (piece.kind === 'token' && piece.isRestComma && dropsComma(call, piece)) {
      /* The empty arguments behind it are done with as well. */
      if (pieces[p + 1]?.pastes === false) p++;
      isPasting = false;
      continue;
    }
    if (!isPasting) {
      /* A chain that made nothing leaves its white space to the next one. */
      chainSpace = piece.token.afterSpace || (chainSpace && out.length === chain);
      chain = out.length;
    }
    if (piece.kind === 'token' && !isPasting) {
      if (!call.spend(1)) return;
      out.push(withOrigin(piece.token, call.expansion, false, chainSpace));
    } else if (!append(call, piece, isPasting, chain, chainSpace, out)) return;
    isPasting = piece.pastes;
  }
}

/** Appends one piece's tokens, pasted to what stands before where `isPasting`. False when there are too many. */
function append(
  call: Call,
  piece: Piece,
  isPasting: boolean,
  chain: number,
  chainSpace: boolean,
  out: Token[],
): boolean {
  const made = tokensOf(call, piece, isPasting);
  if (!call.spend(made.length)) return false;
  let from = 0;
  const left = out[out.length - 1];
  const right = made[0];
  if (isPasting && out.length > chain && left !== undefined && right !== undefined) {
    const joined = pasted(left, right, call.expansion);
    from = joined === undefined ? 0 : 1;
    if (joined === undefined) reportPaste(call, piece.token, left, right);
    else if (!call.spend(joined.text.length >> 6)) return false;
    else out[out.length - 1] = joined;
  }
  for (let i = from; i < made.length; i++) {
    const token = made[i] as Token;
    /* The first token takes the white space that the parameter had in the body, or that the whole chain had. */
    const isChainStart = out.length === chain;
    const afterSpace = isChainStart ? chainSpace : i === 0 ? piece.token.afterSpace : token.afterSpace;
    const startsLine = i === 0 ? false : token.startsLine;
    const expansion = token.expansion ?? call.expansion;
    const isSame = token.expansion !== undefined && token.afterSpace === afterSpace && token.startsLine === startsLine;
    out.push(isSame ? token : copy(call, token, expansion, startsLine, afterSpace));
  }
  return true;
}

function tokensOf(call: Call, piece: Piece, isPasting: boolean): readonly Token[] {
  switch (piece.kind) {
    case 'token':
      return [withOrigin(piece.token, call.expansion, false, piece.token.afterSpace)];
    case 'argument': {
      const argument = call.arguments[piece.index] as Argument;
      return isPasting || piece.pastes ? argument.raw : call.expand(argument);
    }
    case 'text': {
      const inner: Token[] = [];
      if ('optional' in piece.of) {
        if (!isRestEmpty(call)) fill(call, piece.of.optional, inner);
      }
      const tokens = 'index' in piece.of ? (call.arguments[piece.of.index] as Argument).raw : inner;
      const made = stringized(tokens, piece.quote, piece.token, call.expansion);
      if (made !== undefined && call.spend(made.text.length >> 6)) return [made];
      reportTooLong(call);
      return [];
    }
    case 'optional': {
      const inner: Token[] = [];
      if (!isRestEmpty(call)) fill(call, piece.pieces, inner);
      return inner;
    }
  }
}

/**
 * Whether a comma goes that stands before variable arguments: in the traditional preprocessor where they are empty, in
 * the conforming one (and in gcc's) only where they were left out and `, ##__VA_ARGS__` is written.
 */
function dropsComma(call: Call, comma: Extract<Piece, { kind: 'token' }>): boolean {
  if (call.isTraditional) return isRestEmpty(call);
  const rest = call.arguments[call.arguments.length - 1];
  return comma.isGnuComma && (rest === undefined || rest.isMissing);
}

/** No variable arguments, or only such that expand to nothing. */
function isRestEmpty(call: Call): boolean {
  const rest = call.arguments[call.arguments.length - 1];
  return rest === undefined || rest.raw.length === 0 || call.expand(rest).length === 0;
}

/** Microsoft's compiler says nothing of this, and its users rely on it, so it is said once, where the `##` is written. */
function reportPaste(call: Call, at: Token, left: Token, right: Token): void {
  const shown = (token: Token): string => `'${token.text.slice(0, 40)}'`;
  call.report({
    code: 'bad-paste',
    severity: 'info',
    message: `${shown(left)} and ${shown(right)} make no token when ## joins them, so they stay two tokens. Other compilers refuse this; leave the ## out.`,
    span: spellingPlace(at),
  });
}

function reportTooLong(call: Call): void {
  call.report({
    code: 'macro-too-long',
    severity: 'error',
    message: `The macro ${call.name.text} makes a string longer than ${limits.pastedLength} characters; this use is left out.`,
    span: place(call.name),
  });
}
