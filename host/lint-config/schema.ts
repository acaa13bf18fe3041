/**
 * The JSON schema of `.wsklint.yaml`, for editors. In: each rule with its one line. Out: the schema; it is built into
 * dist.
 */
import { levels } from './levels.ts';

export interface DescribedRule {
  readonly id: string;
  readonly summary: string;
}

export function lintConfigSchema(rules: readonly DescribedRule[]): Record<string, unknown> {
  const level = { enum: [...levels, false] };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'WSK Workbench: levels of lint rules in this folder and below',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      rules: {
        description: 'The severity of each rule that is not to have its own; "off" hides what it finds.',
        type: ['object', 'null'],
        additionalProperties: false,
        properties: Object.fromEntries(rules.map(({ id, summary }) => [id, { description: summary, ...level }])),
      },
      exclude: {
        description:
          'Files whose findings are not shown, relative to this folder: "third_party/**", "*.gen.c". They are read all the same.',
        anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'array', items: { type: 'string' } }],
      },
      root: { description: 'True: .wsklint.yaml files of the folders above do not count here.', type: 'boolean' },
    },
  };
}
