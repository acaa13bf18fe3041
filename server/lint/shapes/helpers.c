/* What a helper does for its callers: what it puts behind a parameter is theirs, wherever they keep that. */

//=== memory
static NTSTATUS Take(SIZE_T n, PVOID *out)
{
    *out = ExAllocatePool2(POOL_FLAG_NON_PAGED, n, 'abcd');
    return *out ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS Use(SIZE_T n, BOOLEAN stop)
{
    PVOID p;
    NTSTATUS status = Take(n, &p);

    if (!NT_SUCCESS(status)) return status;
    if (stop) return STATUS_UNSUCCESSFUL; // warning: pool-leak
    ExFreePoolWithTag(p, 'abcd');
    return STATUS_SUCCESS;
}

//=== a reference, by way of a local of the helper's
static NTSTATUS Find(HANDLE id, PEPROCESS *out)
{
    PEPROCESS found;
    NTSTATUS status = PsLookupProcessByProcessId(id, &found);

    if (NT_SUCCESS(status)) *out = found;
    return status;
}

NTSTATUS Use(HANDLE id, BOOLEAN stop)
{
    PEPROCESS process;
    NTSTATUS status = Find(id, &process);

    if (!NT_SUCCESS(status)) return status;
    if (stop) return STATUS_UNSUCCESSFUL; // warning: reference-leak
    ObDereferenceObject(process);
    return STATUS_SUCCESS;
}

//=== a handle in a member of a local
typedef struct {
    HANDLE Key;
    ULONG Index;
} CURSOR;

static NTSTATUS Open(POBJECT_ATTRIBUTES attributes, CURSOR *cursor)
{
    cursor->Index = 0;
    return ZwOpenKey(&cursor->Key, KEY_READ, attributes);
}

NTSTATUS Use(POBJECT_ATTRIBUTES attributes, BOOLEAN stop)
{
    CURSOR cursor;
    NTSTATUS status = Open(attributes, &cursor);

    if (!NT_SUCCESS(status)) return status;
    if (stop) return STATUS_UNSUCCESSFUL; // warning: handle-leak
    ZwClose(cursor.Key);
    return STATUS_SUCCESS;
}

//=== in a global, and in what a caller gave in turn
static PETHREAD Worker;

static NTSTATUS Reference(HANDLE handle, PETHREAD *out)
{
    *out = NULL;
    return ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, (PVOID *)out, NULL);
}

NTSTATUS Start(HANDLE handle)
{
    return Reference(handle, &Worker);
}

NTSTATUS Again(HANDLE handle, PETHREAD *out)
{
    return Reference(handle, out);
}

//=== a list that a helper puts it in, before code that is not here
typedef struct {
    LIST_ENTRY Link;
    ULONG Number;
} ITEM;

VOID Say(const char *text);

static BOOLEAN Queue(PLIST_ENTRY list, PKSPIN_LOCK lock, ITEM *item)
{
    KIRQL old;

    KeAcquireSpinLock(lock, &old);
    InsertTailList(list, &item->Link);
    KeReleaseSpinLock(lock, old);
    Say("queued");
    return TRUE;
}

BOOLEAN Add(PLIST_ENTRY list, PKSPIN_LOCK lock)
{
    ITEM *item = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *item, 'abcd');

    return item != NULL && Queue(list, lock, item);
}

//=== MDLs of locals that one helper takes for nonpaged pool
static VOID Build(PMDL mdl)
{
    MmBuildMdlForNonPagedPool(mdl);
}

VOID First(VOID)
{
    UCHAR bytes[64];
    PMDL mdl = IoAllocateMdl(bytes, 64, FALSE, FALSE, NULL);

    if (!mdl) return;
    Build(mdl); // error: mdl-of-pageable-memory
    IoFreeMdl(mdl);
}

VOID Second(VOID)
{
    UCHAR bytes[64];
    PMDL mdl = IoAllocateMdl(bytes, 64, FALSE, FALSE, NULL);

    if (!mdl) return;
    Build(mdl); // error: mdl-of-pageable-memory
    IoFreeMdl(mdl);
}

//=== a helper that frees all that is there
typedef struct {
    PULONG First;
    PULONG Second;
} PAIR;

static VOID Drop(PAIR *pair)
{
    if (pair->First) ExFreePoolWithTag(pair->First, 'abcd');
    if (pair->Second) ExFreePoolWithTag(pair->Second, 'abcd');
}

ULONG Wrong(PAIR *pair)
{
    if (!pair->First) return 0;
    Drop(pair);
    return *pair->First; // error: use-after-free
}

NTSTATUS Right(VOID)
{
    PAIR pair;

    pair.First = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4, 'abcd');
    if (!pair.First) return STATUS_NO_MEMORY;
    pair.Second = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4, 'abcd');
    Drop(&pair);
    return STATUS_SUCCESS;
}

//=== one that frees some of it where a flag says so
typedef struct {
    PULONG Numbers;
    PULONG Copy;
    BOOLEAN IsOwn;
} BLOCK;

