/**
 * The user's own git: what it is told for a checkout of the docs, how far it is, and what to do when it fails. Nothing here
 * knows the editor. It gets a checkout without history (depth 1), without files that are not looked at (blob:none), of
 * the wanted folders only (sparse). It is never asked for a password: the repositories are public.
 */
import { spawn } from 'node:child_process';

export interface Checkout {
  readonly url: string;
  readonly folders: readonly string[];
}

/** Arguments of one call, and what a person reads meanwhile. */
export interface GitStep {
  readonly title: string;
  readonly arguments: readonly string[];
}

export type GitResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  /** `git` is undefined where there is none to start. */
  | { readonly kind: 'failed'; readonly status: number | undefined; readonly output: string };

/** A new checkout in a folder that is not there yet. */
export function cloneSteps({ url, folders }: Checkout, folder: string): readonly GitStep[] {
  const kept = ['--depth=1', '--filter=blob:none', '--sparse', '--single-branch', '--no-tags'];
  return [
    {
      title: 'Getting the list of pages',
      arguments: [...safe, 'clone', ...kept, '--no-checkout', '--progress', '--', url, folder],
    },
    { title: 'Choosing the folders', arguments: [...inside(folder), 'sparse-checkout', 'set', ...folders] },
    { title: 'Getting the pages', arguments: [...inside(folder), 'checkout', '--progress'] },
  ];
}

/** Brings a checkout of ours to today's state; changes that somebody made in it are gone then. */
export function updateSteps({ folders }: Checkout, folder: string): readonly GitStep[] {
  return [
    { title: 'Choosing the folders', arguments: [...inside(folder), 'sparse-checkout', 'set', ...folders] },
    {
      title: 'Getting what has changed',
      arguments: [...inside(folder), 'fetch', '--depth=1', '--no-tags', '--progress', 'origin', 'HEAD'],
    },
    { title: 'Getting the pages', arguments: [...inside(folder), 'reset', '--hard', 'FETCH_HEAD'] },
  ];
}

/** Names of some pages are long; no hook or line end of the user's configuration has a say. */
const safe = [
  '-c',
  'core.longpaths=true',
  '-c',
  'core.autocrlf=false',
  '-c',
  'core.hooksPath=',
  '-c',
  'advice.detachedHead=false',
  '-c',
  'credential.helper=',
];

/**
 * In a checkout and nowhere else: where its `.git` is damaged, git would take that of a folder further up, which is
 * somebody's own work, and throw that work away.
 */
function inside(folder: string): readonly string[] {
  return [...safe, '-C', folder, '--git-dir=.git', '--work-tree=.'];
}

/** The end of its output tells what went wrong; a progress line every second would fill any memory in time. */
const outputMax = 8_000;

export interface RunOptions {
  readonly program: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Runs one step. It never throws. */
export function runGit(step: GitStep, { program, signal, onProgress }: RunOptions): Promise<GitResult> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' });
  return new Promise((done) => {
    let output = '';
    const env = {
      ...process.env,
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      GIT_LFS_SKIP_SMUDGE: '1',
      GCM_INTERACTIVE: 'never',
      LC_ALL: 'C',
      // Of a repository that the editor was started in.
      GIT_DIR: undefined,
      GIT_WORK_TREE: undefined,
      GIT_INDEX_FILE: undefined,
    };
    const git = spawn(program, [...step.arguments], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      windowsHide: true,
    });
    const hear = (text: string): void => {
      output = (output + text).slice(-outputMax);
      const progress = progressOf(text);
      if (progress !== undefined) onProgress(progress);
    };
    git.stdout.setEncoding('utf8').on('data', hear);
    git.stderr.setEncoding('utf8').on('data', hear);
    git.on('error', (error) => {
      if (signal.aborted) done({ kind: 'cancelled' });
      else done({ kind: 'failed', status: undefined, output: String(error) });
    });
    git.on('close', (status) => {
      if (signal.aborted) done({ kind: 'cancelled' });
      else done(status === 0 ? { kind: 'done' } : { kind: 'failed', status: status ?? -1, output });
    });
  });
}

