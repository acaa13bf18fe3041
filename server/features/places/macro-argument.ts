/**
 * What a macro does with an argument, read from its body: the call that it hands the argument on to, or the type that it
 * casts it to. So a driver's own `SEND(socket, buffer, flags, irp)` is completed like the WskSend that it stands for.
 *
 * Ends because a macro that leads to another is followed a few times only.
 */
import type { Token } from '../../../cfront/tokenize/token.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { MacroDefinition } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { type ArgumentPlace, calleeNamed, typeOfCallee } from './call-at.ts';

/** Macros that lead to one another. */
export const macrosMax = 4;

/** The argument of a function that the macro's argument becomes; undefined where it becomes none. */
export function handedOn(analysis: Analysis, place: ArgumentPlace, depth = macrosMax): ArgumentPlace | undefined {
  if (place.callee.kind !== 'macro') return place;
  if (depth === 0) return undefined;
  for (const call of callsIn(place.callee.macro)) {
    const inner = innerPlace(analysis, place, call);
    const found = inner === undefined ? undefined : handedOn(analysis, inner, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The argument of a call in the macro's body that the macro's own argument becomes. */
export function innerPlace(
  analysis: Analysis,
  place: ArgumentPlace,
  { name, given }: BodyCall,
): ArgumentPlace | undefined {
  const { callee: outer } = place;
  const parameter = outer.kind === 'macro' ? outer.macro.parameters?.[place.index] : undefined;
  if (outer.kind !== 'macro' || parameter === undefined) return undefined;
  const index = given.indexOf(parameter);
  const callee = index < 0 ? undefined : calleeNamed(analysis, name);
  if (callee === undefined) return undefined;
  const written = given.map((text) => argumentFor(outer.macro.parameters ?? [], place, text));
  return { callee, index, before: written.slice(0, index), after: written.slice(index + 1) };
}

/** The type that an argument of a macro has to have; undefined where the body does not say. */
export function macroArgumentType(analysis: Analysis, place: ArgumentPlace): CType | undefined {
  const call = handedOn(analysis, place);
  const declared = call === undefined ? undefined : typeOfCallee(call.callee)?.parameters[call.index]?.type;
  if (declared !== undefined || place.callee.kind !== 'macro') return declared;
  const { macro } = place.callee;
  const parameter = macro.parameters?.[place.index] ?? '';
  const body = macro.body.map(({ text }) => text).join(' ');
  const cast = new RegExp(
    `\\( (?:const )?([A-Za-z_]\\w*)( \\*)? \\) (?:\\( )?${parameter}(?!\\w| (?:->|\\.|\\[))`,
  ).exec(body);
  const named = analysis.unit.symbols.get(cast?.[1] ?? '');
  if (named?.kind !== 'typedef') return undefined;
  return cast?.[2] === undefined
    ? named.type
    : { kind: 'pointer', target: named.type, isConst: false, isVolatile: false };
}

interface BodyCall {
  readonly name: string;
  /** Texts of the arguments, without parentheses around a lone name. */
  readonly given: readonly string[];
}

/** Calls in a macro's body, inner ones too, in the order in which they are written. */
export function callsIn({ body }: MacroDefinition): readonly BodyCall[] {
  const found: BodyCall[] = [];
  body.forEach((token, i) => {
    if (token.kind !== 'identifier' || body[i + 1]?.text !== '(') return;
    const given = argumentsAt(body, i + 1);
    if (given !== undefined) found.push({ name: token.text, given });
  });
  return found;
}

function argumentsAt(body: readonly Token[], open: number): readonly string[] | undefined {
  const given: string[] = [];
  let from = open + 1;
  let depth = 0;
  for (let i = open; i < body.length; i++) {
    const { text } = body[i] as Token;
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    if (depth > 1 || (depth === 1 && text !== ',')) continue;
    if (i === open) continue;
    given.push(
      body
        .slice(from, i)
        .map((token) => token.text)
        .join(' ')
        .replace(/^(?:\( )+(\w+)(?: \))+$/, '$1'),
    );
    from = i + 1;
    if (depth === 0) return given;
  }
  return undefined;
}

/** A parameter's name is what was written for it; what was not written yet is nothing. */
export function argumentFor(
  parameters: readonly string[],
  { index, before, after }: ArgumentPlace,
  text: string,
): string {
  const at = parameters.indexOf(text);
  if (at < 0) return text;
  return (at < index ? before[at] : at > index ? after[at - index - 1] : undefined) ?? '';
}
