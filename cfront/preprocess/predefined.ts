/**
 * The macros that are there before the first line: those of Microsoft's x64 compiler (`/kernel`), those that the WDK's
 * property sheets give to a debug build for Windows 10 and later, those of the chosen edition of C, and those of the
 * command line.
 *
 * The tables are the only list. What only the WDK's old `build` environments defined (WIN32=100, STD_CALL,
 * CONDITION_HANDLING, UNICODE) is not there, because no current project has it and `#ifdef WIN32` would choose wrongly.
 * Dates and times are fixed, so that the same text always gives the same tokens.
 */
import { type SourceFile, sourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../errors.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import type { CStandard, ParseOptions } from '../unit.ts';
import { type Builtin, type Macro, makeMacro, readMacro } from './macro.ts';

/** Name, replacement, and why it is there. */
const predefined: readonly (readonly [name: string, replacement: string, why: string])[] = [
  ['_MSC_VER', '1940', 'the compiler is Visual Studio 2022, as WDK headers ask for it everywhere'],
  ['_MSC_FULL_VER', '194033811', 'the same with its build number'],
  ['_MSC_BUILD', '0', 'the last part of the version'],
  ['_MSC_EXTENSIONS', '1', 'Microsoft’s language extensions are on'],
  ['_MSVC_WARNING_LEVEL', '4L', 'the WDK’s default warning level'],
  ['_INTEGRAL_MAX_BITS', '64', 'the widest integer'],
  ['__STDC_HOSTED__', '1', 'the compiler says so in kernel mode too'],
  ['__DATE__', '"Jan  1 2026"', 'fixed'],
  ['__TIME__', '"00:00:00"', 'fixed'],
  ['__TIMESTAMP__', '"Thu Jan  1 00:00:00 2026"', 'fixed'],
  ['_WIN32', '1', 'every Windows target'],
  ['_WIN64', '1', '64-bit target'],
  ['_M_X64', '100', 'x64'],
  ['_M_AMD64', '100', 'x64 by its older name'],
  ['_M_FP_PRECISE', '1', 'the default floating-point model'],
  ['_MT', '1', 'multithreaded code generation is the only one left'],
  ['_KERNEL_MODE', '1', '/kernel'],
  ['_AMD64_', '1', 'WDK property sheets for x64'],
  ['AMD64', '1', 'WDK property sheets for x64'],
  ['WINNT', '1', 'WDK property sheets'],
  ['_WIN32_WINNT', '0x0A00', 'WDK property sheets, Windows 10 and later'],
  ['WINVER', '0x0A00', 'the same'],
  ['NTDDI_VERSION', '0x0A00000C', 'the same, the newest version of the interfaces'],
  ['DBG', '1', 'WDK property sheets, debug configuration'],
  ['MSC_NOOPT', '1', 'WDK property sheets, debug configuration'],
  ['DEPRECATE_DDK_FUNCTIONS', '1', 'WDK property sheets, debug configuration'],
  ['POOL_NX_OPTIN', '1', 'non-executable pool, as the projects of current drivers opt in'],
  ['__wsk__', '1', 'lets a source know that it is read here'],
];

/**
 * What an edition of C adds. Without `/std` Microsoft's compiler defines neither `__STDC__` nor `__STDC_VERSION__`; it
 * has no switch for C99, whose values are those of other compilers. From C11 on its conforming preprocessor is in use.
 */
const editions: Readonly<Record<CStandard, readonly (readonly [name: string, replacement: string])[]>> = {
  c89: [['_MSVC_TRADITIONAL', '1']],
  c99: [
    ['_MSVC_TRADITIONAL', '1'],
    ['__STDC__', '1'],
    ['__STDC_VERSION__', '199901L'],
  ],
  c11: ofModern('201112L'),
  c17: ofModern('201710L'),
  c23: ofModern('202311L'),
};

function ofModern(version: string): readonly (readonly [string, string])[] {
  return [
    ['_MSVC_TRADITIONAL', '0'],
    ['__STDC__', '1'],
    ['__STDC_VERSION__', version],
    ['__STDC_NO_ATOMICS__', '1'],
    ['__STDC_NO_COMPLEX__', '1'],
    ['__STDC_NO_THREADS__', '1'],
    ['__STDC_NO_VLA__', '1'],
  ];
}

/** Whether Microsoft's compiler uses its traditional preprocessor, which drops the comma before empty arguments. */
export function isTraditional(standard: CStandard | undefined): boolean {
  return standard === undefined || standard === 'c89' || standard === 'c99';
}

/** Computed macros and operators; the names of the last kind give 0 in `#if`. */
const computed: readonly (readonly [name: string, builtin: Builtin])[] = [
  ['__FILE__', 'file'],
  ['__LINE__', 'line'],
  ['__COUNTER__', 'counter'],
  ['__INCLUDE_LEVEL__', 'include-level'],
  ['__BASE_FILE__', 'base-file'],
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
export const builtinFile = fileOf(predefined);

const editionMacros = new Map<CStandard, readonly (readonly [string, Macro])[]>();

function fileOf(macros: readonly (readonly [name: string, replacement: string, ...rest: string[]])[]): SourceFile {
  return sourceFile('<built-in>', macros.map(([name, replacement]) => `${name} ${replacement}\n`).join(''));
}

let table: readonly (readonly [string, Macro])[] | undefined;

/** A fresh map of all macros that a translation unit starts with, and what is wrong with those of the options. */
export function startingMacros(options: ParseOptions): {
  readonly macros: Map<string, Macro>;
  readonly problems: readonly SyntaxProblem[];
} {
  table ??= [
    ...fromText(builtinFile),
    ...computed.map(([name, builtin]) => [name, computedMacro(name, builtin)] as const),
  ];
  const macros = new Map([...table, ...macrosOf(options.standard ?? 'c89')]);
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

/** The same objects each time: units that share headers compare macros by identity. */
function macrosOf(standard: CStandard): readonly (readonly [string, Macro])[] {
  let macros = editionMacros.get(standard);
  if (macros === undefined) editionMacros.set(standard, (macros = fromText(fileOf(editions[standard]))));
  return macros;
}

function fromText(file: SourceFile): (readonly [string, Macro])[] {
  const { tokens } = tokenize(file);
  const made: (readonly [string, Macro])[] = [];
  let from = 0;
  for (let i = 1; i < tokens.length; i++) {
    if (!tokens[i]?.startsLine) continue;
    const { macro } = readMacro(tokens, from, i, { file, start: 0, end: 0 });
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
