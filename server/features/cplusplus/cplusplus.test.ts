import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { type SourceFile, sourceFile } from '../../../base/source.ts';
import { bundledHeader, catalog, root, withHeaders } from '../../../catalog/testing/reading.ts';
import { createHeaderCache } from '../../../cfront/header-cache.ts';
import type { Link } from '../../../cfront/preprocess/chain.ts';
import { assertSameUnit } from '../../../cfront/testing/same-unit.ts';
import type { IncludeResult, TranslationUnit } from '../../../cfront/unit.ts';
import { parseMarkers } from '../../../test/support/markers.ts';
import { lint } from '../../lint/lint.ts';
import type { Analysis } from '../analysis.ts';
import { complete } from '../completion.ts';
import { definitions } from '../definition.ts';
import { hover } from '../hover.ts';
import { semanticTokens } from '../semantic-tokens.ts';
import { signatureHelp } from '../signature-help.ts';
import { documentSymbols } from '../symbols.ts';
import { cView } from './c-view.ts';
import { createCplusplusReader } from './parse.ts';
import { holdsInCplusplus } from './rules.ts';

const driver = readFileSync(join(root, 'server/features/cplusplus/fixtures/driver.cpp'), 'utf8');

function analyse(text: string, headers: Readonly<Record<string, string>> = {}): Analysis {
  const own = new Map<string, SourceFile>(Object.entries(headers).map(([name, t]) => [name, sourceFile(name, t)]));
  const include = ({ name }: { readonly name: string }): IncludeResult => {
    const found = own.get(name);
    return found === undefined ? bundledHeader(name) : { kind: 'found', file: found, isSystem: false };
  };
  return { unit: createCplusplusReader().read(sourceFile('driver.cpp', text), { ...withHeaders, include }), catalog };
}

/** Rule and marked text of what is reported in C++. */
function findingsIn(text: string): readonly string[] {
  const { unit } = analyse(text);
  assert.deepEqual(unit.problems, []);
  return lint([unit], catalog)
    .findings.filter(({ rule }) => holdsInCplusplus(rule))
    .map(({ rule, span }) => `${rule}: ${unit.file.text.slice(span.start, span.end)}`);
}

/** Labels at the cursor that replaces a text of the driver. */
function labels(before: string, after: string): readonly string[] {
  assert.ok(driver.includes(before), before);
  const [file] = parseMarkers(driver.replace(before, () => after));
  const offset = [...(file?.cursors.values() ?? [])][0] ?? 0;
  const { items } = complete(analyse(file?.text ?? ''), offset, { trigger: 'person' });
  return items.toSorted((a, b) => a.rank - b.rank).map(({ label }) => label);
}

test('the view has the places of the original', () => {
  const lines = (text: string): readonly number[] => [...text.matchAll(/\n/g)].map((m) => m.index);
  for (let end = 0; end <= driver.length; end += 37) {
    const text = driver.slice(0, end);
    const view = cView(text).text;
    assert.equal(view.length, text.length, String(end));
    assert.deepEqual(lines(view), lines(text), String(end));
  }
});

test('members behind C++ casts', () => {
  const head = '#include <ntddk.h>\n#include <wsk.h>\nvoid f(PWSK_SOCKET s) {\n';
  for (const expression of [
    'static_cast<PWSK_PROVIDER_LISTEN_DISPATCH>(s->Dispatch)->',
    'reinterpret_cast<const WSK_PROVIDER_LISTEN_DISPATCH *>(s->Dispatch)->',
    'auto d = (PWSK_PROVIDER_LISTEN_DISPATCH)s->Dispatch; d->',
    'auto *d = static_cast<const WSK_PROVIDER_LISTEN_DISPATCH *>(s->Dispatch); d->',
  ]) {
    for (const rest of [';\n}\n', '\n}\n']) {
      const analysis = analyse(`${head}  ${expression}${rest}`);
      const { items } = complete(analysis, head.length + 2 + expression.length, { trigger: 'person' });
      assert.ok(items.some(({ label }) => label === 'WskAccept') && items.length === 6, expression + rest);
    }
  }
});

