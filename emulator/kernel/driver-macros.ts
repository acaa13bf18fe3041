/**
 * Macros of the driver's own text as numbers, and control codes as the names that it has for them. A macro with
 * parameters (CTL_CODE, or a driver's own around it) is expanded here; headers alone are asked for what the driver does
 * not name.
 */
import type { Token } from '../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { constantValue } from './constant-value.ts';
import { tokenExpressionValue } from './token-expression.ts';

/** Macros in macros. */
const depthMax = 32;
/** Tokens that an expansion may come to. */
const tokensMax = 10_000;

/** The value of a name, or of a number as it is written; undefined where nobody defines it. */
export function namedValue(units: readonly TranslationUnit[], text: string): bigint | undefined {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(text)) return BigInt(text);
  for (const unit of units) {
    const macro = unit.macros.get(text);
    if (macro === undefined || macro.parameters !== undefined) continue;
    const tokens = expanded(unit, macro.body, 0);
    const value = tokens && tokenExpressionValue(tokens, (name) => constantValue([unit], name));
    if (value !== undefined) return value;
  }
  return constantValue(units, text);
}

/** Names of macros that begin like control codes, for a message about one that does not exist. */
export function codeNames(units: readonly TranslationUnit[]): readonly string[] {
  return units.flatMap((unit) =>
    [...unit.macros].flatMap(([name, { span }]) =>
      span !== undefined && !unit.isSystemFile(span.file) && /IOCTL|FSCTL/i.test(name) ? [name] : [],
    ),
  );
}

/** "IOCTL_ECHO" by its value; the driver's own names come before those of headers, and the first of two stays. */
export function codesByValue(units: readonly TranslationUnit[]): ReadonlyMap<number, string> {
  const own = new Map<number, string>();
  const ofHeaders = new Map<number, string>();
  for (const unit of units) {
    for (const [name, macro] of unit.macros) {
      if (macro.parameters !== undefined || !isCode(unit, name, macro.body)) continue;
      const codes = macro.span !== undefined && !unit.isSystemFile(macro.span.file) ? own : ofHeaders;
      const value = namedValue([unit], name);
      const code = value === undefined ? undefined : Number(BigInt.asUintN(32, value));
      if (code !== undefined && !codes.has(code)) codes.set(code, name);
    }
  }
  return new Map([...ofHeaders, ...own]);
}

/** By its name, or because CTL_CODE makes it, through a macro of the driver's own as well. */
function isCode(unit: TranslationUnit, name: string, body: readonly Token[]): boolean {
  if (/IOCTL|FSCTL/i.test(name)) return true;
  return body.some(
    ({ text }) =>
      text === 'CTL_CODE' ||
      (unit.macros.get(text)?.parameters !== undefined &&
        unit.macros.get(text)?.body.some((inner) => inner.text === 'CTL_CODE') === true),
  );
}

/** Tokens without calls of macros; undefined where there are too many. */
function expanded(unit: TranslationUnit, tokens: readonly Token[], depth: number): readonly Token[] | undefined {
  if (depth > depthMax) return undefined;
  const result: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    const macro = unit.macros.get(token.text);
    if (macro?.parameters !== undefined && tokens[at + 1]?.text === '(') {
      const call = argumentsAt(tokens, at + 1);
      if (call === undefined) return undefined;
      const { parameters } = macro;
      const body = macro.body.flatMap((part) => {
        const index = parameters.indexOf(part.text);
        return index < 0 ? [part] : (call.arguments[index] ?? []);
      });
      const inner = expanded(unit, body, depth + 1);
      if (inner === undefined) return undefined;
      result.push(...inner);
      at = call.end;
    } else if (macro !== undefined && macro.parameters === undefined && macro.body.length > 0) {
      const inner = expanded(unit, macro.body, depth + 1);
      if (inner === undefined) return undefined;
      result.push(...inner);
    } else result.push(token);
    if (result.length > tokensMax) return undefined;
  }
  return result;
}

/** The arguments of a call whose parenthesis opens at an index, and where it closes. */
function argumentsAt(
  tokens: readonly Token[],
  open: number,
): { readonly arguments: readonly (readonly Token[])[]; readonly end: number } | undefined {
  const found: Token[][] = [[]];
  let depth = 0;
  for (let at = open + 1; at < tokens.length; at++) {
    const token = tokens[at] as Token;
    if (token.text === ')' && depth === 0) return { arguments: found, end: at };
    if (token.text === ',' && depth === 0) {
      found.push([]);
      continue;
    }
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    found.at(-1)?.push(token);
  }
  return undefined;
}
