/**
 * The catalog against Microsoft's documentation: same names, same parameters in the same order, same IRQL, same members.
 *
 * The corpus (../shared/docs-corpus) is read in place by the docs parser. Each difference is in one of the tables below
 * with its reason, and a table entry that no longer differs fails the test.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { DocPage } from './docs/page.ts';
import { readDocPage } from './docs/read.ts';
import type { ApiFacts } from './model.ts';
import { catalog, data, prototypeOf, root } from './testing/bundled.ts';

const corpus = join(root, '../shared/docs-corpus');
const skip = existsSync(corpus) ? false : '../shared/docs-corpus is not beside the checkout';
/** Folders whose every page has facts, then the one of which the catalog covers a part. */
const whole = ['wsk', 'd4drvif', 'netioddk'];

/** UID or page, and why catalog and page differ there. */
const differences = {
  irql: new Map([
    ['NC:wsk.PFN_WSK_SEND_MESSAGES', 'the page says none; it is called like WskSendTo, whose level is taken'],
    ['NC:wdm.DRIVER_DISPATCH', 'the page means the top of a stack; the level below is in its remarks'],
    ['NF:wdm.DbgPrint', 'no annotation stands for DIRQL, so the headers say nothing lower than HIGH_LEVEL'],
    ['NF:wdm.DbgPrintEx', 'no annotation stands for DIRQL, so the headers say nothing lower than HIGH_LEVEL'],
    ['NF:wdm.IoSetCancelRoutine', 'DISPATCH_LEVEL is for callers that hold the cancel spin lock'],
    ['NF:wdm.KeReleaseSpinLockFromDpcLevel~r1', 'above DISPATCH_LEVEL is allowed as for its acquire'],
  ]),
  facts: new Map([['NE:wdm._IO_PRIORITY_HINT', 'no bundled header has it']]),
  members: new Map<string, string>(),
  categories: new Map([
    [
      'conceptual/network/sio-wsk-query-inspect-id.md',
      'it is for accepted sockets; the page names the listening one in passing',
    ],
  ]),
  values: new Map([['NC:wsk.PFN_WSK_SOCKET_CONNECT', 'it makes a connection socket, which is SOCK_STREAM only']]),
};