test('half-typed C++ is read without an exception', () => {
  for (let end = 100; end <= driver.length; end += 611) analyse(driver.slice(0, end));
  for (const text of [
    '}}}',
    '{{{',
    'class',
    'template <',
    'class A : public B {',
    'using X =',
    '[[',
    '[&](',
    'R"(',
    '::',
    'a::b::',
    'for (auto x :',
    'operator',
    '~A()',
    'A::A() : b(1), c{2} {',
    'static_cast<',
    `${'namespace a { '.repeat(300)}`,
    `${'class a { '.repeat(300)}`,
    `${'['.repeat(300)}`,
  ]) {
    analyse(text);
  }
});

test('calls in classes, templates, lambdas and extern "C": hover and signature help', () => {
  const analysis = analyse(driver);
  const { text } = analysis.unit.file;
  for (const name of [
    'WskSocket',
    'WskSend',
    'WskCloseSocket',
    'WskControlClient',
    'WskRegister',
    'IoAllocateIrp',
    'IoSetCompletionRoutine',
  ]) {
    let count = 0;
    for (let at = text.indexOf(`${name}(`); at >= 0; at = text.indexOf(`${name}(`, at + 1)) {
      count++;
      assert.match(hover(analysis, at + 3)?.markdown ?? '', /IRQL/, `${name} at ${at}`);
      assert.match(
        signatureHelp(analysis, at + name.length + 1)?.label ?? '',
        new RegExp(`${name}\\(`),
        `${name} at ${at}`,
      );
    }
    assert.ok(count > 0, name);
  }
});

test('completion: members and arguments', () => {
  assert.deepEqual(labels('npi->Dispatch->WskSocket(', 'npi->Dispatch->/*$*/WskSocket(').slice(0, 2), [
    'WskSocket',
    'WskSocketConnect',
  ]);
  assert.ok(labels('dispatch->WskSend', 'dispatch->/*$*/').includes('WskReceive'));
  assert.equal(labels('irp_->IoStatus', 'irp_->/*$*/')[0], 'Type');
  assert.deepEqual(labels('holder.irp()->IoStatus.Information', 'holder.irp()->IoStatus./*$*/').slice(0, 1), [
    'Status',
  ]);
  assert.ok(labels('WskSend(socket_, buffer, flags', 'WskSend(socket_, buffer, /*$*/').includes('WSK_FLAG_NODELAY'));
  const stream = 'WSK_FLAG_CONNECTION_SOCKET, nullptr';
  assert.equal(labels(stream, '/*$*/')[0], 'WSK_FLAG_LISTEN_SOCKET');
  assert.deepEqual(labels('WSK_FLAG_DATAGRAM_SOCKET, nullptr', '/*$*/').slice(0, 2), [
    'WSK_FLAG_DATAGRAM_SOCKET',
    'WSK_FLAG_BASIC_SOCKET',
  ]);
  assert.equal(labels('return STATUS_MORE_PROCESSING_REQUIRED', 'return /*$*/')[0], 'STATUS_MORE_PROCESSING_REQUIRED');
  assert.ok(labels('sizes.sent', 'sizes./*$*/').includes('received'));
});

test('no message about the language, and arguments are checked', () => {
  assert.deepEqual(findingsIn(driver), []);
  const wrong = (before: string, after: string): readonly string[] => {
    assert.ok(driver.includes(before), before);
    return findingsIn(driver.replace(before, () => after)).map((text) => text.split(':')[0] ?? '');
  };
  assert.deepEqual(wrong('WskCloseSocket(socket_, holder.irp())', 'WskCloseSocket(socket_, nullptr)'), ['irp-missing']);
  assert.deepEqual(wrong('irp_(IoAllocateIrp(1, FALSE))', 'irp_(IoAllocateIrp(0, FALSE))'), ['irp-stack-size']);
  assert.deepEqual(
    wrong(
      'WSK_FLAG_DATAGRAM_SOCKET, nullptr,\n            nullptr',
      'WSK_FLAG_BASIC_SOCKET, nullptr,\n            &g_dispatch',
    ),
    ['basic-socket-dispatch'],
  );
});

