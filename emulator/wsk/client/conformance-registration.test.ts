// Registration, capture and the client's control requests: one row for each status that the documentation has.
import { type Rows, testRows } from '../testing/rows.ts';

const declarations = `
static WSK_REGISTRATION other;
static WSK_CLIENT_DISPATCH newer = { MAKE_WSK_VERSION(2, 0), 0, NULL };
static NTSTATUS Register(const WSK_CLIENT_DISPATCH *dispatch)
{
  WSK_CLIENT_NPI client = { NULL, dispatch };
  return WskRegister(&client, &other);
}
static WSK_PROVIDER_NPI second;
static WSK_PROVIDER_CHARACTERISTICS range;
static WSK_TRANSPORT list[16];
static PSECURITY_DESCRIPTOR raw = &other, cached;
static PSECURITY_DESCRIPTOR Cache(void)
{
  PSECURITY_DESCRIPTOR one = NULL;
  Client(WSK_CACHE_SD, &raw, sizeof(raw), &one, sizeof(one), NULL, NULL);
  return one;
}
static void ReleaseIt(void) { Client(WSK_RELEASE_SD, &cached, sizeof(cached), NULL, 0, NULL, NULL); }
static WSK_EVENT_CALLBACK_CONTROL accepts = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT };
static const NPIID foreign = { 1, 2, 3, { 4, 5, 6, 7, 8, 9, 10, 11 } };
static WSK_EVENT_CALLBACK_CONTROL wrongNpi = { (PNPIID)&foreign, WSK_EVENT_ACCEPT };
static WSK_EVENT_CALLBACK_CONTROL disables = { (PNPIID)&NPI_WSK_INTERFACE_ID, WSK_EVENT_ACCEPT | WSK_EVENT_DISABLE };
static WSK_TDI_MAP_INFO map = { 0, NULL };`;

/** A call without an IRP. */
const plain = (call: string, returns: string, more: { setup?: string; then?: string; finding?: string } = {}) => ({
  call,
  returns,
  completes: 'no',
  ...more,
});

