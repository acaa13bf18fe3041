/* Who has a file open, and what each lets the others do with it: the counts that a file system keeps per file. */
#include <ntddk.h>

static VOID Read(PFILE_OBJECT File, ACCESS_MASK Access, ULONG Share) {
  File->ReadAccess = (Access & (FILE_EXECUTE | FILE_READ_DATA)) != 0;
  File->WriteAccess = (Access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
  File->DeleteAccess = (Access & DELETE) != 0;
  File->SharedRead = (Share & FILE_SHARE_READ) != 0;
  File->SharedWrite = (Share & FILE_SHARE_WRITE) != 0;
  File->SharedDelete = (Share & FILE_SHARE_DELETE) != 0;
}

static BOOLEAN Accesses(PFILE_OBJECT File) { return File->ReadAccess || File->WriteAccess || File->DeleteAccess; }

static VOID Count(PFILE_OBJECT File, PSHARE_ACCESS ShareAccess, ULONG By) {
  if (!Accesses(File)) return;
  ShareAccess->OpenCount += By;
  if (File->ReadAccess) ShareAccess->Readers += By;
  if (File->WriteAccess) ShareAccess->Writers += By;
  if (File->DeleteAccess) ShareAccess->Deleters += By;
  if (File->SharedRead) ShareAccess->SharedRead += By;
  if (File->SharedWrite) ShareAccess->SharedWrite += By;
  if (File->SharedDelete) ShareAccess->SharedDelete += By;
}

NTSTATUS IoCheckShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess, PFILE_OBJECT FileObject,
                            PSHARE_ACCESS ShareAccess, BOOLEAN Update) {
  ULONG Open = ShareAccess->OpenCount;
  Read(FileObject, DesiredAccess, DesiredShareAccess);
  if (!Accesses(FileObject)) return STATUS_SUCCESS;
  if ((FileObject->ReadAccess && ShareAccess->SharedRead < Open) ||
      (FileObject->WriteAccess && ShareAccess->SharedWrite < Open) ||
      (FileObject->DeleteAccess && ShareAccess->SharedDelete < Open) ||
      (ShareAccess->Readers != 0 && !FileObject->SharedRead) || (ShareAccess->Writers != 0 && !FileObject->SharedWrite) ||
      (ShareAccess->Deleters != 0 && !FileObject->SharedDelete))
    return STATUS_SHARING_VIOLATION;
  if (Update) Count(FileObject, ShareAccess, 1);
  return STATUS_SUCCESS;
}

VOID IoSetShareAccess(ACCESS_MASK DesiredAccess, ULONG DesiredShareAccess, PFILE_OBJECT FileObject,
                      PSHARE_ACCESS ShareAccess) {
  Read(FileObject, DesiredAccess, DesiredShareAccess);
  RtlZeroMemory(ShareAccess, sizeof(*ShareAccess));
  Count(FileObject, ShareAccess, 1);
}

VOID IoUpdateShareAccess(PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess) { Count(FileObject, ShareAccess, 1); }

VOID IoRemoveShareAccess(PFILE_OBJECT FileObject, PSHARE_ACCESS ShareAccess) {
  Count(FileObject, ShareAccess, (ULONG)-1);
}
