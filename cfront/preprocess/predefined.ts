/**
 * The macros that are there before the first line: those of Microsoft's x64 compiler in a kernel-mode build with the
 * WDK (debug configuration, Windows 10 2004 and later), and those of the command line.
 *
 * The table is the only list. Dates and times are fixed, so that the same text always gives the same tokens.
 */
import { sourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import type { ParseOptions } from '../unit.ts';
import { type Builtin, type Macro, makeMacro, readMacro } from './macro.ts';

/** Name, replacement, and why it is there. */
const predefined: readonly (readonly [name: string, replacement: string, why: string])[] = [
  ['_MSC_VER', '1940', 'the compiler is Visual Studio 2022, as WDK headers ask for it everywhere'],
  ['_MSC_FULL_VER', '194033811', 'the same with its build number'],
  ['_MSC_BUILD', '0', 'the last part of the version'],
  ['_MSC_EXTENSIONS', '1', 'Microsoft’s language extensions are on'],
  ['_MSVC_TRADITIONAL', '1', 'the WDK builds with the traditional preprocessor'],
  ['_MSVC_WARNING_LEVEL', '4L', 'the WDK’s default warning level'],
  ['_INTEGRAL_MAX_BITS', '64', 'the widest integer'],
  ['__STDC__', '1', 'C11 mode'],
  ['__STDC_VERSION__', '201112L', 'C11 mode'],
  ['__STDC_HOSTED__', '1', 'the compiler says so in kernel mode too'],
  ['__STDC_NO_ATOMICS__', '1', 'no <stdatomic.h> in C11 mode'],
  ['__STDC_NO_COMPLEX__', '1', 'no C99 complex numbers'],
  ['__STDC_NO_THREADS__', '1', 'no <threads.h>'],
  ['__STDC_NO_VLA__', '1', 'no arrays of variable length'],
  ['__DATE__', '"Jan  1 2026"', 'fixed'],
  ['__TIME__', '"00:00:00"', 'fixed'],
  ['__TIMESTAMP__', '"Thu Jan  1 00:00:00 2026"', 'fixed'],
  ['_WIN32', '1', 'every Windows target'],
  ['_WIN64', '1', '64-bit target'],
  ['_M_X64', '100', 'x64'],
  ['_M_AMD64', '100', 'x64 by its older name'],
  ['_AMD64_', '1', 'x64 in WDK headers'],
  ['AMD64', '1', 'x64 in old driver sources'],
  ['_M_FP_PRECISE', '1', 'the default floating-point model'],
  ['_MT', '1', 'multithreaded code generation is the only one left'],
  ['_KERNEL_MODE', '1', '/kernel'],
  ['WIN32', '100', 'driver build environments have set it to 100 ever since'],
  ['WIN32_LEAN_AND_MEAN', '1', 'WDK project default'],
  ['WINNT', '1', 'WDK project default'],
  ['_WIN32_WINNT', '0x0A00', 'WDK project default for Windows 10 and later'],
  ['WINVER', '0x0A00', 'the same'],
  ['_NT_TARGET_VERSION', '0x0A00', 'the same'],
  ['NTDDI_VERSION', '0x0A00000C', 'the newest version of the interfaces'],
  ['DBG', '1', 'debug configuration'],
  ['DEPRECATE_DDK_FUNCTIONS', '1', 'WDK project default'],
  ['POOL_NX_OPTIN', '1', 'non-executable pool, as every current driver opts in'],
  ['STD_CALL', '1', 'WDK build default'],
  ['CONDITION_HANDLING', '1', 'WDK build default'],
  ['ALLOC_PRAGMA', '1', '#pragma alloc_text is known'],
  ['UNICODE', '1', 'Unicode build'],
  ['_UNICODE', '1', 'Unicode build'],
  ['__wsk__', '1', 'lets a source know that it is read here'],
];

/** Computed macros and operators; the names of the last kind give 0 in `#if`. */
const computed: readonly (readonly [name: string, builtin: Builtin])[] = [
  ['__FILE__', 'file'],
  ['__LINE__', 'line'],
  ['__COUNTER__', 'counter'],
  ['__INCLUDE_LEVEL__', 'include-level'],
  ['__pragma', 'pragma-keyword'],
  ['_Pragma', 'pragma-operator'],
  ['defined', 'defined'],
  ['__has_include', 'has-include'],
  ['__has_attribute', 'has-nothing'],
  ['__has_c_attribute', 'has-nothing'],
  ['__has_cpp_attribute', 'has-nothing'],
  ['__has_declspec_attribute', 'has-nothing'],
  ['__has_builtin', 'has-nothing'],
  ['__has_feature', 'has-nothing'],
  ['__has_extension', 'has-nothing'],
  ['__has_warning', 'has-nothing'],
];

/** The text in which the predefined macros are spelt. */
export const builtinFile = sourceFile(
  '<built-in>',
  predefined.map(([name, replacement]) => `${name} ${replacement}\n`).join(''),
);

let table: readonly (readonly [string, Macro])[] | undefined;

/** A fresh map of all macros that a translation unit starts with, and what is wrong with those of the options. */
export function startingMacros(options: ParseOptions): {
  readonly macros: Map<string, Macro>;
  readonly problems: readonly SyntaxProblem[];
} {
  table ??= [...fromText(), ...computed.map(([name, builtin]) => [name, computedMacro(name, builtin)] as const)];
  const macros = new Map(table);
  const problems: SyntaxProblem[] = [];
  for (const [name, replacement] of Object.entries(options.defines ?? {})) {
    const file = sourceFile('<command line>', `${name} ${replacement}`);
    const { tokens } = tokenize(file);
    const read = readMacro(tokens, 0, tokens.length - 1, { file, start: 0, end: name.length });
    problems.push(...read.problems);
    if (read.macro !== undefined) macros.set(read.macro.definition.name, withoutPlace(read.macro));
  }
  for (const name of options.undefines ?? []) macros.delete(name);
  return { macros, problems };
}

function fromText(): (readonly [string, Macro])[] {
  const { tokens } = tokenize(builtinFile);
  const made: (readonly [string, Macro])[] = [];
  let from = 0;
  for (let i = 1; i < tokens.length; i++) {
    if (!tokens[i]?.startsLine) continue;
    const { macro } = readMacro(tokens, from, i, { file: builtinFile, start: 0, end: 0 });
    if (macro !== undefined) made.push([macro.definition.name, withoutPlace(macro)]);
    from = i;
  }
  return made;
}

function withoutPlace(macro: Macro): Macro {
  return makeMacro({ ...macro.definition, span: undefined }, macro.parameters, undefined);
}

function computedMacro(name: string, builtin: Builtin): Macro {
  const takesArguments = builtin === 'pragma-keyword' || builtin === 'pragma-operator' || builtin === 'has-nothing';
  const definition = {
    name,
    parameters: takesArguments ? [] : undefined,
    isVariadic: takesArguments,
    body: [],
    span: undefined,
  };
  return makeMacro(definition, takesArguments ? ['__VA_ARGS__'] : undefined, builtin);
}