const rows: Rows = {
  WskRegister: plain('Register(&clientDispatch)', 'STATUS_SUCCESS', { then: 'WskDeregister(&other);' }),
  'WskRegister again on a block that was deregistered': plain('Register(&clientDispatch)', 'STATUS_SUCCESS', {
    setup: 'STATUS(Register(&clientDispatch), STATUS_SUCCESS); WskDeregister(&other);',
    then: 'WskDeregister(&other);',
  }),
  WskCaptureProviderNPI: plain('WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &second)', 'STATUS_SUCCESS', {
    then: 'TRUE_(second.Client == npi.Client && second.Dispatch == npi.Dispatch); WskReleaseProviderNPI(&reg);',
  }),
  'WskCaptureProviderNPI of another client gives another WSK_CLIENT': plain(
    'WskCaptureProviderNPI(&other, 10, &second)',
    'STATUS_SUCCESS',
    {
      setup: 'STATUS(Register(&clientDispatch), STATUS_SUCCESS);',
      then: 'TRUE_(second.Client != npi.Client); WskReleaseProviderNPI(&other); WskDeregister(&other);',
    },
  ),
  'WskCaptureProviderNPI for a version that WSK does not have': plain(
    'WskCaptureProviderNPI(&other, WSK_INFINITE_WAIT, &second)',
    'STATUS_NOINTERFACE',
    { setup: 'STATUS(Register(&newer), STATUS_SUCCESS);', then: 'WskDeregister(&other);' },
  ),
  'WskQueryProviderCharacteristics after STATUS_NOINTERFACE': plain(
    'WskQueryProviderCharacteristics(&other, &range)',
    'STATUS_SUCCESS',
    {
      setup:
        'STATUS(Register(&newer), STATUS_SUCCESS); STATUS(WskCaptureProviderNPI(&other, 0, &second), STATUS_NOINTERFACE);',
      then: 'TRUE_(range.HighestVersion < newer.Version && range.LowestVersion == MAKE_WSK_VERSION(1, 0)); WskDeregister(&other);',
    },
  ),
  'WskCaptureProviderNPI after WskDeregister': plain(
    'WskCaptureProviderNPI(&other, WSK_NO_WAIT, &second)',
    'STATUS_DEVICE_NOT_READY',
    { setup: 'STATUS(Register(&clientDispatch), STATUS_SUCCESS); WskDeregister(&other);' },
  ),
  'WskCaptureProviderNPI with WSK_NO_WAIT at DISPATCH_LEVEL': plain(
    'WskCaptureProviderNPI(&reg, WSK_NO_WAIT, &second)',
    'STATUS_SUCCESS',
    { setup: 'KIRQL old; KeRaiseIrql(DISPATCH_LEVEL, &old);', then: 'WskReleaseProviderNPI(&reg); KeLowerIrql(old);' },
  ),

  // The static event callbacks and TDI's requests must come before the first socket, so these rows come first.
  'WSK_SET_STATIC_EVENT_CALLBACKS with an NPI other than WSK': plain(
    'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &wrongNpi, sizeof(wrongNpi), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
    { finding: 'event-npi R55' },
  ),
  'WSK_SET_STATIC_EVENT_CALLBACKS that disables': plain(
    'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &disables, sizeof(disables), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
  ),
  'WSK_SET_STATIC_EVENT_CALLBACKS with an input of the wrong size': plain(
    'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &accepts, 4, NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
    { finding: 'option-size R49' },
  ),
  'WSK_SET_STATIC_EVENT_CALLBACKS with an IRP': {
    call: 'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &accepts, sizeof(accepts), NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  WSK_SET_STATIC_EVENT_CALLBACKS: plain(
    'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &accepts, sizeof(accepts), NULL, 0, NULL, NULL)',
    'STATUS_SUCCESS',
  ),
  WSK_TDI_BEHAVIOR: plain('Client(WSK_TDI_BEHAVIOR, &value, sizeof(value), NULL, 0, NULL, NULL)', 'STATUS_SUCCESS', {
    setup: 'value = WSK_TDI_BEHAVIOR_BYPASS_TDI;',
  }),
  WSK_TDI_DEVICENAME_MAPPING: plain(
    'Client(WSK_TDI_DEVICENAME_MAPPING, (PVOID)&map, sizeof(map), NULL, 0, NULL, NULL)',
    'STATUS_SUCCESS',
  ),
  'WSK_SET_STATIC_EVENT_CALLBACKS after the first socket': plain(
    'Client(WSK_SET_STATIC_EVENT_CALLBACKS, &accepts, sizeof(accepts), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_DEVICE_STATE',
    { setup: 's = Listener();', finding: 'option-order R71' },
  ),
  'WSK_TDI_BEHAVIOR after the first socket': plain(
    'Client(WSK_TDI_BEHAVIOR, &value, sizeof(value), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_DEVICE_STATE',
    { setup: 's = Listener();', finding: 'option-order R71' },
  ),
  'a static event cannot be disabled on a socket': plain(
    'Events(s, WSK_EVENT_ACCEPT | WSK_EVENT_DISABLE, NULL)',
    'STATUS_INVALID_PARAMETER',
    { setup: 's = Bound(Listener(), INADDR_ANY, 0);' },
  ),

  'WSK_TRANSPORT_LIST_QUERY for the size': plain(
    'Client(WSK_TRANSPORT_LIST_QUERY, NULL, 0, NULL, 0, &size, NULL)',
    'STATUS_BUFFER_OVERFLOW',
    { then: 'Is("whole entries", size % sizeof(WSK_TRANSPORT), 0); TRUE_(size > 0 && size <= sizeof(list));' },
  ),
  'WSK_TRANSPORT_LIST_QUERY with too small a buffer': plain(
    'Client(WSK_TRANSPORT_LIST_QUERY, NULL, 0, list, sizeof(list[0]), &size, NULL)',
    'STATUS_BUFFER_OVERFLOW',
    { then: 'TRUE_(size > sizeof(list[0]));' },
  ),
  WSK_TRANSPORT_LIST_QUERY: plain(
    'Client(WSK_TRANSPORT_LIST_QUERY, NULL, 0, list, sizeof(list), &size, NULL)',
    'STATUS_SUCCESS',
    {
      then: 'Is("version", list[0].Version, MAKE_WSK_VERSION(1, 0)); Is("type", list[0].SocketType, SOCK_STREAM); Is("family", list[0].AddressFamily, AF_INET);',
    },
  ),
  'WSK_TRANSPORT_LIST_QUERY with an IRP': {
    call: 'Client(WSK_TRANSPORT_LIST_QUERY, NULL, 0, list, sizeof(list), &size, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WSK_TRANSPORT_LIST_CHANGE without an IRP': plain(
    'Client(WSK_TRANSPORT_LIST_CHANGE, NULL, 0, NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
    { finding: 'irp-missing R26' },
  ),
  'WSK_TRANSPORT_LIST_CHANGE that is cancelled': {
    call: 'Client(WSK_TRANSPORT_LIST_CHANGE, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_PENDING',
    meanwhile: 'Sleep(5); Is("waits", KeReadStateEvent(&done), 0); IoCancelIrp(irp);',
    completes: 'STATUS_CANCELLED',
  },
  'WSK_TRANSPORT_LIST_CHANGE ends with its client, and with no other': {
    setup: `STATUS(Register(&clientDispatch), STATUS_SUCCESS); WskCaptureProviderNPI(&other, 0, &second);
      Client(WSK_TRANSPORT_LIST_CHANGE, NULL, 0, NULL, 0, NULL, Send2());`,
    call: 'second.Dispatch->WskControlClient(second.Client, WSK_TRANSPORT_LIST_CHANGE, 0, NULL, 0, NULL, NULL, Send())',
    returns: 'STATUS_PENDING',
    meanwhile:
      'WskReleaseProviderNPI(&other); WskDeregister(&other); Is("completed by then", KeReadStateEvent(&done), 1);',
    completes: 'STATUS_CANCELLED',
    then: 'Is("the other client\'s still waits", KeReadStateEvent(&done2), 0); IoCancelIrp(irp2); STATUS(WaitFor(irp2, &done2), STATUS_CANCELLED);',
  },
  WSK_CACHE_SD: plain(
    'Client(WSK_CACHE_SD, &raw, sizeof(raw), &cached, sizeof(cached), NULL, NULL)',
    'STATUS_SUCCESS',
    { then: 'TRUE_(cached != NULL && cached != raw); ReleaseIt();' },
  ),
  'WSK_CACHE_SD with an IRP': {
    call: 'Client(WSK_CACHE_SD, &raw, sizeof(raw), &cached, sizeof(cached), NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
  },
  'WSK_CACHE_SD with an input of the wrong size': plain(
    'Client(WSK_CACHE_SD, &raw, 4, &cached, sizeof(cached), NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
  ),
  'WSK_CACHE_SD without an output': plain(
    'Client(WSK_CACHE_SD, &raw, sizeof(raw), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
  ),
  WSK_RELEASE_SD: plain('Client(WSK_RELEASE_SD, &cached, sizeof(cached), NULL, 0, NULL, NULL)', 'STATUS_SUCCESS', {
    setup: 'cached = Cache();',
  }),
  'WSK_RELEASE_SD twice': plain(
    'Client(WSK_RELEASE_SD, &cached, sizeof(cached), NULL, 0, NULL, NULL)',
    'STATUS_INVALID_PARAMETER',
    { setup: 'cached = Cache(); ReleaseIt();', finding: 'security-descriptor-not-cached R77' },
  ),
  'WSK_RELEASE_SD with an IRP': {
    setup: 'cached = Cache();',
    call: 'Client(WSK_RELEASE_SD, &cached, sizeof(cached), NULL, 0, NULL, Send())',
    returns: 'STATUS_INVALID_PARAMETER',
    then: 'ReleaseIt();',
  },
  'a control code that WskControlClient does not have': plain(
    'Client(99, NULL, 0, NULL, 0, NULL, NULL)',
    'STATUS_NOT_SUPPORTED',
  ),
  'a control code that WskControlClient does not have, with an IRP': {
    call: 'Client(99, NULL, 0, NULL, 0, NULL, Send())',
    returns: 'STATUS_NOT_SUPPORTED',
  },
  'WskControlClient of a client that is none': plain(
    'npi.Dispatch->WskControlClient(NULL, WSK_TRANSPORT_LIST_QUERY, 0, NULL, 0, NULL, &size, NULL)',
    'STATUS_INVALID_HANDLE',
  ),
};

testRows('registration', rows, { declarations });

testRows(
  'WSK that is not ready',
  {
    'WskCaptureProviderNPI without a wait': plain(
      'WskCaptureProviderNPI(&other, WSK_NO_WAIT, &second)',
      'STATUS_DEVICE_NOT_READY',
      { setup: 'STATUS(Register(&clientDispatch), STATUS_SUCCESS);' },
    ),
    WskQueryProviderCharacteristics: plain(
      'WskQueryProviderCharacteristics(&other, &range)',
      'STATUS_DEVICE_NOT_READY',
    ),
    'WskCaptureProviderNPI that times out': plain(
      'WskCaptureProviderNPI(&other, 5, &second)',
      'STATUS_DEVICE_NOT_READY',
    ),
    'WskCaptureProviderNPI that waits long enough': plain(
      'WskCaptureProviderNPI(&other, 60, &second)',
      'STATUS_SUCCESS',
      {
        then: 'WskReleaseProviderNPI(&other); WskDeregister(&other);',
      },
    ),
  },
  { declarations, scenario: 'wskReadyAfterMs: 30', isBeforeCapture: true },
);
