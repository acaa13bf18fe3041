/** `wsk lint`: parses the files, lints them together, prints the findings. */
import { parseTranslationUnit } from '../cfront/index.ts';
import { lint } from '../server/lint/lint.ts';
import { syntaxFindings } from '../server/lint/syntax.ts';
import { countText, findingJson, findingText, isSerious } from './finding-output.ts';
import { expandNames, readFormat, readOptions, readSources } from './input.ts';
import { wantsColour, writeLine } from './output.ts';

export function lintCommand(args: readonly string[]): number {
  const { names, values } = readOptions('lint', args, {});
  const format = readFormat(values.format);
  const { files, parse, catalog } = readSources(expandNames(names, 'lint'), values);
  const units = files.map((file) => parseTranslationUnit(file, parse));
  const findings = [...units.flatMap(syntaxFindings), ...lint(units, catalog).findings];
  if (format === 'json') {
    writeLine(JSON.stringify({ findings: findings.map(findingJson) }, undefined, 1));
  } else {
    const colour = wantsColour();
    for (const finding of findings) writeLine(`${findingText(finding, colour)}\n`);
    writeLine(`${files.length} ${files.length === 1 ? 'file' : 'files'}: ${countText(findings)}`);
  }
  return findings.some(isSerious) ? 1 : 0;
}