test('arguments are checked where a class converts itself to another one', () => {
  const wrapped = `#include <ntddk.h>
#include <wsk.h>
class Wrapper { public: ~Wrapper(); Wrapper(ULONG n); operator PIRP() const { return irp_; } PIRP irp_; };
NTSTATUS f(Wrapper &irp, PSOCKADDR peer, PWSK_SOCKET s) {
  auto d = static_cast<const WSK_PROVIDER_CONNECTION_DISPATCH *>(s->Dispatch);
  return d->WskConnect(s, peer, 7, irp);
}
`;
  assert.deepEqual(findingsIn(wrapped), ['reserved-flags: 7']);
  const wrapper = documentSymbols(analyse(wrapped)).find(({ name }) => name === 'Wrapper');
  assert.deepEqual(
    wrapper?.children.slice(0, 2).map(({ detail }) => detail),
    ['~Wrapper()', 'Wrapper(ULONG n)'],
  );
});

test('a header of classes: what it declares is known, and places in it are right', () => {
  const header =
    '#pragma once\n#include <wsk.h>\nclass Holder {\npublic:\n    PIRP irp() { return irp_; }\nprivate:\n    PIRP irp_;\n};\nNTSTATUS Find(PIRP irp);\n';
  const text =
    '#include <ntddk.h>\n#include "holder.hpp"\nvoid f() {\n    Holder holder;\n    holder.irp()->IoStatus.Status = Find(nullptr);\n}\n';
  const analysis = analyse(text, { 'holder.hpp': header });
  const { items } = complete(analysis, text.indexOf('IoStatus'), { trigger: 'person' });
  assert.ok(items.some(({ label }) => label === 'IoStatus'));
  const [place] = definitions(analysis, text.indexOf('Find(') + 1).spans;
  assert.equal(place?.file.path, 'holder.hpp');
  const lineStart = place?.file.lineStarts[8] ?? -1;
  assert.equal((place?.start ?? 0) - lineStart, 'NTSTATUS '.length);
});

test('headers of classes that include each other are read once each, whatever guards them', () => {
  const guards = [
    ['#pragma once\n', ''],
    ['#ifndef OWN_GUARD\n#define OWN_GUARD\n', '#endif\n'],
  ] as const;
  for (const [opening, end] of guards) {
    const header = (name: string, other: string, member: string): string =>
      `${opening.replaceAll('OWN', name)}#include "${other}.h"\nclass ${name} { public: ${member}; void Do() {} };\n${end}`;
    const { unit } = analyse('#include "Box.h"\nvoid f() { int n = box_; n = holder_; }\n', {
      'Box.h': header('Box', 'Holder', 'int box_'),
      'Holder.h': header('Holder', 'Box', 'int holder_'),
    });
    const direct = unit.includes.filter(({ isDirect }) => isDirect);
    assert.deepEqual(
      direct.map(({ name }) => name),
      ['Box.h'],
      opening,
    );
    // In each of them once for its text, and once for what C must know before that.
    assert.equal(unit.includes.filter(({ name }) => /^(?:Box|Holder)\.h$/.test(name)).length, 5, opening);
    assert.deepEqual(
      ['box_', 'holder_', 'Do'].map((name) => unit.symbols.get(name)?.kind),
      ['variable', 'variable', 'function'],
    );
  }
});