static VOID Drop(BLOCK *block)
{
    if (block->IsOwn) ExFreePoolWithTag(block->Numbers, 'abcd');
    if (block->Copy) ExFreePoolWithTag(block->Copy, 'abcd');
}

ULONG Read(BLOCK *block)
{
    Drop(block);
    return *block->Numbers;
}

//=== a helper builds an MDL for whatever it is given
static PMDL Describe(PVOID data, ULONG length)
{
    PMDL mdl = IoAllocateMdl(data, length, FALSE, FALSE, NULL);

    if (mdl != NULL) MmBuildMdlForNonPagedPool(mdl);
    return mdl;
}

static NTSTATUS Send(PWSK_SOCKET socket, PVOID data, ULONG length, PIRP irp)
{
    PMDL mdl = Describe(data, length);

    if (mdl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    IoFreeMdl(mdl);
    return STATUS_SUCCESS;
}

typedef struct {
    ULONG Length;
    UCHAR Bytes[60];
} FRAME;

NTSTATUS Paged(PWSK_SOCKET socket, PIRP irp)
{
    FRAME *frame = ExAllocatePool2(POOL_FLAG_PAGED, sizeof(FRAME), 'marF');
    NTSTATUS status;

    if (frame == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = Send(socket, frame->Bytes, sizeof(frame->Bytes), irp); // error: mdl-of-pageable-memory
    ExFreePoolWithTag(frame, 'marF');
    return status;
}

NTSTATUS OfStack(PWSK_SOCKET socket, PIRP irp)
{
    UCHAR bytes[16] = { 1 };

    return Send(socket, bytes, sizeof(bytes), irp); // error: mdl-of-pageable-memory
}

NTSTATUS Right(PWSK_SOCKET socket, PIRP irp)
{
    FRAME *frame = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(FRAME), 'marF');
    NTSTATUS status;

    if (frame == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = Send(socket, frame->Bytes, sizeof(frame->Bytes), irp);
    ExFreePoolWithTag(frame, 'marF');
    return status;
}

//=== a helper gets what a condition has found to be NULL
typedef struct { PWSK_SOCKET Socket; PWSK_SOCKET Peer; PIRP Irp; } LISTENER;

static void Close(LISTENER *listener, PWSK_SOCKET socket)
{
  const WSK_PROVIDER_BASIC_DISPATCH *dispatch = socket->Dispatch;

  dispatch->WskCloseSocket(socket, listener->Irp);
}

void Stop(LISTENER *listener)
{
  if (listener->Socket == NULL) {
    Close(listener, listener->Socket); // error: null-dereference
    listener->Socket = NULL;
  }
}

void StopFirst(PWSK_SOCKET socket, LISTENER *listener)
{
  if (!socket)
    Close(listener, socket); // error: null-dereference
}

void StopOther(LISTENER *listener)
{
  if (listener->Socket != NULL)
    return;
  Close(listener, listener->Peer);
}

//=== it is given another one before, in a loop too, or the helper asks
typedef struct { PWSK_SOCKET Socket; PIRP Irp; } LISTENER;

static void Close(LISTENER *listener, PWSK_SOCKET socket)
{
  const WSK_PROVIDER_BASIC_DISPATCH *dispatch = socket->Dispatch;

  dispatch->WskCloseSocket(socket, listener->Irp);
}

static void CloseIfOpen(LISTENER *listener, PWSK_SOCKET socket)
{
  if (socket != NULL)
    Close(listener, socket);
}

PWSK_SOCKET Next(LISTENER *listener);

void Stop(LISTENER *listener)
{
  if (listener->Socket == NULL) {
    listener->Socket = Next(listener);
    Close(listener, listener->Socket);
  }
}

void StopAll(LISTENER *listener, ULONG count)
{
  ULONG i;

  if (listener->Socket == NULL) {
    for (i = 0; i < count; i++) {
      if (i != 0)
        Close(listener, listener->Socket);
      listener->Socket = Next(listener);
    }
  }
}

void StopIfOpen(LISTENER *listener)
{
  if (listener->Socket == NULL)
    CloseIfOpen(listener, listener->Socket);
}

//=== a helper registers what its caller has on its stack
static const WSK_CLIENT_DISPATCH Lasting = { MAKE_WSK_VERSION(1, 0), 0, NULL };
static WSK_REGISTRATION Registration;

static NTSTATUS Register(PWSK_CLIENT_NPI npi, PWSK_REGISTRATION registration)
{
    return WskRegister(npi, registration);
}

NTSTATUS StartWithLocal(VOID)
{
    WSK_CLIENT_DISPATCH dispatch = { MAKE_WSK_VERSION(1, 0), 0, NULL };
    WSK_CLIENT_NPI npi;

    npi.ClientContext = NULL;
    npi.Dispatch = &dispatch;
    return Register(&npi, &Registration); // error: registration-block-gone
}

NTSTATUS Start(VOID)
{
    WSK_CLIENT_NPI npi;

    npi.ClientContext = NULL;
    npi.Dispatch = &Lasting;
    return Register(&npi, &Registration);
}
