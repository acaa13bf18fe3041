/** A shape in a few words, for the line beside a completion and for hovers. */
import { unreachable } from '../../base/assert.ts';
import type { Shape } from '../../emulator/scenario/shape.ts';

export function describe(shape: Shape): string {
  switch (shape.kind) {
    case 'number':
      return `${shape.isInteger === true ? 'whole number' : 'number'} from ${shape.min} to ${shape.max}`;
    case 'text':
      return shape.expected ?? 'text';
    case 'boolean':
      return 'true or false';
    case 'choice':
      return shape.values.join(' or ');
    case 'list':
      return 'list';
    case 'map':
      return 'names with values';
    case 'text-or-object':
      return 'text or mapping';
    case 'object':
      return 'mapping';
    default:
      return unreachable(shape);
  }
}
