/**
 * What a source of configuration (command line, settings, compile_commands.json, a Visual Studio project) says of how a
 * file is compiled, and how several of them add up to one answer.
 *
 * Folders of all sources are kept, those of the stronger source first; of a macro, of the standard, the strongest source
 * decides. Everything here is plain data: who reads it from where stands in the other files of this folder.
 */
import type { Span } from '../../base/source.ts';
import type { CStandard } from '../../cfront/unit.ts';

/** `/D` and `/U` in the order in which they were given: the last one of a name counts. */
export type MacroSetting =
  | { readonly kind: 'define'; readonly name: string; readonly value: string }
  | { readonly kind: 'undefine'; readonly name: string };

export interface CompilerSettings {
  /** Folders, absolute, in the order of search. */
  readonly includePath: readonly string[];
  readonly macros: readonly MacroSetting[];
  readonly forcedIncludes: readonly ForcedInclude[];
  readonly standard: CStandard | undefined;
}

/** A header read before the first line. */
export interface ForcedInclude {
  /** As written: where there is no file at `path`, it is looked for as by `#include "name"`. */
  readonly name: string;
  readonly path: string;
}

/** What a file of configuration has wrong (`warning`), or what could not be taken from it (`note`). */
export interface ConfigProblem {
  readonly severity: 'warning' | 'note';
  readonly message: string;
  readonly span: Span;
}

/** One source and what it says of a file. */
export interface ConfigLayer {
  /** For people: "command line", "settings". A file of configuration is named by `file`. */
  readonly origin: string;
  readonly file?: string;
  /** "Debug|x64" of a project. */
  readonly detail?: string;
  readonly settings: CompilerSettings;
}

/** Everything that is known of how one file is compiled. */
export interface FileConfiguration {
  /** The strongest first. */
  readonly layers: readonly ConfigLayer[];
  readonly includePath: readonly string[];
  readonly defines: Readonly<Record<string, string>>;
  readonly undefines: readonly string[];
  readonly forcedIncludes: readonly ForcedInclude[];
  readonly standard: CStandard | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** `layers`: the strongest first. */
export function combine(layers: readonly ConfigLayer[], problems: readonly ConfigProblem[]): FileConfiguration {
  const macros = new Map<string, MacroSetting>();
  for (const { settings } of [...layers].reverse()) {
    for (const macro of settings.macros) {
      // Listed where the last word was spoken.
      macros.delete(macro.name);
      macros.set(macro.name, macro);
    }
  }
  const all = [...macros.values()];
  return {
    layers,
    includePath: unique(layers.flatMap(({ settings }) => settings.includePath)),
    defines: Object.fromEntries(all.flatMap((m) => (m.kind === 'define' ? [[m.name, m.value]] : []))),
    undefines: all.flatMap((m) => (m.kind === 'undefine' ? [m.name] : [])),
    // The weaker source is the project's own: what it includes comes first, as its files expect.
    forcedIncludes: [
      ...new Map(
        [...layers].reverse().flatMap(({ settings }) => settings.forcedIncludes.map((f) => [f.path, f] as const)),
      ).values(),
    ],
    standard: layers.find(({ settings }) => settings.standard !== undefined)?.settings.standard,
    problems,
  };
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}

/** `NAME`, `NAME=VALUE` or cl's `NAME#VALUE`, as after `/D`; undefined where it names no macro. */
export function readMacro(text: string): MacroSetting | undefined {
  const [, name, value] = /^([A-Za-z_$][\w$]*)(?:[=#](.*))?$/s.exec(text.trim()) ?? [];
  return name === undefined ? undefined : { kind: 'define', name, value: value ?? '1' };
}

const standards: Readonly<Record<string, CStandard>> = {
  ansi: 'c89',
  c89: 'c89',
  c90: 'c89',
  'iso9899:1990': 'c89',
  c99: 'c99',
  c9x: 'c99',
  c11: 'c11',
  c1x: 'c11',
  c17: 'c17',
  c18: 'c17',
  c23: 'c23',
  c2x: 'c23',
  clatest: 'c23',
};

export const standardNames: readonly CStandard[] = ['c89', 'c99', 'c11', 'c17', 'c23'];

/** `c11`, `gnu11`, `c1x`, `stdc17` (Visual Studio), `clatest`; undefined for C++ and unknown names. */
export function readStandard(text: string): CStandard | undefined {
  const name = text.trim().toLowerCase();
  const plain = name.replace(/^gnu/, 'c').replace(/^std(?=c)/, '');
  return Object.hasOwn(standards, plain) ? standards[plain] : undefined;
}
