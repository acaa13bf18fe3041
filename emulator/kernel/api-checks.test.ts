/**
 * Drivers that check the kernel's functions themselves: each CHECK that does not hold prints a line. One driver for each
 * area; the number of checks that held must be that of the text (CHECK(0) marks what must not be reached), so that none is
 * skipped unseen.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runDriver } from './fixtures/run-driver.ts';

const prologue = `#include <ntstrsafe.h>
#include <ws2def.h>
#include <ws2ipdef.h>
#include <ip2string.h>
#include <stdlib.h>
#include <stdio.h>
int Held;
#define CHECK(e) ((e) ? (void)Held++ : (void)DbgPrint("not ok: %s\\n", #e))
#define MS(n) (-10000LL * (n))
`;

function checks(name: string, text: { readonly before?: string; readonly body: string }): void {
  const expected = text.body.split('CHECK(').length - text.body.split('CHECK(0)').length;
  test(name, () => {
    const run = runDriver(`${prologue}${text.before ?? ''}
VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
  UNREFERENCED_PARAMETER(Path);
  Driver->DriverUnload = Unload;
  {
    ${text.body}
  }
  DbgPrint("held %d\\n", Held);
  return STATUS_SUCCESS;
}`);
    assert.deepEqual([...run.messages, ...run.log], [`held ${expected}`]);
  });
}

checks('counted strings', {
  body: `
    UNICODE_STRING a, b; ANSI_STRING n; WCHAR buffer[20]; CHAR narrow[20]; ULONG value; NTSTATUS s; GUID g;
    RtlInitUnicodeString(&a, L"Hello");
    CHECK(a.Length == 10); CHECK(a.MaximumLength == 12); CHECK(a.Buffer[4] == 'o');
    RtlInitUnicodeString(&b, NULL);
    CHECK(b.Length == 0); CHECK(b.MaximumLength == 0); CHECK(b.Buffer == NULL);
    RtlInitUnicodeString(&b, L"hELLO");
    CHECK(!RtlEqualUnicodeString(&a, &b, FALSE)); CHECK(RtlEqualUnicodeString(&a, &b, TRUE));
    CHECK(RtlCompareUnicodeString(&a, &b, TRUE) == 0); CHECK(RtlCompareUnicodeString(&a, &b, FALSE) < 0);
    RtlInitUnicodeString(&b, L"Hell");
    CHECK(RtlPrefixUnicodeString(&b, &a, FALSE)); CHECK(!RtlPrefixUnicodeString(&a, &b, FALSE));
    CHECK(RtlCompareUnicodeString(&b, &a, FALSE) < 0);
    b.Buffer = buffer; b.MaximumLength = 6; b.Length = 0;
    RtlCopyUnicodeString(&b, &a);
    CHECK(b.Length == 6); CHECK(b.Buffer[2] == 'l');
    b.MaximumLength = sizeof(buffer); b.Length = 0;
    CHECK(RtlAppendUnicodeToString(&b, L"ab") == STATUS_SUCCESS); CHECK(b.Length == 4);
    CHECK(RtlAppendUnicodeStringToString(&b, &a) == STATUS_SUCCESS); CHECK(b.Length == 14); CHECK(b.Buffer[7] == 0);
    b.MaximumLength = 16;
    CHECK(RtlAppendUnicodeToString(&b, L"xyz") == STATUS_BUFFER_TOO_SMALL); CHECK(b.Length == 14);
    s = RtlUnicodeStringToAnsiString(&n, &a, TRUE);
    CHECK(s == STATUS_SUCCESS); CHECK(n.Length == 5); CHECK(n.MaximumLength == 6); CHECK(n.Buffer[5] == 0);
    s = RtlAnsiStringToUnicodeString(&b, &n, TRUE);
    CHECK(s == STATUS_SUCCESS); CHECK(RtlEqualUnicodeString(&a, &b, FALSE));
    RtlFreeUnicodeString(&b); CHECK(b.Buffer == NULL);
    RtlFreeAnsiString(&n);
    n.Buffer = narrow; n.MaximumLength = 5; n.Length = 0;
    CHECK(RtlUnicodeStringToAnsiString(&n, &a, FALSE) == STATUS_BUFFER_OVERFLOW);
    b.Buffer = buffer; b.MaximumLength = sizeof(buffer);
    CHECK(RtlIntegerToUnicodeString(48879, 16, &b) == STATUS_SUCCESS); CHECK(b.Length == 8); CHECK(b.Buffer[0] == 'B');
    CHECK(RtlIntegerToUnicodeString(1, 7, &b) == STATUS_INVALID_PARAMETER);
    RtlInitUnicodeString(&a, L" 0x1F rest");
    CHECK(RtlUnicodeStringToInteger(&a, 0, &value) == STATUS_SUCCESS); CHECK(value == 31);
    RtlInitUnicodeString(&a, L"-12");
    RtlUnicodeStringToInteger(&a, 10, &value); CHECK(value == (ULONG)-12);
    CHECK(RtlUpcaseUnicodeChar(L'q') == L'Q');
    RtlInitUnicodeString(&a, L"ab1");
    CHECK(RtlUpcaseUnicodeString(&b, &a, FALSE) == STATUS_SUCCESS); CHECK(b.Length == 6); CHECK(b.Buffer[1] == 'B');
    RtlInitUnicodeString(&a, L"{2227E803-8D8B-11D4-ABAD-009027719E09}");
    CHECK(RtlGUIDFromString(&a, &g) == STATUS_SUCCESS);
    RtlStringFromGUID(&g, &b);
    CHECK(g.Data1 == 0x2227E803 && g.Data4[7] == 9); CHECK(RtlEqualUnicodeString(&a, &b, FALSE));
    RtlFreeUnicodeString(&b);`,
});

checks('safe strings', {
  body: `
    CHAR a[8]; WCHAR w[8]; size_t n; UNICODE_STRING u; NTSTATUS s;
    CHECK(RtlStringCbCopyA(a, sizeof(a), "1234567") == STATUS_SUCCESS); CHECK(strcmp(a, "1234567") == 0);
    CHECK(RtlStringCbCopyA(a, sizeof(a), "12345678") == STATUS_BUFFER_OVERFLOW); CHECK(strcmp(a, "1234567") == 0);
    CHECK(RtlStringCbCopyA(a, 0, "x") == STATUS_INVALID_PARAMETER);
    CHECK(RtlStringCchCopyW(w, 8, L"abc") == STATUS_SUCCESS); CHECK(w[3] == 0);
    CHECK(RtlStringCchCatW(w, 8, L"defgh") == STATUS_BUFFER_OVERFLOW); CHECK(wcscmp(w, L"abcdefg") == 0);
    CHECK(RtlStringCbCatA(a, sizeof(a), "") == STATUS_SUCCESS);
    CHECK(RtlStringCbLengthA("abc", 10, &n) == STATUS_SUCCESS); CHECK(n == 3);
    CHECK(RtlStringCbLengthW(L"abc", 10, &n) == STATUS_SUCCESS); CHECK(n == 6);
    CHECK(RtlStringCchLengthA("abc", 3, &n) == STATUS_INVALID_PARAMETER);
    CHECK(RtlStringCbPrintfA(a, sizeof(a), "%d-%s", 12, "xy") == STATUS_SUCCESS); CHECK(strcmp(a, "12-xy") == 0);
    CHECK(RtlStringCchPrintfA(a, 4, "%d", 123456) == STATUS_BUFFER_OVERFLOW); CHECK(strcmp(a, "123") == 0);
    CHECK(RtlStringCbPrintfW(w, sizeof(w), L"%s%d", L"ab", 7) == STATUS_SUCCESS); CHECK(wcscmp(w, L"ab7") == 0);
    CHECK(RtlStringCbCopyNA(a, sizeof(a), "abcdef", 2) == STATUS_SUCCESS); CHECK(strcmp(a, "ab") == 0);
    u.Buffer = w; u.MaximumLength = sizeof(w); u.Length = 0;
    s = RtlUnicodeStringPrintf(&u, L"%ws:%u", L"p", 80);
    CHECK(s == STATUS_SUCCESS); CHECK(u.Length == 8);
    CHECK(RtlUnicodeStringCatString(&u, L"123456") == STATUS_BUFFER_OVERFLOW); CHECK(u.Length == 16);`,
});

checks('C strings, memory and numbers', {
  body: `
    CHAR a[16] = "hello"; CHAR *end; WCHAR w[8]; CHAR t[] = "a,b;;c"; CHAR *context;
    CHECK(strlen(a) == 5); CHECK(wcslen(L"abc") == 3); CHECK(strnlen(a, 3) == 3);
    CHECK(strcmp("a", "b") < 0); CHECK(strcmp("b", "a") > 0); CHECK(strcmp("a", "a") == 0); CHECK(strncmp("abX", "abY", 2) == 0);
    CHECK(_stricmp("ABC", "abc") == 0); CHECK(_strnicmp("ABx", "aby", 2) == 0); CHECK(wcscmp(L"a", L"b") < 0);
    CHECK(strchr(a, 'l') == a + 2); CHECK(strrchr(a, 'l') == a + 3); CHECK(strchr(a, 0) == a + 5); CHECK(strchr(a, 'z') == NULL);
    CHECK(strstr(a, "llo") == a + 2); CHECK(strstr(a, "x") == NULL);
    CHECK(strspn("aab", "a") == 2); CHECK(strcspn("aab", "b") == 2);
    strcat(a, " you"); CHECK(strcmp(a, "hello you") == 0);
    strncpy(a, "xyz", 6); CHECK(a[3] == 0 && a[5] == 0 && a[6] == 'y');
    CHECK(strcpy_s(a, sizeof(a), "0123456789") == 0); CHECK(strcpy_s(a, 4, "0123456789") != 0); CHECK(a[0] == 0);
    CHECK(strcat_s(a, sizeof(a), "ab") == 0); CHECK(strcmp(a, "ab") == 0);
    wcscpy(w, L"abc"); CHECK(wcschr(w, L'c') == w + 2);
    CHECK(strcmp(strtok_s(t, ",;", &context), "a") == 0); CHECK(strcmp(strtok_s(NULL, ",;", &context), "b") == 0);
    CHECK(strcmp(strtok_s(NULL, ",;", &context), "c") == 0); CHECK(strtok_s(NULL, ",;", &context) == NULL);
    CHECK(memcmp("abc", "abd", 3) < 0); CHECK(memcmp("abc", "abd", 2) == 0); CHECK(memchr("abc", 'c', 3) != NULL); CHECK(memchr("abc", 'c', 2) == NULL);
    CHECK(RtlCompareMemory("abcd", "abxd", 4) == 2); CHECK(RtlEqualMemory("ab", "ab", 2));
    CHECK(RtlUlongByteSwap(0x01020304) == 0x04030201); CHECK(RtlUshortByteSwap(0x0102) == 0x0201); CHECK(RtlUlonglongByteSwap(1) == 0x0100000000000000ULL);
    CHECK(atoi(" -42x") == -42); CHECK(strtol("0x1fz", &end, 0) == 31); CHECK(*end == 'z'); CHECK(strtoul("077", NULL, 0) == 63);
    CHECK(strtol("99999999999", NULL, 10) == 0x7fffffff); CHECK(strtoull("18446744073709551615", NULL, 10) == ~0ULL);
    CHECK(toupper('a') == 'A'); CHECK(isdigit('7') && !isdigit('a')); CHECK(isspace('\\t') && ispunct('!'));`,
});

checks('interlocked operations and stacks', {
  before: `typedef struct { SLIST_ENTRY Entry; int N; } NODE; DECLSPEC_ALIGN(16) SLIST_HEADER Head; DECLSPEC_ALIGN(16) NODE Nodes[3];
LIST_ENTRY List, First, Second; KSPIN_LOCK Lock;`,
  body: `
    LONG n = 5; LONG64 q = 5; PVOID p = NULL; SHORT h = 1; PSLIST_ENTRY e; LONG bits = 0;
    CHECK(InterlockedIncrement(&n) == 6); CHECK(InterlockedDecrement(&n) == 5); CHECK(InterlockedExchange(&n, 9) == 5); CHECK(n == 9);
    CHECK(InterlockedExchangeAdd(&n, -10) == 9); CHECK(n == -1); CHECK(InterlockedAdd(&n, 3) == 2);
    CHECK(InterlockedCompareExchange(&n, 7, 3) == 2); CHECK(n == 2); CHECK(InterlockedCompareExchange(&n, 7, 2) == 2); CHECK(n == 7);
    CHECK(InterlockedAnd(&n, 3) == 7); CHECK(InterlockedOr(&n, 8) == 3); CHECK(InterlockedXor(&n, 1) == 11); CHECK(n == 10);
    CHECK(InterlockedIncrement64(&q) == 6); CHECK(InterlockedCompareExchange64(&q, -1, 6) == 6); CHECK(q == -1);
    CHECK(InterlockedExchangePointer(&p, &n) == NULL); CHECK(InterlockedCompareExchangePointer(&p, NULL, &n) == &n); CHECK(p == NULL);
    CHECK(InterlockedIncrement16(&h) == 2);
    CHECK(InterlockedBitTestAndSet(&bits, 3) == 0); CHECK(bits == 8); CHECK(InterlockedBitTestAndReset(&bits, 3) == 1);
    InitializeSListHead(&Head);
    CHECK(InterlockedPushEntrySList(&Head, &Nodes[0].Entry) == NULL); CHECK(InterlockedPushEntrySList(&Head, &Nodes[1].Entry) == &Nodes[0].Entry);
    CHECK(QueryDepthSList(&Head) == 2);
    e = InterlockedPopEntrySList(&Head); CHECK(CONTAINING_RECORD(e, NODE, Entry) == &Nodes[1]);
    InterlockedPushEntrySList(&Head, &Nodes[2].Entry);
    e = InterlockedFlushSList(&Head); CHECK(e == &Nodes[2].Entry && e->Next == &Nodes[0].Entry && e->Next->Next == NULL); CHECK(QueryDepthSList(&Head) == 0);
    KeInitializeSpinLock(&Lock); InitializeListHead(&List);
    CHECK(ExInterlockedInsertTailList(&List, &First, &Lock) == NULL); ExInterlockedInsertTailList(&List, &Second, &Lock);
    CHECK(ExInterlockedRemoveHeadList(&List, &Lock) == &First);`,
});

checks('waits in virtual time', {
  body: `
    KEVENT n, s; KSEMAPHORE m; KMUTEX x; KTIMER t; LARGE_INTEGER z, ms, before, after; PVOID objects[2]; KWAIT_BLOCK blocks[2];
    z.QuadPart = 0; ms.QuadPart = MS(10);
    KeInitializeEvent(&n, NotificationEvent, TRUE); KeInitializeEvent(&s, SynchronizationEvent, TRUE);
    CHECK(KeWaitForSingleObject(&n, Executive, KernelMode, FALSE, &z) == STATUS_SUCCESS); CHECK(KeReadStateEvent(&n) == 1);
    CHECK(KeWaitForSingleObject(&s, Executive, KernelMode, FALSE, &z) == STATUS_SUCCESS); CHECK(KeReadStateEvent(&s) == 0);
    CHECK(KeWaitForSingleObject(&s, Executive, KernelMode, FALSE, &z) == STATUS_TIMEOUT);
    CHECK(KeSetEvent(&s, 0, FALSE) == 0); CHECK(KeSetEvent(&s, 0, FALSE) != 0); CHECK(KeResetEvent(&s) != 0); CHECK(KeResetEvent(&s) == 0);
    KeQuerySystemTime(&before);
    CHECK(KeWaitForSingleObject(&s, Executive, KernelMode, FALSE, &ms) == STATUS_TIMEOUT);
    KeQuerySystemTime(&after); CHECK(after.QuadPart - before.QuadPart >= 100000 && after.QuadPart - before.QuadPart < 100100);
    after.QuadPart += 50000;
    CHECK(KeWaitForSingleObject(&s, Executive, KernelMode, FALSE, &after) == STATUS_TIMEOUT);
    KeQuerySystemTime(&before); CHECK(before.QuadPart >= after.QuadPart && before.QuadPart < after.QuadPart + 100);
    KeInitializeSemaphore(&m, 1, 2);
    CHECK(KeReleaseSemaphore(&m, 0, 1, FALSE) == 1); CHECK(KeReadStateSemaphore(&m) == 2);
    CHECK(KeWaitForSingleObject(&m, Executive, KernelMode, FALSE, NULL) == 0); CHECK(KeWaitForSingleObject(&m, Executive, KernelMode, FALSE, NULL) == 0);
    CHECK(KeWaitForSingleObject(&m, Executive, KernelMode, FALSE, &z) == STATUS_TIMEOUT);
    __try { KeReleaseSemaphore(&m, 0, 3, FALSE); CHECK(0); } __except (EXCEPTION_EXECUTE_HANDLER) { CHECK(GetExceptionCode() == STATUS_SEMAPHORE_LIMIT_EXCEEDED); }
    KeInitializeMutex(&x, 0);
    KeWaitForSingleObject(&x, Executive, KernelMode, FALSE, NULL); CHECK(KeWaitForSingleObject(&x, Executive, KernelMode, FALSE, NULL) == 0);
    CHECK(KeReadStateMutex(&x) == -1); CHECK(KeReleaseMutex(&x, FALSE) == -1); CHECK(KeReleaseMutex(&x, FALSE) == 0); CHECK(KeReadStateMutex(&x) == 1);
    KeInitializeTimer(&t); CHECK(KeSetTimer(&t, ms, NULL) == FALSE); CHECK(KeSetTimer(&t, ms, NULL) == TRUE);
    objects[0] = &s; objects[1] = &t;
    CHECK(KeWaitForMultipleObjects(2, objects, WaitAny, Executive, KernelMode, FALSE, NULL, blocks) == STATUS_WAIT_1); CHECK(KeReadStateTimer(&t));
    CHECK(KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode, FALSE, &ms, NULL) == STATUS_TIMEOUT);
    KeSetEvent(&s, 0, FALSE);
    CHECK(KeWaitForMultipleObjects(2, objects, WaitAll, Executive, KernelMode, FALSE, &ms, NULL) == STATUS_SUCCESS);
    KeQuerySystemTime(&before); KeDelayExecutionThread(KernelMode, FALSE, &ms); KeQuerySystemTime(&after);
    CHECK(after.QuadPart - before.QuadPart >= 100000);`,
});

checks('locks between threads', {
  before: `
FAST_MUTEX Fast; ERESOURCE Resource; KMUTEX Mutex; EX_PUSH_LOCK Push; EX_RUNDOWN_REF Rundown; IO_REMOVE_LOCK Remove; KGUARDED_MUTEX Guarded;
KEVENT Started; LONG Order; LONG FastAt, ResourceAt, MutexAt, RundownAt, RemoveAt, PushAt, GuardedAt;
VOID Other(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeSetEvent(&Started, 0, FALSE);
  ExAcquireFastMutex(&Fast); FastAt = InterlockedIncrement(&Order); ExReleaseFastMutex(&Fast);
  KeEnterCriticalRegion();
  ExAcquireResourceSharedLite(&Resource, TRUE); ResourceAt = InterlockedIncrement(&Order); ExReleaseResourceLite(&Resource);
  ExAcquirePushLockShared(&Push); PushAt = InterlockedIncrement(&Order); ExReleasePushLockShared(&Push);
  KeLeaveCriticalRegion();
  KeAcquireGuardedMutex(&Guarded); GuardedAt = InterlockedIncrement(&Order); KeReleaseGuardedMutex(&Guarded);
  KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL); MutexAt = InterlockedIncrement(&Order); KeReleaseMutex(&Mutex, FALSE);
  ExWaitForRundownProtectionRelease(&Rundown); RundownAt = InterlockedIncrement(&Order);
  (void)IoAcquireRemoveLock(&Remove, &Remove);
  IoReleaseRemoveLockAndWait(&Remove, &Remove); RemoveAt = InterlockedIncrement(&Order);
}
static void Pause(void) { LARGE_INTEGER i; i.QuadPart = MS(1); KeDelayExecutionThread(KernelMode, FALSE, &i); }`,
  body: `
    HANDLE h; PVOID thread;
    ExInitializeFastMutex(&Fast); ExInitializeResourceLite(&Resource); KeInitializeMutex(&Mutex, 0); ExInitializePushLock(&Push);
    ExInitializeRundownProtection(&Rundown); IoInitializeRemoveLock(&Remove, 'tseT', 0, 0); KeInitializeGuardedMutex(&Guarded);
    KeInitializeEvent(&Started, NotificationEvent, FALSE);
    ExAcquireFastMutex(&Fast); CHECK(KeGetCurrentIrql() == APC_LEVEL);
    ExReleaseFastMutex(&Fast); ExAcquireFastMutex(&Fast);
    KeEnterCriticalRegion(); ExAcquireResourceExclusiveLite(&Resource, TRUE); ExAcquirePushLockExclusive(&Push);
    KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
    CHECK(ExAcquireRundownProtection(&Rundown)); CHECK(IoAcquireRemoveLock(&Remove, &h) == STATUS_SUCCESS);
    ExReleaseFastMutex(&Fast);
    PsCreateSystemThread(&h, THREAD_ALL_ACCESS, NULL, NULL, NULL, Other, NULL);
    ObReferenceObjectByHandle(h, THREAD_ALL_ACCESS, NULL, KernelMode, &thread, NULL); ZwClose(h);
    KeWaitForSingleObject(&Started, Executive, KernelMode, FALSE, NULL); Pause();
    CHECK(FastAt == 1); CHECK(ResourceAt == 0);
    CHECK(ExIsResourceAcquiredExclusiveLite(&Resource));
    ExReleaseResourceLite(&Resource); Pause(); CHECK(ResourceAt == 2); CHECK(PushAt == 0);
    ExReleasePushLockExclusive(&Push); KeLeaveCriticalRegion(); Pause(); CHECK(PushAt == 3); CHECK(GuardedAt == 4);
    CHECK(MutexAt == 0); KeReleaseMutex(&Mutex, FALSE); Pause(); CHECK(MutexAt == 5);
    CHECK(!ExAcquireRundownProtection(&Rundown)); ExReleaseRundownProtection(&Rundown); Pause(); CHECK(RundownAt == 6);
    IoReleaseRemoveLock(&Remove, &h);
    KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL); CHECK(RemoveAt == 7);
    ObDereferenceObject(thread); ExDeleteResourceLite(&Resource);`,
});

checks('spin locks, IRQL and DPCs', {
  before: `
KSPIN_LOCK Lock; EX_SPIN_LOCK Reader; KDPC Dpc; int Runs; KIRQL InDpc; PVOID Seen[3];
VOID Deferred(PKDPC D, PVOID Context, PVOID A, PVOID B) { UNREFERENCED_PARAMETER(D); Runs++; InDpc = KeGetCurrentIrql(); Seen[0] = Context; Seen[1] = A; Seen[2] = B; }`,
  body: `
    KIRQL old, older; KLOCK_QUEUE_HANDLE handle;
    KeInitializeSpinLock(&Lock);
    CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    KeAcquireSpinLock(&Lock, &old); CHECK(old == PASSIVE_LEVEL); CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL); CHECK(!KeTestSpinLock(&Lock));
    KeReleaseSpinLock(&Lock, old); CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL); CHECK(KeTestSpinLock(&Lock));
    KeAcquireInStackQueuedSpinLock(&Lock, &handle); CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
    KeReleaseInStackQueuedSpinLock(&handle); CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
    old = ExAcquireSpinLockShared(&Reader); CHECK(Reader == 1); ExReleaseSpinLockShared(&Reader, old);
    old = ExAcquireSpinLockExclusive(&Reader); CHECK(Reader == (LONG)0x80000000); ExReleaseSpinLockExclusive(&Reader, old); CHECK(Reader == 0);
    KeInitializeDpc(&Dpc, Deferred, (PVOID)1);
    KeRaiseIrql(DISPATCH_LEVEL, &older);
    CHECK(KeInsertQueueDpc(&Dpc, (PVOID)2, (PVOID)3)); CHECK(!KeInsertQueueDpc(&Dpc, NULL, NULL)); CHECK(Runs == 0);
    KeLowerIrql(older); CHECK(Runs == 1); CHECK(InDpc == DISPATCH_LEVEL); CHECK(Seen[0] == (PVOID)1 && Seen[1] == (PVOID)2 && Seen[2] == (PVOID)3);
    KeRaiseIrql(DISPATCH_LEVEL, &older); KeInsertQueueDpc(&Dpc, NULL, NULL); CHECK(KeRemoveQueueDpc(&Dpc)); KeLowerIrql(older); CHECK(Runs == 1);`,
});

checks('timers with DPCs and periods', {
  before: `
KTIMER Timer; KDPC Dpc; KEVENT Done; int Ticks; PEX_TIMER Ex; int ExTicks; PVOID ExContext;
VOID Tick(PKDPC D, PVOID C, PVOID A, PVOID B) { UNREFERENCED_PARAMETER(D); UNREFERENCED_PARAMETER(C); UNREFERENCED_PARAMETER(A); UNREFERENCED_PARAMETER(B); if (++Ticks == 4) { KeCancelTimer(&Timer); KeSetEvent(&Done, 0, FALSE); } }
VOID ExTick(PEX_TIMER T, PVOID Context) { UNREFERENCED_PARAMETER(T); ExTicks++; ExContext = Context; }`,
  body: `
    LARGE_INTEGER due, before, after; due.QuadPart = MS(5);
    KeInitializeTimerEx(&Timer, SynchronizationTimer); KeInitializeDpc(&Dpc, Tick, NULL); KeInitializeEvent(&Done, NotificationEvent, FALSE);
    KeQuerySystemTime(&before); KeSetTimerEx(&Timer, due, 10, &Dpc);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); KeQuerySystemTime(&after);
    CHECK(Ticks == 4); CHECK((after.QuadPart - before.QuadPart) / 10000 == 35);
    due.QuadPart = MS(100); KeDelayExecutionThread(KernelMode, FALSE, &due); CHECK(Ticks == 4); CHECK(!KeCancelTimer(&Timer));
    Ex = ExAllocateTimer(ExTick, (PVOID)77, 0); ExSetTimer(Ex, MS(3), 0, NULL);
    due.QuadPart = MS(10); KeDelayExecutionThread(KernelMode, FALSE, &due); CHECK(ExTicks == 1); CHECK(ExContext == (PVOID)77);
    CHECK(!ExDeleteTimer(Ex, TRUE, TRUE, NULL));`,
});

checks('pool, lookaside lists and MDLs', {
  body: `
    NPAGED_LOOKASIDE_LIST list; LOOKASIDE_LIST_EX ex; PMDL mdl, part; char *p, *q; int i, zero = 1; KIRQL old;
    p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'tseT'); for (i = 0; i < 64; i++) if (p[i]) zero = 0; CHECK(zero); CHECK(((ULONG_PTR)p & 15) == 0);
    ExFreePoolWithTag(p, 'tseT');
    p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 8192, 'tseT'); CHECK(((ULONG_PTR)p & (PAGE_SIZE - 1)) == 0); ExFreePool(p);
    ExInitializeNPagedLookasideList(&list, NULL, NULL, 0, 32, 'tseT', 0);
    p = ExAllocateFromNPagedLookasideList(&list); q = ExAllocateFromNPagedLookasideList(&list); CHECK(p && q && p != q);
    ExFreeToNPagedLookasideList(&list, p); ExFreeToNPagedLookasideList(&list, q); ExDeleteNPagedLookasideList(&list);
    CHECK(ExInitializeLookasideListEx(&ex, NULL, NULL, NonPagedPoolNx, 0, 48, 'tseT', 0) == STATUS_SUCCESS);
    p = ExAllocateFromLookasideListEx(&ex); p[47] = 1; ExFreeToLookasideListEx(&ex, p); ExDeleteLookasideListEx(&ex);
    p = ExAllocatePool2(POOL_FLAG_NON_PAGED, 5000, 'tseT');
    mdl = IoAllocateMdl(p + 100, 4500, FALSE, FALSE, NULL); CHECK(mdl != NULL);
    CHECK(MmGetMdlByteCount(mdl) == 4500); CHECK(MmGetMdlVirtualAddress(mdl) == p + 100); CHECK(MmGetMdlByteOffset(mdl) == (ULONG)((ULONG_PTR)(p + 100) & 4095));
    MmBuildMdlForNonPagedPool(mdl); CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == p + 100); CHECK(mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL);
    part = IoAllocateMdl(p + 100, 4500, FALSE, FALSE, NULL); IoBuildPartialMdl(mdl, part, p + 200, 50);
    CHECK(MmGetMdlByteCount(part) == 50); CHECK(MmGetSystemAddressForMdlSafe(part, NormalPagePriority) == p + 200); CHECK(part->MdlFlags & MDL_PARTIAL);
    MmPrepareMdlForReuse(part); IoBuildPartialMdl(mdl, part, p + 300, 0); CHECK(MmGetMdlByteCount(part) == 4300);
    IoFreeMdl(part); IoFreeMdl(mdl); ExFreePool(p);
    p = ExAllocatePool2(POOL_FLAG_PAGED, 100, 'tseT'); mdl = IoAllocateMdl(p, 100, FALSE, FALSE, NULL);
    MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess); CHECK(mdl->MdlFlags & MDL_PAGES_LOCKED);
    q = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority); CHECK(q == p); CHECK(mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA);
    MmUnlockPages(mdl); CHECK(!(mdl->MdlFlags & MDL_PAGES_LOCKED)); IoFreeMdl(mdl); ExFreePool(p);
    __try { ExAllocatePoolWithQuotaTag(NonPagedPoolNx, 0x80000000, 'tseT'); CHECK(0); } __except (EXCEPTION_EXECUTE_HANDLER) { CHECK(GetExceptionCode() == STATUS_INSUFFICIENT_RESOURCES); }
    CHECK(ExAllocatePool2(POOL_FLAG_NON_PAGED, 0x80000000, 'tseT') == NULL);
    CHECK(ExAllocatePoolWithTag(NonPagedPoolNx, 0x80000000, 'tseT') == NULL);
    CHECK(MmIsAddressValid(&i)); CHECK(!MmIsAddressValid(NULL));
    __try { ProbeForRead(&i, 4, 4); CHECK(0); } __except (EXCEPTION_EXECUTE_HANDLER) { CHECK(GetExceptionCode() == STATUS_ACCESS_VIOLATION); }
    ProbeForRead((PVOID)0x10000, 4, 4); CHECK(1);
    __try { ProbeForRead((PVOID)0x10001, 4, 4); CHECK(0); } __except (EXCEPTION_EXECUTE_HANDLER) { CHECK(GetExceptionCode() == STATUS_DATATYPE_MISALIGNMENT); }
    KeRaiseIrql(DISPATCH_LEVEL, &old); CHECK(old == 0); KeLowerIrql(old);`,
});

checks('work items', {
  before: `
KEVENT Done; WORK_QUEUE_ITEM Item; PIO_WORKITEM Io; PDEVICE_OBJECT Device; int Runs; KIRQL Level; PVOID Got;
VOID Routine(PVOID Context) { Runs++; Level = KeGetCurrentIrql(); Got = Context; KeSetEvent(&Done, 0, FALSE); }
VOID IoRoutine(PDEVICE_OBJECT D, PVOID Context) { if (D == Device) Runs += 10; Got = Context; KeSetEvent(&Done, 0, FALSE); }
VOID IoRoutineEx(PVOID D, PVOID Context, PIO_WORKITEM W) { if (D == Device && W == Io) Runs += 100; Got = Context; KeSetEvent(&Done, 0, FALSE); }`,
  body: `
    KIRQL old;
    KeInitializeEvent(&Done, SynchronizationEvent, FALSE);
    IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    ExInitializeWorkItem(&Item, Routine, (PVOID)5);
    KeRaiseIrql(DISPATCH_LEVEL, &old); ExQueueWorkItem(&Item, DelayedWorkQueue); KeLowerIrql(old);
    KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); CHECK(Runs == 1); CHECK(Level == PASSIVE_LEVEL); CHECK(Got == (PVOID)5);
    ExQueueWorkItem(&Item, DelayedWorkQueue); KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); CHECK(Runs == 2);
    Io = IoAllocateWorkItem(Device); CHECK(Io != NULL);
    IoQueueWorkItem(Io, IoRoutine, DelayedWorkQueue, (PVOID)6); KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); CHECK(Runs == 12); CHECK(Got == (PVOID)6);
    IoQueueWorkItemEx(Io, IoRoutineEx, DelayedWorkQueue, (PVOID)7); KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL); CHECK(Runs == 112); CHECK(Got == (PVOID)7);
    IoFreeWorkItem(Io); IoDeleteDevice(Device);`,
});

checks('time, version, bitmaps, addresses', {
  body: `
    LARGE_INTEGER t, f; TIME_FIELDS tf; RTL_OSVERSIONINFOW v; RTL_BITMAP bm; ULONG words[2]; ULONG seed = 1, a, b; CHAR text[64]; struct in_addr ip4; struct in6_addr ip6; PCSTR end;
    t.QuadPart = 134116992000000000LL + 45296789LL * 10000; RtlTimeToTimeFields(&t, &tf);
    CHECK(tf.Year == 2026 && tf.Month == 1 && tf.Day == 1); CHECK(tf.Hour == 12 && tf.Minute == 34 && tf.Second == 56 && tf.Milliseconds == 789); CHECK(tf.Weekday == 4);
    CHECK(RtlTimeFieldsToTime(&tf, &f)); CHECK(f.QuadPart == t.QuadPart); tf.Month = 2; tf.Day = 29; CHECK(!RtlTimeFieldsToTime(&tf, &f)); tf.Year = 2024; CHECK(RtlTimeFieldsToTime(&tf, &f));
    v.dwOSVersionInfoSize = sizeof(v); CHECK(RtlGetVersion(&v) == 0); CHECK(v.dwMajorVersion == 10);
    a = RtlRandomEx(&seed); b = RtlRandomEx(&seed); CHECK(a != b); CHECK(a < 0x80000000);
    RtlInitializeBitMap(&bm, words, 40); RtlClearAllBits(&bm); CHECK(RtlNumberOfSetBits(&bm) == 0);
    RtlSetBits(&bm, 3, 5); CHECK(RtlTestBit(&bm, 3) && RtlTestBit(&bm, 7) && !RtlTestBit(&bm, 8)); CHECK(words[0] == 0xf8); CHECK(RtlNumberOfSetBits(&bm) == 5);
    CHECK(RtlFindClearBits(&bm, 4, 0) == 8); CHECK(RtlFindClearBitsAndSet(&bm, 3, 0) == 0); CHECK(RtlFindClearBits(&bm, 40, 0) == 0xffffffff); RtlClearBit(&bm, 0); CHECK(RtlNumberOfClearBits(&bm) == 33);
    CHECK(RtlIpv4StringToAddressA("192.168.1.20x", TRUE, &end, &ip4) == 0); CHECK(*end == 'x'); CHECK(*(ULONG *)&ip4 == 0x1401a8c0);
    CHECK(*RtlIpv4AddressToStringA(&ip4, text) == 0); CHECK(strcmp(text, "192.168.1.20") == 0); CHECK(RtlIpv4StringToAddressA("1.2.3", TRUE, &end, &ip4) != 0); CHECK(RtlIpv4StringToAddressA("256.1.1.1", TRUE, &end, &ip4) != 0);
    CHECK(RtlIpv6StringToAddressA("fe80::1:2", &end, &ip6) == 0); RtlIpv6AddressToStringA(&ip6, text); CHECK(strcmp(text, "fe80::1:2") == 0);
    CHECK(RtlIpv6StringToAddressA("::", &end, &ip6) == 0); RtlIpv6AddressToStringA(&ip6, text); CHECK(strcmp(text, "::") == 0);
    CHECK(RtlIpv6StringToAddressA("::ffff:1.2.3.4", &end, &ip6) == 0); RtlIpv6AddressToStringA(&ip6, text); CHECK(strcmp(text, "::ffff:1.2.3.4") == 0);
    CHECK(RtlIpv6StringToAddressA("1:2:3", &end, &ip6) != 0); CHECK(RtlIpv6StringToAddressA("1::2::3", &end, &ip6) != 0);
    CHECK(KeQueryTimeIncrement() == 156250); KeQueryPerformanceCounter(&f); CHECK(f.QuadPart == 10000000);`,
});

checks('registry', {
  before: `
NTSTATUS Query(PWSTR Name, ULONG Type, PVOID Data, ULONG Length, PVOID Context, PVOID EntryContext) {
  if (wcscmp(Name, L"Port") == 0 && Type == REG_DWORD && Length == 4 && Context == (PVOID)1) *(ULONG *)EntryContext = *(ULONG *)Data;
  return STATUS_SUCCESS;
}`,
  body: `
    OBJECT_ATTRIBUTES oa; HANDLE key, sub; UNICODE_STRING name, value; ULONG data = 40007, length, disposition, seen = 0, direct = 0, missing = 0, fallback = 9; UCHAR buffer[64];
    PKEY_VALUE_PARTIAL_INFORMATION info = (PKEY_VALUE_PARTIAL_INFORMATION)buffer; RTL_QUERY_REGISTRY_TABLE table[4] = {0};
    InitializeObjectAttributes(&oa, Path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK(ZwOpenKey(&key, KEY_ALL_ACCESS, &oa) == STATUS_SUCCESS);
    RtlInitUnicodeString(&name, L"Parameters"); InitializeObjectAttributes(&oa, &name, OBJ_KERNEL_HANDLE, key, NULL);
    CHECK(ZwOpenKey(&sub, KEY_READ, &oa) == STATUS_OBJECT_NAME_NOT_FOUND);
    CHECK(ZwCreateKey(&sub, KEY_ALL_ACCESS, &oa, 0, NULL, 0, &disposition) == STATUS_SUCCESS); CHECK(disposition == 1);
    RtlInitUnicodeString(&value, L"Port"); CHECK(ZwSetValueKey(sub, &value, 0, REG_DWORD, &data, 4) == STATUS_SUCCESS);
    CHECK(ZwQueryValueKey(sub, &value, KeyValuePartialInformation, buffer, 4, &length) == STATUS_BUFFER_TOO_SMALL); CHECK(length == 16);
    CHECK(ZwQueryValueKey(sub, &value, KeyValuePartialInformation, buffer, 13, &length) == STATUS_BUFFER_OVERFLOW);
    CHECK(ZwQueryValueKey(sub, &value, KeyValuePartialInformation, buffer, sizeof(buffer), &length) == STATUS_SUCCESS);
    CHECK(info->Type == REG_DWORD && info->DataLength == 4 && *(ULONG *)info->Data == 40007);
    RtlInitUnicodeString(&value, L"Nothing"); CHECK(ZwQueryValueKey(sub, &value, KeyValuePartialInformation, buffer, sizeof(buffer), &length) == STATUS_OBJECT_NAME_NOT_FOUND);
    table[0].QueryRoutine = Query; table[0].Name = L"Port"; table[0].EntryContext = &seen;
    table[1].Flags = RTL_QUERY_REGISTRY_DIRECT; table[1].Name = L"Port"; table[1].EntryContext = &direct;
    table[2].Flags = RTL_QUERY_REGISTRY_DIRECT; table[2].Name = L"Gone"; table[2].EntryContext = &missing; table[2].DefaultType = REG_DWORD; table[2].DefaultData = &fallback; table[2].DefaultLength = 4;
    CHECK(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"driver\\\\Parameters", table, (PVOID)1, NULL) == STATUS_SUCCESS);
    CHECK(seen == 40007); CHECK(direct == 40007); CHECK(missing == 9);
    table[0].Flags = RTL_QUERY_REGISTRY_REQUIRED; table[0].Name = L"Gone"; CHECK(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"driver\\\\Parameters", table, NULL, NULL) == STATUS_OBJECT_NAME_NOT_FOUND);
    ZwClose(sub); ZwClose(key); CHECK(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, L"other", table, NULL, NULL) == STATUS_OBJECT_NAME_NOT_FOUND);`,
});

checks('hashes', {
  before: `#include <bcrypt.h>
static int Same(const UCHAR *a, const char *hex, int n) { int i; for (i = 0; i < n; i++) { char t[3]; t[0] = hex[i * 2]; t[1] = hex[i * 2 + 1]; t[2] = 0; if (a[i] != (UCHAR)strtoul(t, NULL, 16)) return 0; } return 1; }
static int Hash(PCWSTR Name, ULONG Flags, const char *Key, const char *Text, int Size, const char *Expected) {
  BCRYPT_ALG_HANDLE a; BCRYPT_HASH_HANDLE h; UCHAR out[64]; int ok;
  if (BCryptOpenAlgorithmProvider(&a, Name, NULL, Flags) != 0) return 0;
  if (BCryptCreateHash(a, &h, NULL, 0, (PUCHAR)Key, Key ? (ULONG)strlen(Key) : 0, 0) != 0) return 0;
  BCryptHashData(h, (PUCHAR)Text, 1, 0); BCryptHashData(h, (PUCHAR)Text + 1, (ULONG)strlen(Text) - 1, 0);
  ok = BCryptFinishHash(h, out, Size, 0) == 0 && Same(out, Expected, Size);
  BCryptDestroyHash(h); BCryptCloseAlgorithmProvider(a, 0);
  return ok;
}`,
  body: `
    BCRYPT_ALG_HANDLE a; UCHAR random[8] = {0};
    CHECK(Hash(BCRYPT_MD5_ALGORITHM, 0, NULL, "abc", 16, "900150983cd24fb0d6963f7d28e17f72"));
    CHECK(Hash(BCRYPT_SHA1_ALGORITHM, 0, NULL, "abc", 20, "a9993e364706816aba3e25717850c26c9cd0d89d"));
    CHECK(Hash(BCRYPT_SHA256_ALGORITHM, 0, NULL, "abc", 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK(Hash(BCRYPT_SHA384_ALGORITHM, 0, NULL, "abc", 48, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"));
    CHECK(Hash(BCRYPT_SHA512_ALGORITHM, 0, NULL, "abc", 64, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
    CHECK(Hash(BCRYPT_SHA256_ALGORITHM, 0, NULL, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    CHECK(Hash(BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, "Jefe", "what do ya want for nothing?", 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    CHECK(BCryptOpenAlgorithmProvider(&a, L"ROT13", NULL, 0) == STATUS_NOT_FOUND);
    CHECK(BCryptGenRandom(NULL, random, 8, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0); CHECK(*(LONG64 *)random != 0);`,
});
