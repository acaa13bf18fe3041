/** The steps with a real git on a repository of this machine, what is read of its progress, and what people are advised. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { adviceFor, cloneSteps, type GitStep, progressOf, runGit, updateSteps } from './git.ts';

const root = process.env['WSK_ROOT'] ?? '.';

async function run(steps: readonly GitStep[], signal = new AbortController().signal): Promise<void> {
  for (const step of steps) {
    const result = await runGit(step, { program: 'git', signal, onProgress: () => undefined });
    assert.equal(result.kind, 'done', `${step.title}: ${JSON.stringify(result)}`);
  }
}

test('a checkout has the wanted folders only, and is brought up to date', { timeout: 60_000 }, async (t) => {
  if (spawnSync('git', ['--version']).error !== undefined) {
    t.skip('git is not installed');
    return;
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
  put('other/b.md', 'left out\n');
  const checkout = { url: pathToFileURL(origin).href, folders: ['content'] };
  const target = path.join(folder, 'with space', 'clone');
  await run(cloneSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/a.md'), 'utf8'), 'one\n');
  assert.ok(!existsSync(path.join(target, 'other')));
  put('content/a.md', 'two\n');
  writeFileSync(path.join(target, 'content/a.md'), 'changed by somebody\n');
  await run(updateSteps(checkout, target));
  assert.equal(readFileSync(path.join(target, 'content/a.md'), 'utf8'), 'two\n');
});

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
  [128, 'x\nfatal: something else\n', /git failed \(128\): fatal: something else .*ZIP/],
] as const) {
  test(`advice on ${output}`, () => assert.match(adviceFor({ kind: 'failed', status, output }, url).message, advice));
}