/** The last thing that git says of how far it is: `Receiving objects:  45% (10/22), 1.2 MiB | 3 MiB/s`. */
export function progressOf(text: string): string | undefined {
  const found = [
    ...text.matchAll(/(?:^|[\r\n])(?:remote: )?(Receiving objects|Updating files|Resolving deltas):\s+(\d+)%/g),
  ];
  const last = found.at(-1);
  return last === undefined ? undefined : `${last[1]} ${last[2]} %`;
}

export interface Advice {
  readonly message: string;
  /** A page that helps. */
  readonly link: { readonly title: string; readonly address: string } | undefined;
}

const byHand = 'Or download the repository as a ZIP, unpack it, and name its folder in the setting wsk.docs.folders.';

/** What a person can do about a failure. */
export function adviceFor(failure: GitResult & { readonly kind: 'failed' }, url: string): Advice {
  const page = url.replace(/\.git$/, '');
  const zip = { title: 'Open the Repository', address: page };
  const { output, status } = failure;
  if (status === undefined) {
    return {
      message: `git could not be started. Install it, or name it in the setting git.path, and run the command again. ${byHand}`,
      link: { title: 'Get git', address: 'https://git-scm.com/downloads' },
    };
  }
  if (
    /not resolve|timed out|connect to|unable to access|network is|proxy|connection (?:was )?(?:reset|refused)|early EOF|RPC failed|hung up|unexpected disconnect|from promisor remote/i.test(
      output,
    )
  ) {
    const proxy = 'Check the network. Behind a proxy, run first: git config --global http.proxy URL.';
    if (!/certificate|SSL/i.test(output)) return { message: `${page} can't be reached. ${proxy} ${byHand}`, link: zip };
  }
  if (/certificate|SSL/i.test(output))
    return {
      message: `git does not trust the certificate of ${page}; a proxy may stand between. Ask who runs it. ${byHand}`,
      link: zip,
    };
  if (/no space left|disk quota/i.test(output))
    return { message: 'The disk is full. Free some space and run the command again.', link: undefined };
  const lines = output.split(/[\r\n]+/).filter((line) => /^(?:fatal|error):/.test(line));
  if (
    /permission denied|read-only file system|could not create (?:work tree|leading|directory)|unable to create/i.test(
      output,
    )
  )
    return {
      message: `The folder for the docs can't be written: ${sentence(lines[0] ?? '')} Make it writable and run the command again.`,
      link: undefined,
    };
  if (/is not a git command|unknown option|unknown switch|unknown subcommand/i.test(output))
    return {
      message: `This git is too old for a partial checkout; 2.27 or later is needed. ${byHand}`,
      link: { title: 'Get git', address: 'https://git-scm.com/downloads' },
    };
  if (/could not read Username|repository .*not (?:found|exported)|not found/i.test(output))
    return { message: `${page} is not there any more, or asks for a name and password. ${byHand}`, link: zip };
  const said =
    lines.at(-1) ??
    output
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ??
    '';
  return { message: `git failed (${status}): ${sentence(said)} ${byHand}`, link: zip };
}

/** What git says has no full stop where more is to follow. */
function sentence(said: string): string {
  const text = said.replace(/^(?:fatal|error): /, '');
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The checkout itself is damaged, as after a run that was killed: a new one is quicker than a repair. */
export function isDamaged({ status, output }: GitResult & { readonly kind: 'failed' }): boolean {
  const words =
    /not a git repository|\.lock': File exists|bad object|corrupt|loose object|unable to read (?:tree|sha1)|invalid (?:sha1|object)|bad (?:tree|index|config|signature)|index file|not a valid object/i;
  return status !== undefined && words.test(output);
}
