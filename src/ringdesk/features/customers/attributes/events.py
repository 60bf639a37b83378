"""What attributes publish."""

from msgspec import Struct

from ringdesk.kit.signals import Signal


class AddressesChanged(Struct, frozen=True):
    """Other values than before are addresses of their customers: those of the attribute `key`; `region` is where numbers are read."""

    key: str
    region: str


addresses_changed: Signal[AddressesChanged] = Signal()
