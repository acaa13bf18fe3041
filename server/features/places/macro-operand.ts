/**
 * What a macro joins an argument with: `FlagOn(Irp->Flags, …)` has the body `((F) & (SF))`, so that its second argument is
 * a flag of `Irp->Flags`, as it would be behind `Irp->Flags &`. Read from the macro's tokens, in front of the parameter.
 *
 * Ends because each step is further left in the body, and a macro that leads to another is followed a few times only.
 */
import type { Token } from '../../../cfront/tokenize/token.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import type { ArgumentPlace } from './call-at.ts';
import { argumentFor, callsIn, innerPlace, macrosMax } from './macro-argument.ts';

export interface MacroOperand {
  /** `mask`: the argument is a flag. */
  readonly kind: 'mask' | 'comparison' | 'value';
  /** The other side of the operator, with what was written for the macro's parameters in it. */
  readonly other: string;
}

const kinds: Readonly<Record<string, MacroOperand['kind']>> = {
  '&': 'mask',
  '|=': 'mask',
  '&=': 'mask',
  '==': 'comparison',
  '!=': 'comparison',
  '=': 'value',
};

/** Undefined where the macro does something else with the argument. */
export function macroOperand(analysis: Analysis, place: ArgumentPlace, depth = macrosMax): MacroOperand | undefined {
  if (place.callee.kind !== 'macro' || depth === 0) return undefined;
  const { macro } = place.callee;
  const parameter = macro.parameters?.[place.index];
  if (parameter === undefined) return undefined;
  for (const [i, { text }] of macro.body.entries()) {
    if (text !== parameter) continue;
    const operator = operatorBefore(macro.body, i);
    const kind = kinds[macro.body[operator]?.text ?? ''];
    const other = kind === undefined ? '' : operandBefore(macro, place, operator);
    if (kind !== undefined && other !== '') return { kind, other };
  }
  for (const call of callsIn(macro)) {
    const inner = innerPlace(analysis, place, call);
    const found = inner === undefined ? undefined : macroOperand(analysis, inner, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The operator in front of `(ULONG)~(SF)`: parentheses that only group, casts and `~` are passed by. */
function operatorBefore(body: readonly Token[], at: number): number {
  let i = at - 1;
  for (;;) {
    const text = body[i]?.text;
    if (text === '(' || text === '~') i--;
    else if (text === ')' && body[i - 1]?.kind === 'identifier' && body[i - 2]?.text === '(') i -= 3;
    else return i;
  }
}

/** The text of `(F)` or `(X)->Flags` in front of an operator; '' for what is longer than a name with its members. */
function operandBefore({ body, parameters }: MacroDefinition, place: ArgumentPlace, operator: number): string {
  let from = operator;
  for (;;) {
    from = beginning(body, from - 1);
    if (from < 0) return '';
    if (!/^(?:->|\.)$/.test(body[from - 1]?.text ?? '')) break;
    from--;
  }
  const written = body.slice(from, operator).map(({ text }) => argumentFor(parameters ?? [], place, text));
  return written.includes('') ? '' : written.join('');
}

/** Where the name or the parentheses begin that end at the token; -1 where it is something else. */
function beginning(body: readonly Token[], end: number): number {
  if (body[end]?.kind === 'identifier') return end;
  if (body[end]?.text !== ')' && body[end]?.text !== ']') return -1;
  let depth = 0;
  for (let i = end; i >= 0; i--) {
    const text = body[i]?.text ?? '';
    if (text === ')' || text === ']') depth++;
    else if ((text === '(' || text === '[') && --depth === 0) return text === '(' ? i : beginning(body, i - 1);
  }
  return -1;
}
