/** An API's facts as Markdown for hovers and completion: what a driver writer needs first comes first. */
import { type Catalog, parameterFact } from '../../catalog/catalog.ts';
import type { ApiFacts, IrqlFact, ParameterFact } from '../../catalog/model.ts';
import type { Annotation } from '../../cfront/parse/ast.ts';
import { declarationText, typeText } from '../../cfront/types/text.ts';
import type { FunctionType } from '../../cfront/types/types.ts';

/** The whole hover of an API: prototype, summary, IRQL and IRP, parameters, results, rules, link. */
export function apiMarkdown(facts: ApiFacts, type: FunctionType | undefined, catalog: Catalog): string {
  const url = catalog.pageUrl(facts);
  const parts = [
    type === undefined ? '' : codeBlock(prototypeText(facts.name, type)),
    facts.deprecated === undefined ? facts.summary : `**Deprecated:** ${facts.deprecated}\n\n${facts.summary}`,
    atAGlance(facts),
    parametersMarkdown(facts, type),
    listMarkdown(
      'Returns',
      (facts.returns ?? []).map((r) => `\`${r.name}\` ${r.meaning}`),
    ),
    listMarkdown(
      'Members',
      (facts.members ?? []).filter((m) => m.note !== undefined).map((m) => `\`${m.name}\` ${m.note}`),
    ),
    listMarkdown('Rules', facts.rules ?? []),
    url === undefined ? '' : `[${facts.header} documentation](${url})`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** One line: summary only, for completion lists. */
export function apiSummary(facts: ApiFacts): string {
  return facts.summary;
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

function salText(annotations: readonly Annotation[]): string {
  const direction = annotations.find((a) => /^_(In|Out|Inout|Outptr|Reserved)/.test(a.name));
  return direction === undefined ? '' : `${direction.name} `.replace(/^(_[A-Za-z_]+?)(?:reads|writes)\w* $/, '$1 ');
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
  return irql.unless === undefined ? range : `${range}, ${irql.unless}`;
}

function atAGlance(facts: ApiFacts): string {
  const lines: string[] = [];
  if (facts.irql !== undefined)
    lines.push(`**${facts.kind === 'callback' ? 'Called at IRQL' : 'IRQL'}** ${irqlText(facts.irql)}`);
  if (facts.irp !== undefined && facts.irp.use !== 'none') {
    const use = { required: 'required', optional: 'optional', 'must-be-null': 'must be NULL' }[facts.irp.use];
    const information =
      facts.irp.information === undefined ? '' : `; \`IoStatus.Information\`: ${facts.irp.information}`;
    lines.push(`**IRP** ${use}${information}`);
  }
  if (facts.categories !== undefined) lines.push(`**Sockets** ${facts.categories.join(', ')}`);
  if (facts.control !== undefined) lines.push(...controlLines(facts.control));
  if (facts.ioctl !== undefined) {
    const { code, method, input, output } = facts.ioctl;
    lines.push(`**Code** 0x${code.toString(16).toUpperCase().padStart(8, '0')}, ${method}`);
    if (input !== undefined) lines.push(`**Input** ${input}`);
    if (output !== undefined) lines.push(`**Output** ${output}`);
  }
  if (facts.minimumOs !== undefined) lines.push(`**Since** ${facts.minimumOs}`);
  return lines.join('  \n');
}

function controlLines(control: NonNullable<ApiFacts['control']>): string[] {
  const lines: string[] = [];
  if (control.requests !== undefined)
    lines.push(
      `**Request** ${control.requests.join(', ')}${control.level === undefined ? '' : `, Level ${control.level}`}`,
    );
  if (control.input !== undefined) lines.push(`**Input** ${control.input}`);
  if (control.output !== undefined) lines.push(`**Output** ${control.output}`);
  if (control.outputSizeReturned !== undefined) lines.push(`**OutputSizeReturned** ${control.outputSizeReturned}`);
  if (control.order !== undefined) lines.push(`**Order** ${control.order}`);
  return lines;
}

function parametersMarkdown(facts: ApiFacts, type: FunctionType | undefined): string {
  const names =
    facts.parameters?.map((p) => p.name) ??
    type?.parameters.flatMap((p) => (p.name === undefined ? [] : [p.name])) ??
    [];
  const items = names.map((name) => parameterLine(name, parameterFact(facts, name), type));
  return listMarkdown('Parameters', items);
}

function parameterLine(name: string, fact: ParameterFact | undefined, type: FunctionType | undefined): string {
  const declared = type?.parameters.find((p) => p.name === name);
  const direction = [fact?.direction?.replace('-', ', '), fact?.optional === true ? 'optional' : undefined].filter(
    (d) => d !== undefined,
  );
  const kind = [declared === undefined ? undefined : `\`${typeText(declared.type)}\``, ...direction]
    .filter((k) => k !== undefined)
    .join(', ');
  return `\`${name}\`${kind === '' ? '' : ` (${kind})`}${fact?.note === undefined ? '' : `: ${fact.note}`}`;
}

/** The note and values of one parameter, for signature help and argument completion. */
export function parameterMarkdown(fact: ParameterFact | undefined): string {
  if (fact === undefined) return '';
  const values = fact.values === undefined ? '' : `\n\nOne of ${fact.values.map((v) => `\`${v}\``).join(', ')}.`;
  return `${fact.note ?? ''}${values}`;
}

function listMarkdown(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}**\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}
