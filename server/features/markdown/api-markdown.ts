/** An API's facts as Markdown for hovers and completion: what a driver writer needs first comes first. */
import { type Catalog, lifetimeText, optionLevel, parameterFact } from '../../../catalog/catalog.ts';
import type { ApiFacts, IrqlFact, ParameterFact } from '../../../catalog/model.ts';
import type { Annotation } from '../../../cfront/parse/ast.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { FunctionType } from '../../../cfront/types/types.ts';
import { controlCodeMarkdown } from './constant-markdown.ts';

/**
 * The whole hover of an API. IRQL and IRP stand above the prototype, and what the call does too where the prototype takes
 * several lines: an editor shows a dozen lines of a hover, and the prototype of WskSocket alone has thirteen.
 */
export function apiMarkdown(facts: ApiFacts, type: FunctionType | undefined, catalog: Catalog): string {
  if (type === undefined) return contractMarkdown(facts, type, catalog);
  const known = texts.get(facts);
  if (known?.type === type && known.catalog === catalog) return known.text;
  const text = wholeMarkdown(facts, type, catalog);
  texts.set(facts, { type, catalog, text });
  return text;
}

/** A driver has the same few APIs all over it, and a header's types stay from reading to reading. */
const texts = new WeakMap<
  ApiFacts,
  { readonly type: FunctionType; readonly catalog: Catalog; readonly text: string }
>();

function wholeMarkdown(facts: ApiFacts, type: FunctionType, catalog: Catalog): string {
  const text = prototypeText(facts.name, type);
  const prototype = codeBlock(text);
  const summary = summaryMarkdown(facts);
  const head = text.includes('\n') ? [summary, prototype] : [prototype, summary];
  return paragraphs(atAGlance(facts), ...head, details(facts, type, catalog));
}

/** The same without the prototype: summary, IRQL and IRP, parameters, results, rules, link. */
export function contractMarkdown(facts: ApiFacts, type: FunctionType | undefined, catalog: Catalog): string {
  return paragraphs(summaryMarkdown(facts), atAGlance(facts), details(facts, type, catalog));
}

function summaryMarkdown(facts: ApiFacts): string {
  const summary = factText(facts.summary);
  return facts.deprecated === undefined ? summary : `**Deprecated:** ${factText(facts.deprecated)}\n\n${summary}`;
}

function details(facts: ApiFacts, type: FunctionType | undefined, catalog: Catalog): string {
  return paragraphs(
    parametersMarkdown(facts, type),
    listMarkdown(
      facts.kind === 'callback' ? 'May return' : 'Returns',
      (facts.returns ?? []).map((r) => `\`${r.name}\` ${factText(r.meaning)}`),
    ),
    listMarkdown(
      'Members',
      (facts.members ?? []).filter((m) => m.note !== undefined).map((m) => `\`${m.name}\` ${factText(m.note ?? '')}`),
    ),
    listMarkdown('Rules', (facts.rules ?? []).map(factText)),
    sourceLine(facts, catalog),
  );
}

/** Markdown paragraphs; empty ones are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

function sourceLine(facts: ApiFacts, catalog: Catalog): string {
  const url = catalog.pageUrl(facts);
  const since = facts.minimumOs === undefined ? [] : [`since ${facts.minimumOs}`];
  const link = url === undefined ? [] : [`[${facts.name} on learn.microsoft.com](${url})`];
  return [`\`${facts.header}\``, ...since, ...link].join(' · ');
}

export function codeBlock(text: string): string {
  return `\`\`\`c\n${text}\n\`\`\``;
}

/** The prototype over several lines, each parameter with its SAL, as people know it from headers. */
export function prototypeText(name: string, type: FunctionType): string {
  const parameters = type.parameters.map((p) => `${salText(p.annotations)}${declarationText(p.type, p.name ?? '')}`);
  if (type.isVariadic) parameters.push('...');
  const head = declarationText(type.result, name);
  if (parameters.length === 0) return `${head}(void);`;
  const oneLine = `${head}(${parameters.join(', ')});`;
  return oneLine.length <= 72 ? oneLine : `${head}(\n${parameters.map((p) => `    ${p}`).join(',\n')});`;
}

/** Annotations longer than this say more than a prototype can show; the direction alone stays. */
const salMax = 64;

/** The direction of a parameter as SAL says it, arguments included: `_In_reads_bytes_opt_(InputSize) `. */
export function salText(annotations: readonly Annotation[]): string {
  const direction = annotations.find((a) => /^_(?:In|Out|Inout|Outptr|COM_Outptr|Reserved)_/.test(a.name));
  if (direction === undefined) return '';
  const { name } = direction;
  const alone = `${/^_[A-Za-z]+_(?:[A-Za-z]*ptr_)?/.exec(name)?.[0] ?? name}${/_opt_/.test(name) ? 'opt_' : ''} `;
  // "Not expressible" says nothing about the size, so that only the direction is left.
  if (direction.arguments.some((tokens) => tokens.some(({ text }) => text === '_Inexpressible_'))) return alone;
  const texts = direction.arguments.map((tokens) =>
    tokens.map((token, i) => (i > 0 && token.afterSpace ? ' ' : '') + token.text).join(''),
  );
  const whole = texts.length === 0 ? name : `${name}(${texts.join(', ')})`;
  return whole.length <= salMax ? `${whole} ` : alone;
}

