/**
 * The type of an expression read backwards from its end, for text that has no tree: `Npi->Dispatch`, `Table[2].Next`,
 * `(*Request)`, `((PLISTENER)Context)`, `Find(x)`. Other forms have no answer. Ends because each step is further left.
 */
import { fieldNamed } from '../../cfront/types/fields.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { Analysis } from './analysis.ts';
import { functionTypeOf } from './api-at.ts';
import { lastCodeBefore, wordBefore } from './brackets.ts';
import { variableNamed } from './scope.ts';

/** `end` is the offset behind the expression's last character. */
export function pathType(analysis: Analysis, end: number): CType | undefined {
  const { text } = analysis.unit.file;
  const last = text[end - 1];
  if (last === ')' || last === ']') {
    const open = openingOf(text, end - 1);
    if (open < 0) return undefined;
    const before = lastCodeBefore(text, open);
    const isPostfix = /[\w$)\]]/.test(text.charAt(before));
    if (last === ']') return pointed(isPostfix ? pathType(analysis, before + 1) : undefined);
    if (isPostfix) {
      const callee = pathType(analysis, before + 1);
      return callee === undefined ? undefined : functionTypeOf(callee)?.result;
    }
    return groupType(analysis, text.slice(open + 1, end - 1), open + 1);
  }
  const name = wordBefore(text, end);
  if (name === '') return undefined;
  const before = lastCodeBefore(text, end - name.length);
  const isArrow = text[before] === '>' && text[before - 1] === '-';
  if (!isArrow && text[before] !== '.') {
    const symbol = variableNamed(analysis, name, end) ?? analysis.unit.symbols.get(name);
    return symbol === undefined || symbol.kind === 'typedef' ? undefined : symbol.type;
  }
  const object = pathType(analysis, lastCodeBefore(text, isArrow ? before - 1 : before) + 1);
  const record = isArrow ? pointed(object) : object;
  return record?.kind === 'record' ? fieldNamed(record.definition, name)?.type : undefined;
}

/** What stands in parentheses: a cast's operand has the cast's type, `*x` what x points to. */
function groupType(analysis: Analysis, inner: string, start: number): CType | undefined {
  const cast = /^\s*\(\s*(?:const\s+)?(?:struct\s+|union\s+)?(\w+)\s*(\*?)\s*\)\s*[\w$(&*]/.exec(inner);
  if (cast !== null) {
    const symbol = analysis.unit.symbols.get(cast[1] ?? '');
    if (symbol?.kind !== 'typedef') return undefined;
    const { type } = symbol;
    return cast[2] === '' ? type : { kind: 'pointer', target: type, isConst: false, isVolatile: false };
  }
  const trimmed = inner.trimEnd();
  const type = pathType(analysis, start + trimmed.length);
  return /^\s*\*/.test(inner) ? pointed(type) : type;
}

function pointed(type: CType | undefined): CType | undefined {
  return type?.kind === 'pointer' ? type.target : type?.kind === 'array' ? type.element : undefined;
}

/** Offset of the bracket that the one at `close` closes; -1 where it has none within reach. */
function openingOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= Math.max(0, close - 2000); i--) {
    const c = text.charAt(i);
    if (c === ')' || c === ']') depth++;
    else if ((c === '(' || c === '[') && --depth === 0) return i;
  }
  return -1;
}
