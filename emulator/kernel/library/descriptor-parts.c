/* Parts of absolute security descriptors, generic rights, and locally unique identifiers. */
#include <ntifs.h>

#include "ki.h"

/* A descriptor in one piece: offsets from its start where the other form has pointers. */
typedef struct _RELATIVE_DESCRIPTOR {
  UCHAR Revision;
  UCHAR Sbz1;
  USHORT Control;
  ULONG Owner;
  ULONG Group;
  ULONG Sacl;
  ULONG Dacl;
} RELATIVE_DESCRIPTOR, *PRELATIVE_DESCRIPTOR;

#define OFFSET_OF(Part) FIELD_OFFSET(RELATIVE_DESCRIPTOR, Part)

static PVOID PartAt(PVOID Descriptor, ULONG Relative) {
  ULONG Offset = *(PULONG)((PUCHAR)Descriptor + Relative);
  return Offset == 0 ? NULL : (PUCHAR)Descriptor + Offset;
}

/* The owner or the group, and whether it is one by default. */
static NTSTATUS GetPart(PISECURITY_DESCRIPTOR Descriptor, ULONG Relative, USHORT Default, PSID *Sid, PBOOLEAN IsDefault) {
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  BOOLEAN IsOwner = Relative == OFFSET_OF(Owner);
  if (Descriptor->Control & SE_SELF_RELATIVE) *Sid = PartAt(Descriptor, Relative);
  else *Sid = IsOwner ? Descriptor->Owner : Descriptor->Group;
  *IsDefault = (Descriptor->Control & Default) != 0;
  return STATUS_SUCCESS;
}

static NTSTATUS SetPart(PISECURITY_DESCRIPTOR Descriptor, PSID *Part, USHORT Default, PSID Sid, BOOLEAN IsDefault) {
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  if (Descriptor->Control & SE_SELF_RELATIVE) return STATUS_INVALID_SECURITY_DESCR;
  *Part = Sid;
  Descriptor->Control &= ~Default;
  if (IsDefault) Descriptor->Control |= Default;
  return STATUS_SUCCESS;
}

NTSTATUS RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Owner, PBOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return GetPart(Descriptor, OFFSET_OF(Owner), SE_OWNER_DEFAULTED, Owner, OwnerDefaulted);
}

NTSTATUS RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner, BOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return SetPart(Descriptor, &Descriptor->Owner, SE_OWNER_DEFAULTED, Owner, OwnerDefaulted);
}

NTSTATUS RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Group, PBOOLEAN GroupDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return GetPart(Descriptor, OFFSET_OF(Group), SE_GROUP_DEFAULTED, Group, GroupDefaulted);
}

NTSTATUS RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Group, BOOLEAN GroupDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return SetPart(Descriptor, &Descriptor->Group, SE_GROUP_DEFAULTED, Group, GroupDefaulted);
}

NTSTATUS RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PBOOLEAN DaclPresent, PACL *Dacl,
                                      PBOOLEAN DaclDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  *DaclPresent = (Descriptor->Control & SE_DACL_PRESENT) != 0;
  /* Without a list the other two are left as they are. */
  if (!*DaclPresent) return STATUS_SUCCESS;
  *Dacl = Descriptor->Control & SE_SELF_RELATIVE ? PartAt(Descriptor, OFFSET_OF(Dacl)) : Descriptor->Dacl;
  *DaclDefaulted = (Descriptor->Control & SE_DACL_DEFAULTED) != 0;
  return STATUS_SUCCESS;
}

VOID RtlMapGenericMask(PACCESS_MASK AccessMask, const GENERIC_MAPPING *GenericMapping) {
  KiCheckCaller(__func__);
  if (*AccessMask & GENERIC_READ) *AccessMask |= GenericMapping->GenericRead;
  if (*AccessMask & GENERIC_WRITE) *AccessMask |= GenericMapping->GenericWrite;
  if (*AccessMask & GENERIC_EXECUTE) *AccessMask |= GenericMapping->GenericExecute;
  if (*AccessMask & GENERIC_ALL) *AccessMask |= GenericMapping->GenericAll;
  *AccessMask &= ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
}

VOID RtlCopyLuid(PLUID DestinationLuid, PLUID SourceLuid) {
  KiCheckCaller(__func__);
  *DestinationLuid = *SourceLuid;
}

NTSTATUS RtlAppendStringToString(PSTRING Destination, const STRING *Source) {
  KiCheckCaller(__func__);
  if (Source->Length > Destination->MaximumLength - Destination->Length) return STATUS_BUFFER_TOO_SMALL;
  RtlMoveMemory(Destination->Buffer + Destination->Length, Source->Buffer, Source->Length);
  Destination->Length += Source->Length;
  return STATUS_SUCCESS;
}

static ULONG Padded(ULONG Size) {
  return (Size + 3) & ~3u;
}

static ULONG SidSize(PSID Sid) {
  return Sid == NULL ? 0 : Padded(RtlLengthSid(Sid));
}

static ULONG AclSize(PACL Acl) {
  return Acl == NULL ? 0 : Padded(Acl->AclSize);
}

/* Puts a part behind those that are there already, and says where. */
static ULONG PutPart(PRELATIVE_DESCRIPTOR Relative, PULONG End, PVOID Part, ULONG Size, ULONG Room) {
  ULONG At = *End;
  if (Part == NULL) return 0;
  RtlZeroMemory((PUCHAR)Relative + At, Room);
  RtlCopyMemory((PUCHAR)Relative + At, Part, Size);
  *End += Room;
  return At;
}

NTSTATUS RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR AbsoluteSecurityDescriptor,
                                     PSECURITY_DESCRIPTOR SelfRelativeSecurityDescriptor, PULONG BufferLength) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Absolute = (PISECURITY_DESCRIPTOR)AbsoluteSecurityDescriptor;
  PRELATIVE_DESCRIPTOR Relative = (PRELATIVE_DESCRIPTOR)SelfRelativeSecurityDescriptor;
  if (Absolute->Control & SE_SELF_RELATIVE) return STATUS_BAD_DESCRIPTOR_FORMAT;
  PACL Sacl = Absolute->Control & SE_SACL_PRESENT ? Absolute->Sacl : NULL;
  PACL Dacl = Absolute->Control & SE_DACL_PRESENT ? Absolute->Dacl : NULL;
  ULONG Needed = sizeof(*Relative) + AclSize(Sacl) + AclSize(Dacl) + SidSize(Absolute->Owner) + SidSize(Absolute->Group);
  if (Relative == NULL || *BufferLength < Needed) {
    *BufferLength = Needed;
    return STATUS_BUFFER_TOO_SMALL;
  }
  ULONG End = sizeof(*Relative);
  Relative->Revision = Absolute->Revision;
  Relative->Sbz1 = Absolute->Sbz1;
  Relative->Control = Absolute->Control | SE_SELF_RELATIVE;
  Relative->Sacl = PutPart(Relative, &End, Sacl, Sacl == NULL ? 0 : Sacl->AclSize, AclSize(Sacl));
  Relative->Dacl = PutPart(Relative, &End, Dacl, Dacl == NULL ? 0 : Dacl->AclSize, AclSize(Dacl));
  Relative->Owner = PutPart(Relative, &End, Absolute->Owner, SidSize(Absolute->Owner), SidSize(Absolute->Owner));
  Relative->Group = PutPart(Relative, &End, Absolute->Group, SidSize(Absolute->Group), SidSize(Absolute->Group));
  return STATUS_SUCCESS;
}
