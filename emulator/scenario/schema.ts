/** The JSON schema of scenario files, for editors; `scenario.schema.json` holds exactly this, which a test makes sure of. */
import { unreachable } from '../../base/assert.ts';
import { type FieldShape, type ObjectShape, type Shape, scenarioShape } from './shape.ts';

export function scenarioSchema(): Record<string, unknown> {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'WSK Workbench scenario',
    ...schemaOf(scenarioShape),
  };
}

function schemaOf(shape: Shape): Record<string, unknown> {
  switch (shape.kind) {
    case 'number':
      return { type: shape.isInteger === true ? 'integer' : 'number', minimum: shape.min, maximum: shape.max };
    case 'text':
      return { type: 'string', ...(shape.pattern === undefined ? {} : { pattern: shape.pattern.source }) };
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { enum: shape.values };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of) };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.of) };
    case 'text-or-object':
      return {
        anyOf: [
          { type: 'string' },
          ...(shape.number === undefined ? [] : [schemaOf(shape.number)]),
          schemaOf(shape.object),
        ],
      };
    case 'object':
      return objectSchema(shape);
    default:
      return unreachable(shape);
  }
}

function fieldSchema({ shape, ifEmpty }: FieldShape): Record<string, unknown> {
  return ifEmpty === undefined ? schemaOf(shape) : { anyOf: [{ type: 'null' }, schemaOf(shape)] };
}

function objectSchema(shape: ObjectShape): Record<string, unknown> {
  const required = Object.entries(shape.fields).flatMap(([key, field]) => (field.isRequired === true ? [key] : []));
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(shape.fields).map(([key, field]) => [key, { description: field.about, ...fieldSchema(field) }]),
    ),
    ...(required.length === 0 ? {} : { required }),
    ...(shape.exactlyOne === undefined ? {} : { oneOf: shape.exactlyOne.map((key) => ({ required: [key] })) }),
  };
}
