/**
 * A folder of driver docs for tests: pages of our own in the form of Microsoft's, since theirs are not ours to copy. Three
 * have words that a test looks for; the others are there so that reading them takes long enough to be seen.
 */
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Setup } from './setup.ts';

export function docsFolder({ work }: Setup, gauges = 40): string {
  const folder = join(mkdtempSync(join(work, 'docs-')), 'pages');
  const put = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('wdk-ddi-src/content/wdm/nf-wdm-ioallocateirp.md', allocate);
  put('wdk-ddi-src/content/wsk/nc-wsk-pfn_wsk_socket.md', socket);
  put('windows-driver-docs-pr/network/a-first-socket.md', guide);
  for (const [file, uid, title, text] of short) put(`wdk-ddi-src/content/wsk/${file}.md`, page(uid, title, text));
  for (let i = 1; i <= gauges; i += 1) {
    const text = page(`NF:gauge.ReadGauge${i}`, `ReadGauge${i} function (gauge.h)`, `Reads the gauge number ${i}.`);
    put(`wdk-ddi-src/content/gauge/nf-gauge-readgauge${i}.md`, text);
  }
  return folder;
}

/** Real pages, where a checkout of them is beside ours. */
export function docsCorpus({ project }: Setup): string | undefined {
  const folder = join(project, '../shared/docs-corpus');
  return existsSync(folder) ? folder : undefined;
}

const head = (uid: string, title: string, description: string, more = ''): string =>
  `---\nUID: ${uid}\ntitle: ${title}\ndescription: ${description}\n${more}---\n`;

const allocate = `${head(
  'NF:wdm.IoAllocateIrp',
  'IoAllocateIrp function (wdm.h)',
  'Makes an IRP with room for a number of drivers.',
  'req.header: wdm.h\nreq.irql: <= DISPATCH_LEVEL\n',
)}
# IoAllocateIrp function

## -description

The boatman of the fixture rows here: <b>IoAllocateIrp</b> makes an IRP with room for <i>StackSize</i> drivers.

## -parameters

### -param StackSize [in]

How many drivers the IRP goes through.

### -param ChargeQuota [in]

Whether the process pays for it.

## -returns

A pointer to the IRP, or <b>NULL</b> where there is no memory.

## -remarks

<div class="alert"><b>Note</b>  An IRP of your own is yours to free.</div>

<table>
<tr><th>StackSize</th><th>Meaning</th></tr>
<tr><td>1</td><td>A call of WSK, which needs one location for your completion routine.</td></tr>
<tr><td>StackSize of a device</td><td>A request to that device.</td></tr>
</table>

## -see-also

<a href="/windows-hardware/drivers/ddi/wdm/nf-wdm-iofreeirp">IoFreeIrp</a>
`;

const socket = `${head(
  'NC:wsk.PFN_WSK_SOCKET',
  'PFN_WSK_SOCKET (wsk.h)',
  'Creates a socket of one of the five categories.',
  'req.header: wsk.h\nreq.irql: <= DISPATCH_LEVEL\napi_name:\n - PFN_WSK_SOCKET\nms.keywords: WskSocket\n',
)}
# PFN_WSK_SOCKET callback function

## -description

The <b>WskSocket</b> function creates a socket of one of the five categories.

## -remarks

A driver calls it through the dispatch table of the provider that it has captured. The socket comes in
<b>IoStatus.Information</b> of the IRP, once that has completed.

> [!NOTE]
> Every event callback of a new socket is off. Turn on what you need with <b>WskControlSocket</b>.

## -see-also

<a href="/windows-hardware/drivers/ddi/wsk/nf-wsk-wskcaptureprovidernpi">WskCaptureProviderNPI</a>
`;

const guide = `---
title: A first socket
description: From registration to the first byte, and what becomes of a pending request when its socket is closed.
---

# A first socket

Register with WSK, capture its provider, create a socket, bind it.

| Step | Call |
|------|------|
| Register | \`WskRegister\` |
| Capture | \`WskCaptureProviderNPI\` |
| Create | \`WskSocket\` |

A request that is pending when the socket is closed is completed with STATUS_CANCELLED.
`;

/** Pages that stand beside one another in a search. */
const short = [
  [
    'nc-wsk-pfn_wsk_socket_connect',
    'NC:wsk.PFN_WSK_SOCKET_CONNECT',
    'PFN_WSK_SOCKET_CONNECT (wsk.h)',
    'The <b>WskSocketConnect</b> function creates, binds and connects a socket in one request.',
  ],
  [
    'ns-wsk-_wsk_socket',
    'NS:wsk._WSK_SOCKET',
    'WSK_SOCKET (wsk.h)',
    'A socket, with the dispatch table of its category.',
  ],
  [
    'nc-wsk-pfn_wsk_close_socket',
    'NC:wsk.PFN_WSK_CLOSE_SOCKET',
    'PFN_WSK_CLOSE_SOCKET (wsk.h)',
    'The <b>WskCloseSocket</b> function closes a socket and cancels what is pending on it.',
  ],
] as const;

function page(uid: string, title: string, text: string): string {
  const [, header = ''] = /:(\w+)\./.exec(uid) ?? [];
  const summary = text.replace(/<\/?b>/g, '');
  return `${head(uid, title, summary, `req.header: ${header}.h\n`)}\n# ${title}\n\n## -description\n\n${text}\n`;
}
