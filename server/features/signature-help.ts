/** Signature help: the prototype of the call that is being typed, with the notes of the parameter at hand. */
import { parameterFact } from '../../catalog/catalog.ts';
import type { ApiFacts } from '../../catalog/model.ts';
import { stripConversions } from '../../cfront/parse/walk.ts';
import { declarationText } from '../../cfront/types/text.ts';
import type { FunctionType } from '../../cfront/types/types.ts';
import type { MacroDefinition } from '../../cfront/unit.ts';
import type { Analysis } from './analysis.ts';
import { argumentValues } from './completion/values.ts';
import { factText, paragraphs, parameterMarkdown } from './markdown/api-markdown.ts';
import { type ArgumentPlace, apiOfCallee, type Callee, callAt, typeOfCallee } from './places/call-at.ts';
import { helperArguments } from './places/helper-argument.ts';
import { lexicalPlace } from './places/lexical-place.ts';
import { handedOn } from './places/macro-argument.ts';

export interface SignatureHelp {
  /** The prototype in one line. */
  readonly label: string;
  readonly markdown: string;
  /** Ranges of the parameters within the label, and what to say of each. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly markdown: string }[];
  /** Index into `parameters`; variable arguments count as the last one. Past the end where there are too many. */
  readonly active: number;
}

export function signatureHelp(analysis: Analysis, offset: number): SignatureHelp | undefined {
  const { kind } = lexicalPlace(analysis.unit, offset);
  if (kind === 'comment' || kind === 'directive') return undefined;
  const at = callAt(analysis, offset);
  if (at === undefined) return undefined;
  const facts = apiOfCallee(at.callee, analysis.catalog);
  if (at.callee.kind === 'macro') return macroSignature(analysis, at, at.callee.macro, offset);
  const type = typeOfCallee(at.callee);
  // Without a prototype nothing is known, as of a function that is used undeclared.
  if (type?.hasPrototype !== true) return undefined;
  const values = argumentValues(analysis, at, type.parameters[at.index]?.type, offset);
  const help = functionSignature(calleeName(at.callee, facts), type, facts, { index: at.index, values });
  const told =
    facts === undefined ? helperArguments(analysis, at).map((one) => behindMarkdown(analysis, one, offset)) : [];
  return withActive(
    help,
    told.find((markdown) => markdown.includes('\n')),
  );
}

function calleeName(callee: Callee, facts: ApiFacts | undefined): string {
  if (facts !== undefined) return facts.name;
  if (callee.kind === 'function') return callee.symbol.name;
  if (callee.kind === 'macro') return callee.macro.name;
  if (callee.kind === 'unresolved') return callee.name;
  const inner = stripConversions(callee.call.callee);
  const pointer = inner.kind === 'dereference' ? stripConversions(inner.operand) : inner;
  return pointer.kind === 'name' ? pointer.symbol.name : pointer.kind === 'member' ? pointer.name : '';
}

/** The argument at hand. */
interface Active {
  readonly index: number;
  /** What it may be, as far as the arguments before it say. */
  readonly values?: readonly string[];
}

function functionSignature(
  name: string,
  type: FunctionType,
  facts: ApiFacts | undefined,
  { index, values }: Required<Active>,
): SignatureHelp {
  const texts = type.parameters.map((p) => ({ text: declarationText(p.type, p.name ?? ''), name: p.name }));
  if (type.isVariadic) texts.push({ text: '...', name: undefined });
  const active = type.isVariadic ? Math.min(index, texts.length - 1) : index;
  return withParameters(`${declarationText(type.result, name)}(`, texts, facts, { index: active, values });
}

/** Of a macro that has no facts, the parameter at hand is told as that of the function that it is handed on to. */
function macroSignature(analysis: Analysis, at: ArgumentPlace, macro: MacroDefinition, offset: number): SignatureHelp {
  const { catalog } = analysis;
  const facts = catalog.byName(macro.name)[0];
  const texts = (macro.parameters ?? []).map((name) => ({ text: name, name }));
  if (macro.isVariadic && !texts.some(({ text }) => text.endsWith('...'))) texts.push({ text: '...', name: '...' });
  const active = macro.isVariadic ? Math.min(at.index, texts.length - 1) : at.index;
  const help = withParameters(`${macro.name}(`, texts, facts, { index: active });
  const behind = facts?.parameters === undefined ? handedOn(analysis, at) : undefined;
  return withActive(help, behind === undefined ? undefined : behindMarkdown(analysis, behind, offset));
}

/** What is known of the argument that another one becomes; one line where that is its type only. */
function behindMarkdown(analysis: Analysis, behind: ArgumentPlace, offset: number): string {
  const declared = typeOfCallee(behind.callee)?.parameters[behind.index];
  if (declared === undefined) return '';
  const api = apiOfCallee(behind.callee, analysis.catalog);
  const fact = api === undefined || declared.name === undefined ? undefined : parameterFact(api, declared.name);
  const values = argumentValues(analysis, behind, declared.type, offset);
  return paragraphs(
    `\`${declarationText(declared.type, declared.name ?? '')}\` of \`${calleeName(behind.callee, api)}\``,
    parameterMarkdown(fact, values.length > 0 ? values : fact?.values),
  );
}

/** The parameter at hand, told in other words. */
function withActive(help: SignatureHelp, markdown = ''): SignatureHelp {
  if (markdown === '') return help;
  return { ...help, parameters: help.parameters.map((one, i) => (i === help.active ? { ...one, markdown } : one)) };
}

function withParameters(
  head: string,
  texts: readonly { readonly text: string; readonly name: string | undefined }[],
  facts: ApiFacts | undefined,
  { index: active, values }: Active,
): SignatureHelp {
  let label = head;
  const parameters = texts.map(({ text, name }, i) => {
    if (i > 0) label += ', ';
    const start = label.length;
    label += text;
    const isNarrowed = i === active && values !== undefined && values.length > 0;
    const fact = facts === undefined || name === undefined ? undefined : parameterFact(facts, name);
    return { start, end: label.length, markdown: parameterMarkdown(fact, isNarrowed ? values : fact?.values) };
  });
  return { label: `${label})`, markdown: factText(facts?.summary ?? ''), parameters, active };
}
