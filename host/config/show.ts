/** A file's configuration as text for people: what holds, and which source said it. */
import type { CompilerSettings, FileConfiguration } from './model.ts';

/** `display` shortens paths. Lines without an end of line at the end. */
export function showConfiguration(
  file: string,
  configuration: FileConfiguration,
  display: (path: string) => string,
): string {
  const layers = configuration.layers.filter(({ file, settings }) => file !== undefined || !isEmpty(settings));
  const names = layers.map(({ origin, file: path, detail }) => {
    const name = path === undefined ? origin : display(path);
    return detail === undefined ? name : `${name} (${detail})`;
  });
  const said = (holds: (layer: FileConfiguration['layers'][number]) => boolean): string => {
    const index = layers.findIndex(holds);
    return index < 0 ? 'defaults' : (names[index] ?? '');
  };
  const rows: [what: string, value: string, from: string][] = [
    ...configuration.includePath.map((folder): [string, string, string] => [
      'include',
      display(folder),
      said(({ settings }) => settings.includePath.includes(folder)),
    ]),
    ...configuration.forcedIncludes.map(({ name, path }): [string, string, string] => [
      'first include',
      name,
      said(({ settings }) => settings.forcedIncludes.some((one) => one.path === path)),
    ]),
    ...Object.entries(configuration.defines).map(([name, value]): [string, string, string] => [
      'define',
      `${name}=${value}`,
      said(({ settings }) => settings.macros.some((macro) => macro.name === name)),
    ]),
    ...configuration.undefines.map((name): [string, string, string] => [
      'undefine',
      name,
      said(({ settings }) => settings.macros.some((macro) => macro.name === name)),
    ]),
    [
      'std',
      configuration.standard ?? 'as a WDK build without /std',
      said(({ settings }) => settings.standard !== undefined),
    ],
  ];
  const width = Math.min(60, Math.max(...rows.map(([, value]) => value.length)));
  const lines = rows.map(([what, value, from]) => `  ${what.padEnd(13)}  ${value.padEnd(width)}  ${from}`);
  const sources = names.length === 0 ? ['nothing but the defaults'] : names;
  return [display(file), `  ${'from'.padEnd(13)}  ${sources.join(', ')}`, ...lines].join('\n');
}

function isEmpty({ includePath, macros, forcedIncludes, standard }: CompilerSettings): boolean {
  return includePath.length + macros.length + forcedIncludes.length === 0 && standard === undefined;
}