test('coloured are words as they are written, and what the class has is not the system’s', () => {
  const analysis = analyse(`#include <wsk.h>
template <typename T> class unique { public: explicit unique(T *p) noexcept : p_{p} {} ~unique() { ExFreePool(p_); } T *p_ = nullptr; };
class Irp { public: Irp() : irp_(IoAllocateIrp(1, FALSE)) {} operator PIRP() const { return irp_; }
  NTSTATUS wait(NTSTATUS s) { auto st = true ? s : this->irp_->IoStatus.Status; return st; } PIRP irp_; };
`);
  const { text } = analysis.unit.file;
  const words = semanticTokens(analysis).map(({ start, end, modifiers }) => {
    assert.doesNotMatch(text.charAt(start - 1) + text.charAt(end), /\w/, text.slice(start - 5, end + 5));
    return `${text.slice(start, end)}${modifiers.includes('defaultLibrary') ? '+' : ''}`;
  });
  for (const wanted of ['IoAllocateIrp+', 'NTSTATUS+', 'IoStatus+', 'irp_', 'wait', 'FALSE+']) {
    assert.ok(words.includes(wanted), `${wanted} in ${words.join(' ')}`);
  }
  for (const other of ['this', 'auto', 'operator', 'true', 'nullptr', 'irp_+', 'this+', 'auto+']) {
    assert.ok(!words.includes(other), `${other} in ${words.join(' ')}`);
  }
});