describe('catalog against documentation', { skip }, () => {
  const pages = skip === false ? readPages() : [];
  const api = pages.filter((p) => p.uid !== undefined && p.kind !== 'index' && !p.path.startsWith('ddi/kernel/'));

  test('there are pages', () => assert.ok(api.length > 90, `${api.length}`));

  test('every page of an API has facts', () => {
    const all = pages.filter((page) => page.uid !== undefined && page.kind !== 'index');
    checkDifferences(differences.facts, all, (page) => (factsOf(page) ? undefined : 'no facts'));
  });
  test('every page that facts name exists in the corpus, where its folder does', () => {
    const uids = new Set(pages.map((page) => page.uid));
    const folders = new RegExp(`^[A-Z]{2}:(?:${whole.join('|')})\\.`);
    const missing = data.facts.filter((f) => f.page && folders.test(f.page) && !uids.has(f.page)).map((f) => f.name);
    assert.deepEqual(missing, []);
  });
  test('the call name, header and minimum OS are those of the page', () => {
    for (const page of api) {
      const facts = factsOf(page);
      if (!facts) continue;
      assert.equal(facts.name, page.callName ?? facts.name, page.uid);
      assert.equal(facts.header, page.header ?? facts.header, page.uid);
      if (page.minimumOs !== undefined)
        assert.ok(page.minimumOs.includes(facts.minimumOs ?? '?'), `${page.uid}: ${page.minimumOs}`);
    }
  });
  test('parameters are those of the page, in its order, in facts and header', () => {
    for (const page of api.filter((p) => p.parameters.length)) {
      const facts = factsOf(page);
      const named = page.parameters.map((p) => p.name);
      if (facts?.parameters)
        assert.deepEqual(
          facts.parameters.map((p) => p.name),
          named,
          page.uid,
        );
      const prototype = facts && prototypeOf(facts.typeName ?? facts.name);
      if (prototype) assert.deepEqual(prototype.parameters, named, page.uid);
    }
  });
  test('directions and options of parameters are those of the page', () => {
    for (const page of api) {
      for (const parameter of page.parameters) {
        const fact = factsOf(page)?.parameters?.find((p) => p.name === parameter.name);
        if (!fact || fact.direction === undefined || parameter.direction === undefined) continue;
        assert.equal(fact.direction, parameter.direction, `${page.uid} ${parameter.name}`);
        if (parameter.optional) assert.ok(fact.optional, `${page.uid} ${parameter.name} is optional`);
      }
    }
  });
  test('members are those of the page', () => {
    checkDifferences(differences.members, api, (page) => {
      const facts = factsOf(page);
      if (!facts?.members || page.fields.length === 0) return undefined;
      const members = facts.members.map((m) => m.name).join(' ');
      const fields = page.fields.map((f) => f.name).join(' ');
      return members === fields ? undefined : `${members} / ${fields}`;
    });
  });
  test('statuses of the page are among those of the facts', () => {
    checkDifferences(new Map(), api, (page) => {
      const named = (page.returns?.codes ?? []).map((c) => c.name).filter((n) => n.startsWith('STATUS_'));
      const missing = named.filter((n) => !factsOf(page)?.returns?.some((r) => r.name === n));
      return missing.length ? missing.join(' ') : undefined;
    });
  });
  test('values of the page are among those of the facts', () => {
    checkDifferences(differences.values, api, (page) => {
      const missing = page.parameters.flatMap((p) => {
        const values = factsOf(page)?.parameters?.find((f) => f.name === p.name)?.values ?? [];
        return p.values.map((v) => v.name).filter((v) => /^[A-Z]+_/.test(v) && !values.includes(v));
      });
      return missing.length ? missing.join(' ') : undefined;
    });
  });
  test('the IRQL is that of the page', () => {
    const callable = pages.filter((page) => ['function', 'macro', 'callback'].includes(page.kind) && factsOf(page));
    checkDifferences(differences.irql, callable, (page) => {
      const irql = factsOf(page)?.irql;
      if (page.irql === undefined && page.path.startsWith('ddi/wsk/')) return 'the page says none';
      // "See remarks" is for people: what they say is in the facts as a condition.
      if (page.irql?.max === undefined) return undefined;
      if (!irql) return `nothing / ${page.irql.text}`;
      const min = page.irql.min === 'PASSIVE_LEVEL' ? undefined : page.irql.min;
      const same = irql.max === page.irql.max && (irql.min === 'PASSIVE_LEVEL' ? undefined : irql.min) === min;
      return same ? undefined : `${irql.min ?? ''}..${irql.max} / ${page.irql.text}`;
    });
  });
  describe('socket options and controls', () => {
    const controls = pages.filter((p) => ['socket-option', 'socket-ioctl', 'client-control'].includes(p.kind));
    const factsOfControl = (page: DocPage): ApiFacts | undefined =>
      catalog.byName(page.names[0] ?? '').find((f) => f.kind === page.kind);

    test('each page has facts that name it', () => {
      assert.equal(controls.length, 28);
      for (const page of controls)
        assert.equal(factsOfControl(page)?.page, page.path.slice('conceptual/'.length, -'.md'.length));
    });
    test('requests, level and returned size are those of the page', () => {
      for (const page of controls) {
        const control = factsOfControl(page)?.control;
        const requests = [...new Set(page.requests.map((r) => r.requestType).filter((r) => r !== undefined))];
        if (requests.length) assert.deepEqual([...(control?.requests ?? [])].sort(), requests.sort(), page.path);
        assert.equal(control?.level, page.requests[0]?.level, page.path);
        const returned = page.requests[0]?.outputSizeReturned === 'NULL' ? 'NULL' : 'non-NULL';
        assert.equal(control?.outputSizeReturned, returned, page.path);
      }
    });
    test('the IRP is needed as the page says', () => {
      for (const page of controls) {
        const uses = new Set(page.irpRules.map((rule) => (rule.use === 'none' ? 'must-be-null' : rule.use)));
        const use = uses.size > 1 ? 'optional' : [...uses][0];
        assert.equal(factsOfControl(page)?.irp?.use, use, page.path);
      }
    });
    test('socket categories are those of the page, and stream where its roles are', () => {
      checkDifferences(differences.categories, controls, (page) => {
        const named = page.appliesTo?.categories ?? [];
        if (named.length === 0) return undefined;
        const isStream = named.includes('listen') || named.includes('connection');
        const expected = [...new Set([...named, ...(isStream ? ['stream'] : [])])].join(' ');
        const ours = factsOfControl(page)?.categories?.join(' ');
        return ours === expected ? undefined : `${ours} / ${expected}`;
      });
    });
  });
});

/** Each page without a difference, or with one that the table lists; each entry of the table with a difference. */
function checkDifferences(
  known: ReadonlyMap<string, string>,
  pages: readonly DocPage[],
  difference: (page: DocPage) => string | undefined,
): void {
  const found = new Map(pages.map((page) => [page.uid ?? page.path, difference(page)]));
  const unknown = [...found].filter(([uid, text]) => text !== undefined && !known.has(uid));
  assert.deepEqual(unknown, [], 'differences without a reason');
  const gone = [...known.keys()].filter((uid) => found.has(uid) && found.get(uid) === undefined);
  assert.deepEqual(gone, [], 'reasons without a difference');
}

function factsOf(page: DocPage): ApiFacts | undefined {
  return data.facts.find((f) => f.page === page.uid);
}

function readPages(): DocPage[] {
  return ['ddi', 'conceptual'].flatMap((top) =>
    readdirSync(join(corpus, top), { recursive: true })
      .map((name) => `${top}/${String(name).replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.md'))
      .sort()
      .map((path) => readDocPage(path, readFileSync(join(corpus, path)))),
  );
}
