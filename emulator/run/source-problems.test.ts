/** Why a driver's source cannot be run: what people read of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import { sourceProblems } from './source-problems.ts';

function messages(files: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): string[] {
  const found = new Map<string, SourceFile>(
    Object.entries(headers).map(([name, text]) => [name, sourceFile(name, text)]),
  );
  const units = Object.entries(files).map(([name, text]) =>
    parseTranslationUnit(sourceFile(name, text), {
      include: (request) => {
        const bundled = found.get(`wsk-headers:${request.name}`);
        const file = bundled ?? found.get(request.name);
        return file === undefined
          ? { kind: 'missing', searched: [] }
          : { kind: 'found', file, isSystem: bundled !== undefined };
      },
    }),
  );
  return sourceProblems(units).map(({ span, message }) => `${span.file.path}: ${message}`);
}

test("what a driver uses of a header of Microsoft's is one sentence, whatever follows from it", () => {
  const files = {
    'a.c': '#include "all.h"\nPFLT_FILTER Filter;\nint f(void) { if (1 FLT_MACRO ) }\n',
    'b.c': '#include "all.h"\nint g(FLT_DATA *d) { return FltStart(d->x, FLT_OK, FltSend(1)); }\n',
  };
  assert.deepEqual(messages(files, { 'all.h': '#include <fltKernel.h>\n' }), [
    "all.h: The driver can't be run without 'fltKernel.h', a header that is not bundled: it uses its functions FltStart, FltSend, its types PFLT_FILTER, FLT_DATA and its name FLT_OK.",
  ]);
});

test('several headers, and many names', () => {
  const calls = 'abcdef'.replace(/./g, (letter) => `Usb${letter}();`);
  const text = `#include <usb.h>\n#include <usbdi.h>\n#include <usb.h>\nint f(void) { ${calls} return USB_X; }\n`;
  assert.deepEqual(messages({ 'a.c': text }), [
    "a.c: The driver can't be run without 'usb.h' and 'usbdi.h', headers that are not bundled: it uses their functions Usba, Usbb, Usbc, Usbd (and 2 more) and their name USB_X.",
  ]);
});

test('a header of which nothing is used keeps nobody from running the driver', () => {
  assert.deepEqual(messages({ 'a.c': '#include <fltKernel.h>\nint x;\n' }), []);
});

test('a driver that only calls functions of such a header can be run: it stops at the call', () => {
  assert.deepEqual(messages({ 'a.c': '#include <fltKernel.h>\nint f(void) { return FltStart(1); }\n' }), []);
});

test('names of a header that is bundled in part', () => {
  const text =
    '#include <ntifs.h>\nFILE_LOCK Lock;\nvoid f(void) { FsRtlFastLock(&Lock); }\nint g(void) { return 1 }\n';
  const [lock, other, ...rest] = messages({ 'a.c': text, 'b.c': 'int x = y;' }, { 'wsk-headers:ntifs.h': 'int z;' });
  assert.equal(
    lock,
    "a.c: The driver can't be run without more of 'ntifs.h' than is bundled: it uses its function FsRtlFastLock and its type FILE_LOCK.",
  );
  assert.equal(other, "b.c: 'y' is not declared.");
  assert.deepEqual(rest, []);
});

test('a mistake is told of beside the header that another file lacks', () => {
  const [first, ...rest] = messages({ 'a.c': '#include <ndis.h>\nNDIS_HANDLE d;\n', 'b.c': 'int x = y;\n' });
  assert.match(first ?? '', /^a\.c: .*'ndis\.h'/);
  assert.deepEqual(rest, ["b.c: 'y' is not declared."]);
});

test("somebody's own header that is missing is told of once, however many files include it", () => {
  const text = '#include "all.h"\nTHING t;\n';
  const [only, ...rest] = messages({ 'a.c': text, 'b.c': text }, { 'all.h': '#include <ndis.h>\n#include "mine.h"\n' });
  assert.match(only ?? '', /^all\.h: The header 'mine\.h' was not found\./);
  assert.deepEqual(rest, []);
});

test('of a driver in C++, that is told once', () => {
  const header = 'class Lock { public: void Take(); };';
  const text = '#include <fltKernel.h>\n#include "lock.h"\nnamespace b { FLT_X y; }\n';
  const [only, ...rest] = messages({ 'a.cpp': text, 'b.cpp': text, 'c.c': 'int x = y;\n' }, { 'lock.h': header });
  assert.match(only ?? '', /^lock\.h: This is C\+\+/);
  assert.deepEqual(rest, []);
});

test('what makes C++ of a file', () => {
  for (const text of ['#include <map>\nint x;', 'struct S { int a; };\nS s;', 'int &f(int &x);', 'void A::f() { }']) {
    const [only, ...rest] = messages({ 'a.cpp': text });
    assert.match(only ?? '', /^a\.cpp: This is C\+\+/, text);
    assert.deepEqual(rest, []);
  }
});

test('C in a file that is called C++ can be run', () => {
  const text = 'extern "C" int f(void);\nextern "C" {\nint g(void) { return 1; }\n}\n';
  assert.deepEqual(messages({ 'a.cpp': text }), []);
  assert.deepEqual(messages({ 'a.cpp': 'int f(void) { return x; }' }), ["a.cpp: 'x' is not declared."]);
  assert.match(messages({ 'a.c': text })[0] ?? '', /extern "C" is C\+\+/);
});

test('of a driver of KMDF, that is told once, at the place where it asks for the framework', () => {
  const headers = { 'wsk-headers:wdf.h': 'int WdfDriverCreate(int x);\nint WDF_DRIVER_CONFIG_INIT(int x);\n' };
  const text =
    '#include <wdf.h>\nint DriverEntry(void) { WDF_DRIVER_CONFIG_INIT(1); return WdfDriverCreate(1) || y; }\n';
  const [only, ...rest] = messages({ 'a.c': text, 'b.c': 'int x = y;\n' }, headers);
  assert.match(only ?? '', /^a\.c: This is a driver of KMDF/);
  assert.deepEqual(rest, []);
});

test('who writes WdfDriverCreate, or calls no more of KMDF than helpers, can run the driver', () => {
  const headers = { 'wsk-headers:wdf.h': 'int WdfDriverCreate(int x);\nint WDF_ALIGN_SIZE_UP(int x);\n' };
  const driver = '#include <wdf.h>\nint DriverEntry(void) { return WdfDriverCreate(1); }\n';
  assert.deepEqual(messages({ 'a.c': driver, 'stub.c': 'int WdfDriverCreate(int x) { return x; }\n' }, headers), []);
  assert.deepEqual(
    messages({ 'a.c': '#include <wdf.h>\nint f(void) { return WDF_ALIGN_SIZE_UP(1); }\n' }, headers),
    [],
  );
});
