/**
 * The reports of report.ts as text for a terminal.
 *
 * In: a report. Out: lines, wrapped at `width` columns, without Markdown marks. Code keeps its own lines.
 */

import type { DescribedApi } from './merge.ts';
import type { DocRequest, DocValue } from './page.ts';
import { plainText } from './prose/inline.ts';
import type { DocsReport, NameReport } from './report.ts';

const width = 100;

/** Counts, then one line for each problem: `file:line: message [code]`. */
export function docsReportText(report: DocsReport): string {
  const kinds = Object.entries(report.kinds).map(([kind, count]) => `${kind} ${count}`);
  const problems = report.problems.map((p) => `${p.file}:${p.line}: ${p.message} [${p.code}]`);
  const counts = `${report.pages} pages: ${kinds.join(', ')}; ${report.problems.length} problems`;
  return `${[counts, ...problems].join('\n')}\n`;
}

/** Everything known of a name, or what it may have been meant to be. */
export function nameReportText(report: NameReport): string {
  const parts = report.apis.map(apiText);
  const uses = report.uses.map((use) => wrap(`${use.of} of ${use.api}${number(use)}: ${flat(use.description)}`, '  '));
  if (uses.length) parts.push([`${report.name} is a value of`, ...uses].join('\n'));
  if (report.mentionedBy.length)
    parts.push(wrap(`Linked from: ${report.mentionedBy.map((m) => m.title).join('; ')}`, ''));
  if (!report.found) {
    const hint = report.similar.length ? ` Did you mean ${report.similar.join(', ')}?` : '';
    parts.push(`No page describes '${report.name}'.${hint}`);
  }
  return `${parts.join('\n\n')}\n`;
}

function apiText(api: DescribedApi): string {
  const aliases = api.names.filter((name) => name !== api.name);
  const facts = [
    ...(aliases.length ? [`also      ${aliases.join(', ')}`] : []),
    ...(api.header === undefined
      ? []
      : [`header    ${api.header}${api.includeHeader ? ` (include ${api.includeHeader})` : ''}`]),
    ...(api.irql === undefined || api.irql.text === '' ? [] : [`IRQL      ${api.irql.text}`]),
    ...(api.minimumOs === undefined ? [] : [`since     ${api.minimumOs}`]),
    ...(api.library === undefined ? [] : [`library   ${api.library}`]),
  ];
  const sections = [
    [`${api.name}  (${api.kind})`, ...facts].join('\n'),
    prose(api.description === '' ? api.summary : api.description),
    api.signature?.text ?? '',
    listed('Parameters', api.parameters.map(parameterText)),
    listed(
      'Members',
      api.fields.map((f) => itemText(`${f.name}${number(f)}${f.type ? `  ${f.type}` : ''}`, f.description, f.values)),
    ),
    api.returns ? listed('Returns', [prose(api.returns.text, '  '), ...api.returns.codes.map(valueText)]) : '',
    listed('Requests', api.requests.map(requestText)),
    listed(
      'IRP',
      api.irpRules.map((rule) => wrap(`${rule.use}: ${rule.text}`, '  ')),
    ),
    api.appliesTo ? wrap(`Applies to: ${api.appliesTo.text}`, '') : '',
    listed(
      'Request',
      Object.entries(api.ioctl)
        .filter(([, text]) => text !== '')
        .map(([part, text]) => wrap(`${part}: ${flat(text)}`, '  ')),
    ),
    api.remarks === '' ? '' : `Remarks\n${prose(api.remarks, '  ')}`,
    ...api.sections.filter((s) => s.text !== '').map((s) => `${s.title}\n${prose(s.text, '  ')}`),
    api.seeAlso.length ? wrap(`See also: ${api.seeAlso.join(', ')}`, '') : '',
    wrap(`From: ${api.sources.map((s) => s.path).join(', ')}`, ''),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function parameterText(p: DescribedApi['parameters'][number]): string {
  const way = [p.direction ?? '', p.optional ? 'optional' : '', p.reserved ? 'reserved' : '']
    .filter((t) => t !== '')
    .join(', ');
  return itemText(`${p.name}${p.type ? `  ${p.type}` : ''}${way === '' ? '' : `  [${way}]`}`, p.description, p.values);
}

function itemText(heading: string, description: string, values: readonly DocValue[]): string {
  const text = prose(description, '    ');
  return [`  ${heading}`, ...(text === '' ? [] : [text]), ...values.map((v) => `    ${valueText(v).trimStart()}`)].join(
    '\n',
  );
}

function valueText(value: DocValue): string {
  const text = flat(value.description);
  return wrap(`${value.name}${number(value)}${text === '' ? '' : `: ${text}`}`, '  ', '      ');
}

function requestText(request: DocRequest): string {
  const { purpose, line: _line, ...rows } = request;
  const lines = Object.entries(rows).map(([name, text]) => wrap(`${name}: ${text}`, '    ', '      '));
  return [wrap(flat(purpose), '  '), ...lines].join('\n');
}

function listed(title: string, items: readonly string[]): string {
  const shown = items.filter((item) => item !== '');
  return shown.length ? [title, ...shown].join('\n') : '';
}

function number(value: { readonly value?: string }): string {
  return value.value === undefined ? '' : ` = ${value.value}`;
}

/** Markdown to wrapped text; fenced code and table rows keep their lines. */
function prose(markdown: string, indent = ''): string {
  let code = false;
  const lines = markdown.split('\n').flatMap((line) => {
    if (line.startsWith('```')) {
      code = !code;
      return [];
    }
    if (code) return [`${indent}${line}`];
    if (line.startsWith('|')) return [`${indent}${plainText(line)}`];
    return [line === '' ? '' : wrap(plainText(line), indent)];
  });
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd();
}

function flat(markdown: string): string {
  return plainText(markdown).replace(/\s+/g, ' ').trim();
}

function wrap(text: string, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = hanging;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  lines.push(line.trimEnd());
  return lines.join('\n');
}
