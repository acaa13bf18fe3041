/** The hover of a key of a scenario file: what it sets, what its value may be, and the keys below it. */
import type { ObjectShape, Shape } from '../../emulator/scenario/shape.ts';
import { describe } from './describe.ts';
import { keyAt, objectOf } from './place.ts';

export interface ScenarioHover {
  readonly markdown: string;
  readonly start: number;
  readonly end: number;
}

export function hoverScenario(text: string, offset: number): ScenarioHover | undefined {
  const key = keyAt(text, offset);
  if (key === undefined) return undefined;
  const { shape, about } = key.field;
  const inner = objectOf(shape.kind === 'list' ? shape.of : shape);
  const parts = [`**${key.path.join('.')}**: ${valueText(shape)}`, about, inner === undefined ? '' : keysText(inner)];
  return { markdown: parts.filter((part) => part !== '').join('\n\n'), start: key.start, end: key.end };
}

function valueText(shape: Shape): string {
  return shape.kind === 'list' ? `list, each ${describe(shape.of)}` : describe(shape);
}

function keysText(object: ObjectShape): string {
  const lines = Object.entries(object.fields).map(([key, field]) => `- \`${key}\`: ${field.about}`);
  return (
    object.exactlyOne === undefined ? lines : [`Exactly one of ${object.exactlyOne.join(', ')}.\n`, ...lines]
  ).join('\n');
}
