/* Parts of absolute security descriptors, generic rights, and locally unique identifiers. */
#include <ntifs.h>

#include "ki.h"

/* The owner or the group, and whether it is one by default. */
static NTSTATUS GetPart(PISECURITY_DESCRIPTOR Descriptor, PSID *Part, USHORT Default, PSID *Sid, PBOOLEAN IsDefault) {
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  *Sid = *Part;
  *IsDefault = (Descriptor->Control & Default) != 0;
  return STATUS_SUCCESS;
}

static NTSTATUS SetPart(PISECURITY_DESCRIPTOR Descriptor, PSID *Part, USHORT Default, PSID Sid, BOOLEAN IsDefault) {
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  *Part = Sid;
  Descriptor->Control &= ~Default;
  if (IsDefault) Descriptor->Control |= Default;
  return STATUS_SUCCESS;
}

NTSTATUS RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Owner, PBOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return GetPart(Descriptor, &Descriptor->Owner, SE_OWNER_DEFAULTED, Owner, OwnerDefaulted);
}

NTSTATUS RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner, BOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return SetPart(Descriptor, &Descriptor->Owner, SE_OWNER_DEFAULTED, Owner, OwnerDefaulted);
}

NTSTATUS RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Group, PBOOLEAN GroupDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  return GetPart(Descriptor, &Descriptor->Group, SE_GROUP_DEFAULTED, Group, GroupDefaulted);
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
  *Dacl = Descriptor->Dacl;
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
