/**
 * Parameters and members, from a heading and the blocks under it.
 *
 * In: the text after `-param` or `-field`, free of tags, and its blocks. Out: one parameter or member with its value
 * list parted from its prose. Some pages repeat the direction as text at the start of the prose (`[in] A pointer …`);
 * it is dropped there, and used when the heading has none.
 */

import type { Direction, DocField, DocParameter } from '../page.ts';
import type { Problem } from '../problems.ts';
import { report } from '../problems.ts';
import type { Block } from '../prose/blocks.ts';
import { renderBlocks } from '../prose/blocks.ts';
import { isParameterName, readAnnotation, readParameterHeading } from './direction.ts';
import { takeValues } from './values.ts';

/** Adds the parameter of a heading on line `line` (from 1). */
export function addParameter(
  into: DocParameter[],
  problems: Problem[],
  heading: string,
  blocks: readonly Block[],
  line: number,
): void {
  const { name, direction, optional, odd } = readParameterHeading(heading);
  if (odd !== undefined) report(problems, 'odd-direction', line, odd);
  if (name.endsWith(':') || !isParameterName(name)) report(problems, 'odd-name', line, heading);
  if (into.some((other) => other.name === name)) report(problems, 'duplicate-name', line, name);
  const { values, rest } = takeValues(blocks);
  const lead = leadingDirection(renderBlocks(rest));
  const way = direction ?? lead.direction;
  if (into.some((other) => other.name === name && other.description === lead.text)) return;
  into.push({
    name,
    ...(way === undefined ? {} : { direction: way }),
    optional: optional || lead.optional,
    ...(isReserved(lead.text) ? { reserved: true as const } : {}),
    description: lead.text,
    values,
    line,
  });
}

/** Adds the member or enumerator of a heading on line `line`. */
export function addField(
  into: DocField[],
  problems: Problem[],
  heading: string,
  blocks: readonly Block[],
  line: number,
): void {
  const enumerator = /^([A-Za-z_]\w*)\s*[:=]\s*(\S.*)$/.exec(heading);
  const { name, direction } = fieldHeading(enumerator?.[1] ?? heading);
  if (!isParameterName(name)) report(problems, 'odd-name', line, heading);
  if (into.some((other) => other.name === name)) report(problems, 'duplicate-name', line, name);
  const { values, rest } = takeValues(blocks);
  const value = enumerator?.[2] === undefined ? {} : { value: enumerator[2].trim() };
  const way = direction === undefined ? {} : { direction };
  into.push({ name, ...value, ...way, description: renderBlocks(rest), values, line });
}

/** A member may have a direction, as arguments of a call in a structure do, or an array's length in the same brackets. */
function fieldHeading(heading: string): { name: string; direction?: Direction } {
  if (/\[\s*_*(?:in|out)/i.test(heading)) return readParameterHeading(heading);
  return { name: heading.replace(/[:\s]+$/, '').replace(/\s+(?=\[\w*\]$)/, '') };
}

/** '[in] A pointer …' is a direction and a text. */
function leadingDirection(text: string): { text: string; direction?: 'in' | 'out' | 'in-out'; optional: boolean } {
  const match = /^\[([a-z_]+(?:[,/ ]+[a-z_]+){0,2})\]\s+(?=\S)/i.exec(text);
  if (!match) return { text, optional: false };
  const { direction, optional, odd } = readAnnotation(match[1] ?? '');
  if (odd !== undefined) return { text, optional: false };
  return { text: text.slice(match[0].length), optional, ...(direction ? { direction } : {}) };
}

function isReserved(text: string): boolean {
  const start = text.slice(0, 400);
  return (
    /\breserved\b[^.]{0,40}\b(?:for system use|for future use|for internal use)\b|^\W*reserved\b|must (?:be|set (?:this|it)(?: \w+)? to) \**(?:zero|0|NULL)\b[^.]{0,10}\.?$/i.test(
      start,
    ) && /\breserved\b/i.test(start)
  );
}
