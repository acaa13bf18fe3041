/* Collections: lists of objects, each of which they refer to. */
#pragma once

_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfCollectionCreate(_In_opt_ PWDF_OBJECT_ATTRIBUTES CollectionAttributes, _Out_ WDFCOLLECTION *Collection);
_IRQL_requires_max_(DISPATCH_LEVEL)
ULONG WdfCollectionGetCount(_In_ WDFCOLLECTION Collection);
_IRQL_requires_max_(DISPATCH_LEVEL) _Must_inspect_result_
NTSTATUS WdfCollectionAdd(_In_ WDFCOLLECTION Collection, _In_ WDFOBJECT Object);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCollectionRemove(_In_ WDFCOLLECTION Collection, _In_ WDFOBJECT Item);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID WdfCollectionRemoveItem(_In_ WDFCOLLECTION Collection, _In_ ULONG Index);
_IRQL_requires_max_(DISPATCH_LEVEL)
WDFOBJECT WdfCollectionGetItem(_In_ WDFCOLLECTION Collection, _In_ ULONG Index);
_IRQL_requires_max_(DISPATCH_LEVEL)
WDFOBJECT WdfCollectionGetFirstItem(_In_ WDFCOLLECTION Collection);
_IRQL_requires_max_(DISPATCH_LEVEL)
WDFOBJECT WdfCollectionGetLastItem(_In_ WDFCOLLECTION Collection);
