/** The steps with a real git on a repository of this machine, what is read of its progress, and what people are advised. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { adviceFor, cloneSteps, type GitStep, isDamaged, progressOf, runGit, updateSteps } from './git.ts';

const root = process.env['WSK_ROOT'] ?? '.';

async function run(steps: readonly GitStep[], signal = new AbortController().signal): Promise<void> {
  for (const step of steps) {
    const result = await runGit(step, { program: 'git', signal, onProgress: () => undefined });
    assert.equal(result.kind, 'done', `${step.title}: ${JSON.stringify(result)}`);
  }
}

/** A repository of two folders, to which files can be put; undefined where there is no git. */
function repository(
  t: TestContext,
): { readonly origin: string; readonly put: (name: string, text: string) => void } | undefined {
  if (spawnSync('git', ['--version']).error !== undefined) {
    t.skip('git is not installed');
    return undefined;
  }
  const folder = mkdtempSync(path.join(root, 'build/git-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const origin = path.join(folder, 'origin');
  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...who, '-C', origin, ...args], { encoding: 'utf8' });
    assert.equal(status, 0, `${args.join(' ')}\n${stderr}`);
  };
  const put = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(origin, name)), { recursive: true });
    writeFileSync(path.join(origin, name), text);
    git('add', '.');
    git('commit', '-q', '-m', name);
  };
  mkdirSync(origin);
  git('init', '-q');
  git('config', 'uploadpack.allowFilter', 'true');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  put('content/a.md', 'one\n');
  put('content/deep/er/c.md', 'three\n');
  put('other/b.md', 'left out\n');
  return { origin, put };
}

