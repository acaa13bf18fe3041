/**
 * Arguments of a compiler (cl, clang-cl, gcc, clang) to settings: include folders, macros, forced includes, the standard.
 * Everything else is read over. `/X` is an option for cl and its likes only; for the others it is a path.
 */
import type { CStandard } from '../../cfront/unit.ts';
import { type CompilerSettings, type ForcedInclude, type MacroSetting, readMacro, readStandard } from './model.ts';

export interface ArgumentsReading {
  readonly settings: CompilerSettings;
  /** What was asked for and can't be done, one sentence each. */
  readonly notes: readonly string[];
}

export interface ArgumentsContext {
  /** Relative paths start here; absolute. */
  readonly directory: string;
  /** Compilers whose options may begin with a slash. */
  readonly takesSlashes: boolean;
  /** Makes a path of the source's own flavour one of this machine; undefined (with a note) where it can't be known. */
  readonly resolve: (name: string, directory: string) => string | undefined;
}

/** Options with a value, in the same argument or the next one. Longer names stand before their beginnings. */
const valued: readonly (readonly [
  names: readonly string[],
  what: 'include' | 'late' | 'define' | 'undefine' | 'force',
])[] = [
  [['/external:I', '-external:I'], 'late'],
  [['-isystem', '-imsvc', '/imsvc', '-idirafter', '--include-directory-after='], 'late'],
  [['-include', '--include='], 'force'],
  [['-iquote', '--include-directory='], 'include'],
  [['/FI', '-FI'], 'force'],
  [['/I', '-I'], 'include'],
  [['/D', '-D', '--define-macro='], 'define'],
  [['/U', '-U', '--undefine-macro='], 'undefine'],
];

/** Options whose next argument is a value that looks like an option or a file and is neither. */
const skipsNext = new Set([
  '-o',
  '-MF',
  '-MT',
  '-MQ',
  '-x',
  '-target',
  '--target',
  '-arch',
  '-Xclang',
  '-isysroot',
  '--sysroot',
  '-imacros',
  '-Xlinker',
]);

export function readCompilerArguments(args: readonly string[], context: ArgumentsContext): ArgumentsReading {
  const includePath: string[] = [];
  const lateIncludePath: string[] = [];
  const macros: MacroSetting[] = [];
  const forcedIncludes: ForcedInclude[] = [];
  const notes: string[] = [];
  let standard: CStandard | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    // What follows is the linker's.
    if (/^[-/]link$/i.test(arg) && context.takesSlashes) break;
    if (arg === '--' || !/^[-/@]/.test(arg)) continue;
    if (arg.startsWith('@')) {
      notes.push(`The response file ${arg} is not read.`);
      continue;
    }
    if (arg.startsWith('/') && !context.takesSlashes) continue;
    if (skipsNext.has(arg)) {
      i++;
      continue;
    }
    const standardName = /^(?:[-/]std:|--?std=)(.*)$/.exec(arg)?.[1];
    if (standardName !== undefined) {
      const read = readStandard(standardName);
      if (read !== undefined) standard = read;
      else if (!/\+\+/.test(standardName)) notes.push(`The standard "${standardName}" is not known.`);
      continue;
    }
    const found = valueOption(arg);
    if (found === undefined) continue;
    let { value } = found;
    if (value === '') {
      i++;
      value = args[i] ?? '';
    }
    value = value.trim();
    if (value === '') continue;
    switch (found.what) {
      case 'include':
      case 'late': {
        const folder = context.resolve(value, context.directory);
        if (folder === undefined) notes.push(`The folder ${value} is left out: it names a variable that is not set.`);
        else (found.what === 'late' ? lateIncludePath : includePath).push(folder);
        break;
      }
      case 'define': {
        const macro = readMacro(value);
        if (macro !== undefined) macros.push(macro);
        // `-D'F(x)=…'` defines a function-like macro, which no settings can.
        else notes.push(`The definition "${value}" is left out: it names no macro without parameters.`);
        break;
      }
      case 'undefine':
        macros.push({ kind: 'undefine', name: value });
        break;
      case 'force': {
        const header = context.resolve(value, context.directory);
        if (header !== undefined) forcedIncludes.push({ name: value, path: header });
        break;
      }
    }
  }
  return { settings: { includePath: [...includePath, ...lateIncludePath], macros, forcedIncludes, standard }, notes };
}

function valueOption(arg: string): { readonly what: (typeof valued)[number][1]; readonly value: string } | undefined {
  for (const [names, what] of valued) {
    for (const name of names) if (arg.startsWith(name)) return { what, value: arg.slice(name.length) };
  }
  return undefined;
}

/** Whether a compiler takes `/X`: cl, clang-cl and icl, under any path, and clang told to be one. */
export function takesSlashOptions(args: readonly string[]): boolean {
  const compiler = (args[0] ?? '').replace(/^.*[\\/]/, '').toLowerCase();
  return /^(cl|clang-cl(-\d+)?|icl|icx-cl)(\.exe)?$/.test(compiler) || args.includes('--driver-mode=cl');
}
