/**
 * Mistakes in the code of documentation pages: where, how the front end names each, and what is wrong.
 *
 * `at` is `page:line code`. A mistake with which the front end can't say more than that a name is unknown is not here:
 * documents.test.ts has a rule for those.
 */
export const mistakes: readonly { readonly at: string; readonly why: string }[] = [
  {
    at: 'conceptual/kernel/cancel-safe-irp-queues.md:153 too-many-arguments',
    why: 'IoCsqRemoveIrp takes the queue and the context, not the IRP as well',
  },
  {
    at: 'conceptual/kernel/different-ways-of-handling-irps-cheat-sheet.md:1109 expected-declaration',
    why: 'HTML tags stand in the code',
  },
  {
    at: 'conceptual/kernel/different-ways-of-handling-irps-cheat-sheet.md:1110 implicit-int',
    why: 'the function has no return type',
  },
  {
    at: 'conceptual/network/creating-sockets.md:50 trailing-comma',
    why: 'a comma after the last parameter',
  },
  {
    at: 'conceptual/network/enabling-and-disabling-event-callback-functions.md:201 trailing-comma',
    why: 'a comma after the last parameter',
  },
  {
    at: 'conceptual/network/initializing-and-registering-a-client-module.md:42 include-not-found',
    why: "the header is the example's own",
  },
  {
    at: 'conceptual/network/listening-for-and-accepting-incoming-connections.md:189 incompatible-types',
    why: 'the structure is assigned where its address is meant',
  },
  {
    at: 'conceptual/network/listening-for-and-accepting-incoming-connections.md:195 expected-token',
    why: 'a colon in place of the semicolon',
  },
  {
    at: 'conceptual/network/listening-for-and-accepting-incoming-connections.md:218 expected-token',
    why: 'no semicolon after the declaration',
  },
  {
    at: 'conceptual/network/performing-control-operations-on-a-client-object.md:50 integer-to-pointer',
    why: 'a number is assigned to the pointer that is to receive it',
  },
  {
    at: 'conceptual/network/using-irps-with-winsock-kernel-functions.md:161 expected-token',
    why: 'a semicolon after the last parameter',
  },
  {
    at: 'conceptual/network/using-tdi-transports.md:33 expected-token',
    why: 'no semicolon after the initialiser',
  },
  {
    at: 'ddi/kernel/nf-wdm-iocalldriver.md:63 expected-expression',
    why: 'a closing parenthesis is left over',
  },
  {
    at: 'ddi/kernel/nf-wdm-mmgetmdlbytecount.md:76 expected-type',
    why: 'the page marks directions in brackets, which C has not',
  },
  {
    at: 'ddi/kernel/nf-wdm-rtlequalmemory.md:64 expected-type',
    why: 'the page marks directions in brackets, which C has not',
  },
  {
    at: 'ddi-2017/d4drvif/ns-d4drvif--dot4-dc-open-data.md:50 declares-nothing',
    why: 'type and name are exchanged',
  },
  {
    at: 'desktop-2018/d4drvif/dot4-dc-open-data.md:17 declares-nothing',
    why: 'type and name are exchanged',
  },
  {
    at: 'seeds/002_b7eec74aeb4edcf4.txt:51 trailing-comma',
    why: 'a comma after the last parameter',
  },
];