test('a checkout has the wanted folders only, and is brought up to date', { timeout: 60_000 }, async (t) => {
  const made = repository(t);
  if (made === undefined) return;
  const { origin, put } = made;
  const checkout = { url: pathToFileURL(origin).href, folders: ['content'] };
  const target = path.join(origin, '../with space', 'clone');
  await run(cloneSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/a.md'), 'utf8'), 'one\n');
  assert.equal(readFileSync(path.join(target, 'content/deep/er/c.md'), 'utf8'), 'three\n');
  assert.ok(!existsSync(path.join(target, 'other')));
  put('content/a.md', 'two\n');
  writeFileSync(path.join(target, 'content/a.md'), 'changed by somebody\n');
  await run(updateSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/a.md'), 'utf8'), 'two\n');
});

test('a checkout that a killed run has damaged is known as such, and no other one is touched', {
  timeout: 60_000,
}, async (t) => {
  const made = repository(t);
  if (made === undefined) return;
  const checkout = { url: pathToFileURL(made.origin).href, folders: ['content'] };
  // A folder of somebody's own work, as a home that is under git.
  const outer = path.join(path.dirname(made.origin), 'outer');
  const own = path.join(outer, 'own.txt');
  mkdirSync(outer);
  spawnSync('git', ['init', '-q', outer]);
  spawnSync('git', ['-C', outer, 'remote', 'add', 'origin', checkout.url]);
  writeFileSync(own, 'mine\n');
  spawnSync('git', ['-C', outer, 'add', '.']);
  const target = path.join(outer, 'clone');
  const failure = async (): Promise<boolean> => {
    for (const step of updateSteps(checkout, target)) {
      const result = await runGit(step, {
        program: 'git',
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      if (result.kind === 'failed') return isDamaged(result);
    }
    throw new Error('the update worked');
  };
  for (const [file, text] of [
    ['.git/index.lock', ''],
    ['.git/index', 'no index'],
    ['.git/HEAD', undefined],
  ] as const) {
    rmSync(target, { recursive: true, force: true });
    await run(cloneSteps(checkout, target));
    if (text === undefined) rmSync(path.join(target, file));
    else writeFileSync(path.join(target, file), text);
    assert.ok(await failure(), file);
    assert.equal(readFileSync(own, 'utf8'), 'mine\n', file);
  }
  // A server that cannot be reached says nothing of the checkout.
  rmSync(target, { recursive: true, force: true });
  await run(cloneSteps(checkout, target));
  rmSync(made.origin, { recursive: true, force: true });
  assert.ok(!(await failure()));
});

test('over the network: without history and without the text of files that nobody looks at', {
  timeout: 60_000,
}, async (t) => {
  const made = repository(t);
  if (made === undefined) return;
  const port = await freePort();
  const base = path.dirname(made.origin);
  const daemon = spawn(
    'git',
    ['daemon', '--listen=127.0.0.1', `--port=${port}`, '--export-all', `--base-path=${base}`, base],
    {
      stdio: 'ignore',
      detached: true,
    },
  );
  const stop = (): void => {
    // The daemon is a child of the git that was started: its group ends with it.
    if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    if (process.platform === 'win32') daemon.kill();
    else process.kill(-daemon.pid);
  };
  t.after(stop);
  if (!(await answers(port))) {
    t.skip('this git has no daemon');
    return;
  }
  const checkout = { url: `git://127.0.0.1:${port}/origin`, folders: ['content'] };
  const target = path.join(base, 'clone');
  await run(cloneSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/deep/er/c.md'), 'utf8'), 'three\n');
  assert.ok(!existsSync(path.join(target, 'other')));
  const told = (...args: readonly string[]): string =>
    spawnSync('git', ['-C', target, ...args], { encoding: 'utf8' }).stdout.trim();
  assert.equal(told('rev-list', '--count', 'HEAD'), '1');
  const missing = told('rev-list', '--objects', '--all', '--missing=print');
  assert.equal([...missing.matchAll(/^\?/gm)].length, 1, missing);
  made.put('content/new.md', 'new\n');
  await run(updateSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/new.md'), 'utf8'), 'new\n');

  // A repository that is gone, and a server that is.
  const failed = async (url: string): Promise<string> => {
    const [step] = cloneSteps({ url, folders: [] }, path.join(base, 'none'));
    assert.ok(step);
    const result = await runGit(step, {
      program: 'git',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    assert.equal(result.kind, 'failed');
    return result.kind === 'failed' ? adviceFor(result, url).message : '';
  };
  stop();
  await new Promise((closed) => daemon.once('exit', closed));
  assert.match(await failed(checkout.url), /can't be reached\. Check the network/);
});

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Whether somebody listens there within two seconds or so. */
async function answers(port: number): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    const isThere = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
    if (isThere) return true;
    await new Promise((resume) => setTimeout(resume, 50));
  }
  return false;
}

test('a program that is not there, and a run that is stopped', async () => {
  const step = { title: 'x', arguments: ['--version'] };
  const options = { signal: new AbortController().signal, onProgress: () => undefined };
  const missing = await runGit(step, { ...options, program: '/nowhere/git' });
  assert.ok(missing.kind === 'failed' && missing.status === undefined);
  const stop = new AbortController();
  const waiting = runGit(
    { title: 'x', arguments: ['-e', 'setTimeout(() => 0, 60000)'] },
    { ...options, program: process.execPath, signal: stop.signal },
  );
  stop.abort();
  assert.equal((await waiting).kind, 'cancelled');
  assert.equal((await runGit(step, { ...options, program: 'git', signal: stop.signal })).kind, 'cancelled');
});

for (const [text, expected] of [
  ['\rReceiving objects:   7% (1/14)\rReceiving objects:  45% (6/14), 1.2 MiB | 3 MiB/s', 'Receiving objects 45 %'],
  ['Updating files: 100% (24357/24357), done.\n', 'Updating files 100 %'],
  ['remote: Enumerating objects: 5, done.\n', undefined],
] as const) {
  test(`progress in ${JSON.stringify(text)}`, () => assert.equal(progressOf(text), expected));
}

const url = 'https://github.com/MicrosoftDocs/windows-driver-docs-ddi.git';
for (const [status, output, advice] of [
  [undefined, 'Error: spawn git ENOENT', /git could not be started\. Install it/],
  [
    128,
    "fatal: unable to access 'https://github.com/': Could not resolve host: github.com",
    /can't be reached\. Check the network\. Behind/,
  ],
  [
    128,
    "fatal: unable to access 'https://github.com/': SSL certificate problem: self-signed certificate",
    /does not trust the certificate/,
  ],
  [128, 'fatal: write error: No space left on device', /The disk is full/],
  [1, "git: 'sparse-checkout' is not a git command. See 'git --help'.", /too old/],
  [129, 'error: unknown option `sparse`', /too old/],
  [128, "fatal: could not read Username for 'https://github.com': terminal prompts disabled", /is not there any more/],
  [128, 'remote: Repository not found.\nfatal: repository not found', /is not there any more/],
  [128, 'error: RPC failed; curl 56 GnuTLS recv error\nfatal: early EOF', /can't be reached\. Check the network/],
  [128, 'fatal: could not fetch 1a2b from promisor remote', /can't be reached/],
  [128, 'x\nfatal: something else\n', /git failed \(128\): something else\. Or download .*ZIP/],
  [
    128,
    "Cloning into 'D:/docs.partial'...\nfatal: could not create work tree dir 'D:/docs.partial': Permission denied\n",
    /can't be written: could not create work tree dir 'D:\/docs\.partial': Permission denied\. Make it writable/,
  ],
] as const) {
  test(`advice on ${output}`, () => assert.match(adviceFor({ kind: 'failed', status, output }, url).message, advice));
}
