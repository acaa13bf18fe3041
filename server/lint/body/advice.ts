/**
 * Whether Microsoft's advice against a function is advice for a file: not for a system older than what stands in for the
 * function, and not where the driver turned the compiler's own warning of deprecated names off. In: a unit. Out: yes or no.
 */
import { memo } from '../../../base/memo.ts';
import type { SourceFile } from '../../../base/source.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';

/** The first version whose WDK has what the advice names. */
const windows10 = 0x0a00n;

export function wantsAdvice(unit: TranslationUnit): boolean {
  return !isWarningOff(unit.file) && targetVersion(unit) >= windows10;
}

/** The compiler's warnings of deprecated names, turned off anywhere in the file. */
const isWarningOff = memo(({ text }: SourceFile): boolean =>
  /#[ \t]*pragma[ \t]+warning\b[^\n]*\b(?:4995|4996|28159)\b/.test(text),
);

/** Windows 10 where the macro says nothing that can be read. It may name another one (`_WIN32_WINNT_WIN7`), and that is all. */
function targetVersion({ macros }: TranslationUnit): bigint {
  const said = macros.get('_WIN32_WINNT')?.body[0]?.text ?? '';
  const number = macros.get(said)?.body[0]?.text ?? said;
  return /^(?:0[xX][\da-fA-F]+|\d+)$/.test(number) ? BigInt(number) : windows10;
}
