/** What is linted once though several names lead to it, with the paths of both systems. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { createRealFiles } from '../../host/index.ts';
import { eachOnce } from './plan.ts';

interface Case {
  readonly name: string;
  readonly flavour: path.PlatformPath;
  /** A name that leads elsewhere: a link, and what it stands for. */
  readonly links: Readonly<Record<string, string>>;
  readonly drivers: readonly string[];
  readonly kept: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'without links', flavour: path.posix, links: {}, drivers: ['/d/a.c /d/b.c'], kept: ['/d/a.c /d/b.c'] },
  {
    name: 'a link beside its file, which comes behind it',
    flavour: path.posix,
    links: { '/d/a.c': '/d/b.c' },
    drivers: ['/d/a.c /d/b.c /d/c.c'],
    kept: ['/d/b.c /d/c.c'],
  },
  {
    name: 'two links to a file elsewhere',
    flavour: path.posix,
    links: { '/d/a.c': '/x/b.c', '/d/b.c': '/x/b.c' },
    drivers: ['/d/a.c /d/b.c'],
    kept: ['/d/a.c'],
  },
  {
    name: 'a file that two drivers link to',
    flavour: path.posix,
    links: { '/d/x.c': '/x/x.c', '/e/x.c': '/x/x.c' },
    drivers: ['/d/a.c /d/x.c', '/e/a.c /e/x.c'],
    kept: ['/d/a.c /d/x.c', '/e/a.c /e/x.c'],
  },
  {
    name: 'a linked folder, named before the one that it leads to',
    flavour: path.posix,
    links: { '/link': '/d' },
    drivers: ['/link/a.c /link/b.c', '/d/a.c /d/b.c'],
    kept: ['/d/a.c /d/b.c'],
  },
  {
    name: 'a junction, in another case',
    flavour: path.win32,
    links: { 'C:\\link': 'c:\\D' },
    drivers: ['C:\\d\\A.c', 'C:\\link\\a.c'],
    kept: ['C:\\d\\A.c'],
  },
  {
    name: 'all below a link',
    flavour: path.win32,
    links: { 'C:\\link': 'C:\\d' },
    drivers: ['C:\\link\\a.c C:\\link\\b.c'],
    kept: ['C:\\link\\a.c C:\\link\\b.c'],
  },
];

for (const { name, flavour, links, drivers, kept } of cases)
  test(`each file once: ${name}`, () => {
    const resolve = (file: string): string => {
      for (const [link, target] of Object.entries(links))
        if (file === link || file.startsWith(`${link}${flavour.sep}`)) return target + file.slice(link.length);
      return file;
    };
    const found = eachOnce(
      drivers.map((files) => files.split(' ')),
      createRealFiles(flavour, resolve),
    );
    assert.deepEqual(
      found.map((files) => files.join(' ')),
      kept,
    );
  });

test('a file that cannot be looked at is known by its name', () => {
  const { keyOf, isLink } = createRealFiles(path.posix, () => {
    throw new Error('ENOENT');
  });
  assert.deepEqual([keyOf('/d/gone.c'), isLink('/d/gone.c')], ['/d/gone.c', false]);
});
