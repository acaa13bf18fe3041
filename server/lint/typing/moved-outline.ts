/**
 * The outline of a text in which one body alone differs from an older one, made of that one's: most keys are of this kind,
 * and to look at every declaration of a long file takes longer than to read the body.
 *
 * In: the older outline, and the unit of the newer text. Out: what `outlineOf` would give; undefined where the unit's
 * declarations are not those of the older one but for a single function. Where they are all the same, nothing but places
 * has changed. Who reads a body by itself leaves all others as they are, and a body that has been read so has its braces,
 * and no directive that reaches further.
 */
import type { FunctionDefinition } from '../../../cfront/parse/ast.ts';
import { type Edit, editBetween } from '../../../cfront/typing/edit.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { OutlinedUnit, Part } from './outline.ts';

export function movedOutline(
  { outline, definitions, nodes }: OutlinedUnit,
  unit: TranslationUnit,
): OutlinedUnit | undefined {
  const now = unit.declarations;
  if (nodes.length !== now.length) return undefined;
  const edit = editBetween(outline.file.text, unit.file.text);
  const different = now.findIndex((node, i) => node !== nodes[i]);
  if (different < 0) return withPlacesMoved({ outline, definitions, nodes }, unit, edit);
  const [before, after] = [nodes[different], now[different]];
  if (before?.kind !== 'function-definition' || after?.kind !== 'function-definition') return undefined;
  for (let i = different + 1; i < now.length; i++) if (now[i] !== nodes[i]) return undefined;
  const at = outline.parts.findIndex((part) => definitions.get(part) === before);
  const old = outline.parts[at];
  if (old === undefined || !isInside(old, edit)) return undefined;
  const by = edit.newerEnd - edit.olderEnd;
  const moved = new Map<Part, FunctionDefinition>();
  const parts = outline.parts.map((part, i) => {
    const definition = definitions.get(part);
    const next = i < at ? part : i === at ? withBodyLonger(part, by) : movedPart(part, by);
    if (definition !== undefined) moved.set(next, i === at ? after : definition);
    return next;
  });
  const includesEnd = outline.includesEnd + (outline.includesEnd > edit.start ? by : 0);
  return { outline: { file: unit.file, parts, includesEnd }, definitions: moved, nodes: now };
}

/** No word of a part is in the edit: it stands between two of them. */
function withPlacesMoved(
  { outline, definitions, nodes }: OutlinedUnit,
  { file }: TranslationUnit,
  { start, olderEnd, newerEnd }: Edit,
): OutlinedUnit | undefined {
  const by = newerEnd - olderEnd;
  const isInside = (offset: number): boolean => offset > start && offset < olderEnd;
  const placeOf = (offset: number): number => (offset >= olderEnd ? offset + by : offset);
  const endOf = (offset: number): number => (offset > start ? placeOf(offset) : offset);
  const moved = new Map<Part, FunctionDefinition>();
  const parts = outline.parts.map((part): Part => {
    const { body } = part;
    const there = body === undefined ? undefined : { start: placeOf(body.start), end: endOf(body.end) };
    const next = { ...part, start: placeOf(part.start), end: endOf(part.end), body: there };
    const definition = definitions.get(part);
    if (definition !== undefined) moved.set(next, definition);
    return next;
  });
  const offsets = outline.parts.flatMap((part) => [part.start, part.end, part.body?.start ?? 0, part.body?.end ?? 0]);
  if (offsets.some(isInside)) return undefined;
  return { outline: { file, parts, includesEnd: endOf(outline.includesEnd) }, definitions: moved, nodes };
}

/** Between the braces of its body. */
function isInside({ body }: Part, { start, olderEnd }: Edit): boolean {
  return body !== undefined && start > body.start && olderEnd < body.end;
}

function withBodyLonger(part: Part, by: number): Part {
  return part.body === undefined ? part : { ...part, body: { ...part.body, end: part.body.end + by } };
}

function movedPart(part: Part, by: number): Part {
  if (by === 0) return part;
  const { start, end, body } = part;
  const there = body === undefined ? undefined : { start: body.start + by, end: body.end + by };
  return { ...part, start: start + by, end: end + by, body: there };
}
