/** Where tests find the programs that they start: scripts/test-lanes.mjs has bundled each from its source, once. */
import path from 'node:path';

export const root = process.env['WSK_ROOT'] ?? '.';

/** A CommonJS file for Node, with the catalog beside it. */
export const program = (name: 'cli' | 'server' | 'adapter'): string =>
  path.join(process.env['WSK_PROGRAMS'] ?? '', `${name}.js`);
