import assert from 'node:assert/strict';
import test from 'node:test';
import { linkAddress, pageAddress, uidAddress } from './addresses.ts';

const drivers = 'https://learn.microsoft.com/windows-hardware/drivers';

for (const [path, uid, address] of [
  ['/docs/wdk-ddi-src/content/wsk/nc-wsk-pfn_wsk_send.md', undefined, '/ddi/wsk/nc-wsk-pfn_wsk_send'],
  ['C:\\docs\\wdk-ddi-src\\content\\wsk\\index.md', undefined, '/ddi/wsk/'],
  ['/docs/windows-driver-docs-pr/network/so-reuseaddr.md', undefined, '/network/so-reuseaddr'],
  ['/d/wdk-ddi-src/content/wdm/nf-wdm-kequerysystemtime~r1.md', undefined, '/ddi/wdm/nf-wdm-kequerysystemtime-r1'],
  // A copy of a page elsewhere: its file's name counts, unless it is one of 2017.
  ['/pages/nf-wdm-iocompleterequest.md', 'NF:wdm.IofCompleteRequest', '/ddi/wdm/nf-wdm-iocompleterequest'],
  ['/pages/ns-wsk--wsk-buf.md', 'NS.wsk._WSK_BUF', '/ddi/wsk/ns-wsk-_wsk_buf'],
  ['/pages/ns-wsk--wsk-buf~r1.md', 'NS.wsk._WSK_BUF~r1', '/ddi/wsk/ns-wsk-_wsk_buf'],
  ['/pages/nf-wdm-kelowerirql.md', 'NF:wdm.KeLowerIrql~r1', '/ddi/wdm/nf-wdm-kelowerirql'],
  ['/pages/nf-other-x.md', 'NF:wdm.KeLowerIrql', '/ddi/wdm/nf-wdm-kelowerirql'],
  ['/pages/x.md', 'NC:wsk.PFN_WSK_SEND', '/ddi/wsk/nc-wsk-pfn_wsk_send'],
  ['/pages/x.md', 'NC.wsk.PFN_WSK_SEND', '/ddi/wsk/nc-wsk-pfn_wsk_send'],
  ['/pages/x.md', 'NS:wsk._WSK_BUF~r1', '/ddi/wsk/ns-wsk-_wsk_buf'],
  ['/pages/x.md', 'NF:bidispl.IBidiRequest.GetResult', '/ddi/bidispl/nf-bidispl-ibidirequest-getresult'],
  ['/pages/x.md', 'NA:wsk', '/ddi/wsk/'],
  ['/pages/x.md', undefined, undefined],
  ['/pages/x.md', 'nonsense', undefined],
] as const) {
  test(`a page at ${path} ${uid ?? ''}`, () => {
    assert.equal(pageAddress(path, uid), address === undefined ? undefined : drivers + address);
  });
}

const base = `${drivers}/ddi/wsk/nc-wsk-pfn_wsk_send`;
for (const [target, address] of [
  ['../wdm/nf-wdm-iocalldriver.md', `${drivers}/ddi/wdm/nf-wdm-iocalldriver`],
  ['..\\wdm\\nf-wdm-iocalldriver.md', `${drivers}/ddi/wdm/nf-wdm-iocalldriver`],
  ['..\\wsk\\ns-wsk--wsk-client-listen-dispatch.md', `${drivers}/ddi/wsk/ns-wsk-_wsk_client_listen_dispatch`],
  ['nc-wsk-pfn-wsk-accept-event.md#remarks', `${drivers}/ddi/wsk/nc-wsk-pfn_wsk_accept_event#remarks`],
  ['../bidispl/nf-bidispl-ibidirequest-getresult.md', `${drivers}/ddi/bidispl/nf-bidispl-ibidirequest-getresult`],
  ['/windows-hardware/drivers/ddi/wdm/nf-wdm-x~r1', `${drivers}/ddi/wdm/nf-wdm-x-r1`],
  ['./index.md', `${drivers}/ddi/wsk/`],
  ['ns-wsk-_wsk_buf.md#members', `${drivers}/ddi/wsk/ns-wsk-_wsk_buf#members`],
  ['#remarks', `${base}#remarks`],
  ['/windows-hardware/drivers/network/so-reuseaddr', `${drivers}/network/so-reuseaddr`],
  ['/previous-versions/windows/ff1(v=vs.85)', 'https://learn.microsoft.com/previous-versions/windows/ff1%28v=vs.85%29'],
  ['xref:NC:wsk.PFN_WSK_SEND', base],
  ['https://msdn.microsoft.com/library/ff1', 'https://msdn.microsoft.com/library/ff1'],
  ['kernel.ntstatus_values', undefined],
  ['../../../../../../etc/passwd.md', undefined],
  ['command:workbench.action.quit', undefined],
  ['javascript:alert(1)', undefined],
  ['file:///etc/passwd', undefined],
  ['//evil.example/x', undefined],
  ['mailto:a@example.org', undefined],
  ['', undefined],
] as const) {
  test(`a link to ${target}`, () => assert.equal(linkAddress(target, base), address));
}

test('without an address of its own, a page keeps the links that need none', () => {
  assert.equal(linkAddress('../wdm/x.md', undefined), undefined);
  assert.equal(linkAddress('/windows-hardware/drivers/kernel/', undefined), `${drivers}/kernel/`);
  assert.equal(uidAddress('NC:wsk'), undefined);
});
