/**
 * What is said of a header that is not there: one problem for each header of a unit, with what to do about it.
 *
 * In: the name, and where it was looked for. Out: a problem at the first `#include` that names it. Trace headers
 * (`x.tmh`) are made by the WPP preprocessor at build time, so they are never anybody's mistake.
 */
import { nearestName } from '../../base/nearest.ts';
import type { Span } from '../../base/source.ts';
import type { HeaderName } from './header.ts';
import { type HeaderOrigin, headerOrigin, knownHeaders } from './known-headers.ts';
import { report, type State } from './state.ts';

/** Headers of C11 that Microsoft's compiler lacks or has for user mode only, and what a driver takes instead. */
const standardHeaders: ReadonlyMap<string, string> = new Map([
  [
    'stdatomic.h',
    'Use the Interlocked functions of ntddk.h, such as InterlockedIncrement and InterlockedCompareExchange.',
  ],
  ['threads.h', 'Use PsCreateSystemThread and the mutexes and events of ntddk.h.'],
  ['complex.h', 'Write a struct with a real and an imaginary part.'],
  ['tgmath.h', "Include 'math.h' and call the function for the type, such as sqrtf."],
  [
    'fenv.h',
    'Leave the rounding mode as it is; a driver saves floating-point state with KeSaveExtendedProcessorState.',
  ],
]);

/**
 * The bundled header that a missing one of the WDK includes itself, so that most of what follows is understood all the
 * same; undefined for any other header.
 */
export function standIn(name: string): HeaderName | undefined {
  if (headerOrigin(name) !== 'wdk') return undefined;
  return { name: /^flt/i.test(name) ? 'ntifs.h' : 'ntddk.h', form: 'angled' };
}

/** Reports a header that is not there, unless that was done in this unit. */
export function reportMissing(state: State, header: HeaderName, searched: readonly string[], span: Span): void {
  const name = header.name.replaceAll('\\', '/').toLowerCase();
  if (state.missingHeaders.has(name)) return;
  state.missingHeaders.add(name);
  if (name.endsWith('.tmh')) {
    const message = `'${header.name}' is made by WPP when the driver is built; it is left out here.`;
    report(state, { code: 'trace-header', severity: 'hint', message, span });
    return;
  }
  const origin = headerOrigin(name);
  if (origin === undefined) reportUnknown(state, header, searched, span);
  else report(state, { code: unbundled, severity: 'hint', message: unbundledMessage(header.name, origin), span });
}

/** The code of a header of Microsoft's that is not bundled: what is said of its names stands with it. */
export const unbundled = 'unbundled-header';

/** The same whoever includes it, so that a driver's files tell of it once. */
function unbundledMessage(written: string, origin: HeaderOrigin): string {
  const unknown = `The names of '${written}' are not known here, and rules about them are silent`;
  return origin === 'sdk'
    ? `${unknown}: it is a header of user mode. A driver includes 'ntddk.h', 'wsk.h' or another header of kernel mode instead.`
    : `${unknown}: WSK Workbench does not bundle this header of the WDK. Where a WDK is installed, add ${folder}`;
}

const folder =
  'the folder that has it to the setting wsk.includePath (in the editor) or with -I (on the command line).';

function reportUnknown(state: State, header: HeaderName, searched: readonly string[], span: Span): void {
  const { name } = header;
  const shown = searched.map((folder) => (folder === '' ? '.' : folder));
  const where =
    shown.length === 0
      ? ' It was looked for among the bundled headers only.'
      : ` It was looked for in ${shown.join(', ')} and among the bundled headers.`;
  const instead = standardHeaders.get(name.toLowerCase());
  const subject =
    instead === undefined
      ? `The header '${name}' was not found.`
      : `'${name}' was not found: a WDK build has no such header.`;
  const near = instead === undefined ? nearHeader(state, name) : undefined;
  const meant = near === undefined ? `Add ${folder}` : `'${near}' is meant, perhaps; otherwise add ${folder}`;
  const newText = header.form === 'angled' ? `<${near}>` : `"${near}"`;
  report(state, {
    code: 'include-not-found',
    severity: 'error',
    message: `${subject}${where} ${instead ?? meant}`,
    span,
    ...(near === undefined ? {} : { fix: { title: `Replace by ${newText}`, edits: [{ span, newText }] } }),
  });
}

/** A header that Microsoft ships whose name is nearly this one: one slip, in a long name two. */
function nearHeader({ options }: State, name: string): string | undefined {
  const stem = /^([\w-]{3,})\.h$/i.exec(name)?.[1];
  if (stem === undefined) return undefined;
  const bundled = (options.headerNames ?? []).map((known) => known.replace(/\.h$/i, ''));
  const near = nearestName(stem, [...bundled, ...knownHeaders()], stem.length < 8 ? 1 : 2);
  return near === undefined ? undefined : `${near}.h`;
}
