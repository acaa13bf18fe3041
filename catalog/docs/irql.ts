/**
 * The IRQL that a page names, from words to levels.
 *
 * In: the text of `req.irql` or of the IRQL row ('<= DISPATCH_LEVEL', 'Any level (see Remarks section)', 139 forms
 * in the public docs). Out: the text as it is, with min and max where it names them. A single level is both; what
 * only sends the reader elsewhere has neither.
 */
import type { IrqlName } from '../model.ts';
import type { DocIrql } from './page.ts';

const levels: readonly IrqlName[] = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL', 'DIRQL', 'HIGH_LEVEL'];

/** Reads an IRQL text; `text` may be empty. */
export function parseIrql(text: string): DocIrql {
  const trimmed = text.replace(/\s+/g, ' ').trim();
  const conditional = /\bsee\b|\bremarks?\b|\bif\b|\bas long as\b|\bdepend|\bwhen\b|\bunless\b|\bexcept\b/i.test(
    trimmed,
  );
  const mark = conditional ? { conditional: true as const } : {};
  return { text: trimmed, ...bounds(trimmed.replace(/\(?see remarks?.*$/i, '')), ...mark };
}

/** Is there anything about an IRQL in the text: a level, 'any', or where to read about it. */
export function saysIrql(text: string): boolean {
  const irql = parseIrql(text);
  return (
    irql.max !== undefined ||
    irql.min !== undefined ||
    irql.conditional === true ||
    /level|irql|any|same|not applicable|n\/a/i.test(text)
  );
}

function bounds(text: string): { min?: IrqlName; max?: IrqlName } {
  const named = [...text.matchAll(/\b(PASSIVE|APC|DISPATCH|HIGH)(?:[_\s]LEVEL\b|$)|\bDIRQL\b/gi)].map((m) => ({
    level: (m[1] ? `${m[1].toUpperCase()}_LEVEL` : 'DIRQL') as IrqlName, // The expression allows only these.
    before: text.slice(0, m.index),
    after: text.slice(m.index + m[0].length),
  }));
  const [first, second] = named;
  if (!first) return /^any\b/i.test(text) ? { min: 'PASSIVE_LEVEL', max: 'HIGH_LEVEL' } : {};
  if (second) {
    const range = /^\s*(?:<|\u2264|&lt;)\s*=?\s*(?:IRQL\s*(?:<|\u2264)\s*=?\s*)?$|^\s*(?:to|or|through|-|\u2013)\s*$/i;
    const between = first.after
      .slice(0, first.after.length - text.slice(text.length - second.after.length).length)
      .replace(/\w+[_ ]LEVEL$|DIRQL$/i, '');
    if (named.length > 2 || !range.test(between)) return {};
    const [low, high] = levels.indexOf(first.level) <= levels.indexOf(second.level) ? [first, second] : [second, first];
    return { min: low.level, max: high.level };
  }
  if (/requires_max_\s*\($/i.test(first.before)) return { max: first.level };
  if (/requires_min_\s*\($/i.test(first.before)) return { min: first.level };
  const relation = /(<|>|\u2264|\u2265|=)?\s*(=)?\s*$/.exec(first.before);
  const sign = `${relation?.[1] ?? ''}${relation?.[2] ?? ''}`;
  if (sign === '<=' || sign === '≤' || /or (?:below|lower|less)\b/i.test(first.after)) return { max: first.level };
  if (sign === '>=' || sign === '≥' || /or (?:above|higher|greater)\b/i.test(first.after)) return { min: first.level };
  if (sign === '<') return below(first.level);
  if (sign === '>') return above(first.level);
  return { min: first.level, max: first.level };
}

function below(level: IrqlName): { max?: IrqlName } {
  const next = levels[levels.indexOf(level) - 1];
  return next ? { max: next } : {};
}

function above(level: IrqlName): { min?: IrqlName } {
  const next = levels[levels.indexOf(level) + 1];
  return next ? { min: next } : {};
}
