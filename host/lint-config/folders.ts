/**
 * Which levels hold for a file: the nearest `.wsklint.yaml` above it speaks first, those above that one where it says
 * nothing. In: a path. Out: the level of a rule there, and whether findings there are shown at all.
 *
 * The way up ends at a workspace folder, at the top of a git checkout, at a file that says `root: true`, or at the root.
 * Files are read once, until `forget`. They change severities only, so they count in untrusted folders too.
 */
import { existsSync } from 'node:fs';
import nodePath from 'node:path';
import type { Finding } from '../../base/finding.ts';
import type { SourceFile } from '../../base/source.ts';
import type { FileStore } from '../files.ts';
import { isExcluded } from './exclude.ts';
import type { Level, LintConfigFile } from './levels.ts';
import { type LintConfigProblem, readLintConfig } from './read.ts';

export const lintConfigName = '.wsklint.yaml';

export interface LintConfigs {
  /** The finding with the severity that holds where it lies; undefined where it is not to be shown. */
  apply(finding: Finding): Finding | undefined;
  /** Reads the files that count for this one, so that their problems are known. */
  look(file: string): void;
  /** The file of levels that speaks first for a file. */
  nearest(file: string): SourceFile | undefined;
  /** Of the files that were read. */
  problems(): readonly LintConfigProblem[];
}

export interface LintConfigRequest {
  readonly files: FileStore;
  /** Absolute paths of workspace folders. */
  readonly roots: readonly string[];
  /** Every id that a level can be given for. */
  readonly rules: readonly string[];
  /** The flavour of paths; left out, this machine's. */
  readonly path?: nodePath.PlatformPath;
  /** Whether something is on the disk; for tests. */
  readonly exists?: (path: string) => boolean;
}

interface Placed {
  readonly folder: string;
  readonly file: SourceFile;
  readonly config: LintConfigFile;
}

export function createLintConfigs({
  files,
  roots,
  rules,
  path = nodePath,
  exists = existsSync,
}: LintConfigRequest): LintConfigs {
  const problems: LintConfigProblem[] = [];
  const chains = new Map<string, readonly Placed[]>();
  const ignoresCase = path.sep === '\\';
  const same = (a: string, b: string): boolean =>
    path.relative(a, b) === '' || (ignoresCase && a.toLowerCase() === b.toLowerCase());
  const chainOf = (folder: string): readonly Placed[] => {
    const known = chains.get(folder);
    if (known !== undefined) return known;
    const own = read(folder);
    const above = path.dirname(folder);
    const isTop =
      own?.config.isRoot === true ||
      above === folder ||
      roots.some((root) => same(root, folder)) ||
      exists(path.join(folder, '.git'));
    const chain = [...(own === undefined ? [] : [own]), ...(isTop ? [] : chainOf(above))];
    chains.set(folder, chain);
    return chain;
  };
  const read = (folder: string): Placed | undefined => {
    const reading = files.read(path.join(folder, lintConfigName));
    if (reading.kind === 'file') {
      const result = readLintConfig(reading.file, rules);
      problems.push(...result.problems);
      return { folder, file: reading.file, config: result.config };
    }
    return undefined;
  };
  return {
    problems: () => problems,
    look: (file) => void chainOf(path.dirname(file)),
    nearest: (file) => (path.isAbsolute(file) ? chainOf(path.dirname(file))[0]?.file : undefined),
    apply(finding) {
      const file = finding.span.file.path;
      // A label that is no path: an unsaved text.
      if (!path.isAbsolute(file)) return finding;
      const chain = chainOf(path.dirname(file));
      if (chain.length === 0) return finding;
      const isOut = chain.some(({ folder, config }) => {
        const relative = path.relative(folder, file).replaceAll('\\', '/');
        return config.exclude.some((pattern) => isExcluded(relative, pattern, { ignoresCase }));
      });
      if (isOut) return undefined;
      const level: Level | undefined = chain
        .map(({ config }) => config.rules.get(finding.rule))
        .find((one) => one !== undefined);
      if (level === 'off') return undefined;
      return level === undefined || level === finding.severity ? finding : { ...finding, severity: level };
    },
  };
}
