/** Bytes that a scenario gives or expects, with the content of the files that it names. */
import { unreachable } from '../../base/assert.ts';
import { compilePattern } from '../net/pattern.ts';
import type { Expectation } from '../net/peer-types.ts';
import { repeated, type ScenarioBytes, type ScenarioExpectation } from '../scenario/bytes.ts';

/** Content of the files that the scenario names, by the path as it is written there. */
export type DataFiles = ReadonlyMap<string, Uint8Array>;

/** Undefined where the file is missing. */
export function contentOf(bytes: ScenarioBytes, files: DataFiles): Uint8Array | undefined {
  if (bytes.kind === 'bytes') return bytes.bytes;
  const once = files.get(bytes.path);
  return once === undefined ? undefined : repeated(once, bytes.repeat);
}

export function expectationOf(what: ScenarioExpectation, files: DataFiles): Expectation | undefined {
  switch (what.kind) {
    case 'length':
      return what;
    case 'pattern': {
      // The reader has let through only patterns that can be compiled.
      const pattern = compilePattern(what.text);
      return 'message' in pattern ? undefined : { kind: 'pattern', pattern };
    }
    case 'bytes':
    case 'file': {
      const bytes = contentOf(what, files);
      return bytes === undefined ? undefined : { kind: 'bytes', bytes };
    }
    default:
      return unreachable(what);
  }
}
