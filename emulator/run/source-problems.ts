/**
 * Why the source cannot be run, for people: of everything that reading it brought up, what they can mend.
 *
 * In: units. Out: errors, each told once however many files include the header in which it stands. A driver in C++ says
 * only that, and files that use names of a header of Microsoft's which is not bundled say together which header that is,
 * because everything else there may follow from it. Empty where nothing keeps the source from being run.
 */
import { listed } from '../../base/listed.ts';
import { isCplusplusName } from '../../base/source.ts';
import type { SyntaxProblem } from '../../cfront/errors.ts';
import type { Expression, FunctionDefinition } from '../../cfront/parse/ast.ts';
import { walk } from '../../cfront/parse/walk.ts';
import { namesLackedBy } from '../../cfront/preprocess/known-headers.ts';
import { place } from '../../cfront/tokenize/token.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';

export function sourceProblems(units: readonly TranslationUnit[]): readonly SyntaxProblem[] {
  const cplusplus = cplusplusProblem(units);
  if (cplusplus !== undefined) return [cplusplus];
  const framework = frameworkProblem(units);
  if (framework !== undefined) return [framework];
  const lacking = units.filter((unit) => lacksKnownHeader(unit));
  const errors = units
    .filter((unit) => !lacking.includes(unit))
    .flatMap(({ problems }) => problems)
    .filter(({ severity }) => severity === 'error');
  const needed = neededHeaders(lacking);
  return eachOnce(needed === undefined ? errors : [needed, ...errors]);
}

/**
 * One sentence for a driver with a file whose name says C++ and whose text is not C: each word of it that C does not have
 * would say the same. C in such a file is C, and what that has wrong is said of it.
 */
function cplusplusProblem(units: readonly TranslationUnit[]): SyntaxProblem | undefined {
  const [first] = units.filter(({ file }) => isCplusplusName(file)).flatMap((unit) => unlikeC(unit));
  if (first === undefined) return undefined;
  const message =
    'This is C++, and the emulated kernel runs C only. Hovers, completion and the checks of calls are there for C++ all the same.';
  return { code: 'not-supported', severity: 'error', message, span: first.span };
}

/**
 * One sentence for a driver of KMDF: its DriverEntry does little but call the framework, which is not there. Who has
 * written that function, as a stub, has an answer for the others too.
 */
function frameworkProblem(units: readonly TranslationUnit[]): SyntaxProblem | undefined {
  if (units.every(({ symbols }) => symbols.get(CREATE) === undefined)) return undefined;
  const functions = units.flatMap((unit) => unit.functions);
  const isTheirs = ({ symbol, first }: FunctionDefinition): boolean =>
    symbol.name === CREATE && !/^wdf/i.test(place(first).file.path.replace(/^.*[\\/:]/, ''));
  if (functions.some(isTheirs)) return undefined;
  for (const { body, symbol } of functions) {
    if (symbol.name === CREATE) continue;
    let call: Expression | undefined;
    walk(body, (node) => {
      if (node.kind === 'name' && node.symbol.name === CREATE) call ??= node;
    });
    if (call === undefined) continue;
    const message = `This is a driver of KMDF, and the emulated kernel does not have the framework behind ${CREATE}. What can be run is code that calls the kernel and WSK themselves, or with functions of your own in the framework's place (--stub). Lint, hovers and completion know KMDF.`;
    return { code: 'not-supported', severity: 'error', message, span: place(call.first) };
  }
  return undefined;
}

const CREATE = 'WdfDriverCreate';

/** A form that C does not have, a header of C++, or a structure whose name is a type without a typedef. */
function unlikeC({ problems, records }: TranslationUnit): readonly SyntaxProblem[] {
  return problems.filter(({ code, severity, span }) => {
    const text = span.file.text.slice(span.start, span.end);
    if (code === 'include-not-found') return /^<\w+>$/.test(text);
    if (code === 'unknown-type' || code === 'unknown-name') return records.has(text);
    return severity === 'error' && /^(?:un)?expected-|^not-supported$/.test(code);
  });
}

/**
 * Only headers of Microsoft's are missing, and names of theirs are used. A driver that calls functions of theirs and
 * needs nothing else can be run: it stops at such a call.
 */
function lacksKnownHeader({ unresolved, problems }: TranslationUnit): boolean {
  return (
    unresolved.some(({ kind }) => kind !== 'function') && problems.every(({ code }) => code !== 'include-not-found')
  );
}

/** One sentence: which headers, and what the driver uses that may come from them. */
function neededHeaders(units: readonly TranslationUnit[]): SyntaxProblem | undefined {
  const hints = units.flatMap(({ problems }) => problems);
  const first = hints.find(({ code }) => code === 'unbundled-header' || code === 'partial-header');
  if (first === undefined) return undefined;
  const unknown = units.flatMap(({ unresolved }) => unresolved);
  const missing = [...new Set(units.flatMap(({ includes }) => includes.flatMap((one) => missingName(one))))];
  const partial = new Set(units.flatMap(({ includes }) => includes.flatMap((one) => partialName(one))));
  const whose = missing.length > 1 || (missing.length === 0 && partial.size > 1) ? 'their' : 'its';
  const used = [
    usedNames(unknown, 'function', ['function', 'functions']),
    usedNames(unknown, 'type', ['type', 'types']),
    usedNames(unknown, undefined, ['name', 'names']),
  ].flatMap((text) => (text === undefined ? [] : `${whose} ${text}`));
  const what = missing.length === 1 ? 'a header that is not bundled' : 'headers that are not bundled';
  const lack =
    missing.length > 0
      ? `${quoted(missing)}, ${what}: it uses ${listed(used)}.`
      : `more of ${quoted([...partial])} than is bundled: it uses ${listed(used)}.`;
  return {
    code: 'unbundled-header',
    severity: 'error',
    message: `The driver can't be run without ${lack}`,
    span: first.span,
  };
}

/** All of them: who adds a folder of a WDK wants to know which headers it must have. */
function quoted(headers: readonly string[]): string {
  const names = headers.map((name) => `'${name}'`);
  return names.length < 4 ? listed(names) : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function missingName({ name, file }: TranslationUnit['includes'][number]): string | readonly string[] {
  return file === undefined && !/\.tmh$/i.test(name) ? name : [];
}

function partialName({ name, file }: TranslationUnit['includes'][number]): string | readonly string[] {
  return file !== undefined && namesLackedBy(file.path) !== undefined ? name : [];
}

/** Shown of each kind. */
const namesMax = 4;

/** "functions A, B (and 3 more)"; `kind` undefined for what is neither a function nor a type. */
function usedNames(
  unknown: TranslationUnit['unresolved'],
  kind: 'function' | 'type' | undefined,
  [one, many]: readonly [string, string],
): string | undefined {
  const isOther = (it: string): boolean => it !== 'function' && it !== 'type';
  const found = unknown.filter((it) => (kind === undefined ? isOther(it.kind) : it.kind === kind));
  const names = [...new Set(found.map(({ name }) => name))];
  if (names.length === 0) return undefined;
  const rest = names.length - namesMax;
  const shown = names.slice(0, namesMax).join(', ');
  return `${names.length === 1 ? one : many} ${shown}${rest > 0 ? ` (and ${rest} more)` : ''}`;
}

/** A header's problems are found by each file that includes it. */
function eachOnce(problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ span, message }) => {
    const key = `${span.file.path} ${span.start} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