test('constructors, destructors and operators have the names that are written, and references are what they refer to', () => {
  const analysis = analyse(`#include <wsk.h>
class Socket { public: explicit Socket(const WSK_PROVIDER_NPI &npi) : npi_(npi) {} ~Socket() { Close(); }
  LONG operator==(const Socket &other) const { return this == &other; }
  NTSTATUS Close() { return npi_.Dispatch->WskSocket(npi_.Client, AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, 0, 0, 0, 0, 0, irp_); }
  const WSK_PROVIDER_NPI &npi_; PIRP irp_ = nullptr; };
`);
  const names = documentSymbols(analysis)
    .flatMap(({ children }) => children)
    .map(({ name, detail }) => (detail.includes('(') ? detail : name));
  assert.deepEqual(names, [
    'Socket(const WSK_PROVIDER_NPI npi)',
    '~Socket()',
    'operator==(const Socket other)',
    'NTSTATUS Close()',
    'npi_',
    'irp_',
  ]);
  const { text } = analysis.unit.file;
  const { items } = complete(analysis, text.indexOf('Close(); }'), { trigger: 'person' });
  assert.deepEqual(
    items.filter(({ label }) => /^(?:\W|operator)/.test(label)),
    [],
  );
  assert.ok(items.some(({ label }) => label === 'Close'));
  assert.match(hover(analysis, text.indexOf('WskSocket(npi_.') + 1)?.markdown ?? '', /NTSTATUS WskSocket\(/);
});

test('a name is whole however short the class is, and whatever stands before it', () => {
  const analysis = analyse(`#include <wsk.h>
class Irp { public: Irp(); ~Irp() {} PIRP irp_; };
class Page { public: explicit Page(ULONG size); ~Page(); };
Irp::Irp() : irp_(nullptr) {}
Page::Page(ULONG size) { (void)size; }
net::Page::~Page() {}
`);
  assert.deepEqual(
    documentSymbols(analysis)
      .filter(({ kind }) => kind === 'function')
      .map(({ detail }) => detail),
    ['Irp::Irp()', 'Page::Page(ULONG size)', 'net::Page::~Page()'],
  );
});

test('of what only our view has, nothing is told', () => {
  const header = '#pragma once\n#include <wsk.h>\nclass Box { public: int Close(); PIRP irp_; };\n';
  const analysis = analyse(
    `#include <ntddk.h>
#include "box.hpp"
template <typename T> class Holder { public: explicit Holder(T *p) : p_(p) {} ~Holder() {} T *p_; };
static void f(PIRP one) {
  auto box = Box(); Holder<IRP> holder(one); Box other(one, sizeof(*one));
  box = other; other.Close(); other.irp_ = one;
}
`,
    { 'box.hpp': header },
  );
  const { text } = analysis.unit.file;
  const told = (word: string, from = 0): string | undefined => hover(analysis, text.indexOf(word, from) + 1)?.markdown;
  for (const word of ['Holder {', 'Holder(T', '~Holder', 'T *p_', 'auto', 'Box()', 'Close();', 'irp_ = '])
    assert.equal(told(word), undefined, word);
  assert.match(told('holder(one)') ?? '', /^```c\nHolder holder\n/);
  assert.match(told('other(one') ?? '', /^```c\nBox other\n/);
  assert.deepEqual(definitions(analysis, text.indexOf('Box()') + 1).spans, []);
});

test('behind this, the members of the method’s class', () => {
  const analysis = (body: string): readonly string[] => {
    const text = `#include <wsk.h>
class Irp { public: Irp(); NTSTATUS Wait() { ${body.startsWith('Wait') ? body.slice(4) : ''} } PIRP irp_; };
class Socket { public: void Close(); PWSK_SOCKET socket_; };
Irp::Irp() { ${body.startsWith('Irp') ? body.slice(3) : ''} }
void net::Socket::Close() { ${body.startsWith('Close') ? body.slice(5) : ''} }
`;
    const offset = text.indexOf('this->') + 6;
    return complete(analyse(text), offset, { trigger: 'person' }).items.map(({ label }) => label);
  };
  for (const rest of ['this->', 'this->i', 'this->;', 'NTSTATUS s = this->']) {
    assert.deepEqual(analysis(`Wait${rest}`), ['irp_', 'Wait'], rest);
    assert.deepEqual(analysis(`Irp${rest}`), ['irp_', 'Wait'], rest);
    assert.deepEqual(analysis(`Close${rest}`), ['socket_', 'Close'], rest);
  }
});

/** A reader as an editor has one, and its headers. */
function typist() {
  const reader = createCplusplusReader();
  const headers = createHeaderCache();
  const linksFrom = (links: readonly Link[]): number =>
    links.reduce((count, { node }) => count + 1 + linksFrom(node.links), 0);
  return {
    read: (text: string): TranslationUnit => reader.read(sourceFile('driver.cpp', text), { ...withHeaders, headers }),
    /** Stretches of headers that have been read. */
    stretches: (): number => [...headers.roots.values()].reduce((count, { links }) => count + linksFrom(links), 0),
  };
}

function readAfresh(text: string): TranslationUnit {
  return createCplusplusReader().read(sourceFile('driver.cpp', text), withHeaders);
}

test('typing: the same as a fresh reading gives, and headers are read once', () => {
  const { read, stretches } = typist();
  read(driver);
  const before = stretches();
  const inBody = driver.replace('IrpHolder holder;', 'IrpHolder holder; int added = 1;');
  const edits = {
    'in a body': inBody,
    'a brace too few': inBody.replace('return status;\n    }', 'return status;\n'),
    'what only C++ has': driver.replace('IrpHolder holder;', 'auto f = [&](int n) { return n; }; IrpHolder holder;'),
  };
  for (const [title, text] of Object.entries(edits)) assertSameUnit(read(text), readAfresh(text), title);
  assert.equal(stretches(), before);
  // The headers stand before the classes; what is known of these takes the place of what was.
  const member = driver.replace('    KEVENT event_;', '    KEVENT event_; LONG Count;');
  assertSameUnit(read(member), readAfresh(member), 'a member more');
  assert.equal(stretches(), before);
});

test('typing in C++ that is almost C has one body read again', () => {
  const { read } = typist();
  const text = `#include <ntddk.h>
extern "C" DRIVER_INITIALIZE DriverEntry;
static LONG First(LONG n) { return n + 1; }
extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  auto *object = static_cast<PDRIVER_OBJECT>(driver);
  UNREFERENCED_PARAMETER(path);
  return First(0) == 1 && object != nullptr ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
`;
  const [first] = read(text).functions.filter(({ symbol }) => symbol.name === 'First');
  for (const typed of [' (void)0;', ' auto status = STATUS_SUCCESS;', ' LONG n{1};']) {
    const changed = text.replace('UNREFERENCED_PARAMETER(path);', `UNREFERENCED_PARAMETER(path);${typed}`);
    const unit = read(changed);
    assert.ok(first !== undefined && unit.functions.includes(first), typed);
    assert.equal(unit.file.text, changed);
    assertSameUnit(unit, readAfresh(changed), typed);
  }
});

const scoped = `#include <ntddk.h>
#include "own.hpp"
namespace a { inline namespace v1 { enum class Color { Red, Green }; } }
namespace { int hidden; }
namespace a::b {
class Link final {
public:
  Link() : irp_(nullptr) {}
  ~Link() {}
  bool Send(bool now = true);
  enum Mode { Slow };
  struct Part { int x; };
private:
  PIRP irp_;
};
bool Link::Send(bool now) { return now; }
int counter;
}
template <typename T> class Box { T *what_; };
extern "C" { int Plain() { return 0; } }
`;
const ownHeader = '#pragma once\nnamespace a { class FromHeader { int member_; }; int shared; }\n';

test('the outline has the parts of namespaces and classes below them', () => {
  const { unit } = analyse(scoped, { 'own.hpp': ownHeader });
  const names = (symbols: ReturnType<typeof documentSymbols>): readonly string[] =>
    symbols.map(
      ({ kind, name, children }) => `${kind} ${name}${children.length === 0 ? '' : ` (${names(children).join(', ')})`}`,
    );
  assert.deepEqual(names(documentSymbols({ unit, catalog })), [
    'namespace a (namespace v1 (enum Color (enum-member Red, enum-member Green)))',
    'namespace (anonymous namespace) (variable hidden)',
    'namespace a (namespace b (class Link (method Link, method ~Link, method Send, enum Mode (enum-member Slow), struct Part (field x), field irp_), function Link::Send, variable counter))',
    'class Box (field what_)',
    'function Plain',
  ]);
  const [, , a] = documentSymbols({ unit, catalog });
  assert.equal(a?.children[0]?.children[1]?.detail, 'bool Link::Send(bool now)');
  const all = (symbols: ReturnType<typeof documentSymbols>): ReturnType<typeof documentSymbols> =>
    symbols.flatMap((symbol) => [symbol, ...all(symbol.children)]);
  for (const { name, span, nameSpan, children } of all(documentSymbols({ unit, catalog }))) {
    assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end, name);
    for (const child of children) assert.ok(span.start <= child.span.start && child.span.end <= span.end, child.name);
  }
});

