/**
 * Conditions of MSBuild elements: `'$(Configuration)|$(Platform)'=='Debug|x64' and !Exists('x.props')`.
 *
 * or: and { "or" and }; and: not { "and" not }; not: "!" not | "(" or ")" | value [ ("==" | "!=" | "<" …) value ].
 * Properties are expanded inside the values only, after the text was split, so that no value can change the meaning.
 * A text that is no condition gives undefined.
 */

export interface ConditionContext {
  readonly expand: (text: string) => string;
  readonly exists: (path: string) => boolean;
}

type Token = { readonly kind: 'text' | 'word' | 'sign'; readonly text: string };

interface Reader {
  readonly tokens: readonly Token[];
  next: number;
  isBroken: boolean;
  depth: number;
  readonly context: ConditionContext;
}

export function evaluateCondition(text: string, context: ConditionContext): boolean | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  if (tokens.length === 0) return true;
  const r: Reader = { tokens, next: 0, isBroken: false, depth: 0, context };
  const value = or(r);
  return r.isBroken || r.next < tokens.length ? undefined : value;
}

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:'([^']*)'|(==|!=|<=|>=|<|>|!|\(|\)|,)|(\$\((?:[^()]|\([^()]*\))*\)|%\([^()]*\)|[\w.\-:|;\\/]+))/y;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    if (match[1] !== undefined) tokens.push({ kind: 'text', text: match[1] });
    else if (match[2] !== undefined) tokens.push({ kind: 'sign', text: match[2] });
    else tokens.push({ kind: 'word', text: match[3] ?? '' });
  }
  return tokens;
}

function or(r: Reader): boolean {
  let value = and(r);
  while (acceptWord(r, 'or')) value = and(r) || value;
  return value;
}

function and(r: Reader): boolean {
  let value = not(r);
  while (acceptWord(r, 'and')) value = not(r) && value;
  return value;
}

function not(r: Reader): boolean {
  // Nesting is the writer's; a hostile one ends here.
  if (++r.depth > 200) r.isBroken = true;
  if (r.isBroken) return false;
  if (acceptSign(r, '!')) return !not(r);
  if (acceptSign(r, '(')) {
    const value = or(r);
    if (!acceptSign(r, ')')) r.isBroken = true;
    return value;
  }
  return comparison(r);
}

function comparison(r: Reader): boolean {
  const left = operand(r);
  const sign = r.tokens[r.next];
  if (sign?.kind !== 'sign' || !/^(==|!=|<=|>=|<|>)$/.test(sign.text)) return isTrue(left);
  r.next++;
  const right = operand(r);
  switch (sign.text) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    default: {
      const order = compareVersions(left, right);
      if (sign.text === '<') return order < 0;
      if (sign.text === '>') return order > 0;
      return sign.text === '<=' ? order <= 0 : order >= 0;
    }
  }
}

/** A value, or `Exists('…')` and `HasTrailingSlash('…')` as "true" and "false". */
function operand(r: Reader): string {
  const token = r.tokens[r.next];
  if (token === undefined || token.kind === 'sign') {
    r.isBroken = true;
    return '';
  }
  r.next++;
  if (token.kind === 'word' && acceptSign(r, '(')) {
    const argument = operand(r);
    if (!acceptSign(r, ')')) r.isBroken = true;
    if (/^exists$/i.test(token.text)) return String(argument !== '' && r.context.exists(argument));
    if (/^hastrailingslash$/i.test(token.text)) return String(/[\\/]$/.test(argument));
    r.isBroken = true;
    return '';
  }
  return r.context.expand(token.text).trim();
}

function acceptSign(r: Reader, text: string): boolean {
  const token = r.tokens[r.next];
  if (token?.kind !== 'sign' || token.text !== text) return false;
  r.next++;
  return true;
}

function acceptWord(r: Reader, word: string): boolean {
  const token = r.tokens[r.next];
  if (token?.kind !== 'word' || token.text.toLowerCase() !== word) return false;
  r.next++;
  return true;
}

function isTrue(text: string): boolean {
  return /^(true|on|yes|!false|!off|!no)$/i.test(text);
}

function isEqual(left: string, right: string): boolean {
  if (left.toLowerCase() === right.toLowerCase()) return true;
  const [a, b] = [number(left), number(right)];
  return a !== undefined && a === b;
}

function number(text: string): number | undefined {
  return /^[+-]?(0x[0-9a-f]+|\d+(\.\d+)?)$/i.test(text) ? Number(text) : undefined;
}

/** `10.0.19041.0` by its parts. */
function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