/** What facts say, in Markdown: a path keeps its backslashes, `*Result` its star, and `_DATAGRAM_` its underscores. */
export function factText(text: string): string {
  return text.replace(/\\(?=[!-/:-@[-`{-~])|\*|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&');
}

export function irqlText(irql: IrqlFact): string {
  const range =
    irql.min === undefined || irql.min === 'PASSIVE_LEVEL'
      ? irql.max === 'PASSIVE_LEVEL'
        ? 'PASSIVE_LEVEL'
        : `≤ ${irql.max}`
      : irql.min === irql.max
        ? irql.max
        : `${irql.min} to ${irql.max}`;
  const condition = irql.unless === undefined ? '' : `, unless ${irql.unless}`;
  return `${range}${condition}${irql.remark === undefined ? '' : `, ${irql.remark}`}`;
}

function atAGlance(facts: ApiFacts): string {
  const lines: string[] = [];
  if (facts.irql !== undefined)
    lines.push(`**${facts.kind === 'callback' ? 'Called at IRQL' : 'IRQL'}** ${factText(irqlText(facts.irql))}`);
  if (facts.irp !== undefined && facts.irp.use !== 'none') {
    const use = { required: 'required', optional: 'optional', 'must-be-null': 'must be NULL' }[facts.irp.use];
    const information =
      facts.irp.information === undefined ? '' : `; \`IoStatus.Information\`: ${factText(facts.irp.information)}`;
    lines.push(`**IRP** ${use}${information}`);
  }
  if (facts.categories !== undefined) lines.push(`**Sockets** ${facts.categories.join(', ')}`);
  if (facts.control !== undefined) lines.push(...controlLines(facts.control, optionLevel(facts)));
  if (facts.ioctl !== undefined) {
    const { code, input, output } = facts.ioctl;
    lines.push(controlCodeMarkdown(BigInt(code)));
    if (input !== undefined) lines.push(`**Input** ${factText(input)}`);
    if (output !== undefined) lines.push(`**Output** ${factText(output)}`);
  }
  return lines.join('  \n');
}

function controlLines(control: NonNullable<ApiFacts['control']>, level: string | undefined): string[] {
  const lines: string[] = [];
  if (control.requests !== undefined)
    lines.push(`**Request** ${control.requests.join(', ')}${level === undefined ? '' : `, Level ${level}`}`);
  if (control.input !== undefined) lines.push(`**Input** ${factText(control.input)}`);
  if (control.output !== undefined) lines.push(`**Output** ${factText(control.output)}`);
  if (control.outputSizeReturned !== undefined)
    lines.push(`**OutputSizeReturned** ${factText(control.outputSizeReturned)}`);
  if (control.order !== undefined) lines.push(`**Order** ${factText(control.order)}`);
  return lines;
}

/** What the prototype does not say already: nothing, where no parameter has a note. */
function parametersMarkdown(facts: ApiFacts, type: FunctionType | undefined): string {
  const told = (facts.parameters ?? []).filter(
    (p) => type === undefined || p.note !== undefined || p.reserved === true,
  );
  return listMarkdown(
    'Parameters',
    told.map((p) => parameterLine(p.name, parameterFact(facts, p.name), type)),
  );
}

/** The type and direction stand in the prototype; without one the fact says the direction. */
function parameterLine(name: string, fact: ParameterFact | undefined, type: FunctionType | undefined): string {
  const isDeclared = type?.parameters.some((p) => p.name === name) === true;
  const kind = [
    isDeclared ? undefined : fact?.direction?.replace('-', ', '),
    fact?.optional === true ? 'optional' : undefined,
    fact?.reserved === true ? 'reserved' : undefined,
  ].filter((k) => k !== undefined);
  const note = noteText(fact);
  return `\`${name}\`${kind.length === 0 ? '' : ` (${kind.join(', ')})`}${note === '' ? '' : `: ${note}`}`;
}

function noteText(fact: ParameterFact | undefined): string {
  return [factText(fact?.note ?? ''), lifetimeText(fact?.lifetime)].filter((text) => text !== '').join(' ');
}

/** Values of a parameter that signature help names. */
const valuesMax = 12;

/** The note of one parameter, and the values that it may have. */
export function parameterMarkdown(fact: ParameterFact | undefined, values = fact?.values ?? []): string {
  const shown = values.slice(0, valuesMax).map((value) => `\`${value}\``);
  const rest = values.length - shown.length;
  const list = rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
  return paragraphs(noteText(fact), values.length === 0 ? '' : `Values: ${list}.`);
}

function listMarkdown(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}**\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}
