/* Files through Zw: made, written, read, positioned, asked about, listed, renamed, deleted; refusals; handles. */
#include "check.h"

static UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\??\\C:\\Windows\\Temp\\area.txt");
static UNICODE_STRING Missing = RTL_CONSTANT_STRING(L"\\??\\C:\\Windows\\Temp\\missing.txt");
static UNICODE_STRING NoFolder = RTL_CONSTANT_STRING(L"\\??\\C:\\nowhere\\x.txt");

static NTSTATUS Open(PHANDLE Handle, PUNICODE_STRING File, ACCESS_MASK Access, ULONG Disposition, ULONG Share, PULONG_PTR Information)
{
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK iosb = { { 0 } };
    NTSTATUS status;

    InitializeObjectAttributes(&attributes, File, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = ZwCreateFile(Handle, Access | SYNCHRONIZE, &attributes, &iosb, NULL, FILE_ATTRIBUTE_NORMAL, Share, Disposition,
                          FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE, NULL, 0);
    *Information = iosb.Information;
    return status;
}

static VOID RunChecks(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    FILE_STANDARD_INFORMATION standard;
    FILE_POSITION_INFORMATION position;
    FILE_BASIC_INFORMATION basic;
    FILE_END_OF_FILE_INFORMATION end;
    FILE_DISPOSITION_INFORMATION disposition;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK iosb;
    LARGE_INTEGER offset;
    ULONG_PTR information;
    HANDLE file = NULL, second = NULL;
    CHAR buffer[32];
    PVOID object;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    RETURNS(Open(&file, &Missing, GENERIC_READ, FILE_OPEN, FILE_SHARE_READ, &information), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(Open(&file, &NoFolder, GENERIC_READ, FILE_OPEN, FILE_SHARE_READ, &information), STATUS_OBJECT_PATH_NOT_FOUND);
    RETURNS(Open(&file, &Name, GENERIC_READ | GENERIC_WRITE | DELETE, FILE_CREATE, FILE_SHARE_READ, &information), STATUS_SUCCESS);
    EQUAL(information, FILE_CREATED);
    RETURNS(Open(&second, &Name, GENERIC_READ, FILE_CREATE, FILE_SHARE_READ, &information), STATUS_OBJECT_NAME_COLLISION);
    RETURNS(Open(&second, &Name, GENERIC_WRITE, FILE_OPEN, FILE_SHARE_READ, &information), STATUS_SHARING_VIOLATION);
    RETURNS(ZwWriteFile(file, NULL, NULL, NULL, &iosb, "hello world", 11, NULL, NULL), STATUS_SUCCESS);
    EQUAL(iosb.Information, 11);
    RETURNS(ZwQueryInformationFile(file, &iosb, &standard, sizeof(standard), FileStandardInformation), STATUS_SUCCESS);
    EQUAL(standard.EndOfFile.QuadPart, 11);
    EQUAL(standard.Directory, FALSE);
    EQUAL(standard.DeletePending, FALSE);
    RETURNS(ZwQueryInformationFile(file, &iosb, &position, sizeof(position), FilePositionInformation), STATUS_SUCCESS);
    EQUAL(position.CurrentByteOffset.QuadPart, 11);
    position.CurrentByteOffset.QuadPart = 6;
    RETURNS(ZwSetInformationFile(file, &iosb, &position, sizeof(position), FilePositionInformation), STATUS_SUCCESS);
    RETURNS(ZwReadFile(file, NULL, NULL, NULL, &iosb, buffer, sizeof(buffer), NULL, NULL), STATUS_SUCCESS);
    EQUAL(iosb.Information, 5);
    CHECK(RtlEqualMemory(buffer, "world", 5));
    RETURNS(ZwReadFile(file, NULL, NULL, NULL, &iosb, buffer, sizeof(buffer), NULL, NULL), STATUS_END_OF_FILE);
    offset.QuadPart = 0;
    RETURNS(ZwReadFile(file, NULL, NULL, NULL, &iosb, buffer, 5, &offset, NULL), STATUS_SUCCESS);
    CHECK(RtlEqualMemory(buffer, "hello", 5));
    offset.QuadPart = 20;
    RETURNS(ZwWriteFile(file, NULL, NULL, NULL, &iosb, "!", 1, &offset, NULL), STATUS_SUCCESS);
    offset.QuadPart = 11;
    RETURNS(ZwReadFile(file, NULL, NULL, NULL, &iosb, buffer, 10, &offset, NULL), STATUS_SUCCESS);
    EQUAL(iosb.Information, 10);
    EQUAL(buffer[0], 0);
    EQUAL(buffer[9], '!');
    end.EndOfFile.QuadPart = 5;
    RETURNS(ZwSetInformationFile(file, &iosb, &end, sizeof(end), FileEndOfFileInformation), STATUS_SUCCESS);
    RETURNS(ZwQueryInformationFile(file, &iosb, &standard, sizeof(standard), FileStandardInformation), STATUS_SUCCESS);
    EQUAL(standard.EndOfFile.QuadPart, 5);
    RETURNS(ZwQueryInformationFile(file, &iosb, &basic, sizeof(basic), FileBasicInformation), STATUS_SUCCESS);
    CHECK(basic.CreationTime.QuadPart > 0);
    CHECK((basic.FileAttributes & (FILE_ATTRIBUTE_NORMAL | FILE_ATTRIBUTE_ARCHIVE)) != 0);
    RETURNS(ZwQueryInformationFile(file, &iosb, &standard, 4, FileStandardInformation), STATUS_INFO_LENGTH_MISMATCH);
    RETURNS(ObReferenceObjectByHandle(file, 0, *IoFileObjectType, KernelMode, &object, NULL), STATUS_SUCCESS);
    CHECK(((PFILE_OBJECT)object)->DeviceObject != NULL || object != NULL);
    ObDereferenceObject(object);
    RETURNS(ZwFlushBuffersFile(file, &iosb), STATUS_SUCCESS);
    RETURNS(ZwClose(file), STATUS_SUCCESS);

    RETURNS(Open(&file, &Name, GENERIC_READ, FILE_OPEN, FILE_SHARE_READ, &information), STATUS_SUCCESS);
    EQUAL(information, FILE_OPENED);
    RETURNS(Open(&second, &Name, GENERIC_READ, FILE_OPEN, FILE_SHARE_READ, &information), STATUS_SUCCESS);
    RETURNS(ZwWriteFile(second, NULL, NULL, NULL, &iosb, "x", 1, NULL, NULL), STATUS_ACCESS_DENIED);
    RETURNS(ZwClose(second), STATUS_SUCCESS);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    RETURNS(Open(&file, &Name, GENERIC_WRITE, FILE_OVERWRITE_IF, 0, &information), STATUS_SUCCESS);
    EQUAL(information, FILE_OVERWRITTEN);
    RETURNS(ZwQueryInformationFile(file, &iosb, &standard, sizeof(standard), FileStandardInformation), STATUS_SUCCESS);
    EQUAL(standard.EndOfFile.QuadPart, 0);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    RETURNS(Open(&file, &Name, FILE_APPEND_DATA, FILE_OPEN_IF, 0, &information), STATUS_SUCCESS);
    RETURNS(ZwWriteFile(file, NULL, NULL, NULL, &iosb, "ab", 2, NULL, NULL), STATUS_SUCCESS);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    RETURNS(Open(&file, &Name, GENERIC_READ | DELETE, FILE_OPEN, FILE_SHARE_DELETE, &information), STATUS_SUCCESS);
    disposition.DeleteFile = TRUE;
    RETURNS(ZwSetInformationFile(file, &iosb, &disposition, sizeof(disposition), FileDispositionInformation), STATUS_SUCCESS);
    RETURNS(ZwQueryInformationFile(file, &iosb, &standard, sizeof(standard), FileStandardInformation), STATUS_SUCCESS);
    EQUAL(standard.DeletePending, TRUE);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    RETURNS(Open(&file, &Name, GENERIC_READ, FILE_OPEN, 0, &information), STATUS_OBJECT_NAME_NOT_FOUND);
    RETURNS(Open(&file, &Name, GENERIC_WRITE, FILE_SUPERSEDE, 0, &information), STATUS_SUCCESS);
    EQUAL(information, FILE_CREATED);
    RETURNS(ZwClose(file), STATUS_SUCCESS);
    InitializeObjectAttributes(&attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
    RETURNS(ZwDeleteFile(&attributes), STATUS_SUCCESS);
    RETURNS(ZwDeleteFile(&attributes), STATUS_OBJECT_NAME_NOT_FOUND);
}
