/* Parts of absolute security descriptors, generic rights, and locally unique identifiers. */
#include <ntifs.h>

/* Ours: holds the IRQL of the driver's call against the prototype of that function. */
void KiCheckCaller(const char *Function);

NTSTATUS RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Owner, PBOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  *Owner = Descriptor->Owner;
  *OwnerDefaulted = (Descriptor->Control & SE_OWNER_DEFAULTED) != 0;
  return STATUS_SUCCESS;
}

NTSTATUS RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Owner, BOOLEAN OwnerDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  Descriptor->Owner = Owner;
  Descriptor->Control &= ~SE_OWNER_DEFAULTED;
  if (OwnerDefaulted) Descriptor->Control |= SE_OWNER_DEFAULTED;
  return STATUS_SUCCESS;
}

NTSTATUS RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID *Group, PBOOLEAN GroupDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  *Group = Descriptor->Group;
  *GroupDefaulted = (Descriptor->Control & SE_GROUP_DEFAULTED) != 0;
  return STATUS_SUCCESS;
}

NTSTATUS RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR SecurityDescriptor, PSID Group, BOOLEAN GroupDefaulted) {
  KiCheckCaller(__func__);
  PISECURITY_DESCRIPTOR Descriptor = (PISECURITY_DESCRIPTOR)SecurityDescriptor;
  if (Descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
  Descriptor->Group = Group;
  Descriptor->Control &= ~SE_GROUP_DEFAULTED;
  if (GroupDefaulted) Descriptor->Control |= SE_GROUP_DEFAULTED;
  return STATUS_SUCCESS;
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
