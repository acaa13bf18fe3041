/**
 * What F5 runs when there is no launch.json: from the file in the active editor to a launch configuration, or to a
 * sentence that says what to do instead. Plain data in and out; the caller knows VS Code and the disk. The rule is short
 * on purpose: the program is the active C file, with the others of the project that compiles it (the debug adapter finds
 * them), and a scenario is taken only from a file that bears exactly the C file's name, because guessing further would
 * run something that nobody asked for.
 * Mistakes in a launch.json are the debug adapter's to find.
 */
import type { LaunchConfiguration } from '../../debugger/protocol.ts';

export interface ActiveFile {
  readonly path: string;
  readonly languageId: string;
  /** False for a file that was never saved or that is not on a disk. */
  readonly onDisk: boolean;
}

/** A launch configuration as VS Code wants it. A scenario names its driver's files itself. */
export type WskLaunch = Partial<LaunchConfiguration> & {
  readonly type: 'wsk';
  readonly name: string;
  readonly request: 'launch';
};

export type DefaultLaunch =
  | { readonly kind: 'launch'; readonly launch: WskLaunch }
  | { readonly kind: 'refused'; readonly message: string };

/** The configuration for a file; `exists` says whether there is a file at a path. */
export function launchForFile(file: ActiveFile | undefined, exists: (path: string) => boolean): DefaultLaunch {
  if (!file) return refused("Open the driver's C file, or add a launch.json, to run it on the emulated kernel.");
  const name = baseName(file.path);
  const isScenario = /\.wsk\.ya?ml$/i.test(name);
  if (!isScenario && !isC(file)) return refused(`${name} is not C. Open the driver's C file, then press F5 again.`);
  if (!file.onDisk) return refused(`Save ${name} to a folder first: the driver is read from the disk.`);
  const common = { type: 'wsk', request: 'launch', name: `WSK: run ${name}` } as const;
  if (isScenario) return { kind: 'launch', launch: { ...common, scenario: file.path } };
  const scenario = scenarioOf(file.path);
  const program = { program: file.path, wholeDriver: true };
  return { kind: 'launch', launch: { ...common, ...program, ...(exists(scenario) ? { scenario } : {}) } };
}

const refused = (message: string): DefaultLaunch => ({ kind: 'refused', message });

// A header can be open as C, too, but it is no driver.
const isC = (file: ActiveFile): boolean =>
  (file.languageId === 'c' || file.languageId === 'cpp' || /\.c$/i.test(file.path)) && !headerName.test(file.path);

export const headerName = /\.(h|hpp|hxx|inl)$/i;

/** `dir/listen.c` has `dir/listen.wsk.yaml`. */
const scenarioOf = (path: string): string => `${path.replace(/\.[^.\\/]*$/, '')}.wsk.yaml`;

/** The last part of a path of either flavour. */
const baseName = (path: string): string => path.replace(/^.*[\\/]/, '');