test('behind a name and `::` stand the names of that scope, and of what is not known none', () => {
  const cases: [string, readonly string[]][] = [
    ['a::', ['FromHeader', 'b', 'shared', 'v1']],
    ['b::', ['Link', 'counter']],
    ['a::b::', ['Link', 'counter']],
    ['a::b::Link::', ['Mode', 'Part', 'Send', 'Slow', 'irp_']],
    ['a::b::Link::Se', ['Mode', 'Part', 'Send', 'Slow', 'irp_']],
    ['Box<int>::', ['what_']],
    ['Color::', ['Green', 'Red']],
    ['std::', []],
  ];
  for (const [typed, expected] of cases) {
    const text = scoped.replace('return 0;', `${typed}; return 0;`);
    const offset = text.indexOf(`${typed}; return`) + typed.length;
    const { items } = complete(analyse(text, { 'own.hpp': ownHeader }), offset, { trigger: 'person' });
    assert.deepEqual(items.map(({ label }) => label).toSorted(), expected, typed);
  }
  const text = scoped.replace('return 0;', 'return ::;');
  const { items } = complete(analyse(text, { 'own.hpp': ownHeader }), text.indexOf('::;') + 2, { trigger: 'person' });
  assert.ok(items.some(({ label }) => label === 'Plain'));
});
