"""Whose channel it is, for the ways in which PBXs name things."""

import pytest

from ringdesk.connectors.asterisk.devices import DeviceRules, Devices


def devices(*trunks: str) -> Devices:
    return Devices(DeviceRules(trunks=trunks) if trunks else DeviceRules())


class TestTelephones:
    @pytest.mark.parametrize(
        ("channel", "extension"),
        [
            ("PJSIP/agent1-00000001", "agent1"),
            ("PJSIP/1001-0000002a", "1001"),
            ("SIP/1001-0000002a", "1001"),
            ("SCCP/1001-00000001", "1001"),
            ("PJSIP/front-desk-00000001", "front-desk"),
        ],
    )
    def test_a_dialled_telephone_has_its_endpoint_as_extension(self, channel: str, extension: str) -> None:
        device = devices().of(channel, originates=False)
        assert (device.kind, device.extension) == ("phone", extension)

    def test_an_endpoint_can_be_mapped_to_an_extension(self) -> None:
        rules = DeviceRules(extensions={"agent1": "1001", "DAHDI/1": "1002"})
        assert Devices(rules).of("PJSIP/agent1-00000001", originates=True).extension == "1001"
        assert Devices(rules).of("DAHDI/1-1", originates=False).extension == "1002"

    def test_a_short_number_is_a_telephone_also_when_it_begins_a_call(self) -> None:
        assert devices().of("PJSIP/1001-0000002a", originates=True).kind == "phone"

    def test_a_queue_member_is_a_telephone(self) -> None:
        known = devices()
        assert known.of("PJSIP/agent1-00000001", originates=True).kind == "trunk"
        known.learn_member("PJSIP/agent1")
        assert known.of("PJSIP/agent1-00000002", originates=True).kind == "phone"

    def test_one_dialled_by_its_own_name_is_known_from_then_on(self) -> None:
        known = devices()
        device = known.learn_dialled(known.of("PJSIP/agent1-00000001", originates=False), "agent1")
        assert device.extension == "agent1"
        assert known.of("PJSIP/agent1-00000002", originates=True).kind == "phone"

    def test_the_extension_of_a_queue_member_is_found_behind_a_local_channel(self) -> None:
        assert devices().extension_of("Local/1001@from-queue/n") == "1001"
        assert devices().extension_of("PJSIP/1001") == "1001"


class TestTrunks:
    @pytest.mark.parametrize(
        "channel", ["PJSIP/trunk-00000000", "SIP/MyGateway-0000001", "DAHDI/i1/5551234-3", "PJSIP/31201234567-00000002"]
    )
    def test_names_that_lead_outside(self, channel: str) -> None:
        assert devices().of(channel, originates=False).kind == "trunk"

    def test_the_settings_name_others(self) -> None:
        assert devices("acme*", "SIP/out").of("PJSIP/ACME-west-00000002", originates=False).kind == "trunk"
        assert devices("acme*", "SIP/out").of("SIP/out-00000002", originates=False).kind == "trunk"

    def test_an_unknown_endpoint_that_begins_a_call_is_one(self) -> None:
        assert devices().of("PJSIP/acme-00000002", originates=True).kind == "trunk"

    def test_one_dialled_by_the_number_behind_it_is_known_from_then_on(self) -> None:
        known = devices()
        device = known.learn_dialled(known.of("PJSIP/acme-00000002", originates=False), "5551234567")
        assert device.kind == "trunk"
        assert known.of("PJSIP/acme-00000003", originates=False).kind == "trunk"


@pytest.mark.parametrize("channel", ["Local/1002@agents-00000000;1", "CBAnn/conf1-00000000;1", "Message/ast_msg_queue", "", "nonsense"])
def test_pieces_of_asterisk_itself_are_nobodys(channel: str) -> None:
    assert devices().of(channel, originates=True).kind == "internal"
